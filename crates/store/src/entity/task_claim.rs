//! The table `task_claims`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use wsdb_core::{Claim, JsonObject, SessionId, TaskStatus};

use crate::columns::{JsonColumn, Text, Time, map_columns};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "task_claims")]
pub struct Model {
    /// The id of the task.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub holder: String,
    pub session_id: Option<Text<SessionId>>,
    pub since: Time,
    pub expires: Time,
    pub status_before: Option<Text<TaskStatus>>,
    pub assigned_before: Option<String>,
    pub started_before: Option<Time>,
    pub document_fields: Option<JsonColumn<JsonObject>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

map_columns! {
    "task_claims" => Claim {
        id, holder, session_id, since, expires, status_before, assigned_before, started_before,
        document_fields,
    }
}
