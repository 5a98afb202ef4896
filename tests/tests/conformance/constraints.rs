//! Unique values, and records that are deleted with their session.

use wsdb_core::{ComponentPlacement, Session};
use wsdb_store::{Error, OnDelete};

use crate::fixtures::{self, id};
use crate::references::insert_referrers;
use crate::{Case, test_cases};

test_cases!(
    component_has_one_placement_in_a_state,
    component_has_one_placement_in_a_missing_state,
    component_may_have_many_placements_without_a_state,
    placement_cannot_be_moved_to_a_state_with_its_component,
    saved_session_keeps_its_activities,
    session_is_deleted_with_its_records,
);

/// A placement of the component `Model`.
fn placement(name: &str, state: Option<&str>) -> ComponentPlacement {
    ComponentPlacement {
        component_name: "Model".into(),
        architecture_state_id: state.map(id),
        ..fixtures::placement(name, false)
    }
}

async fn insert(case: &Case, name: &str, state: Option<&str>) -> Result<(), Error> {
    let architecture = case.store.architecture();
    let placements = architecture.placements();
    placements.insert(placement(name, state)).await.map(drop)
}

fn is_conflict(result: &Result<(), Error>) -> bool {
    matches!(
        result,
        Err(Error::Conflict {
            noun: "placement",
            ..
        })
    )
}

async fn component_has_one_placement_in_a_state(case: &Case) {
    for name in ["STATE-1", "STATE-2"] {
        let state = fixtures::state(name, false);
        let architecture = case.store.architecture();
        architecture.states().insert(state).await.unwrap();
    }
    insert(case, "P-1", Some("STATE-1")).await.unwrap();
    let second = insert(case, "P-2", Some("STATE-1")).await;
    assert!(is_conflict(&second), "{second:?}");
    insert(case, "P-2", Some("STATE-2")).await.unwrap();
}

/// If it had two, the state could not be added later.
async fn component_has_one_placement_in_a_missing_state(case: &Case) {
    insert(case, "P-1", Some("STATE-404")).await.unwrap();
    let second = insert(case, "P-2", Some("STATE-404")).await;
    assert!(is_conflict(&second), "{second:?}");
    insert(case, "P-2", Some("STATE-405")).await.unwrap();
    let state = fixtures::state("STATE-404", false);
    let architecture = case.store.architecture();
    architecture.states().insert(state).await.unwrap();
    let second = insert(case, "P-3", Some("STATE-404")).await;
    assert!(is_conflict(&second), "{second:?}");
}

async fn component_may_have_many_placements_without_a_state(case: &Case) {
    for name in ["P-1", "P-2"] {
        insert(case, name, None).await.unwrap();
    }
}

async fn placement_cannot_be_moved_to_a_state_with_its_component(case: &Case) {
    let architecture = case.store.architecture();
    let state = fixtures::state("STATE-1", false);
    architecture.states().insert(state).await.unwrap();
    insert(case, "P-1", Some("STATE-1")).await.unwrap();
    insert(case, "P-2", Some("STATE-2")).await.unwrap();
    let (placements, second) = (architecture.placements(), id("P-2"));
    let moved = placements.update(&second, |placement| {
        placement.architecture_state_id = Some(id("STATE-1"));
    });
    assert!(is_conflict(&moved.await.map(drop)));
}

async fn saved_session_keeps_its_activities(case: &Case) {
    let sessions = case.store.sessions();
    let session = fixtures::session("S-1", false);
    sessions.insert(session.clone()).await.unwrap();
    let activity = fixtures::activity("A-1", "S-1", true);
    sessions.activities().insert(activity).await.unwrap();
    let changed = Session {
        user: Some("mira".into()),
        ..session
    };
    sessions.save(changed).await.unwrap();
    let activities = sessions.activities_of(&id("S-1")).await;
    assert_eq!(activities.unwrap().len(), 1);
}

async fn session_is_deleted_with_its_records(case: &Case) {
    insert_referrers(case).await;
    let sessions = case.store.sessions();
    let other = fixtures::session("S-2", false);
    sessions.insert(other).await.unwrap();
    for (name, session) in [("A-1", "S-1"), ("A-2", "S-2")] {
        let activity = fixtures::activity(name, session, true);
        sessions.activities().insert(activity).await.unwrap();
    }
    let deleted = sessions.delete(&id("S-1"), OnDelete::Respect).await;
    deleted.unwrap();
    assert_eq!(sessions.activities().ids().await.unwrap(), ["A-2"]);
    assert_eq!(sessions.decision_links().all().await.unwrap(), []);
    assert_eq!(sessions.issue_links().all().await.unwrap(), []);
}
