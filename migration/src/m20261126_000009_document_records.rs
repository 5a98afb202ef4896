//! What each file held of each record at its last import or export.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::columns::Columns;
use crate::tables;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "document_records";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let c = Columns(backend);
        let key = ["path", "kind", "id_in_file"];
        let mut columns: Vec<ColumnDef> = key.map(|name| c.text(name).not_null().take()).to_vec();
        columns.extend([
            c.text("record_id").not_null().take(),
            c.varchar("rev", 16),
            c.integer("is_inline").not_null().take(),
            c.bytes("fields").not_null().take(),
        ]);
        let mut table = tables::table(TABLE, columns);
        let mut primary_key = Index::create();
        for column in key {
            primary_key.col(column);
        }
        table.primary_key(&mut primary_key);
        if backend == DbBackend::Sqlite {
            // The rows are found by their key only: a second copy of it would double their size.
            table.extra("WITHOUT ROWID");
        }
        tables::create(manager, [table], &[]).await?;
        // The merge bases of all records of a kind, in a format that is no longer read.
        let database = manager.get_connection();
        let delete = "DELETE FROM document_bases WHERE kind NOT LIKE 'file %'";
        database.execute_unprepared(delete).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &[TABLE]).await
    }
}
