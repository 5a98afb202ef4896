//! Starting and ending sessions, their activities, and their links.

use wsdb_core::{
    Activity, ActivityId, Author, DecisionId, IssueId, Session, SessionChoice, SessionId,
    SessionStatus, Timestamp,
};
use wsdb_store::Error;

use crate::fixtures::{self, id};
use crate::{Case, at, test_cases};

test_cases!(
    current_session_is_the_only_recent_one_of_the_user,
    session_with_a_recent_change_is_recent,
    named_session_is_current_while_it_is_open,
    ended_session_keeps_its_notes_without_new_ones,
    session_cannot_be_ended_twice,
    missing_session_cannot_be_ended,
    session_ends_after_its_start,
    linking_twice_keeps_one_link,
    links_of_missing_records_are_refused,
    activities_are_listed_by_time,
    activity_of_a_missing_session_is_refused,
);

async fn start(case: &Case, user: &str, time: &str) -> Session {
    let start = at(time);
    let session = |id| Session {
        user: Some(user.into()),
        ..Session::new(id, start)
    };
    let author = Author::new(user, "session start", start);
    let store = case.store.with_author(author);
    store.sessions().start(start, session).await.unwrap()
}

const END: &str = "2025-11-20T17:00:00";

fn is_missing<T>(result: Result<T, Error>, kind: &str) -> bool {
    matches!(result, Err(Error::NotFound { noun, .. }) if noun == kind)
}

async fn current(case: &Case, user: &str, choice: &SessionChoice) -> Option<SessionId> {
    let session = case.store.sessions().current(user, choice).await.unwrap();
    session.map(|session| session.id)
}

fn since(time: &str) -> SessionChoice {
    SessionChoice::Recent {
        since: at(time),
        now: at(END),
    }
}

async fn current_session_is_the_only_recent_one_of_the_user(case: &Case) {
    let recent = since("2025-11-20T09:00:00");
    let old = start(case, "mira", "2025-11-19T09:00:00").await;
    assert_eq!(current(case, "mira", &recent).await, None);
    let new = start(case, "mira", "2025-11-20T09:00:00").await;
    start(case, "jo", "2025-11-20T10:00:00").await;
    assert_eq!(current(case, "mira", &recent).await, Some(new.id.clone()));
    assert_eq!(current(case, "nobody", &recent).await, None);
    let all = since("2025-11-01");
    assert_eq!(current(case, "mira", &all).await, None, "there are two");
    let sessions = case.store.sessions();
    sessions.end(&new.id, None, at(END)).await.unwrap();
    assert_eq!(current(case, "mira", &all).await, Some(old.id));
}

async fn session_with_a_recent_change_is_recent(case: &Case) {
    let session = start(case, "mira", "2025-11-19T09:00:00").await;
    let mut author = Author::new("mira", "task add", at("2025-11-20T08:00:00"));
    author.session = since("2025-11-19T08:00:00");
    let store = case.store.with_author(author);
    store
        .tasks()
        .insert(fixtures::task("T-1", true))
        .await
        .unwrap();
    let at_change = since("2025-11-20T08:00:00");
    assert_eq!(current(case, "mira", &at_change).await, Some(session.id));
    let later = since("2025-11-20T08:00:01");
    assert_eq!(current(case, "mira", &later).await, None);
}

async fn named_session_is_current_while_it_is_open(case: &Case) {
    let session = start(case, "jo", "2025-11-19T09:00:00").await;
    let named = SessionChoice::Named(session.id.clone());
    assert_eq!(
        current(case, "mira", &named).await,
        Some(session.id.clone())
    );
    let sessions = case.store.sessions();
    sessions.end(&session.id, None, at(END)).await.unwrap();
    assert_eq!(current(case, "mira", &named).await, None);
}

async fn ended_session_keeps_its_notes_without_new_ones(case: &Case) {
    let sessions = case.store.sessions();
    let id = start(case, "mira", "2025-11-20T09:00:00").await.id;
    let update = sessions.update(&id, |session| session.handoff_notes = Some("old".into()));
    update.await.unwrap();
    let ended = sessions.end(&id, None, at(END)).await.unwrap();
    assert_eq!(ended.status, SessionStatus::Completed);
    assert_eq!(ended.end_time, Some(at(END)));
    assert_eq!(ended.handoff_notes.as_deref(), Some("old"));
    assert_eq!(sessions.get(&id).await.unwrap(), ended);
}

async fn session_cannot_be_ended_twice(case: &Case) {
    let sessions = case.store.sessions();
    let id = start(case, "mira", "2025-11-20T09:00:00").await.id;
    let ended = sessions.end(&id, Some("old"), at(END)).await.unwrap();
    let again = sessions.end(&id, Some("new"), at("2025-11-21")).await;
    assert!(matches!(again, Err(Error::InvalidState(_))));
    assert_eq!(sessions.get(&id).await.unwrap(), ended);
}

async fn missing_session_cannot_be_ended(case: &Case) {
    let missing = case.store.sessions().end(&id("S-404"), None, at(END)).await;
    assert!(is_missing(missing, "session"));
}

/// If the clock was set back, the session ends when it started.
async fn session_ends_after_its_start(case: &Case) {
    let session = start(case, "mira", "2025-11-20T08:00:00").await;
    let earlier: Timestamp = at("2025-11-20T07:00:00");
    let sessions = case.store.sessions();
    let ended = sessions
        .end(&session.id, Some("Next: pricing"), earlier)
        .await;
    let ended = ended.unwrap();
    assert_eq!(ended.end_time, Some(session.start_time));
    assert_eq!(ended.handoff_notes.as_deref(), Some("Next: pricing"));
}

/// The sessions S-1 and S-2, the decision D-1 and the issue I-1.
async fn insert_linkable_records(case: &Case) -> (SessionId, DecisionId, IssueId) {
    let store = &case.store;
    let sessions = ["S-1", "S-2"].map(|name| fixtures::session(name, false));
    let inserted = store.sessions().insert_many(&sessions, &|_| ()).await;
    inserted.unwrap();
    let decision = fixtures::decision("D-1", false);
    store.decisions().insert(decision).await.unwrap();
    let issue = fixtures::issue("I-1", false);
    store.issues().insert(issue).await.unwrap();
    (id("S-1"), id("D-1"), id("I-1"))
}

async fn linking_twice_keeps_one_link(case: &Case) {
    let (session, decision, issue) = insert_linkable_records(case).await;
    let (sessions, other) = (case.store.sessions(), id("S-2"));
    let decision_link = sessions.link_decision(&session, &decision).await.unwrap();
    assert_eq!(decision_link.session_id, session);
    assert_eq!(decision_link.decision_id, Some(decision.clone()));
    let again = sessions.link_decision(&session, &decision).await;
    assert_eq!(again.unwrap(), decision_link);
    let issue_link = sessions.link_issue(&session, &issue).await.unwrap();
    let again = sessions.link_issue(&session, &issue).await;
    assert_eq!(again.unwrap(), issue_link);
    sessions.link_decision(&other, &decision).await.unwrap();

    let decisions = sessions.decisions_of(&session).await;
    assert_eq!(decisions.unwrap(), [decision_link]);
    let issues = sessions.issues_of(&session).await;
    assert_eq!(issues.unwrap(), [issue_link]);
    assert_eq!(sessions.issues_of(&other).await.unwrap(), []);
    assert_eq!(sessions.decision_links().all().await.unwrap().len(), 2);
}

async fn links_of_missing_records_are_refused(case: &Case) {
    let (session, decision, issue) = insert_linkable_records(case).await;
    let (sessions, missing) = (case.store.sessions(), id("S-404"));
    let link = sessions.link_decision(&missing, &decision).await;
    assert!(is_missing(link, "session"));
    let link = sessions.link_decision(&session, &id("D-404")).await;
    assert!(is_missing(link, "decision"));
    let link = sessions.link_issue(&missing, &issue).await;
    assert!(is_missing(link, "session"));
    let link = sessions.link_issue(&session, &id("I-404")).await;
    assert!(is_missing(link, "issue"));
}

/// The order in which they were logged does not matter.
async fn activities_are_listed_by_time(case: &Case) {
    let (session, _, _) = insert_linkable_records(case).await;
    let sessions = case.store.sessions();
    for time in [
        "2025-11-20T12:00:00",
        "2025-11-20T11:00:00.5",
        "2025-11-20T11:00:00",
    ] {
        let activity = |id: ActivityId| Activity {
            time: at(time),
            ..fixtures::activity(id.as_str(), "S-1", true)
        };
        let logged = sessions.log(&session, activity).await.unwrap();
        let stored = sessions.activities().get(&logged.id).await;
        assert_eq!(stored.unwrap(), logged);
    }
    let activities = sessions.activities_of(&session).await.unwrap();
    let ids: Vec<&str> = activities.iter().map(|a| a.id.as_str()).collect();
    assert_eq!(ids, ["S-1-log-003", "S-1-log-002", "S-1-log-001"]);
    let other = sessions.activities_of(&id("S-2")).await;
    assert_eq!(other.unwrap(), []);
}

async fn activity_of_a_missing_session_is_refused(case: &Case) {
    let sessions = case.store.sessions();
    let activity = |id: ActivityId| fixtures::activity(id.as_str(), "S-404", false);
    let logged = sessions.log(&id("S-404"), activity).await;
    assert!(is_missing(logged, "session"));
    let activity = fixtures::activity("A-404", "S-404", false);
    sessions.activities().insert(activity).await.unwrap_err();
    assert_eq!(sessions.activities().all().await.unwrap(), []);
}
