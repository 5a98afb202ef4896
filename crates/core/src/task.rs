//! Tasks: what is to be done, in which repos, and what it waits for.

use serde_json::Value;

use crate::{Fields, Page, Priority, SessionId, TaskId, TaskStatus, Timestamp};

/// A task. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Its id, such as `WS-TASK-007`.
    pub id: TaskId,
    /// What is to be done, in a line.
    pub title: String,
    /// What is to be done, at length.
    pub description: Option<String>,
    /// How far it is.
    pub status: TaskStatus,
    /// How pressing it is.
    pub priority: Option<Priority>,
    /// The repos it touches.
    pub repos_affected: Vec<String>,
    /// The tasks that come before it; some may not exist (yet).
    pub dependencies: Vec<TaskId>,
    /// When it was written down.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
    /// The session that wrote it down; it need not exist.
    pub session_created: Option<SessionId>,
    /// Who does it.
    pub assigned_to: Option<String>,
    /// Remarks.
    pub notes: Option<String>,
    /// Files it is about.
    pub related_files: Vec<String>,
    /// Free-form data of its own.
    pub extra_metadata: Option<Value>,
    /// The workflow it belongs to.
    pub workflow_id: Option<String>,
    /// The one repo that was told to do it.
    pub assigned_repo: Option<String>,
    /// Who assigned it.
    pub assigned_by: Option<String>,
    /// A grade that the earlier tool kept for its plan.
    pub bastard_plan_grade: Option<String>,
    /// A grade that the earlier tool kept for its completion.
    pub bastard_completion_grade: Option<String>,
    /// A size class that the earlier tool kept.
    pub scale_tier: Option<i64>,
    /// When work on it first began.
    pub started_at: Option<Timestamp>,
    /// When it was completed.
    pub completed_at: Option<Timestamp>,
    /// What its document said beyond our columns.
    pub document_fields: Fields,
}

impl Task {
    /// A pending task without anything but a title.
    pub fn new(id: TaskId, title: String, now: Timestamp) -> Self {
        Task {
            id,
            title,
            description: None,
            status: TaskStatus::Pending,
            priority: None,
            repos_affected: Vec::new(),
            dependencies: Vec::new(),
            created: now,
            updated: now,
            session_created: None,
            assigned_to: None,
            notes: None,
            related_files: Vec::new(),
            extra_metadata: None,
            workflow_id: None,
            assigned_repo: None,
            assigned_by: None,
            bastard_plan_grade: None,
            bastard_completion_grade: None,
            scale_tier: None,
            started_at: None,
            completed_at: None,
            document_fields: Fields::new(),
        }
    }

    /// Moves the task to a status, and keeps the times that go with it: the first start stays,
    /// and only a completed task has a time of completion.
    pub fn set_status(&mut self, status: TaskStatus, now: Timestamp) {
        if self.status == status {
            return;
        }
        if status == TaskStatus::InProgress {
            self.started_at.get_or_insert(now);
        }
        self.completed_at = (status == TaskStatus::Completed).then_some(now);
        self.status = status;
        self.updated = now;
    }
}

/// Which tasks are wanted. An empty list asks for nothing in particular.
#[derive(Debug, Clone, Default)]
pub struct TaskFilter {
    /// One of these.
    pub ids: Vec<TaskId>,
    /// One of these.
    pub status: Vec<TaskStatus>,
    /// One of these.
    pub priority: Vec<Priority>,
    /// Touches one of these repos.
    pub repo: Vec<String>,
    /// Assigned to one of these.
    pub assigned_to: Vec<String>,
    /// Not assigned to this one; to somebody else, or to nobody.
    pub not_assigned_to: Option<String>,
    /// Written down in one of these sessions.
    pub session: Vec<SessionId>,
    /// Waits for this task.
    pub depends_on: Option<TaskId>,
    /// Has all these words, in any case, in its id, title, description or notes.
    pub text: Vec<String>,
    /// Changed at or after this time.
    pub since: Option<Timestamp>,
    /// In which order.
    pub sort: TaskSort,
    /// Last first.
    pub reverse: bool,
    /// Which part of the list.
    pub page: Page,
}

/// The order of a list of tasks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TaskSort {
    /// By time of writing down, then by id.
    #[default]
    Created,
    /// By time of the last change.
    Updated,
    /// The most pressing first.
    Priority,
    /// By status, as in the vocabulary.
    Status,
    /// By title.
    Title,
    /// By id, as text.
    Id,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_keeps_its_times() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let mut task = Task::new(
            TaskId::new("T-1").expect("an id"),
            "x".into(),
            at("2025-01-01"),
        );
        task.set_status(TaskStatus::InProgress, at("2025-01-02"));
        task.set_status(TaskStatus::Blocked, at("2025-01-03"));
        task.set_status(TaskStatus::InProgress, at("2025-01-04"));
        assert_eq!(task.started_at, Some(at("2025-01-02")));
        task.set_status(TaskStatus::Completed, at("2025-01-05"));
        task.set_status(TaskStatus::Completed, at("2025-01-06"));
        assert_eq!(task.completed_at, Some(at("2025-01-05")));
        assert_eq!(task.updated, at("2025-01-05"));
        task.set_status(TaskStatus::Pending, at("2025-01-07"));
        assert_eq!(task.completed_at, None);
    }
}
