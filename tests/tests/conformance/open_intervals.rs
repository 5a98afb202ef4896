//! The times from which and until which records were open.

use wsdb_core::{
    DetectionFilter, DetectionStatus, DriftDetection, Issue, IssueFilter, IssueStatus,
    OpenInterval, Task, TaskFilter, TaskStatus,
};

use crate::fixtures;
use crate::{Case, at, test_cases};

test_cases!(
    task_is_open_until_its_end_or_last_update,
    issue_without_resolution_time_was_never_open,
    detection_is_open_until_resolved_or_ignored,
);

async fn task_is_open_until_its_end_or_last_update(case: &Case) {
    let completed = Task {
        status: TaskStatus::Completed,
        completed_at: Some(at("2025-11-21")),
        ..fixtures::task("T-1", true)
    };
    let blocked = Task {
        status: TaskStatus::Blocked,
        ..fixtures::task("T-2", false)
    };
    let closed = Task {
        status: TaskStatus::Closed,
        ..fixtures::task("T-3", false)
    };
    let interval = |task: &Task, until| OpenInterval {
        from: task.created,
        until,
    };
    let mut expected = [
        interval(&completed, Some(at("2025-11-21"))),
        interval(&blocked, None),
        interval(&closed, Some(closed.updated)),
    ];
    let tasks = case.store.tasks();
    for task in [completed, blocked, closed] {
        tasks.insert(task).await.unwrap();
    }
    let mut intervals = tasks.open_intervals(&TaskFilter::default()).await.unwrap();
    let end = |interval: &OpenInterval| interval.until;
    intervals.sort_by_key(end);
    expected.sort_by_key(end);
    assert_eq!(intervals, expected);
}

async fn issue_without_resolution_time_was_never_open(case: &Case) {
    let issue = Issue {
        status: IssueStatus::Resolved,
        resolved_at: None,
        ..fixtures::issue("I-1", false)
    };
    let expected = OpenInterval {
        from: issue.detected,
        until: Some(issue.detected),
    };
    let issues = case.store.issues();
    issues.insert(issue).await.unwrap();
    let intervals = issues.open_intervals(&IssueFilter::default()).await;
    assert_eq!(intervals.unwrap(), [expected]);
}

async fn detection_is_open_until_resolved_or_ignored(case: &Case) {
    let drift = case.store.drift();
    for (name, status, resolved, ignored_until) in [
        ("D-1", DetectionStatus::Open, None, None),
        ("D-2", DetectionStatus::Resolved, Some("2025-11-25"), None),
        ("D-3", DetectionStatus::Ignored, Some("2025-11-26"), None),
        (
            "D-4",
            DetectionStatus::Ignored,
            Some("2025-11-26"),
            Some("2025-12-01"),
        ),
        ("D-5", DetectionStatus::Resolved, None, None),
    ] {
        let detection = DriftDetection {
            status,
            resolved_at: resolved.map(at),
            ignored_until: ignored_until.map(at),
            ..fixtures::detection(name, false)
        };
        drift.detections().insert(detection).await.unwrap();
    }
    let all = DetectionFilter::default();
    let intervals = drift.open_intervals(&all, at("2025-12-02")).await;
    let mut ends: Vec<_> = intervals
        .unwrap()
        .into_iter()
        .map(|detection| (detection.interval.until, detection.status))
        .collect();
    ends.sort();
    let detected = fixtures::now();
    assert_eq!(
        ends,
        [
            (None, DetectionStatus::Open),
            (None, DetectionStatus::Open),
            (Some(detected), DetectionStatus::Resolved),
            (Some(at("2025-11-25")), DetectionStatus::Resolved),
            (Some(at("2025-11-26")), DetectionStatus::Ignored),
        ]
    );
}
