//! Tasks: work in one or more repos, and the dependencies between tasks.

use crate::{Json, JsonObject, Page, Priority, SessionId, Since, TaskId, TaskStatus, Timestamp};

/// A task. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Its ID, such as `WS-TASK-007`.
    pub id: TaskId,
    /// The work in one line.
    pub title: String,
    /// The work in detail.
    pub description: Option<String>,
    /// Its status.
    pub status: TaskStatus,
    /// Its priority.
    pub priority: Option<Priority>,
    /// The repos it affects.
    pub repos_affected: Vec<String>,
    /// The tasks that it depends on; they need not exist.
    pub dependencies: Vec<TaskId>,
    /// When it was created.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
    /// The session in which it was created; it need not exist.
    pub session_created: Option<SessionId>,
    /// The assignee.
    pub assigned_to: Option<String>,
    /// Notes.
    pub notes: Option<String>,
    /// Related files.
    pub related_files: Vec<String>,
    /// Free-form data.
    pub extra_metadata: Option<Json>,
    /// The workflow it belongs to.
    pub workflow_id: Option<String>,
    /// The repo that it is assigned to.
    pub assigned_repo: Option<String>,
    /// Who assigned it.
    pub assigned_by: Option<String>,
    /// A grade of the plan, from the earlier tool.
    pub bastard_plan_grade: Option<String>,
    /// A grade of the completion, from the earlier tool.
    pub bastard_completion_grade: Option<String>,
    /// A size class, from the earlier tool.
    pub scale_tier: Option<i64>,
    /// When work on it first started.
    pub started_at: Option<Timestamp>,
    /// When it was completed.
    pub completed_at: Option<Timestamp>,
    /// Fields of its document that have no column.
    pub document_fields: JsonObject,
}

impl Task {
    /// Creates a pending task with only a title.
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
            document_fields: JsonObject::new(),
        }
    }

    /// Changes the status and updates the times that depend on it: the first start time is kept,
    /// and only a completed task has a completion time.
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

/// Keys of a document under which people write why a task is blocked.
const BLOCKED_REASON_KEYS: [&str; 6] = [
    "blocked_reason",
    "block_reason",
    "blocking_reason",
    "blocker",
    "waiting_for",
    "waiting_on",
];

impl Task {
    /// Returns whether a key of a document is one under which people write why a task is blocked.
    pub fn is_blocked_reason_key(key: &str) -> bool {
        BLOCKED_REASON_KEYS.contains(&key)
    }

    /// Returns why a task with the status blocked is blocked: a text that its document has for that,
    /// otherwise the first line of its notes.
    pub fn blocked_reason(&self) -> Option<&str> {
        if self.status != TaskStatus::Blocked {
            return None;
        }
        let fields = BLOCKED_REASON_KEYS.iter();
        let texts = fields.filter_map(|key| self.document_fields.get(key)?.as_str());
        let lines = self.notes.iter().flat_map(|notes| notes.lines());
        let mut reasons = texts.chain(lines).map(str::trim);
        reasons.find(|reason| !reason.is_empty())
    }
}

/// Filters tasks. All conditions must hold; an empty list matches all.
#[derive(Debug, Clone, Default)]
pub struct TaskFilter {
    /// Matches any of these ids.
    pub ids: Vec<TaskId>,
    /// Matches any of these statuses.
    pub status: Vec<TaskStatus>,
    /// Matches open (`true`) or finished (`false`) tasks.
    pub open: Option<bool>,
    /// Matches any of these priorities.
    pub priority: Vec<Priority>,
    /// Matches tasks that affect any of these repos.
    pub repo: Vec<String>,
    /// Matches tasks assigned to any of these.
    pub assigned_to: Vec<String>,
    /// Matches tasks that are neither assigned to nor claimed by this person or agent; an expired claim
    /// counts, too.
    pub not_worker: Option<String>,
    /// Matches tasks assigned to somebody (`true`) or to nobody (`false`).
    pub assigned: Option<bool>,
    /// Matches tasks assigned to or claimed by this person or agent, also if the claim has expired.
    pub worker: Option<String>,
    /// Matches tasks created in any of these sessions.
    pub session: Vec<SessionId>,
    /// Matches tasks that depend on this task.
    pub depends_on: Option<TaskId>,
    /// Matches all of these words in id, title, description or notes, ignoring case.
    pub text: Vec<String>,
    /// Matches tasks changed at or after this time.
    pub since: Option<Since>,
    /// Order of the list.
    pub sort: TaskSort,
    /// Reverses the order.
    pub reverse: bool,
    /// Page of the list.
    pub page: Page,
}

/// The order of a list of tasks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TaskSort {
    /// By time of creation, then by id.
    #[default]
    Created,
    /// By time of the last change.
    Updated,
    /// Highest priority first.
    Priority,
    /// By status, in the order of the vocabulary.
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
    fn blocked_task_has_the_reason_of_its_document_or_notes() {
        let id = TaskId::new("T-1").expect("valid id");
        let now = "2025-01-01".parse().expect("valid time");
        let mut task = Task::new(id, "x".into(), now);
        task.notes = Some("\n Waits for the harvest\nin May".into());
        assert_eq!(task.blocked_reason(), None);
        task.status = TaskStatus::Blocked;
        assert_eq!(task.blocked_reason(), Some("Waits for the harvest"));
        let reason = "No ladder".into();
        task.document_fields.insert("blocked_reason".into(), reason);
        assert_eq!(task.blocked_reason(), Some("No ladder"));
    }

    #[test]
    fn status_sets_start_and_completion() {
        let at = |text: &str| text.parse::<Timestamp>().expect("valid time");
        let mut task = Task::new(
            TaskId::new("T-1").expect("valid id"),
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
