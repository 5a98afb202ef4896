//! The table `architecture_decisions`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wsdb_core::{
    Decision, DecisionId, DecisionStatus, DetectionId, Fields, Impact, SessionId, TaskId,
};

use crate::columns::{Json, NullAsEmpty, Text, Time, map_columns};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "architecture_decisions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub date: Time,
    pub session: NullAsEmpty<SessionId>,
    pub decision: String,
    pub repos_affected: Option<Json<Vec<String>>>,
    pub rationale: Option<String>,
    pub status: Text<DecisionStatus>,
    pub impact: Option<Text<Impact>>,
    pub related_files: Option<Json<Vec<String>>>,
    pub documentation: Option<Json<Vec<String>>>,
    pub supersedes: Option<Json<Vec<DecisionId>>>,
    pub related_tasks: Option<Json<Vec<TaskId>>>,
    pub related_components: Option<Json<Vec<String>>>,
    pub related_detections: Option<Json<Vec<DetectionId>>>,
    pub extra_metadata: Option<Json<Value>>,
    pub document_fields: Option<Json<Fields>>,
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
