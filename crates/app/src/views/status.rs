//! Views of the overview of the whole workspace.

use serde::Serialize;

use super::{BlockerView, Counts, DecisionView, DetectionView, IssueView, SessionView, TaskView};

/// One page of a list, and the total number of records on all pages.
#[derive(Debug, Clone)]
pub struct Listing<V> {
    /// The records of the page.
    pub records: Vec<V>,
    /// Total number of records.
    pub total: u64,
}

/// The first records of a list, and the total number.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Top<T> {
    /// The first records.
    pub first: Vec<T>,
    /// Total number of records.
    pub total: u64,
}

/// A blocked task.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BlockedTask {
    /// The task.
    #[serde(flatten)]
    pub task: TaskView,
    /// The open dependencies.
    pub blocked_by: Vec<BlockerView>,
    /// Why it has the status blocked, from its document or its notes.
    pub blocked_reason: Option<String>,
}

list_record!(BlockedTask { ..task: TaskView, blocked_by, blocked_reason });

/// An overview of the whole workspace.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Status {
    /// Number of tasks by status.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "super::count_schemas::ByVocabulary<wsdb_core::TaskStatus>")
    )]
    pub tasks_by_status: Counts,
    /// Number of open tasks by priority.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "super::count_schemas::ByOptionalVocabulary<wsdb_core::Priority>")
    )]
    pub open_tasks_by_priority: Counts,
    /// The open sessions, the latest first.
    pub open_sessions: Top<SessionView>,
    /// The tasks in progress, highest priority first.
    pub in_progress: Top<TaskView>,
    /// The open tasks with the status blocked or an open dependency, highest priority first.
    pub blocked: Top<BlockedTask>,
    /// The tasks that nobody is assigned to or has claimed and that are pending, approved or being
    /// planned, but not blocked; highest priority first.
    pub unassigned: Top<TaskView>,
    /// Number of open issues by severity.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "super::count_schemas::ByVocabulary<wsdb_core::Severity>")
    )]
    pub open_issues_by_severity: Counts,
    /// The open issues, most severe first.
    pub open_issues: Top<IssueView>,
    /// The open detections, most severe first.
    pub open_detections: Top<DetectionView>,
    /// The latest decisions.
    pub latest_decisions: Top<DecisionView>,
}
