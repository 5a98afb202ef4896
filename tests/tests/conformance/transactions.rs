//! All or nothing.

use wsdb_core::{ScanScope, Task, TaskStatus};
use wsdb_store::{Error, OnDelete, Store};

use crate::Case;
use crate::fixtures::{self, id, now};

async fn ids(case: &Case) -> Vec<String> {
    let mut ids = case.store.tasks().ids().await.unwrap();
    ids.sort();
    ids
}

pub(crate) async fn dropped_and_rolled_back(case: &Case) {
    let transaction = case.store.begin().await.unwrap();
    let tasks = transaction.tasks();
    tasks.insert(fixtures::task("T-1", true)).await.unwrap();
    assert_eq!(tasks.ids().await.unwrap(), ["T-1"], "it sees its own");
    drop(transaction);
    assert_eq!(ids(case).await, Vec::<String>::new());

    let transaction = case.store.begin().await.unwrap();
    transaction
        .tasks()
        .insert(fixtures::task("T-2", true))
        .await
        .unwrap();
    transaction.rollback().await.unwrap();
    assert_eq!(ids(case).await, Vec::<String>::new());

    let transaction = case.store.begin().await.unwrap();
    transaction
        .tasks()
        .insert(fixtures::task("T-3", true))
        .await
        .unwrap();
    transaction
        .issues()
        .insert(fixtures::issue("I-3", true))
        .await
        .unwrap();
    assert_eq!(
        ids(case).await,
        Vec::<String>::new(),
        "nobody else sees it yet"
    );
    transaction.commit().await.unwrap();
    assert_eq!(ids(case).await, ["T-3"]);
    assert_eq!(case.store.issues().ids().await.unwrap(), ["I-3"]);
    for table in ["task_repos", "task_dependencies", "issue_repos"] {
        let rows = case.database.rows(&format!("SELECT count(*) FROM {table}"));
        assert_ne!(rows, ["0"], "{table}");
    }
}

pub(crate) async fn error_rolls_back_everything(case: &Case) {
    case.store
        .tasks()
        .insert(fixtures::task("T-1", false))
        .await
        .unwrap();
    let failed: Result<(), Error> = case
        .store
        .write(async |store| {
            store.tasks().insert(fixtures::task("T-2", true)).await?;
            store
                .tasks()
                .update(&id("T-1"), |task| task.title = "changed".into())
                .await?;
            store
                .decisions()
                .insert(fixtures::decision("D-1", true))
                .await?;
            store.tasks().insert(fixtures::task("T-1", true)).await?;
            Ok(())
        })
        .await;
    assert!(
        matches!(failed, Err(Error::Conflict { noun: "task", id: Some(ref id) }) if id == "T-1")
    );
    let refused: Result<(), Error> = case
        .store
        .write(async |store| {
            store.tasks().delete(&id("T-1"), OnDelete::Respect).await?;
            Err(Error::InvalidState("no".into()))
        })
        .await;
    assert!(matches!(refused, Err(Error::InvalidState(_))));
    assert_eq!(
        case.store.tasks().all().await.unwrap(),
        [fixtures::task("T-1", false)]
    );
    assert_eq!(case.store.decisions().all().await.unwrap(), []);
    assert_eq!(
        case.database.rows("SELECT * FROM task_repos"),
        Vec::<String>::new()
    );

    // A scan that fails stores no detections, and a visit that cannot start ends no other visit.
    let drift = case.store.drift();
    let known = fixtures::scan("SCAN-1", false);
    drift.scans().insert(known.clone()).await.unwrap();
    let found = [fixtures::finding("a.py", "x")];
    let scope = ScanScope::default();
    let same = |_: wsdb_core::ScanId| known.clone();
    let failed = drift.record(same, &found, &scope, now()).await;
    assert!(
        matches!(failed, Err(Error::Conflict { noun: "scan", .. })),
        "{failed:?}"
    );
    assert_eq!(drift.detections().all().await.unwrap(), []);
    drift
        .scans()
        .delete(&known.id, OnDelete::Respect)
        .await
        .unwrap();
    let contexts = case.store.contexts();
    let stay = |_: wsdb_core::ContextSwitchId| fixtures::context("C-1", false);
    let open = contexts.switch(now(), None, stay).await.unwrap();
    let failed = contexts.switch(now(), None, stay).await;
    assert!(matches!(failed, Err(Error::Conflict { noun: "visit", .. })));
    assert_eq!(contexts.current("mira").await.unwrap(), Some(open));
}

pub(crate) async fn calls_inside_a_transaction(case: &Case) {
    let transaction = case.store.begin().await.unwrap();
    let added = transaction
        .tasks()
        .add(|id| Task::new(id, "x".into(), now()))
        .await;
    let added = added.unwrap();
    transaction
        .write(async |store: &Store<_>| {
            store
                .tasks()
                .set_status(&added.id, TaskStatus::Blocked, now())
                .await?;
            store
                .write(async |store| store.tasks().get(&added.id).await)
                .await
        })
        .await
        .unwrap();
    let start = |id| wsdb_core::Session::new(id, now());
    let session = transaction.sessions().start(now(), start).await.unwrap();
    let decision = |id: wsdb_core::DecisionId| fixtures::decision(id.as_str(), true);
    let decision = transaction.decisions().add(decision).await.unwrap();
    let link = transaction
        .sessions()
        .link_decision(&session.id, &decision.id)
        .await;
    link.unwrap();
    let scan = |id: wsdb_core::ScanId| fixtures::scan(id.as_str(), false);
    transaction
        .drift()
        .record(scan, &[], &ScanScope::default(), now())
        .await
        .unwrap();
    let stay = |id: wsdb_core::ContextSwitchId| fixtures::context(id.as_str(), true);
    transaction
        .contexts()
        .switch(now(), None, stay)
        .await
        .unwrap();
    transaction
        .documents()
        .set_base("tasks", vec![1])
        .await
        .unwrap();

    // What is refused before anything was written leaves the transaction as good as it was.
    let missing = transaction.tasks().get(&id("T-404")).await;
    assert!(matches!(missing, Err(Error::NotFound { .. })));
    let missing = transaction
        .tasks()
        .save(fixtures::task("T-404", false))
        .await;
    assert!(matches!(missing, Err(Error::NotFound { .. })));
    let respected = transaction
        .decisions()
        .delete(&decision.id, OnDelete::Respect)
        .await;
    assert!(matches!(respected, Err(Error::StillReferenced { .. })));
    transaction.commit().await.unwrap();

    assert_eq!(
        case.store.tasks().get(&added.id).await.unwrap().status,
        TaskStatus::Blocked
    );
    assert_eq!(
        case.store
            .sessions()
            .decisions_of(&session.id)
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        case.store.drift().scans().ids().await.unwrap(),
        ["SCAN-001"]
    );
    assert_eq!(case.store.contexts().ids().await.unwrap(), ["CONTEXT-001"]);
    assert_eq!(
        case.store.documents().base("tasks").await.unwrap(),
        Some(vec![1])
    );
}

/// PostgreSQL reports success for such a commit but stores nothing; SQLite would store half of it.
pub(crate) async fn failed_statement_cannot_be_committed(case: &Case) {
    case.store
        .tasks()
        .insert(fixtures::task("T-1", false))
        .await
        .unwrap();
    let transaction = case.store.begin().await.unwrap();
    transaction
        .tasks()
        .insert(fixtures::task("T-2", false))
        .await
        .unwrap();
    let twice = transaction
        .tasks()
        .insert(fixtures::task("T-1", true))
        .await;
    assert!(matches!(twice, Err(Error::Conflict { .. })));
    transaction.commit().await.unwrap_err();
    assert_eq!(ids(case).await, ["T-1"]);

    // The same where the error is swallowed inside of write().
    let swallowed: Result<(), Error> = case
        .store
        .write(async |store| {
            store.tasks().insert(fixtures::task("T-3", false)).await?;
            let _ = store.tasks().insert(fixtures::task("T-1", false)).await;
            Ok(())
        })
        .await;
    swallowed.unwrap_err();
    assert_eq!(ids(case).await, ["T-1"]);
    case.store
        .tasks()
        .insert(fixtures::task("T-4", false))
        .await
        .expect("the store goes on");
}

pub(crate) async fn change_cannot_change_the_id(case: &Case) {
    let tasks = case.store.tasks();
    for name in ["T-1", "T-2"] {
        tasks.insert(fixtures::task(name, false)).await.unwrap();
    }
    let first = id("T-1");
    for other in ["T-2", "T-404"] {
        let moved = tasks.update(&first, |task| {
            task.id = id(other);
            task.title = "written over".into();
        });
        assert!(
            matches!(moved.await, Err(Error::InvalidState(_))),
            "{other}"
        );
    }
    let list = tasks.all().await.unwrap();
    assert_eq!(
        list,
        [fixtures::task("T-1", false), fixtures::task("T-2", false)]
    );
}

/// Threads with a store of their own, each in a hurry.
pub(crate) async fn many_writers(case: &Case) {
    let url = case.database.url();
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let url = url.clone();
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build();
                runtime.unwrap().block_on(async {
                    let store = Store::connect(&url).await?;
                    for _ in 0..50 {
                        store
                            .tasks()
                            .add(|id| fixtures::task(id.as_str(), true))
                            .await?;
                    }
                    store.close().await
                })
            })
        })
        .collect();
    for writer in writers {
        writer.join().expect("no panic").unwrap();
    }
    let expected: Vec<String> = (1..=400)
        .map(|number| format!("WS-TASK-{number:03}"))
        .collect();
    assert_eq!(ids(case).await, expected);
}
