//! How the workspace has been doing, as `--json` shows it.

use serde::Serialize;
use wsdb_core::{AgeGroup, Task, TaskId, Timestamp};

use super::{Count, TrendView};

/// What came and went, how old is what is open, and where time was spent.
#[derive(Debug, Clone, Serialize)]
pub struct Stats {
    /// Only of these repos, if any are named.
    pub repos: Vec<String>,
    /// Those of them that no task touches.
    pub unknown_repos: Vec<String>,
    /// From when on.
    pub since: Timestamp,
    /// The time it was looked at.
    pub until: Timestamp,
    /// Tasks over time.
    pub tasks: FlowView,
    /// How many tasks that are not ended have each priority.
    pub open_tasks_by_priority: Vec<Count>,
    /// How old the tasks are that are not ended.
    pub age_of_open_tasks: Vec<AgeView>,
    /// The oldest of them.
    pub oldest_task: Option<OldestView>,
    /// Issues over time.
    pub issues: FlowView,
    /// How many open issues have each severity.
    pub open_issues_by_severity: Vec<Count>,
    /// Open drift over time.
    pub drift: Vec<TrendView>,
    /// How much drift is open now.
    pub open_drift: u64,
    /// Where time was spent, most first.
    pub time_by_repo: Vec<RepoTime>,
}

/// Records of one kind over time.
#[derive(Debug, Clone, Serialize)]
pub struct FlowView {
    /// How many there are.
    pub total: u64,
    /// How many are open now.
    pub open: u64,
    /// What happened in each period.
    pub periods: Vec<PeriodView>,
}

view! {
    /// What happened in a period.
    PeriodView of Flow {
        from: Timestamp,
        until: Timestamp,
        open: u64,
        added: u64,
        ended: u64,
    }
}

/// How many that are open are so old.
#[derive(Debug, Clone, Serialize)]
pub struct AgeView {
    /// Such as `1 to 4 weeks`.
    pub age: &'static str,
    /// From so many days on.
    pub from_days: u64,
    /// Up to so many days; null for the last group.
    pub until_days: Option<u64>,
    /// How many there are.
    pub count: u64,
}

impl From<AgeGroup> for AgeView {
    fn from(group: AgeGroup) -> Self {
        let AgeGroup {
            name,
            from_days,
            until_days,
            count,
        } = group;
        AgeView {
            age: name,
            from_days,
            until_days,
            count,
        }
    }
}

/// The oldest task that is open.
#[derive(Debug, Clone, Serialize)]
pub struct OldestView {
    /// Its id.
    pub id: TaskId,
    /// Its title.
    pub title: String,
    /// When it was written down.
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

/// Time that was spent in a repo.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RepoTime {
    /// The repo.
    pub repo: String,
    /// How many seconds.
    pub seconds: f64,
}
