//! Cross-repo issues: what is wrong, how badly, and who mends it.

use serde_json::Value;

use crate::{Fields, IssueId, IssueStatus, Page, Severity, TaskId, Timestamp, Word};

/// A cross-repo issue. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    /// Its id, such as `ISSUE-001`.
    pub id: IssueId,
    /// What kind of issue, such as `code_creep`.
    pub issue_type: Word,
    /// How grave it is.
    pub severity: Severity,
    /// What is wrong, in a line.
    pub title: String,
    /// What is wrong, at length.
    pub description: Option<String>,
    /// The repos it touches.
    pub repos_affected: Vec<String>,
    /// When it was found.
    pub detected: Timestamp,
    /// How it was found, such as `manual-review`.
    pub detected_by: Option<Word>,
    /// Whether it still stands.
    pub status: IssueStatus,
    /// What is to be done about it.
    pub action_required: Option<String>,
    /// Who mends it.
    pub assigned_to: Option<String>,
    /// The task that mends it; it may not exist (yet).
    pub related_task_id: Option<TaskId>,
    /// When it was mended.
    pub resolved_at: Option<Timestamp>,
    /// Who mended it.
    pub resolved_by: Option<String>,
    /// How it was mended.
    pub resolution_notes: Option<String>,
    /// Free-form data of its own.
    pub extra_metadata: Option<Value>,
    /// What its document said beyond our columns.
    pub document_fields: Fields,
}

impl Issue {
    /// An open issue of medium severity without anything but a type and a title.
    pub fn new(id: IssueId, issue_type: Word, title: String, now: Timestamp) -> Self {
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
            document_fields: Fields::new(),
        }
    }

    /// Moves the issue to a status. Resolving it, or closing it, notes when and by whom; opening
    /// it again takes that back and keeps the notes. Notes that are given replace those there.
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

/// Which issues are wanted. An empty list asks for nothing in particular.
#[derive(Debug, Clone, Default)]
pub struct IssueFilter {
    /// One of these.
    pub ids: Vec<IssueId>,
    /// One of these.
    pub status: Vec<IssueStatus>,
    /// One of these.
    pub severity: Vec<Severity>,
    /// One of these.
    pub issue_type: Vec<Word>,
    /// Touches one of these repos.
    pub repo: Vec<String>,
    /// Assigned to one of these.
    pub assigned_to: Vec<String>,
    /// Mended by this task.
    pub task: Option<TaskId>,
    /// Has all these words, in any case, in its id, title, description or action.
    pub text: Vec<String>,
    /// Found at or after this time.
    pub since: Option<Timestamp>,
    /// In which order.
    pub sort: IssueSort,
    /// Last first.
    pub reverse: bool,
    /// Which part of the list.
    pub page: Page,
}

/// The order of a list of issues.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum IssueSort {
    /// By time of finding, then by id.
    #[default]
    Detected,
    /// The gravest first.
    Severity,
    /// By status, as in the vocabulary.
    Status,
    /// By title.
    Title,
    /// By id, as text.
    Id,
}
