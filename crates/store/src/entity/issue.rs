//! The table `cross_repo_issues`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use wsdb_core::{Issue, IssueStatus, Json, JsonObject, Label, Severity, TaskId};

use crate::columns::{JsonColumn, Text, Time, map_columns};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "cross_repo_issues")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub issue_type: Text<Label>,
    pub severity: Text<Severity>,
    pub title: String,
    pub description: Option<String>,
    pub repos_affected: Option<JsonColumn<Vec<String>>>,
    pub detected: Time,
    pub detected_by: Option<Text<Label>>,
    pub status: Text<IssueStatus>,
    pub action_required: Option<String>,
    pub assigned_to: Option<String>,
    pub resolved_at: Option<Time>,
    pub resolved_by: Option<String>,
    pub resolution_notes: Option<String>,
    pub extra_metadata: Option<JsonColumn<Json>>,
    pub related_task_id: Option<Text<TaskId>>,
    pub related_task_missing: Option<Text<TaskId>>,
    pub document_fields: Option<JsonColumn<JsonObject>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

map_columns! {
    "cross_repo_issues" => Issue {
        id, issue_type, severity, title, description, repos_affected, detected,
        detected_by, status, action_required, assigned_to, resolved_at, resolved_by,
        resolution_notes, extra_metadata, document_fields,
    }
    references {
        related_task_id / related_task_missing -> Tasks,
    }
}
