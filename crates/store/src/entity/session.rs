//! The table `workspace_sessions`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use wsdb_core::{JsonObject, Session, SessionStatus};

use crate::columns::{JsonColumn, Text, Time, map_columns};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "workspace_sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub start_time: Time,
    pub end_time: Option<Time>,
    pub status: Text<SessionStatus>,
    pub user: Option<String>,
    pub ai_assistant: Option<String>,
    pub handoff_notes: Option<String>,
    pub document_fields: Option<JsonColumn<JsonObject>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

map_columns! {
    "workspace_sessions" => Session {
        id, start_time, end_time, status, user, ai_assistant, handoff_notes,
        document_fields,
    }
}
