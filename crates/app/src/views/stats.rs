//! Views of trends over time.

use serde::Serialize;
use wsdb_core::{Task, TaskId, Timestamp};

use super::{Counts, TrendView};

/// Open tasks, throughput, age, time and drift over time.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Stats {
    /// The repos that are covered; empty if all are.
    pub repos: Vec<String>,
    /// Those of them that no task affects.
    pub unknown_repos: Vec<String>,
    /// Start of the first period.
    pub since: Timestamp,
    /// The time of the request.
    pub until: Timestamp,
    /// Tasks over time.
    pub tasks: FlowView,
    /// Number of open tasks by priority.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "super::count_schemas::ByOptionalVocabulary<wsdb_core::Priority>")
    )]
    pub open_tasks_by_priority: Counts,
    /// Number of open tasks by age.
    pub open_tasks_by_age: Counts,
    /// The oldest open task.
    pub oldest_task: Option<OldestView>,
    /// Issues over time.
    pub issues: FlowView,
    /// Number of open issues by severity.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "super::count_schemas::ByVocabulary<wsdb_core::Severity>")
    )]
    pub open_issues_by_severity: Counts,
    /// Drift over time.
    pub detections: DriftFlowView,
    /// Time spent by repo, the most first.
    pub time_by_repo: Vec<RepoTime>,
}

/// Records of one kind over time.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FlowView {
    /// Total number of records.
    pub total: u64,
    /// Number of records that are open now.
    pub open: u64,
    /// Numbers for each period.
    pub periods: Vec<PeriodView>,
}

/// Detections of drift over time.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DriftFlowView {
    /// Total number of detections.
    pub total: u64,
    /// Number of detections that are open now.
    pub open: u64,
    /// Numbers for each period.
    pub periods: Vec<TrendView>,
}

view! {
    /// Throughput of a period.
    PeriodView of ThroughputPeriod {
        from: Timestamp,
        until: Timestamp,
        open: u64,
        added: u64,
        closed: u64,
    }
}

/// The oldest open task.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OldestView {
    /// Its ID.
    pub id: TaskId,
    /// Its title.
    pub title: String,
    /// When it was created.
    pub created: Timestamp,
}

impl From<Task> for OldestView {
    fn from(task: Task) -> Self {
        OldestView {
            id: task.id,
            title: task.title,
            created: task.created,
        }
    }
}

/// Time spent in a repo.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RepoTime {
    /// The repo.
    pub repo: String,
    /// Number of seconds.
    pub duration_seconds: f64,
}
