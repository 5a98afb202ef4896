//! Visits of repos: starting one ends the previous one of the same user.

use wsdb_core::{ContextFilter, ContextSwitch, ContextSwitchId};
use wsdb_store::Error;

use crate::fixtures;
use crate::{Case, at, test_cases};

test_cases!(
    visit_ends_the_previous_one,
    visit_does_not_end_those_of_others,
    visit_before_its_start_has_no_duration,
    last_repo_is_found,
    visit_without_a_user_is_current_for_everybody,
    visit_ends_those_without_a_user,
    visit_cannot_be_ended_twice,
);

async fn visit(case: &Case, user: &str, repo: &str, time: &str) -> ContextSwitch {
    let now = at(time);
    let visit = |id: ContextSwitchId| ContextSwitch {
        repo: repo.into(),
        activated_at: now,
        activated_by: Some(user.into()),
        ..fixtures::context(id.as_str(), false)
    };
    let switched = case.store.contexts().switch(now, Some(user), visit).await;
    switched.unwrap()
}

/// The current visit of a user.
async fn current(case: &Case, user: &str) -> Option<ContextSwitchId> {
    let visit = case.store.contexts().current(user).await.unwrap();
    visit.map(|visit| visit.id)
}

async fn visit_ends_the_previous_one(case: &Case) {
    assert_eq!(current(case, "mira").await, None);
    let first = visit(case, "mira", "core", "2025-11-20T10:00:00").await;
    assert_eq!(first.previous_context, None);
    let second = visit(case, "mira", "web", "2025-11-20T10:01:00.25").await;
    assert_eq!(second.previous_context.as_deref(), Some("core"));
    let ended = case.store.contexts().get(&first.id).await.unwrap();
    assert_eq!(ended.deactivated_at, Some(second.activated_at));
    assert_eq!(ended.duration_seconds, Some(60.25));
    assert_eq!(current(case, "mira").await, Some(second.id));
}

async fn visit_does_not_end_those_of_others(case: &Case) {
    visit(case, "mira", "core", "2025-11-20T10:00:00").await;
    let other = visit(case, "jo", "docs", "2025-11-20T10:00:30").await;
    assert_eq!(other.previous_context, None);
    visit(case, "mira", "web", "2025-11-20T10:01:00").await;
    assert_eq!(current(case, "jo").await, Some(other.id));
}

/// A visit can end before its start if the clock was set back.
async fn visit_before_its_start_has_no_duration(case: &Case) {
    let first = visit(case, "mira", "web", "2025-11-20T10:00:00").await;
    let second = visit(case, "mira", "ml", "2025-11-20T09:00:00").await;
    let ended = case.store.contexts().get(&first.id).await.unwrap();
    assert_eq!(ended.duration_seconds, Some(0.0));
    assert_eq!(current(case, "mira").await, Some(second.id));
}

async fn last_repo_is_found(case: &Case) {
    visit(case, "mira", "core", "2025-11-20T10:00:00").await;
    visit(case, "mira", "web", "2025-11-20T10:01:00").await;
    visit(case, "mira", "ml", "2025-11-20T09:00:00").await;
    let contexts = case.store.contexts();
    let last = contexts.last("mira", Some("web")).await.unwrap();
    assert_eq!(last.unwrap().repo, "core");
    assert_eq!(contexts.last("ann", None).await.unwrap(), None);
}

/// Files in use may contain several visits that have not ended and have no user.
async fn visit_without_a_user_is_current_for_everybody(case: &Case) {
    let own = visit(case, "mira", "core", "2025-11-20T10:00:00").await;
    let without_user = fixtures::context("C-0", false);
    let inserted = case.store.contexts().insert(without_user.clone()).await;
    inserted.unwrap();
    assert_eq!(current(case, "ann").await, Some(without_user.id));
    assert_eq!(current(case, "mira").await, Some(own.id), "her own first");
}

async fn visit_ends_those_without_a_user(case: &Case) {
    let contexts = case.store.contexts();
    visit(case, "mira", "core", "2025-11-20T10:00:00").await;
    visit(case, "jo", "docs", "2025-11-20T10:00:30").await;
    let without_user = fixtures::context("C-0", false);
    contexts.insert(without_user).await.unwrap();
    visit(case, "mira", "core", "2025-11-21T10:00:00").await;
    let open = ContextFilter {
        active: Some(true),
        ..ContextFilter::default()
    };
    assert_eq!(contexts.count(&open).await.unwrap(), 2, "hers and jo's");
    assert_eq!(current(case, "ann").await, None);
}

async fn visit_cannot_be_ended_twice(case: &Case) {
    let contexts = case.store.contexts();
    let id = visit(case, "jo", "docs", "2025-11-20T10:00:00").await.id;
    let ended = contexts.end(&id, at("2025-11-22")).await.unwrap();
    assert_eq!(ended.operations_count, Some(0));
    let again = contexts.end(&id, at("2025-11-23")).await;
    assert!(matches!(again, Err(Error::InvalidState(_))));
}
