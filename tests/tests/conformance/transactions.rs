//! A transaction is stored completely or not at all.

use wsdb_core::{
    ContextSwitchId, DecisionId, ScanId, ScanScope, Session, SessionId, Task, TaskStatus,
};
use wsdb_store::{Connection, Error, OnDelete, Store, Transaction};

use crate::fixtures::{self, id, now};
use crate::{Case, block_on, test_cases};

test_cases!(
    dropped_transaction_is_rolled_back,
    transaction_can_be_rolled_back,
    transaction_is_invisible_until_its_commit,
    transaction_sees_its_own_writes,
    error_rolls_back_everything,
    failed_scan_stores_no_detections,
    failed_visit_does_not_end_the_previous_one,
    operations_work_inside_a_transaction,
    nested_write_is_part_of_its_transaction,
    refused_operation_keeps_the_transaction_usable,
    failed_statement_cannot_be_committed,
    update_cannot_change_the_id,
    concurrent_writers_lose_nothing,
);

/// The ids of the committed tasks.
async fn task_ids(case: &Case) -> Vec<String> {
    let mut ids = case.store.tasks().ids().await.unwrap();
    ids.sort();
    ids
}

async fn insert_task<C: Connection>(store: &Store<C>, name: &str) -> Result<Task, Error> {
    store.tasks().insert(fixtures::task(name, true)).await
}

/// A transaction that has inserted T-1.
async fn begin_with_task(case: &Case) -> Store<Transaction> {
    let transaction = case.store.begin().await.unwrap();
    insert_task(&transaction, "T-1").await.unwrap();
    transaction
}

async fn dropped_transaction_is_rolled_back(case: &Case) {
    drop(begin_with_task(case).await);
    assert_eq!(task_ids(case).await, Vec::<String>::new());
}

async fn transaction_can_be_rolled_back(case: &Case) {
    begin_with_task(case).await.rollback().await.unwrap();
    assert_eq!(task_ids(case).await, Vec::<String>::new());
}

async fn transaction_sees_its_own_writes(case: &Case) {
    let transaction = begin_with_task(case).await;
    assert_eq!(transaction.tasks().ids().await.unwrap(), ["T-1"]);
}

async fn transaction_is_invisible_until_its_commit(case: &Case) {
    let transaction = begin_with_task(case).await;
    let issue = fixtures::issue("I-1", true);
    transaction.issues().insert(issue).await.unwrap();
    assert_eq!(task_ids(case).await, Vec::<String>::new());
    transaction.commit().await.unwrap();
    assert_eq!(task_ids(case).await, ["T-1"]);
    assert_eq!(case.store.issues().ids().await.unwrap(), ["I-1"]);
    for table in ["task_repos", "task_dependencies", "issue_repos"] {
        let rows = case.database.rows(&format!("SELECT count(*) FROM {table}"));
        assert_ne!(rows, ["0"], "{table}");
    }
}

async fn error_rolls_back_everything(case: &Case) {
    let task = fixtures::task("T-1", false);
    case.store.tasks().insert(task.clone()).await.unwrap();
    let failed: Result<(), Error> = case
        .store
        .write(async |store| {
            insert_task(store, "T-2").await?;
            store
                .tasks()
                .update(&id("T-1"), |task| task.title = "changed".into())
                .await?;
            let decision = fixtures::decision("D-1", true);
            store.decisions().insert(decision).await?;
            insert_task(store, "T-1").await?;
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
            Err(Error::InvalidState("refused".into()))
        })
        .await;
    assert!(matches!(refused, Err(Error::InvalidState(_))));
    assert_eq!(case.store.tasks().all().await.unwrap(), [task]);
    assert_eq!(case.store.decisions().all().await.unwrap(), []);
    let repos = case.database.rows("SELECT * FROM task_repos");
    assert_eq!(repos, Vec::<String>::new());
}

async fn failed_scan_stores_no_detections(case: &Case) {
    let drift = case.store.drift();
    let scan = fixtures::scan("SCAN-1", false);
    drift.scans().insert(scan.clone()).await.unwrap();
    let findings = [fixtures::finding("a.py", "x")];
    let same_scan = |_: ScanId| scan.clone();
    let failed = drift
        .record(same_scan, &findings, &ScanScope::default(), now())
        .await;
    assert!(
        matches!(failed, Err(Error::Conflict { noun: "scan", .. })),
        "{failed:?}"
    );
    assert_eq!(drift.detections().all().await.unwrap(), []);
}

async fn failed_visit_does_not_end_the_previous_one(case: &Case) {
    let contexts = case.store.contexts();
    let same_visit = |_: ContextSwitchId| fixtures::context("C-1", false);
    let open = contexts.switch(now(), None, same_visit).await.unwrap();
    let failed = contexts.switch(now(), None, same_visit).await;
    assert!(matches!(failed, Err(Error::Conflict { noun: "visit", .. })));
    assert_eq!(contexts.current("mira").await.unwrap(), Some(open));
}

async fn operations_work_inside_a_transaction(case: &Case) {
    let transaction = case.store.begin().await.unwrap();
    let session = |id: SessionId| Session::new(id, now());
    let session = transaction.sessions().start(now(), session).await;
    let session = session.unwrap().id;
    let decision = |id: DecisionId| fixtures::decision(id.as_str(), true);
    let decision = transaction.decisions().add(decision).await.unwrap().id;
    let sessions = transaction.sessions();
    let linked = sessions.link_decision(&session, &decision).await;
    linked.unwrap();
    let scan = |id: ScanId| fixtures::scan(id.as_str(), false);
    let scope = ScanScope::default();
    let recorded = transaction.drift().record(scan, &[], &scope, now()).await;
    recorded.unwrap();
    let visit = |id: ContextSwitchId| fixtures::context(id.as_str(), true);
    let switched = transaction.contexts().switch(now(), None, visit).await;
    switched.unwrap();
    let stored = transaction.documents().set_files("tasks", &[1]).await;
    stored.unwrap();
    transaction.commit().await.unwrap();

    let store = &case.store;
    let decisions = store.sessions().decisions_of(&session).await;
    assert_eq!(decisions.unwrap().len(), 1);
    assert_eq!(store.drift().scans().ids().await.unwrap(), ["SCAN-001"]);
    assert_eq!(store.contexts().ids().await.unwrap(), ["CONTEXT-001"]);
    let files = store.documents().files("tasks").await;
    assert_eq!(files.unwrap(), [1]);
}

async fn nested_write_is_part_of_its_transaction(case: &Case) {
    let transaction = begin_with_task(case).await;
    let read = transaction
        .write(async |store: &Store<_>| {
            let status = TaskStatus::Blocked;
            store.tasks().set_status(&id("T-1"), status, now()).await?;
            store
                .write(async |store| store.tasks().get(&id("T-1")).await)
                .await
        })
        .await;
    assert_eq!(read.unwrap().status, TaskStatus::Blocked);
    assert_eq!(task_ids(case).await, Vec::<String>::new());
    transaction.commit().await.unwrap();
    let task = case.store.tasks().get(&id("T-1")).await.unwrap();
    assert_eq!(task.status, TaskStatus::Blocked);
}

/// An operation that is refused before it writes.
async fn refused_operation_keeps_the_transaction_usable(case: &Case) {
    let transaction = begin_with_task(case).await;
    let tasks = transaction.tasks();
    let missing = tasks.get(&id("T-404")).await;
    assert!(matches!(missing, Err(Error::NotFound { .. })));
    let missing = tasks.save(fixtures::task("T-404", false)).await;
    assert!(matches!(missing, Err(Error::NotFound { .. })));
    let dependent = Task {
        dependencies: vec![id("T-1")],
        ..fixtures::task("T-2", false)
    };
    tasks.insert(dependent).await.unwrap();
    let refused = tasks.delete(&id("T-1"), OnDelete::Respect).await;
    assert!(matches!(refused, Err(Error::StillReferenced { .. })));
    transaction.commit().await.unwrap();
    assert_eq!(task_ids(case).await, ["T-1", "T-2"]);
}

/// PostgreSQL reports success for such a commit but stores nothing; SQLite would store half of it.
async fn failed_statement_cannot_be_committed(case: &Case) {
    insert_task(&case.store, "T-1").await.unwrap();
    let transaction = case.store.begin().await.unwrap();
    insert_task(&transaction, "T-2").await.unwrap();
    let again = insert_task(&transaction, "T-1").await;
    assert!(matches!(again, Err(Error::Conflict { .. })));
    transaction.commit().await.unwrap_err();
    assert_eq!(task_ids(case).await, ["T-1"]);

    let ignored: Result<(), Error> = case
        .store
        .write(async |store| {
            insert_task(store, "T-3").await?;
            let _ = insert_task(store, "T-1").await;
            Ok(())
        })
        .await;
    ignored.unwrap_err();
    assert_eq!(task_ids(case).await, ["T-1"]);
    let next = insert_task(&case.store, "T-4").await;
    next.expect("the store is still usable");
}

async fn update_cannot_change_the_id(case: &Case) {
    let tasks = case.store.tasks();
    let original = ["T-1", "T-2"].map(|name| fixtures::task(name, false));
    tasks.insert_many(&original, &|_| ()).await.unwrap();
    let first = id("T-1");
    for other in ["T-2", "T-404"] {
        let update = tasks.update(&first, |task| {
            task.id = id(other);
            task.title = "overwritten".into();
        });
        assert!(
            matches!(update.await, Err(Error::InvalidState(_))),
            "{other}"
        );
    }
    assert_eq!(tasks.all().await.unwrap(), original);
}

/// Each writer has a thread and a store of its own.
async fn concurrent_writers_lose_nothing(case: &Case) {
    const WRITERS: usize = 8;
    const WRITES: usize = 8;
    let url = case.database.url();
    let write = || -> Result<(), Error> {
        block_on(async {
            let store = Store::connect(&url).await?;
            for _ in 0..WRITES {
                let task = |id: wsdb_core::TaskId| fixtures::task(id.as_str(), true);
                store.tasks().add(task).await?;
            }
            store.close().await
        })
    };
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS).map(|_| scope.spawn(write)).collect();
        for writer in writers {
            writer.join().expect("no panic").unwrap();
        }
    });
    let expected: Vec<String> = (1..=WRITERS * WRITES)
        .map(|number| format!("WS-TASK-{number:03}"))
        .collect();
    assert_eq!(task_ids(case).await, expected);
}
