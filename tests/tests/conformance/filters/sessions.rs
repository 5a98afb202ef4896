//! Lists of sessions, their activities, and their links.

use wsdb_core::{
    Activity, ActivityFilter, Session, SessionDecision, SessionDecisionFilter, SessionFilter,
    SessionIssue, SessionIssueFilter, SessionSort, SessionStatus,
};

use crate::fixtures::{self, id};
use crate::{Case, at, test_cases};

test_cases!(
    sessions_are_filtered_and_sorted,
    activities_are_filtered_and_sorted,
    decision_links_are_filtered_and_sorted,
    issue_links_are_filtered,
);

async fn sessions_are_filtered_and_sorted(case: &Case) {
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
    check_lists! { case.store.sessions(), SessionFilter,
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
        { since: Some(at("2025-01-02T00:00:00.000001").into()) } => "S-1",
        { since: Some(at("2025-01-02").into()) } => "S-2 s-3 S-1",
        { sort: SessionSort::Id } => "S-1 S-2 s-3",
        // A session without a user comes first on both databases.
        { sort: SessionSort::User } => "s-3 S-2 S-1",
    }
}

async fn insert_sessions(case: &Case) {
    let sessions = case.store.sessions();
    for name in ["S-1", "S-2"] {
        sessions
            .insert(fixtures::session(name, false))
            .await
            .unwrap();
    }
}

async fn activities_are_filtered_and_sorted(case: &Case) {
    insert_sessions(case).await;
    let sessions = case.store.sessions();
    for activity in [
        Activity {
            time: at("2025-01-02"),
            outcome: Some("Two FILES".into()),
            ..fixtures::activity("A-1", "S-1", false)
        },
        Activity {
            time: at("2025-01-01"),
            activity_type: fixtures::word("note"),
            description: "Looked".into(),
            ..fixtures::activity("A-2", "S-2", false)
        },
    ] {
        sessions.activities().insert(activity).await.unwrap();
    }
    check_lists! { sessions.activities(), ActivityFilter,
        {} => "A-2 A-1",
        { ids: vec![id("A-1")] } => "A-1",
        { session: vec![id("S-2")] } => "A-2",
        { activity_type: vec![fixtures::word("note")] } => "A-2",
        { text: vec!["files".into()] } => "A-1",
        { text: vec!["LOOK".into()] } => "A-2",
        { since: Some(at("2025-01-02").into()) } => "A-1",
    }
}

async fn decision_links_are_filtered_and_sorted(case: &Case) {
    insert_sessions(case).await;
    let sessions = case.store.sessions();
    let decisions = case.store.decisions();
    decisions
        .insert(fixtures::decision("D-1", false))
        .await
        .unwrap();
    for (link, session, decision) in [("L-1", "S-1", "D-1"), ("L-2", "S-2", "D-404")] {
        let link = SessionDecision {
            decision_id: Some(id(decision)),
            ..fixtures::session_decision(link, session, false)
        };
        sessions.decision_links().insert(link).await.unwrap();
    }
    check_lists! { sessions.decision_links(), SessionDecisionFilter,
        {} => "L-1 L-2",
        { session: vec![id("S-2")] } => "L-2",
        { decision: vec![id("D-1")] } => "L-1",
        { decision: vec![id("D-404"), id("D-1")] } => "L-1 L-2",
    }
}

async fn issue_links_are_filtered(case: &Case) {
    insert_sessions(case).await;
    let sessions = case.store.sessions();
    let link = SessionIssue {
        issue_id: Some(id("I-404")),
        ..fixtures::session_issue("L-1", "S-1", false)
    };
    sessions.issue_links().insert(link).await.unwrap();
    check_lists! { sessions.issue_links(), SessionIssueFilter,
        { session: vec![id("S-1")] } => "L-1",
        { issue: vec![id("I-404")] } => "L-1",
        { issue: vec![id("I-1")] } => "",
    }
}
