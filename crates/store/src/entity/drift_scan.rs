//! The table `drift_scans`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use wsdb_core::{DriftScan, JsonObject, ScanStatus, ScanType, TriggeredBy};

use crate::columns::{JsonColumn, Text, Time, map_columns};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "drift_scans")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub scan_type: Text<ScanType>,
    pub scan_start: Time,
    pub scan_end: Option<Time>,
    pub repos_scanned: Option<JsonColumn<Vec<String>>>,
    pub violations_found: Option<i64>,
    pub violations_high: Option<i64>,
    pub violations_medium: Option<i64>,
    pub violations_low: Option<i64>,
    pub status: Text<ScanStatus>,
    pub triggered_by: Option<Text<TriggeredBy>>,
    pub results_file: Option<String>,
    pub document_fields: Option<JsonColumn<JsonObject>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

map_columns! {
    "drift_scans" => DriftScan {
        id, scan_type, scan_start, scan_end, repos_scanned, violations_found,
        violations_high, violations_medium, violations_low, status, triggered_by,
        results_file, document_fields,
    }
}
