//! View of an issue.

use wsdb_core::{IssueId, IssueStatus, Json, JsonObject, Label, Severity, TaskId, Timestamp};

view! {
    /// An issue. Times are RFC 3339 in UTC.
    IssueView of Issue {
        id: IssueId,
        issue_type: Label,
        severity: Severity,
        title: String,
        description: Option<String>,
        repos_affected: Vec<String>,
        detected: Timestamp,
        detected_by: Option<Label>,
        status: IssueStatus,
        action_required: Option<String>,
        assigned_to: Option<String>,
        related_task_id: Option<TaskId>,
        resolved_at: Option<Timestamp>,
        resolved_by: Option<String>,
        resolution_notes: Option<String>,
        extra_metadata: Option<Json>,
        document_fields: JsonObject,
    }
}
