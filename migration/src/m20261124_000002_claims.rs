//! Who has a task in hand, and until when.

use sea_orm_migration::prelude::*;

use crate::columns::Columns;

pub(crate) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m20261124_000002_claims"
    }
}

const TABLE: &str = "task_claims";

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let c = Columns(manager.get_database_backend());
        let mut table = Table::create().table(Alias::new(TABLE)).to_owned();
        for mut column in [
            c.varchar("id", 50).not_null().primary_key().take(),
            c.text("holder").not_null().take(),
            // No foreign key: a session may be known elsewhere only.
            c.varchar("session_id", 100),
            c.time("since").not_null().take(),
            c.time("expires").not_null().take(),
            c.json("document_fields"),
        ] {
            table.col(&mut column);
        }
        table.foreign_key(
            ForeignKey::create()
                .from_col(Alias::new("id"))
                .to(Alias::new("workspace_tasks"), Alias::new("id"))
                .on_delete(ForeignKeyAction::Cascade),
        );
        manager.create_table(table).await?;
        for column in ["holder", "expires"] {
            let index = Index::create()
                .name(format!("ix_{TABLE}_{column}"))
                .table(Alias::new(TABLE))
                .col(Alias::new(column))
                .to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Table::drop().table(Alias::new(TABLE)).to_owned();
        manager.drop_table(drop).await
    }
}
