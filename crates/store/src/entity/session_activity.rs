//! The table `session_activities`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use wsdb_core::{Activity, Json, JsonObject, Label, SessionId};

use crate::columns::{JsonColumn, Text, Time, map_columns};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "session_activities")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub session_id: Text<SessionId>,
    pub activity_type: Text<Label>,
    pub description: String,
    pub files_created: Option<JsonColumn<Vec<String>>>,
    pub files_modified: Option<JsonColumn<Vec<String>>>,
    pub outcome: Option<String>,
    pub time: Time,
    pub extra_metadata: Option<JsonColumn<Json>>,
    pub document_fields: Option<JsonColumn<JsonObject>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

map_columns! {
    "session_activities" => Activity {
        id, session_id, activity_type, description, files_created, files_modified,
        outcome, time, extra_metadata, document_fields,
    }
}
