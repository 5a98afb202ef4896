//! By what a violation is known again, when it was last seen, and until when it is ignored.

use sea_orm_migration::prelude::*;

use crate::columns::Columns;

pub(crate) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m20261124_000006_drift"
    }
}

const TABLE: &str = "drift_detections";
const INDEX: &str = "ix_drift_detections_fingerprint";

fn alter() -> TableAlterStatement {
    Table::alter().table(Alias::new(TABLE)).to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let c = Columns(manager.get_database_backend());
        for mut column in [
            // NULL in rows that are older: theirs is made of their fields when it is asked for.
            c.text("fingerprint"),
            c.time("last_seen"),
            c.time("ignored_until"),
        ] {
            manager
                .alter_table(alter().add_column(&mut column).to_owned())
                .await?;
        }
        let index = Index::create()
            .name(INDEX)
            .table(Alias::new(TABLE))
            .col(Alias::new("fingerprint"))
            .to_owned();
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Index::drop()
            .name(INDEX)
            .table(Alias::new(TABLE))
            .to_owned();
        manager.drop_index(drop).await?;
        for column in ["ignored_until", "last_seen", "fingerprint"] {
            manager
                .alter_table(alter().drop_column(Alias::new(column)).to_owned())
                .await?;
        }
        Ok(())
    }
}
