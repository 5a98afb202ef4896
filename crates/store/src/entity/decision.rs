//! The table `architecture_decisions`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wsdb_core::{Decision, DecisionStatus, Fields, Impact, SessionId};

use crate::columns::{Json, Text, Time, Unnamed, mapped};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "architecture_decisions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub date: Time,
    pub session: Unnamed<SessionId>,
    pub decision: String,
    pub repos_affected: Option<Json<Vec<String>>>,
    pub rationale: Option<String>,
    pub status: Text<DecisionStatus>,
    pub impact: Option<Text<Impact>>,
    pub related_files: Option<Json<Vec<String>>>,
    pub documentation: Option<Json<Vec<String>>>,
    pub extra_metadata: Option<Json<Value>>,
    pub document_fields: Option<Json<Fields>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

mapped! {
    "architecture_decisions" => Decision {
        id, date, session, decision, repos_affected, rationale, status, impact,
        related_files, documentation, extra_metadata, document_fields,
    }
}
