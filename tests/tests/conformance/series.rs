//! New ids continue the numbers of the previous ones.

use wsdb_core::{ActivityId, ScanId, ScanScope, Session, SessionId, Task};
use wsdb_store::{OnDelete, for_each_kind};

use crate::examples::Example;
use crate::fixtures::{self, id, now};
use crate::{Case, at, test_cases};

test_cases!(
    number_of_a_deleted_task_is_not_given_again,
    number_follows_the_highest_existing_one,
    ids_outside_the_series_are_ignored,
    number_of_a_dropped_transaction_is_given_again,
    highest_possible_number_does_not_end_the_series,
    existing_ids_are_skipped,
    ids_of_detections_are_skipped,
    inserted_numbers_advance_every_series,
    session_numbers_start_again_each_day,
    activities_are_numbered_in_each_session,
);

async fn add(case: &Case) -> String {
    let task = |id| Task::new(id, "x".into(), now());
    let added = case.store.tasks().add(task).await;
    added.unwrap().id.to_string()
}

async fn insert(case: &Case, name: &str) {
    let task = fixtures::task(name, false);
    case.store.tasks().insert(task).await.unwrap();
}

async fn delete(case: &Case, name: &str) {
    let tasks = case.store.tasks();
    tasks.delete(&id(name), OnDelete::Respect).await.unwrap();
}

async fn number_of_a_deleted_task_is_not_given_again(case: &Case) {
    assert_eq!(add(case).await, "WS-TASK-001");
    assert_eq!(add(case).await, "WS-TASK-002");
    delete(case, "WS-TASK-002").await;
    assert_eq!(add(case).await, "WS-TASK-003");
}

/// The number is not given again even if the record with it was deleted.
async fn number_follows_the_highest_existing_one(case: &Case) {
    insert(case, "WS-TASK-500").await;
    assert_eq!(add(case).await, "WS-TASK-501");
    delete(case, "WS-TASK-501").await;
    delete(case, "WS-TASK-500").await;
    assert_eq!(add(case).await, "WS-TASK-502");
    insert(case, "WS-TASK-0100").await;
    assert_eq!(add(case).await, "WS-TASK-503");
}

/// The series has three digits at least, and then as many as it needs.
async fn ids_outside_the_series_are_ignored(case: &Case) {
    let tasks = [
        "WS-TASK-998",
        "TASK-5000",
        "WS-TASK-x",
        "WS-TASK-",
        "ws-task-4000",
    ];
    let tasks = tasks.map(|name| fixtures::task(name, false));
    let inserted = case.store.tasks().insert_many(&tasks, &|_| ()).await;
    inserted.unwrap();
    assert_eq!(add(case).await, "WS-TASK-999");
    assert_eq!(add(case).await, "WS-TASK-1000");
    assert_eq!(add(case).await, "WS-TASK-1001");
}

/// Nobody has seen a record with the number, because the transaction was not committed.
async fn number_of_a_dropped_transaction_is_given_again(case: &Case) {
    let transaction = case.store.begin().await.unwrap();
    let task = |id| Task::new(id, "x".into(), now());
    let added = transaction.tasks().add(task).await;
    assert_eq!(added.unwrap().id.as_str(), "WS-TASK-001");
    drop(transaction);
    assert_eq!(add(case).await, "WS-TASK-001");
}

async fn highest_possible_number_does_not_end_the_series(case: &Case) {
    insert(case, "WS-TASK-99999999999999999999999").await;
    insert(case, &format!("WS-TASK-{}", i64::MAX)).await;
    insert(case, &format!("WS-TASK-{}", i64::MAX - 1)).await;
    for _ in 0..3 {
        assert!(add(case).await.starts_with("WS-TASK-"));
    }
}

async fn existing_ids_are_skipped(case: &Case) {
    let store = &case.store;
    let (architecture, configuration) = (store.architecture(), store.configuration());
    macro_rules! skips {
        ($($records:expr, $prefix:literal, $make:expr, $add:expr;)*) => {$(
            for number in [1, 2, 4] {
                let name = format!("{}{number:03}", $prefix);
                $records.insert($make(&name, false)).await.unwrap();
            }
            for _ in 0..2 {
                let added = $add.await.unwrap();
                let number: u32 = added.id.as_str()[$prefix.len()..].parse().unwrap();
                assert!(number == 3 || number > 4, "{}", added.id);
            }
        )*};
    }
    skips! {
        store.issues(), "ISSUE-", fixtures::issue,
            store.issues().add(|id| fixtures::issue(id.as_str(), true));
        store.decisions(), "DEC-", fixtures::decision,
            store.decisions().add(|id| fixtures::decision(id.as_str(), true));
        architecture.states(), "STATE-", fixtures::state,
            architecture.add_state(|id| fixtures::state(id.as_str(), true));
        architecture.placements(), "PLACEMENT-", fixtures::placement,
            architecture.add_placement(|id| fixtures::placement(id.as_str(), true));
        architecture.goals(), "GOAL-", fixtures::goal,
            architecture.add_goal(|id| fixtures::goal(id.as_str(), true));
        store.contexts(), "CONTEXT-", fixtures::context,
            store.contexts().switch(now(), None, |id| fixtures::context(id.as_str(), true));
        configuration.snapshots(), "SNAPSHOT-", fixtures::snapshot,
            configuration.take_snapshot(|id| fixtures::snapshot(id.as_str(), true));
        configuration.changes(), "CHANGE-", fixtures::change,
            configuration.record_change(|id| fixtures::change(id.as_str(), true));
    }
}

async fn ids_of_detections_are_skipped(case: &Case) {
    let drift = case.store.drift();
    let scan = fixtures::scan("SCAN-001", false);
    drift.scans().insert(scan).await.unwrap();
    let detection = fixtures::detection("DRIFT-001", false);
    drift.detections().insert(detection).await.unwrap();
    let scan = |id: ScanId| fixtures::scan(id.as_str(), false);
    let findings = ["a.py", "b.py"].map(|file| fixtures::finding(file, "x"));
    let recorded = drift
        .record(scan, &findings, &ScanScope::default(), now())
        .await
        .unwrap();
    assert_eq!(recorded.scan.id.as_str(), "SCAN-002");
    let ids: Vec<&str> = recorded.new.iter().map(|d| d.id.as_str()).collect();
    assert_eq!(ids, ["DRIFT-002", "DRIFT-003"]);
}

async fn start_session(case: &Case, time: &str) -> SessionId {
    let session = |id| Session::new(id, at(time));
    let started = case.store.sessions().start(at(time), session).await;
    started.unwrap().id
}

async fn inserted_numbers_advance_every_series(case: &Case) {
    macro_rules! check_each {
        ($($records:ident: $record:ident,)*) => {
            $(check_series::<wsdb_core::$record>(case).await;)*
        };
    }
    for_each_kind!(check_each);
}

/// Checks that the series continues after numbers of records that were inserted and deleted.
async fn check_series<R: Example>(case: &Case) {
    let Some(series) = R::SERIES else { return };
    let records = case.store.records::<R>();
    let last = format!(
        "SELECT last_number FROM id_series WHERE prefix = '{}'",
        series.prefix()
    );
    let record = R::example(&series.id(7), false);
    records.insert(record.clone()).await.unwrap();
    assert_eq!(case.database.rows(&last), ["7"], "{}", R::NOUN);
    records
        .delete(record.id(), OnDelete::Respect)
        .await
        .unwrap();
    let record = R::example(&series.id(9), false);
    let inserted = records
        .insert_many(std::slice::from_ref(&record), &|_| ())
        .await;
    inserted.unwrap();
    records
        .delete(record.id(), OnDelete::Respect)
        .await
        .unwrap();
    assert_eq!(case.database.rows(&last), ["9"], "{}", R::NOUN);
}

async fn session_numbers_start_again_each_day(case: &Case) {
    for (time, expected) in [
        ("2025-11-20T00:00:00", "2025-11-20-session-001"),
        ("2025-11-20T23:59:59", "2025-11-20-session-002"),
        ("2025-11-21T00:30:00+01:00", "2025-11-20-session-003"),
        ("2025-11-21", "2025-11-21-session-001"),
    ] {
        assert_eq!(start_session(case, time).await.as_str(), expected);
    }
    let second = start_session(case, "2025-11-21").await;
    let sessions = case.store.sessions();
    sessions.delete(&second, OnDelete::Respect).await.unwrap();
    let third = start_session(case, "2025-11-21").await;
    assert_eq!(third.as_str(), "2025-11-21-session-003");
}

async fn activities_are_numbered_in_each_session(case: &Case) {
    for _ in 0..2 {
        let session = start_session(case, "2025-11-21").await;
        for number in ["001", "002"] {
            let activity =
                |id: ActivityId| fixtures::activity(id.as_str(), session.as_str(), false);
            let logged = case.store.sessions().log(&session, activity).await;
            let expected = format!("{session}-log-{number}");
            assert_eq!(logged.unwrap().id.as_str(), expected);
        }
    }
}
