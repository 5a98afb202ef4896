//! The table `configuration_changes`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use wsdb_core::{ChangeType, ConfigurationChange, DetectionId, JsonObject};

use crate::columns::{JsonColumn, Text, Time, map_columns};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "configuration_changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub repo: String,
    pub change_type: Text<ChangeType>,
    pub component_name: Option<String>,
    pub file_path: Option<String>,
    pub key_path: Option<String>,
    pub old_value: Option<String>,
    pub new_value: Option<String>,
    pub changed_at: Time,
    pub changed_by: Option<String>,
    pub commit_hash: Option<String>,
    pub drift_detection_id: Option<Text<DetectionId>>,
    pub drift_detection_missing: Option<Text<DetectionId>>,
    pub document_fields: Option<JsonColumn<JsonObject>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

map_columns! {
    "configuration_changes" => ConfigurationChange {
        id, repo, change_type, component_name, file_path, key_path, old_value, new_value,
        changed_at, changed_by, commit_hash, document_fields,
    }
    references {
        drift_detection_id / drift_detection_missing -> Detections,
    }
}
