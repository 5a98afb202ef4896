//! The table `configuration_snapshots`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use wsdb_core::{ConfigurationSnapshot, Json, JsonObject, SnapshotType};

use crate::columns::{JsonColumn, Text, Time, map_columns};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "configuration_snapshots")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub repo: String,
    pub snapshot_type: Text<SnapshotType>,
    pub configuration_hash: String,
    pub snapshot_data: Option<JsonColumn<Json>>,
    pub taken_at: Time,
    pub taken_by: Option<String>,
    pub notes: Option<String>,
    pub document_fields: Option<JsonColumn<JsonObject>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

map_columns! {
    "configuration_snapshots" => ConfigurationSnapshot {
        id, repo, snapshot_type, configuration_hash, snapshot_data, taken_at, taken_by,
        notes, document_fields,
    }
}
