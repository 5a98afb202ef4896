//! What a record means to those beside it: unique values, what goes with it, ids like its own.

use wsdb_core::{ComponentPlacement, Session, Task};
use wsdb_store::{Error, OnDelete};

use crate::fixtures::{self, id};
use crate::{Case, references};

pub(crate) async fn stored_task_may_depend_on_itself(case: &Case) {
    let itself = Task {
        dependencies: vec![id("T-1")],
        ..fixtures::task("T-1", false)
    };
    case.store.tasks().insert(itself.clone()).await.unwrap();
    let deleted = case
        .store
        .tasks()
        .delete(&itself.id, OnDelete::Respect)
        .await;
    assert_eq!(
        deleted.expect("only its own reference was in the way"),
        itself
    );
}

pub(crate) async fn two_placements_in_one_missing_state(case: &Case) {
    let placements = case.store.architecture().placements();
    let place = |name: &str, state: Option<&str>| ComponentPlacement {
        component_name: "Model".into(),
        architecture_state_id: state.map(id),
        ..fixtures::placement(name, false)
    };
    placements
        .insert(place("P-1", Some("STATE-404")))
        .await
        .unwrap();
    // Otherwise the state could never appear: then two would be in the same.
    let twice = placements.insert(place("P-2", Some("STATE-404"))).await;
    assert!(
        matches!(
            twice,
            Err(Error::Conflict {
                noun: "placement",
                ..
            })
        ),
        "{twice:?}"
    );
    placements
        .insert(place("P-3", None))
        .await
        .expect("in no state there may be many");
    placements
        .insert(place("P-4", None))
        .await
        .expect("in no state there may be many");
    placements
        .insert(place("P-5", Some("STATE-405")))
        .await
        .expect("in another state");
    let states = case.store.architecture().states();
    states
        .insert(fixtures::state("STATE-404", false))
        .await
        .unwrap();
    let twice = placements.insert(place("P-2", Some("STATE-404"))).await;
    assert!(
        matches!(
            twice,
            Err(Error::Conflict {
                noun: "placement",
                ..
            })
        ),
        "{twice:?}"
    );
    let last = id("P-5");
    let moved = placements.update(&last, |p| p.architecture_state_id = Some(id("STATE-404")));
    assert!(matches!(
        moved.await,
        Err(Error::Conflict {
            noun: "placement",
            ..
        })
    ));
}

pub(crate) async fn session_is_deleted_with_its_records(case: &Case) {
    references::referrers(case).await;
    let sessions = case.store.sessions();
    sessions
        .insert(fixtures::session("S-2", false))
        .await
        .unwrap();
    for (name, session) in [("A-1", "S-1"), ("A-2", "S-2")] {
        let activity = fixtures::activity(name, session, true);
        sessions.activities().insert(activity).await.unwrap();
    }
    let changed = Session {
        user: Some("mira".into()),
        ..fixtures::session("S-1", false)
    };
    sessions.save(changed).await.unwrap();
    assert_eq!(
        sessions.activities_of(&id("S-1")).await.unwrap().len(),
        1,
        "kept"
    );
    sessions
        .delete(&id("S-1"), OnDelete::Respect)
        .await
        .unwrap();
    assert_eq!(sessions.activities().ids().await.unwrap(), ["A-2"]);
    assert_eq!(sessions.decision_links().all().await.unwrap(), []);
    assert_eq!(sessions.issue_links().all().await.unwrap(), []);
}

pub(crate) async fn similar_ids(case: &Case) {
    let tasks = case.store.tasks();
    for name in [
        "WS-TASK-1",
        "WS-TASK-10",
        "ws_task_2",
        "100%",
        "a\\b",
        "ÄPFEL",
    ] {
        tasks.insert(fixtures::task(name, false)).await.unwrap();
    }
    for (part, found) in [
        ("ws-", "WS-TASK-1 WS-TASK-10"),
        ("TASK", "WS-TASK-1 WS-TASK-10 ws_task_2"),
        ("_", "ws_task_2"),
        ("%", "100%"),
        ("\\", "a\\b"),
        ("Äpfel", "ÄPFEL"),
        ("äpfel", "ÄPFEL"),
        ("10", "100% WS-TASK-10"),
        ("none", ""),
        ("'", ""),
    ] {
        assert_eq!(
            tasks.search_ids(part, 9).await.unwrap().join(" "),
            found,
            "{part}"
        );
    }
    assert_eq!(tasks.search_ids("", 9).await.unwrap().len(), 6);
    assert_eq!(
        tasks.search_ids("task", 2).await.unwrap(),
        ["WS-TASK-1", "WS-TASK-10"]
    );
    assert_eq!(tasks.search_ids("task", 0).await.unwrap().len(), 0);
}
