//! The table `architecture_decisions`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use wsdb_core::{
    Decision, DecisionId, DecisionStatus, DetectionId, Impact, Json, JsonObject, SessionId, TaskId,
};

use crate::columns::{JsonColumn, NullAsEmpty, Text, Time, map_columns};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "architecture_decisions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub date: Time,
    pub session: NullAsEmpty<SessionId>,
    pub decision: String,
    pub repos_affected: Option<JsonColumn<Vec<String>>>,
    pub rationale: Option<String>,
    pub status: Text<DecisionStatus>,
    pub impact: Option<Text<Impact>>,
    pub related_files: Option<JsonColumn<Vec<String>>>,
    pub documentation: Option<JsonColumn<Vec<String>>>,
    pub supersedes: Option<JsonColumn<Vec<DecisionId>>>,
    pub related_tasks: Option<JsonColumn<Vec<TaskId>>>,
    pub related_components: Option<JsonColumn<Vec<String>>>,
    pub related_detections: Option<JsonColumn<Vec<DetectionId>>>,
    pub extra_metadata: Option<JsonColumn<Json>>,
    pub document_fields: Option<JsonColumn<JsonObject>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

map_columns! {
    "architecture_decisions" => Decision {
        id, date, session, decision, repos_affected, rationale, status, impact,
        related_files, documentation, supersedes, related_tasks, related_components,
        related_detections, extra_metadata, document_fields,
    }
}
