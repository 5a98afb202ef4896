//! An invalid value is an error that names its location: no panic, no silent default.

use wsdb_core::{ContextSwitch, Session, Task, Timestamp};
use wsdb_store::{Error, Store};
use wsdb_tests::store::Database;

use crate::run;

/// Reads all records of the kinds that the tests corrupt.
async fn read_all(store: &Store) -> Result<(), Error> {
    store.tasks().all().await?;
    store.decisions().all().await?;
    store.contexts().all().await?;
    Ok(())
}

#[test]
fn corrupt_values_are_reported() {
    let database = Database::sqlite();
    let now: Timestamp = "2025-11-20T10:00:00".parse().unwrap();
    let store = run(Store::connect(&database.url())).unwrap();
    run(async {
        store
            .tasks()
            .add(|id| Task::new(id, "x".into(), now))
            .await
            .unwrap();
        let decision = |id| wsdb_core::Decision::new(id, "d".into(), now);
        store.decisions().add(decision).await.unwrap();
        let stay = |id| ContextSwitch::new(id, "core".into(), "/srv/core".into(), now);
        let switched = store.contexts().switch(now, None, stay).await;
        switched.unwrap();
        read_all(&store).await.unwrap();
    });
    for (table, row, column, value) in [
        ("workspace_tasks", "WS-TASK-001", "status", "'wontfix'"),
        ("workspace_tasks", "WS-TASK-001", "status", "''"),
        ("workspace_tasks", "WS-TASK-001", "priority", "'soon'"),
        ("workspace_tasks", "WS-TASK-001", "created", "'yesterday'"),
        ("workspace_tasks", "WS-TASK-001", "created", "''"),
        (
            "workspace_tasks",
            "WS-TASK-001",
            "completed_at",
            "'2025-02-30 10:00:00'",
        ),
        (
            "workspace_tasks",
            "WS-TASK-001",
            "repos_affected",
            "'[\"core\"'",
        ),
        (
            "workspace_tasks",
            "WS-TASK-001",
            "repos_affected",
            "'core, web'",
        ),
        ("workspace_tasks", "WS-TASK-001", "repos_affected", "'[1]'"),
        ("workspace_tasks", "WS-TASK-001", "dependencies", "'[\"\"]'"),
        ("workspace_tasks", "WS-TASK-001", "extra_metadata", "'{'"),
        ("workspace_tasks", "WS-TASK-001", "document_fields", "'[]'"),
        ("workspace_tasks", "WS-TASK-001", "session_created", "' '"),
        ("workspace_tasks", "WS-TASK-001", "scale_tier", "'big'"),
        ("workspace_tasks", "WS-TASK-001", "scale_tier", "1.5"),
        ("workspace_tasks", "WS-TASK-001", "title", "x'ff00'"),
        (
            "workspace_tasks",
            "WS-TASK-001",
            "notes",
            "CAST(x'ff' AS TEXT)",
        ),
        ("workspace_tasks", "WS-TASK-001", "created", "x'00'"),
        ("workspace_tasks", "WS-TASK-001", "status", "x'00'"),
        ("workspace_tasks", "WS-TASK-001", "extra_metadata", "x'ff'"),
        ("architecture_decisions", "DEC-001", "session", "' '"),
        ("architecture_decisions", "DEC-001", "impact", "'vast'"),
        (
            "context_switches",
            "CONTEXT-001",
            "duration_seconds",
            "'long'",
        ),
        (
            "context_switches",
            "CONTEXT-001",
            "operations_count",
            "'many'",
        ),
    ] {
        let old = database
            .rows(&format!("SELECT quote({column}) FROM {table}"))
            .remove(0);
        database.execute(&format!("UPDATE {table} SET {column} = {value}"));
        match run(read_all(&store)) {
            Err(Error::Corrupt {
                table: t,
                row: r,
                column: c,
                reason,
            }) => {
                assert_eq!(
                    (t, r.as_str(), c),
                    (table, row, column),
                    "{value}: {reason}"
                );
                assert!(!reason.is_empty());
            }
            other => panic!("{table}.{column} = {value}: {other:?}"),
        }
        database.execute(&format!("UPDATE {table} SET {column} = {old}"));
        run(read_all(&store)).unwrap();
    }
    // A row whose id is none is named by it all the same.
    database.execute("UPDATE workspace_tasks SET id = ' x'");
    let error = run(read_all(&store)).unwrap_err();
    assert!(matches!(error, Error::Corrupt { row, column: "id", .. } if row == " x"));
}

/// What the earlier tool wrote in other forms is no mistake.
#[test]
fn forms_in_use_are_read() {
    let database = Database::sqlite();
    let now: Timestamp = "2025-11-20T10:00:00".parse().unwrap();
    let store = run(Store::connect(&database.url())).unwrap();
    let start = |id| Session::new(id, now);
    run(store.sessions().start(now, start)).unwrap();
    let added = run(store.tasks().add(|id| Task::new(id, "x".into(), now))).unwrap();
    for (value, expected) in [
        ("'2025-11-20'", "2025-11-20T00:00:00Z"),
        (
            "'2025-11-20 21:07:47.847151'",
            "2025-11-20T21:07:47.847151Z",
        ),
        ("'2025-11-20T21:07:47'", "2025-11-20T21:07:47Z"),
        ("'2025-11-20T21:07:47Z'", "2025-11-20T21:07:47Z"),
        (
            "'2025-11-20T21:07:47.5+02:00'",
            "2025-11-20T19:07:47.500000Z",
        ),
        ("'2025-11-20 21:07:47+00:00'", "2025-11-20T21:07:47Z"),
    ] {
        database.execute(&format!("UPDATE workspace_tasks SET created = {value}"));
        let task = run(store.tasks().get(&added.id)).unwrap();
        assert_eq!(task.created.to_string(), expected, "{value}");
    }
    // Its JSON columns hold the word null where there is nothing.
    let nothing = "repos_affected = 'null', dependencies = 'null', related_files = '[]',
        extra_metadata = 'null', document_fields = 'null'";
    database.execute(&format!(
        "UPDATE workspace_tasks SET {nothing}, created = updated"
    ));
    assert_eq!(run(store.tasks().get(&added.id)).unwrap(), added);
    for (value, status) in [("'done'", "completed"), ("'In-Progress'", "in_progress")] {
        database.execute(&format!("UPDATE workspace_tasks SET status = {value}"));
        let task = run(store.tasks().get(&added.id)).unwrap();
        assert_eq!(task.status.to_string(), status, "{value}");
    }
}
