//! The state of a task before it was claimed, which releasing the claim restores.

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
        let columns = [
            c.varchar("status_before", 50),
            c.text("assigned_before"),
            c.time("started_before"),
        ];
        tables::add_columns(manager, TABLE, columns).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = ["status_before", "assigned_before", "started_before"];
        tables::drop_columns(manager, TABLE, &columns).await
    }
}
