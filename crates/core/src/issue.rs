//! Cross-repo issues: what is wrong, how severe it is, and who fixes it.

use crate::{
    IssueId, IssueStatus, Json, JsonObject, Label, Page, Severity, Since, TaskId, Timestamp,
};

/// A cross-repo issue. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Issue {
    /// Its ID, such as `ISSUE-001`.
    pub id: IssueId,
    /// Its type, such as `code_creep`.
    pub issue_type: Label,
    /// Its severity.
    pub severity: Severity,
    /// The problem in one line.
    pub title: String,
    /// The problem in detail.
    pub description: Option<String>,
    /// The repos it affects.
    pub repos_affected: Vec<String>,
    /// When it was detected.
    pub detected: Timestamp,
    /// How it was detected, such as `manual-review`.
    pub detected_by: Option<Label>,
    /// Its status.
    pub status: IssueStatus,
    /// What to do about it.
    pub action_required: Option<String>,
    /// Who fixes it.
    pub assigned_to: Option<String>,
    /// The task to fix it; it need not exist.
    pub related_task_id: Option<TaskId>,
    /// When it was resolved or closed.
    pub resolved_at: Option<Timestamp>,
    /// Who resolved or closed it.
    pub resolved_by: Option<String>,
    /// Notes on the resolution.
    pub resolution_notes: Option<String>,
    /// Free-form data.
    pub extra_metadata: Option<Json>,
    /// Fields of its document that have no column.
    pub document_fields: JsonObject,
}

impl Issue {
    /// Creates an open issue of medium severity with only a type and a title.
    pub fn new(id: IssueId, issue_type: Label, title: String, now: Timestamp) -> Self {
        Issue {
            id,
            issue_type,
            severity: Severity::Medium,
            title,
            description: None,
            repos_affected: Vec::new(),
            detected: now,
            detected_by: None,
            status: IssueStatus::Open,
            action_required: None,
            assigned_to: None,
            related_task_id: None,
            resolved_at: None,
            resolved_by: None,
            resolution_notes: None,
            extra_metadata: None,
            document_fields: JsonObject::new(),
        }
    }

    /// Changes the status. Resolving or closing an issue records when and by whom, reopening it
    /// clears both. Notes are replaced only if new ones are given.
    pub fn set_status(
        &mut self,
        status: IssueStatus,
        by: Option<String>,
        notes: Option<String>,
        now: Timestamp,
    ) {
        if notes.is_some() {
            self.resolution_notes = notes;
        }
        if self.status == status {
            return;
        }
        self.status = status;
        if status == IssueStatus::Open {
            self.resolved_at = None;
            self.resolved_by = None;
        } else {
            self.resolved_at.get_or_insert(now);
            if self.resolved_by.is_none() {
                self.resolved_by = by;
            }
        }
    }
}

/// Filters issues. All conditions must hold; an empty list matches all.
#[derive(Debug, Clone, Default)]
pub struct IssueFilter {
    /// Matches any of these ids.
    pub ids: Vec<IssueId>,
    /// Matches any of these statuses.
    pub status: Vec<IssueStatus>,
    /// Matches open (`true`) or finished (`false`) issues.
    pub open: Option<bool>,
    /// Matches any of these severities.
    pub severity: Vec<Severity>,
    /// Matches any of these types.
    pub issue_type: Vec<Label>,
    /// Matches issues that affect any of these repos.
    pub repo: Vec<String>,
    /// Matches issues assigned to any of these.
    pub assigned_to: Vec<String>,
    /// Matches issues assigned to somebody (`true`) or to nobody (`false`).
    pub assigned: Option<bool>,
    /// Matches issues with this related task.
    pub task: Option<TaskId>,
    /// Matches all of these words in id, title, description or required action, ignoring case.
    pub text: Vec<String>,
    /// Matches issues detected at or after this time.
    pub since: Option<Since>,
    /// Order of the list.
    pub sort: IssueSort,
    /// Reverses the order.
    pub reverse: bool,
    /// Page of the list.
    pub page: Page,
}

/// The order of a list of issues.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum IssueSort {
    /// By time of detection, then by id.
    #[default]
    Detected,
    /// Most severe first.
    Severity,
    /// By status, in the order of the vocabulary.
    Status,
    /// By title.
    Title,
    /// By id, as text.
    Id,
}
