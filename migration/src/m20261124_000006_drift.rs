//! The fingerprint by which a violation is recognized, when it was last seen, and until when it is
//! ignored.

use sea_orm_migration::prelude::*;

use crate::columns::Columns;
use crate::tables;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "drift_detections";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let c = Columns(manager.get_database_backend());
        let columns = [
            // NULL in older rows, whose fingerprint is computed from their fields when needed.
            c.text("fingerprint"),
            c.time("last_seen"),
            c.time("ignored_until"),
        ];
        tables::add_columns(manager, TABLE, columns).await?;
        tables::create(manager, [], &[(TABLE, &["fingerprint"])]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop_index(manager, TABLE, &["fingerprint"]).await?;
        let columns = ["ignored_until", "last_seen", "fingerprint"];
        tables::drop_columns(manager, TABLE, &columns).await
    }
}
