//! Who has claimed a task, and until when.

use sea_orm_migration::prelude::*;

use crate::columns::Columns;
use crate::tables;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "task_claims";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let c = Columns(manager.get_database_backend());
        let mut claims = tables::table(
            TABLE,
            [
                c.varchar("id", 50).not_null().primary_key().take(),
                c.text("holder").not_null().take(),
                // No foreign key: the session may exist in another database only.
                c.varchar("session_id", 100),
                c.time("since").not_null().take(),
                c.time("expires").not_null().take(),
                c.json("document_fields"),
            ],
        );
        tables::add_foreign_key(&mut claims, "id", "workspace_tasks", true);
        let indexes: [(_, &[_]); 2] = [(TABLE, &["holder"]), (TABLE, &["expires"])];
        tables::create(manager, [claims], &indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &[TABLE]).await
    }
}
