//! The table `workspace_tasks`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use wsdb_core::{Json, JsonObject, Priority, SessionId, Task, TaskId, TaskStatus};

use crate::columns::{JsonColumn, Text, Time, map_columns};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "workspace_tasks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub title: String,
    pub description: Option<String>,
    pub status: Text<TaskStatus>,
    pub priority: Option<Text<Priority>>,
    pub repos_affected: Option<JsonColumn<Vec<String>>>,
    pub dependencies: Option<JsonColumn<Vec<TaskId>>>,
    pub created: Time,
    pub updated: Time,
    pub session_created: Option<Text<SessionId>>,
    pub assigned_to: Option<String>,
    pub notes: Option<String>,
    pub related_files: Option<JsonColumn<Vec<String>>>,
    pub extra_metadata: Option<JsonColumn<Json>>,
    pub workflow_id: Option<String>,
    pub assigned_repo: Option<String>,
    pub assigned_by: Option<String>,
    pub bastard_plan_grade: Option<String>,
    pub bastard_completion_grade: Option<String>,
    pub scale_tier: Option<i64>,
    pub started_at: Option<Time>,
    pub completed_at: Option<Time>,
    pub document_fields: Option<JsonColumn<JsonObject>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

map_columns! {
    "workspace_tasks" => Task {
        id, title, description, status, priority, repos_affected, dependencies, created,
        updated, session_created, assigned_to, notes, related_files, extra_metadata,
        workflow_id, assigned_repo, assigned_by, bastard_plan_grade,
        bastard_completion_grade, scale_tier, started_at, completed_at, document_fields,
    }
}
