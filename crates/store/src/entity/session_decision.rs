//! The table `session_decisions`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use wsdb_core::{DecisionId, JsonObject, SessionDecision, SessionId};

use crate::columns::{JsonColumn, Text, map_columns};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "session_decisions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub session_id: Text<SessionId>,
    pub decision_id: Option<Text<DecisionId>>,
    pub decision_missing: Option<Text<DecisionId>>,
    pub document_fields: Option<JsonColumn<JsonObject>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

map_columns! {
    "session_decisions" => SessionDecision {
        id, session_id, document_fields,
    }
    references {
        decision_id / decision_missing -> Decisions,
    }
}
