//! An overview of the whole workspace.

use wsdb_core::{
    DecisionFilter, DetectionFilter, DetectionSort, DetectionStatus, IssueFilter, IssueStatus,
    Moment, Page, SessionFilter, SessionStatus, TaskFilter, TaskSort, TaskStatus,
};
use wsdb_store::{Connection, Store};

use crate::Error;
use crate::task::queue::{blocked_tasks, unassigned_tasks};
use crate::task::views::task_views;
use crate::views::{Counts, Status, Top};

/// Maximum number of sessions, tasks and issues listed.
const MAX_LISTED: u64 = 8;

/// Statuses of tasks that nobody has started and that nothing but an assignee may be missing for.
const WAITING: &[TaskStatus] = &[
    TaskStatus::Pending,
    TaskStatus::Approved,
    TaskStatus::Planning,
];

/// Maximum number of decisions and of detections listed: fewer, because they are not worked on next.
const MAX_DECISIONS_AND_DETECTIONS_LISTED: u64 = 5;

/// Returns an overview of the whole workspace.
pub async fn status<C: Connection>(store: &Store<C>, now: Moment) -> Result<Status, Error> {
    let page = Page::first(MAX_LISTED);
    let in_progress = TaskFilter {
        status: vec![TaskStatus::InProgress],
        sort: TaskSort::Priority,
        page,
        ..TaskFilter::default()
    };
    let in_progress_total = store.tasks().count(&in_progress).await?;
    let in_progress = store.tasks().list(&in_progress).await?;
    let all = TaskFilter {
        page,
        ..TaskFilter::default()
    };
    let blocked = blocked_tasks(store, &all, now.at).await?;
    let unassigned = unassigned_tasks(store, &all, WAITING, MAX_LISTED, now.at).await?;

    let open = TaskFilter {
        open: Some(true),
        ..TaskFilter::default()
    };
    let sessions = SessionFilter {
        status: vec![SessionStatus::InProgress],
        reverse: true,
        page,
        ..SessionFilter::default()
    };
    let issues = IssueFilter {
        status: vec![IssueStatus::Open],
        sort: wsdb_core::IssueSort::Severity,
        page,
        ..IssueFilter::default()
    };
    let decisions = DecisionFilter {
        reverse: true,
        page: Page::first(MAX_DECISIONS_AND_DETECTIONS_LISTED),
        ..DecisionFilter::default()
    };
    let drift = DetectionFilter {
        status: vec![DetectionStatus::Open],
        now: Some(now),
        sort: DetectionSort::Severity,
        page: Page::first(MAX_DECISIONS_AND_DETECTIONS_LISTED),
        ..DetectionFilter::default()
    };
    Ok(Status {
        tasks_by_status: Counts::by_vocabulary::<TaskStatus>(
            store.tasks().count_by_status().await?,
        ),
        open_tasks_by_priority: Counts::by_optional_vocabulary::<wsdb_core::Priority>(
            store.tasks().count_by_priority(&open).await?,
        ),
        open_sessions: Top {
            total: store.sessions().count(&sessions).await?,
            first: views(store.sessions().list(&sessions).await?),
        },
        in_progress: Top {
            first: task_views(store, in_progress, now.at).await?,
            total: in_progress_total,
        },
        blocked: Top {
            first: blocked.records,
            total: blocked.total,
        },
        unassigned,
        open_issues_by_severity: Counts::by_vocabulary::<wsdb_core::Severity>(
            store.issues().count_by_severity(&issues).await?,
        ),
        open_issues: Top {
            total: store.issues().count(&issues).await?,
            first: views(store.issues().list(&issues).await?),
        },
        open_detections: Top {
            total: store.drift().detections().count(&drift).await?,
            first: views(store.drift().detections().list(&drift).await?),
        },
        latest_decisions: Top {
            total: store.decisions().count(&decisions).await?,
            first: views(store.decisions().list(&decisions).await?),
        },
    })
}

fn views<R, V: From<R>>(records: Vec<R>) -> Vec<V> {
    records.into_iter().map(V::from).collect()
}
