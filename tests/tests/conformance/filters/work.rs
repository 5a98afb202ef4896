//! Lists of issues and decisions.

use wsdb_core::{
    Decision, DecisionFilter, DecisionSort, DecisionStatus, Impact, Issue, IssueFilter, IssueSort,
    IssueStatus, Severity,
};

use crate::fixtures::{self, id, word};
use crate::{Case, at, test_cases};

test_cases!(
    issues_are_filtered_and_sorted,
    decisions_are_filtered_and_sorted,
    decisions_are_counted_by_status,
);

async fn issues_are_filtered_and_sorted(case: &Case) {
    let new = |name: &str, detected: &str| Issue {
        detected: at(detected),
        severity: Severity::Medium,
        ..fixtures::issue(name, false)
    };
    case.store
        .tasks()
        .insert(fixtures::task("T-1", false))
        .await
        .unwrap();
    for issue in [
        Issue {
            title: "b".into(),
            severity: Severity::High,
            ..new("I-1", "2025-01-03")
        },
        Issue {
            title: "a".into(),
            issue_type: word("governance"),
            status: IssueStatus::Closed,
            repos_affected: vec!["core".into(), "web".into()],
            related_task_id: Some(id("T-1")),
            ..new("I-2", "2025-01-02")
        },
        Issue {
            description: Some("The PRICING".into()),
            action_required: Some("Move".into()),
            status: IssueStatus::Resolved,
            severity: Severity::Critical,
            assigned_to: Some("mira".into()),
            repos_affected: vec!["web".into()],
            related_task_id: Some(id("T-404")),
            ..new("I-3", "2025-01-02")
        },
    ] {
        case.store.issues().insert(issue).await.unwrap();
    }
    check_lists! { case.store.issues(), IssueFilter,
        {} => "I-2 I-3 I-1",
        { ids: vec![id("I-3"), id("I-1")] } => "I-3 I-1",
        { status: vec![IssueStatus::Open, IssueStatus::Closed] } => "I-2 I-1",
        { open: Some(true) } => "I-1",
        { open: Some(false) } => "I-2 I-3",
        { severity: vec![Severity::Critical] } => "I-3",
        { severity: vec![Severity::Low] } => "",
        { issue_type: vec![word("governance")] } => "I-2",
        { repo: vec!["web".into()] } => "I-2 I-3",
        { repo: vec!["core".into(), "web".into()] } => "I-2 I-3",
        { assigned_to: vec!["mira".into(), "jo".into()] } => "I-3",
        { assigned: Some(true) } => "I-3",
        { assigned: Some(false) } => "I-2 I-1",
        { task: Some(id("T-1")) } => "I-2",
        { task: Some(id("T-404")) } => "I-3",
        { text: vec!["pricing".into(), "move".into(), "i-3".into()] } => "I-3",
        { text: vec!["B".into()] } => "I-1",
        { since: Some(at("2025-01-03").into()) } => "I-1",
        { sort: IssueSort::Severity } => "I-3 I-1 I-2",
        { sort: IssueSort::Status } => "I-1 I-3 I-2",
        { sort: IssueSort::Title } => "I-3 I-2 I-1",
        { sort: IssueSort::Id } => "I-1 I-2 I-3",
    }
}

async fn insert_decisions(case: &Case) {
    let new = |name: &str, date: &str| Decision {
        date: at(date),
        ..fixtures::decision(name, false)
    };
    for decision in [
        Decision {
            impact: Some(Impact::Low),
            status: DecisionStatus::Superseded,
            related_components: vec!["Pricing".into(), "T-1".into()],
            ..new("D-1", "2025-01-03")
        },
        Decision {
            decision: "Keep SQLite".into(),
            rationale: Some("One file".into()),
            status: DecisionStatus::Planned,
            repos_affected: vec!["core".into()],
            ..new("D-2", "2025-01-02")
        },
        Decision {
            status: DecisionStatus::Implemented,
            impact: Some(Impact::High),
            session: Some(id("S-1")),
            repos_affected: vec!["web".into(), "core".into()],
            supersedes: vec![id("D-2"), id("D-404")],
            related_tasks: vec![id("T-1")],
            related_components: vec!["Pricing".into()],
            related_detections: vec![id("T-1"), id("V-1")],
            ..new("D-3", "2025-01-02")
        },
    ] {
        case.store.decisions().insert(decision).await.unwrap();
    }
}

async fn decisions_are_filtered_and_sorted(case: &Case) {
    insert_decisions(case).await;
    check_lists! { case.store.decisions(), DecisionFilter,
        {} => "D-2 D-3 D-1",
        { ids: vec![id("D-1"), id("D-3")] } => "D-3 D-1",
        { status: vec![DecisionStatus::Superseded, DecisionStatus::Planned] } => "D-2 D-1",
        { impact: vec![Impact::Low, Impact::High] } => "D-3 D-1",
        { repo: vec!["core".into()] } => "D-2 D-3",
        { repo: vec!["web".into()] } => "D-3",
        { session: vec![id("S-1")] } => "D-3",
        { task: vec![id("T-1"), id("T-2")] } => "D-3",
        { component: vec!["Pricing".into()] } => "D-3 D-1",
        { component: vec!["pricing".into()] } => "",
        { detection: vec![id("V-1")] } => "D-3",
        { supersedes: vec![id("D-404")] } => "D-3",
        { superseded: Some(true) } => "D-2 D-1",
        { superseded: Some(false) } => "D-3",
        { text: vec!["sqlite".into(), "FILE".into(), "d-2".into()] } => "D-2",
        { since: Some(at("2025-01-02T12:00:00").into()) } => "D-1",
        { sort: DecisionSort::Impact } => "D-3 D-1 D-2",
        { sort: DecisionSort::Status } => "D-2 D-3 D-1",
        { sort: DecisionSort::Id } => "D-1 D-2 D-3",
    }
}

async fn decisions_are_counted_by_status(case: &Case) {
    insert_decisions(case).await;
    let mut counts = case.store.decisions().count_by_status().await.unwrap();
    counts.sort();
    let expected = ["implemented", "planned", "superseded"];
    assert_eq!(counts, expected.map(|status| (status.to_owned(), 1)));
}
