//! How a task was before it was claimed.

use sea_orm_migration::prelude::*;

use crate::columns::Columns;

pub(crate) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m20261124_000007_claims_before"
    }
}

const TABLE: &str = "task_claims";

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let c = Columns(manager.get_database_backend());
        for mut column in [
            c.varchar("status_before", 50),
            c.text("assigned_before"),
            c.time("started_before"),
        ] {
            let add = Table::alter()
                .table(Alias::new(TABLE))
                .add_column(&mut column)
                .to_owned();
            manager.alter_table(add).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["status_before", "assigned_before", "started_before"] {
            let drop = Table::alter()
                .table(Alias::new(TABLE))
                .drop_column(Alias::new(column))
                .to_owned();
            manager.alter_table(drop).await?;
        }
        Ok(())
    }
}
