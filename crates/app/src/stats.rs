//! How the workspace has been doing.

use std::collections::BTreeMap;

use wsdb_core::{
    ContextFilter, IssueFilter, IssueStatus, Page, Span, TaskFilter, TaskSort, TaskStatus,
    Timestamp, Vocabulary, ages, flow,
};
use wsdb_store::{Connection, Store};

use crate::Error;
use crate::status::counts;
use crate::views::{FlowView, OldestView, RepoTime, Stats};

/// Looks at what came and went between the points in time, which follow one another, at how old is
/// what is open, and at where time was spent; of some repos only, if any are named.
///
/// # Errors
/// What the database reports.
pub async fn stats<C: Connection>(
    store: &Store<C>,
    repos: &[String],
    edges: &[Timestamp],
    now: Timestamp,
) -> Result<Stats, Error> {
    let all_tasks = TaskFilter {
        repo: repos.to_vec(),
        ..TaskFilter::default()
    };
    let all = TaskStatus::ALL.iter().copied();
    let open_tasks = TaskFilter {
        status: all.filter(|status| !status.is_ended()).collect(),
        sort: TaskSort::Created,
        page: Page::first(1),
        ..all_tasks.clone()
    };
    let all_issues = IssueFilter {
        repo: repos.to_vec(),
        ..IssueFilter::default()
    };
    let open_issues = IssueFilter {
        status: vec![IssueStatus::Open],
        ..all_issues.clone()
    };
    let tasks = store.tasks().spans(&all_tasks).await?;
    let issues = store.issues().spans(&all_issues).await?;
    let oldest = store.tasks().list(&open_tasks).await?;
    let priorities = store.tasks().count_by_priority(&open_tasks).await?;
    let severities = store.issues().count_by_severity(&open_issues).await?;
    Ok(Stats {
        repos: repos.to_vec(),
        since: edges.first().copied().unwrap_or(now),
        until: now,
        tasks: flow_view(&tasks, edges),
        open_tasks_by_priority: counts::<wsdb_core::Priority>(priorities),
        age_of_open_tasks: ages(&tasks, now).into_iter().map(Into::into).collect(),
        oldest_task: oldest.into_iter().next().map(OldestView::from),
        issues: flow_view(&issues, edges),
        open_issues_by_severity: counts::<wsdb_core::Severity>(severities),
    })
}

fn flow_view(spans: &[Span], edges: &[Timestamp]) -> FlowView {
    let open = spans.iter().filter(|span| span.until.is_none());
    FlowView {
        total: spans.len() as u64,
        open: open.count() as u64,
        periods: flow(spans, edges).into_iter().map(Into::into).collect(),
    }
}
