//! Resolving issues, changing their status, and counting them.

use wsdb_core::{Issue, IssueFilter, IssueId, IssueStatus, Severity};
use wsdb_store::Error;

use crate::fixtures::{self, format_counts, id};
use crate::{Case, at, test_cases};

test_cases!(
    added_issue_has_the_next_id,
    resolved_issue_has_resolver_and_time,
    closed_issue_keeps_its_resolution,
    reopened_issue_keeps_its_notes_only,
    missing_issue_cannot_be_resolved,
    issues_are_counted_by_status,
    issues_are_counted_by_severity,
);

const RESOLVED: &str = "2025-12-01";

/// Adds an issue and resolves it as mira, with the notes `Moved`.
async fn resolve(case: &Case) -> Issue {
    let issues = case.store.issues();
    let issue = |id: IssueId| fixtures::issue(id.as_str(), false);
    let id = issues.add(issue).await.unwrap().id;
    let resolved = issues.resolve(&id, Some("mira"), Some("Moved"), at(RESOLVED));
    resolved.await.unwrap()
}

async fn added_issue_has_the_next_id(case: &Case) {
    assert_eq!(resolve(case).await.id.as_str(), "ISSUE-001");
    assert_eq!(resolve(case).await.id.as_str(), "ISSUE-002");
}

async fn resolved_issue_has_resolver_and_time(case: &Case) {
    let issue = resolve(case).await;
    assert_eq!(issue.status, IssueStatus::Resolved);
    assert_eq!(issue.resolved_at, Some(at(RESOLVED)));
    assert_eq!(issue.resolved_by.as_deref(), Some("mira"));
    assert_eq!(case.store.issues().get(&issue.id).await.unwrap(), issue);
}

async fn closed_issue_keeps_its_resolution(case: &Case) {
    let id = resolve(case).await.id;
    let closed = case
        .store
        .issues()
        .set_status(&id, IssueStatus::Closed, Some("jo"), None, at("2025-12-02"))
        .await;
    let closed = closed.unwrap();
    assert_eq!(closed.resolved_at, Some(at(RESOLVED)));
    assert_eq!(closed.resolved_by.as_deref(), Some("mira"));
}

async fn reopened_issue_keeps_its_notes_only(case: &Case) {
    let id = resolve(case).await.id;
    let open = case
        .store
        .issues()
        .set_status(&id, IssueStatus::Open, None, None, at("2025-12-02"))
        .await;
    let open = open.unwrap();
    assert_eq!((open.resolved_at, open.resolved_by), (None, None));
    assert_eq!(open.resolution_notes.as_deref(), Some("Moved"));
}

async fn missing_issue_cannot_be_resolved(case: &Case) {
    let issues = case.store.issues();
    let missing = issues.resolve(&id("I-404"), None, None, at(RESOLVED)).await;
    assert!(matches!(
        missing,
        Err(Error::NotFound { noun: "issue", .. })
    ));
}

/// An open issue of low severity, and a closed one of high severity.
async fn insert_issues(case: &Case) {
    let open = fixtures::issue("I-1", false);
    let closed = Issue {
        severity: Severity::High,
        ..fixtures::issue("I-2", true)
    };
    for issue in [open, closed] {
        case.store.issues().insert(issue).await.unwrap();
    }
}

async fn issues_are_counted_by_status(case: &Case) {
    insert_issues(case).await;
    let counts = case.store.issues().count_by_status().await.unwrap();
    assert_eq!(format_counts(counts), "closed=1 open=1");
}

async fn issues_are_counted_by_severity(case: &Case) {
    insert_issues(case).await;
    let count = async |status: &[IssueStatus]| {
        let filter = IssueFilter {
            status: status.to_vec(),
            ..IssueFilter::default()
        };
        let counts = case.store.issues().count_by_severity(&filter).await;
        format_counts(counts.unwrap())
    };
    assert_eq!(count(&[]).await, "HIGH=1 LOW=1");
    assert_eq!(count(&[IssueStatus::Open]).await, "LOW=1");
}
