//! Lists of sessions, issues and decisions: every field of the filters, every order.

use wsdb_core::{
    Decision, DecisionFilter, DecisionSort, DecisionStatus, Impact, Issue, IssueFilter, IssueSort,
    IssueStatus, Page, Session, SessionFilter, SessionSort, SessionStatus, Severity,
};

use crate::fixtures::{self, id, word};
use crate::{Case, at};

/// Lists with each filter, backwards too, and compares ids; then a page of it and the count.
macro_rules! lists {
    ($records:expr, $filter:ident, $($change:tt => $expected:literal,)*) => {$({
        let filter = lists!(@filter $filter $change);
        let ids = async |filter: &$filter| -> Vec<String> {
            let list = $records.list(filter).await.unwrap();
            list.into_iter().map(|record| record.id.to_string()).collect()
        };
        let mut found = ids(&filter).await;
        assert_eq!(found.join(" "), $expected, "{filter:?}");
        assert_eq!($records.count(&filter).await.unwrap(), found.len() as u64);
        let page = Page { limit: Some(1), offset: 1 };
        let part = $filter { page, ..filter.clone() };
        assert_eq!(ids(&part).await, found.iter().skip(1).take(1).cloned().collect::<Vec<_>>());
        assert_eq!($records.count(&part).await.unwrap(), found.len() as u64);
        found.reverse();
        assert_eq!(ids(&$filter { reverse: true, ..filter }).await, found);
    })*};
    (@filter $filter:ident { $($field:ident: $value:expr),* }) => {
        $filter { $($field: $value,)* ..$filter::default() }
    };
}

pub(crate) async fn sessions(case: &Case) {
    let new = |name: &str, start: &str| {
        let session = fixtures::session(name, false);
        Session {
            start_time: at(start),
            ..session
        }
    };
    for session in [
        Session {
            user: Some("mira".into()),
            ..new("S-1", "2025-01-03")
        },
        Session {
            user: Some("Jo".into()),
            ai_assistant: Some("helper".into()),
            ..new("S-2", "2025-01-02")
        },
        Session {
            status: SessionStatus::Completed,
            handoff_notes: Some("Next: Äpfel".into()),
            ..new("s-3", "2025-01-02")
        },
    ] {
        case.store.sessions().insert(session).await.unwrap();
    }
    lists! { case.store.sessions(), SessionFilter,
        {} => "S-2 s-3 S-1",
        { ids: vec![id("S-1"), id("S-9")] } => "S-1",
        { status: vec![SessionStatus::InProgress] } => "S-2 S-1",
        { status: vec![SessionStatus::Completed, SessionStatus::InProgress] } => "S-2 s-3 S-1",
        { user: vec!["mira".into()] } => "S-1",
        { user: vec!["mira".into(), "Jo".into()] } => "S-2 S-1",
        { ai_assistant: vec!["helper".into()] } => "S-2",
        { text: vec!["next".into(), "ÄPFEL".into()] } => "s-3",
        { text: vec!["MIRA".into()] } => "S-1",
        { text: vec!["Help".into()] } => "S-2",
        { text: vec!["s-".into()] } => "S-2 s-3 S-1",
        { since: Some(at("2025-01-02T00:00:00.000001")) } => "S-1",
        { since: Some(at("2025-01-02")) } => "S-2 s-3 S-1",
        { sort: SessionSort::Id } => "S-1 S-2 s-3",
    }
    // Who has no user stands at the same end on every database.
    lists! { case.store.sessions(), SessionFilter,
        { sort: SessionSort::User } => "s-3 S-2 S-1",
    }
}

pub(crate) async fn issues(case: &Case) {
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
    lists! { case.store.issues(), IssueFilter,
        {} => "I-2 I-3 I-1",
        { ids: vec![id("I-3"), id("I-1")] } => "I-3 I-1",
        { status: vec![IssueStatus::Open, IssueStatus::Closed] } => "I-2 I-1",
        { severity: vec![Severity::Critical] } => "I-3",
        { severity: vec![Severity::Low] } => "",
        { issue_type: vec![word("governance")] } => "I-2",
        { repo: vec!["web".into()] } => "I-2 I-3",
        { repo: vec!["core".into(), "web".into()] } => "I-2 I-3",
        { assigned_to: vec!["mira".into(), "jo".into()] } => "I-3",
        { task: Some(id("T-1")) } => "I-2",
        { task: Some(id("T-404")) } => "I-3",
        { text: vec!["pricing".into(), "move".into(), "i-3".into()] } => "I-3",
        { text: vec!["B".into()] } => "I-1",
        { since: Some(at("2025-01-03")) } => "I-1",
        { sort: IssueSort::Severity } => "I-3 I-1 I-2",
        { sort: IssueSort::Status } => "I-1 I-3 I-2",
        { sort: IssueSort::Title } => "I-3 I-2 I-1",
        { sort: IssueSort::Id } => "I-1 I-2 I-3",
    }
}

pub(crate) async fn decisions(case: &Case) {
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
    lists! { case.store.decisions(), DecisionFilter,
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
        { since: Some(at("2025-01-02T12:00:00")) } => "D-1",
        { sort: DecisionSort::Impact } => "D-3 D-1 D-2",
        { sort: DecisionSort::Status } => "D-2 D-3 D-1",
        { sort: DecisionSort::Id } => "D-1 D-2 D-3",
    }
    let mut counts = case.store.decisions().count_by_status().await.unwrap();
    counts.sort();
    let expected = ["implemented", "planned", "superseded"];
    assert_eq!(counts, expected.map(|status| (status.to_owned(), 1)));
}
