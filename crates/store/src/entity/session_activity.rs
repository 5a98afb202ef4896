//! The table `session_activities`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wsdb_core::{Activity, Fields, Label, SessionId};

use crate::columns::{Json, Text, Time, map_columns};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "session_activities")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub session_id: Text<SessionId>,
    pub activity_type: Text<Label>,
    pub description: String,
    pub files_created: Option<Json<Vec<String>>>,
    pub files_modified: Option<Json<Vec<String>>>,
    pub outcome: Option<String>,
    pub time: Time,
    pub extra_metadata: Option<Json<Value>>,
    pub document_fields: Option<Json<Fields>>,
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
