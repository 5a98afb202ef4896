//! New ids go on where those before ended.

use wsdb_core::{ScanScope, Session, Task};
use wsdb_store::OnDelete;

use crate::fixtures::{self, id, now};
use crate::{Case, at};

async fn add(case: &Case) -> String {
    let added = case
        .store
        .tasks()
        .add(|id| Task::new(id, "x".into(), now()))
        .await;
    added.unwrap().id.to_string()
}

pub(crate) async fn numbers_continue(case: &Case) {
    let tasks = case.store.tasks();
    let insert = async |name: &str| {
        tasks.insert(fixtures::task(name, false)).await.unwrap();
    };
    assert_eq!(add(case).await, "WS-TASK-001");
    assert_eq!(add(case).await, "WS-TASK-002");
    tasks
        .delete(&id("WS-TASK-002"), OnDelete::Respect)
        .await
        .unwrap();
    assert_eq!(
        add(case).await,
        "WS-TASK-003",
        "not even after it was deleted"
    );
    insert("WS-TASK-500").await;
    assert_eq!(add(case).await, "WS-TASK-501");
    tasks
        .delete(&id("WS-TASK-501"), OnDelete::Respect)
        .await
        .unwrap();
    tasks
        .delete(&id("WS-TASK-500"), OnDelete::Respect)
        .await
        .unwrap();
    assert_eq!(add(case).await, "WS-TASK-502");
    insert("WS-TASK-0100").await;
    assert_eq!(
        add(case).await,
        "WS-TASK-503",
        "a lower one changes nothing"
    );
    let many = [
        "WS-TASK-998",
        "TASK-5000",
        "WS-TASK-x",
        "WS-TASK-",
        "ws-task-4000",
    ];
    let many = many.map(|name| fixtures::task(name, false));
    tasks.insert_many(&many, &|_| ()).await.unwrap();
    assert_eq!(add(case).await, "WS-TASK-999");
    assert_eq!(add(case).await, "WS-TASK-1000");
    assert_eq!(add(case).await, "WS-TASK-1001");
    // A transaction that is dropped gives its numbers back: nobody has seen them.
    let transaction = case.store.begin().await.unwrap();
    let lost = transaction
        .tasks()
        .add(|id| Task::new(id, "x".into(), now()))
        .await;
    assert_eq!(lost.unwrap().id.as_str(), "WS-TASK-1002");
    drop(transaction);
    assert_eq!(add(case).await, "WS-TASK-1002");
    // A number that no series can come to doesn't end it.
    insert("WS-TASK-99999999999999999999999").await;
    insert(&format!("WS-TASK-{}", i64::MAX)).await;
    insert(&format!("WS-TASK-{}", i64::MAX - 1)).await;
    assert!(add(case).await.starts_with("WS-TASK-"));
    assert!(add(case).await.starts_with("WS-TASK-"));
    assert!(add(case).await.starts_with("WS-TASK-"));
}

pub(crate) async fn existing_ids_are_skipped(case: &Case) {
    let store = &case.store;
    let (architecture, drift) = (store.architecture(), store.drift());
    let configuration = store.configuration();
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
    drift
        .scans()
        .insert(fixtures::scan("SCAN-001", false))
        .await
        .unwrap();
    let taken = fixtures::detection("DRIFT-001", false);
    drift.detections().insert(taken).await.unwrap();
    let scan = |id: wsdb_core::ScanId| fixtures::scan(id.as_str(), false);
    let found = [
        fixtures::finding("a.py", "1"),
        fixtures::finding("b.py", "2"),
    ];
    let recorded = drift
        .record(scan, &found, &ScanScope::default(), now())
        .await
        .unwrap();
    assert_eq!(recorded.scan.id.as_str(), "SCAN-002");
    let ids: Vec<&str> = recorded
        .new
        .iter()
        .map(|detection| detection.id.as_str())
        .collect();
    assert_eq!(ids, ["DRIFT-002", "DRIFT-003"]);
}

pub(crate) async fn session_numbers_start_again_each_day(case: &Case) {
    let sessions = case.store.sessions();
    let begin = async |time: &str| {
        let begun = sessions
            .start(at(time), |id| Session::new(id, at(time)))
            .await;
        begun.unwrap().id
    };
    assert_eq!(
        begin("2025-11-20T00:00:00").await.as_str(),
        "2025-11-20-session-001"
    );
    assert_eq!(
        begin("2025-11-20T23:59:59").await.as_str(),
        "2025-11-20-session-002"
    );
    assert_eq!(
        begin("2025-11-21T00:30:00+01:00").await.as_str(),
        "2025-11-20-session-003"
    );
    assert_eq!(begin("2025-11-21").await.as_str(), "2025-11-21-session-001");
    let one = begin("2025-11-21").await;
    sessions.delete(&one, OnDelete::Respect).await.unwrap();
    assert_eq!(begin("2025-11-21").await.as_str(), "2025-11-21-session-003");
    // A session's activities have a series of their own, and outlive none.
    let first = id("2025-11-21-session-001");
    for number in ["001", "002"] {
        let log = |id: wsdb_core::ActivityId| fixtures::activity(id.as_str(), first_name(), false);
        let logged = sessions.log(&first, log).await.unwrap();
        assert_eq!(logged.id.to_string(), format!("{first}-log-{number}"));
    }
}

fn first_name() -> &'static str {
    "2025-11-21-session-001"
}
