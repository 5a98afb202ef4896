//! The whole workspace as `--json` shows it.

use serde::Serialize;

use super::{BlockerView, DecisionView, DetectionView, IssueView, SessionView, TaskView};

/// How many records have a word.
#[derive(Debug, Clone, Serialize)]
pub struct Count {
    /// The word, such as `pending`; null where the record has none.
    pub word: Option<String>,
    /// How many.
    pub count: u64,
}

/// The first records of a list, and how many there are.
#[derive(Debug, Clone, Serialize)]
pub struct Top<T> {
    /// The first ones.
    pub first: Vec<T>,
    /// How many there are, with those.
    pub total: u64,
}

/// A task, and what it waits for.
#[derive(Debug, Clone, Serialize)]
pub struct Blocked {
    /// The task.
    #[serde(flatten)]
    pub task: TaskView,
    /// The dependencies that are not ended.
    pub waits_for: Vec<BlockerView>,
}

/// The whole workspace.
#[derive(Debug, Clone, Serialize)]
pub struct Status {
    /// How many tasks have each status.
    pub tasks_by_status: Vec<Count>,
    /// How many tasks that are not ended have each priority.
    pub open_tasks_by_priority: Vec<Count>,
    /// The open sessions, the latest first.
    pub open_sessions: Top<SessionView>,
    /// The tasks in progress, the most pressing first.
    pub in_progress: Top<TaskView>,
    /// The blocked tasks, the most pressing first.
    pub blocked: Top<Blocked>,
    /// How many open issues have each severity.
    pub open_issues_by_severity: Vec<Count>,
    /// The gravest open issues.
    pub open_issues: Top<IssueView>,
    /// The gravest open drift.
    pub open_drift: Top<DetectionView>,
    /// The last decisions.
    pub last_decisions: Top<DecisionView>,
}
