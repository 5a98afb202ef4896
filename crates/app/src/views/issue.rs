//! An issue as `--json` shows it.

use serde::Serialize;
use serde_json::Value;
use wsdb_core::{Fields, IssueId, IssueStatus, Severity, TaskId, Timestamp, Word};

/// An issue: its columns. Times are RFC 3339 in UTC.
#[derive(Debug, Clone, Serialize)]
pub struct IssueView {
    /// See [`wsdb_core::Issue`].
    pub id: IssueId,
    /// See [`wsdb_core::Issue`].
    pub issue_type: Word,
    /// See [`wsdb_core::Issue`].
    pub severity: Severity,
    /// See [`wsdb_core::Issue`].
    pub title: String,
    /// See [`wsdb_core::Issue`].
    pub description: Option<String>,
    /// See [`wsdb_core::Issue`].
    pub repos_affected: Vec<String>,
    /// See [`wsdb_core::Issue`].
    pub detected: Timestamp,
    /// See [`wsdb_core::Issue`].
    pub detected_by: Option<Word>,
    /// See [`wsdb_core::Issue`].
    pub status: IssueStatus,
    /// See [`wsdb_core::Issue`].
    pub action_required: Option<String>,
    /// See [`wsdb_core::Issue`].
    pub assigned_to: Option<String>,
    /// See [`wsdb_core::Issue`].
    pub related_task_id: Option<TaskId>,
    /// See [`wsdb_core::Issue`].
    pub resolved_at: Option<Timestamp>,
    /// See [`wsdb_core::Issue`].
    pub resolved_by: Option<String>,
    /// See [`wsdb_core::Issue`].
    pub resolution_notes: Option<String>,
    /// See [`wsdb_core::Issue`].
    pub extra_metadata: Option<Value>,
    /// What its document said beyond our columns.
    pub document_fields: Fields,
}

impl From<wsdb_core::Issue> for IssueView {
    fn from(record: wsdb_core::Issue) -> Self {
        let wsdb_core::Issue {
            id,
            issue_type,
            severity,
            title,
            description,
            repos_affected,
            detected,
            detected_by,
            status,
            action_required,
            assigned_to,
            related_task_id,
            resolved_at,
            resolved_by,
            resolution_notes,
            extra_metadata,
            document_fields,
        } = record;
        IssueView {
            id,
            issue_type,
            severity,
            title,
            description,
            repos_affected,
            detected,
            detected_by,
            status,
            action_required,
            assigned_to,
            related_task_id,
            resolved_at,
            resolved_by,
            resolution_notes,
            extra_metadata,
            document_fields,
        }
    }
}
