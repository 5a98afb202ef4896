//! The table `drift_detections`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use wsdb_core::{
    DetectionStatus, DriftDetection, Json, JsonObject, Label, ScanId, Severity, TaskId,
    ViolationType,
};

use crate::columns::{JsonColumn, Text, Time, map_columns};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "drift_detections")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub repo: String,
    pub violation_type: Text<ViolationType>,
    pub severity: Text<Severity>,
    pub file_path: String,
    pub component_name: Option<String>,
    pub detected_rule: Option<String>,
    pub expected_location: Option<String>,
    pub actual_location: Option<String>,
    pub violation_details: Option<String>,
    pub detected_at: Time,
    pub detected_by: Option<Text<Label>>,
    pub status: Text<DetectionStatus>,
    pub resolved_at: Option<Time>,
    pub resolved_by: Option<String>,
    pub resolution_notes: Option<String>,
    pub fingerprint: Option<String>,
    pub last_seen: Option<Time>,
    pub ignored_until: Option<Time>,
    pub extra_metadata: Option<JsonColumn<Json>>,
    pub related_task_id: Option<Text<TaskId>>,
    pub related_task_missing: Option<Text<TaskId>>,
    pub scan_id: Option<Text<ScanId>>,
    pub scan_missing: Option<Text<ScanId>>,
    pub document_fields: Option<JsonColumn<JsonObject>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

map_columns! {
    "drift_detections" => DriftDetection {
        id, repo, violation_type, severity, file_path, component_name, detected_rule,
        expected_location, actual_location, violation_details, detected_at, detected_by,
        status, resolved_at, resolved_by, resolution_notes, fingerprint,
        last_seen, ignored_until, extra_metadata, document_fields,
    }
    references {
        related_task_id / related_task_missing -> Tasks,
        scan_id / scan_missing -> Scans,
    }
}
