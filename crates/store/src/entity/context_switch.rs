//! The table `context_switches`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use wsdb_core::{ContextSwitch, JsonObject};

use crate::columns::{JsonColumn, Time, map_columns};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "context_switches")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub repo: String,
    pub repo_path: String,
    pub activated_at: Time,
    pub deactivated_at: Option<Time>,
    pub activated_by: Option<String>,
    pub context_id: Option<String>,
    pub previous_context: Option<String>,
    pub context_notes: Option<String>,
    pub duration_seconds: Option<f64>,
    pub operations_count: Option<i64>,
    pub document_fields: Option<JsonColumn<JsonObject>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

map_columns! {
    "context_switches" => ContextSwitch {
        id, repo, repo_path, activated_at, deactivated_at, activated_by, context_id,
        previous_context, context_notes, duration_seconds, operations_count,
        document_fields,
    }
}
