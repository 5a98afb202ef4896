//! Trends over time: open tasks, throughput, age, time and drift.

use wsdb_core::{
    DetectionFilter, DetectionStatus, IssueFilter, IssueStatus, Moment, OpenInterval, Page,
    TaskFilter, TaskSort, Timestamp, age_histogram, throughput,
};
use wsdb_store::{Connection, Store};

use crate::views::{Counts, DriftFlowView, FlowView, OldestView, RepoTime, Stats};
use crate::{Error, TimeSpentQuery, drift_trend, time_spent};

/// Returns what was added and closed in each of the consecutive periods, the age of open tasks, and
/// the time spent. Covers only `repos`; an empty list covers all. `start_of` returns the point in time
/// that a stored time stands for: a date is a local day.
pub async fn stats<C: Connection>(
    store: &Store<C>,
    repos: &[String],
    edges: &[Timestamp],
    moment: Moment,
    start_of: impl Fn(Timestamp) -> Timestamp,
) -> Result<Stats, Error> {
    let now = moment.at;
    let all_tasks = TaskFilter {
        repo: repos.to_vec(),
        ..TaskFilter::default()
    };
    let open_tasks = TaskFilter {
        open: Some(true),
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
    let tasks = store.tasks().open_intervals(&all_tasks).await?;
    let issues = store.issues().open_intervals(&all_issues).await?;
    let with_local_days = |intervals: Vec<OpenInterval>| -> Vec<OpenInterval> {
        let intervals = intervals.into_iter();
        intervals.map(|interval| interval.map(&start_of)).collect()
    };
    let (tasks, issues) = (with_local_days(tasks), with_local_days(issues));
    let oldest = store.tasks().list(&open_tasks).await?;
    let priorities = store.tasks().count_by_priority(&open_tasks).await?;
    let severities = store.issues().count_by_severity(&open_issues).await?;
    let all_drift = DetectionFilter {
        repo: repos.to_vec(),
        now: Some(moment),
        ..DetectionFilter::default()
    };
    let open_drift = DetectionFilter {
        status: vec![DetectionStatus::Open],
        ..all_drift.clone()
    };
    let detections = store.drift().detections();
    let since = edges.first().copied().unwrap_or(now);
    // Only the sum per repo is needed, so the whole period counts as one day.
    let one_day = |_| wsdb_core::Day {
        name: String::new(),
        end: now,
    };
    let spent = time_spent(
        store,
        TimeSpentQuery {
            since,
            until: now,
            people: &[],
            repos,
            by_day: false,
            by_repo: true,
        },
        one_day,
        &start_of,
    )
    .await?;
    let mut time_by_repo: Vec<RepoTime> = spent
        .into_iter()
        .filter_map(|spent| {
            Some(RepoTime {
                repo: spent.repo?,
                duration_seconds: spent.duration_seconds,
            })
        })
        .collect();
    time_by_repo.sort_by(|a, b| b.duration_seconds.total_cmp(&a.duration_seconds));
    let known = if repos.is_empty() {
        Vec::new()
    } else {
        store.tasks().repos().await?
    };
    let unknown = repos.iter().filter(|repo| !known.contains(repo));
    Ok(Stats {
        repos: repos.to_vec(),
        unknown_repos: unknown.cloned().collect(),
        since,
        until: now,
        tasks: flow_view(&tasks, edges),
        open_tasks_by_priority: Counts::by_optional_vocabulary::<wsdb_core::Priority>(priorities),
        open_tasks_by_age: age_histogram(&tasks, now)
            .into_iter()
            .map(|bucket| (bucket.name.replace(' ', "_"), bucket.count))
            .collect(),
        oldest_task: oldest.into_iter().next().map(OldestView::from),
        issues: flow_view(&issues, edges),
        open_issues_by_severity: Counts::by_vocabulary::<wsdb_core::Severity>(severities),
        detections: DriftFlowView {
            total: detections.count(&all_drift).await?,
            open: detections.count(&open_drift).await?,
            periods: drift_trend(store, &all_drift, edges, moment, &start_of).await?,
        },
        time_by_repo,
    })
}

fn flow_view(intervals: &[OpenInterval], edges: &[Timestamp]) -> FlowView {
    let open = intervals.iter().filter(|interval| interval.until.is_none());
    FlowView {
        total: intervals.len() as u64,
        open: open.count() as u64,
        periods: throughput(intervals, edges)
            .into_iter()
            .map(Into::into)
            .collect(),
    }
}
