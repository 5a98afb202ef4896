//! An invalid value is an error that names its location: no panic, no silent default. The forms in
//! which the earlier tool wrote values are valid.

use wsdb_core::{ContextSwitch, Decision, Task, Timestamp};
use wsdb_store::{Error, Store};
use wsdb_tests::store::Database;

use crate::run;

/// A store with a task, a decision and a visit.
fn store_with_records(database: &Database) -> Store {
    let now: Timestamp = "2025-11-20T10:00:00".parse().unwrap();
    let store = run(Store::connect(&database.url())).unwrap();
    run(async {
        let task = |id| Task::new(id, "x".into(), now);
        store.tasks().add(task).await.unwrap();
        let decision = |id| Decision::new(id, "x".into(), now);
        store.decisions().add(decision).await.unwrap();
        let visit = |id| ContextSwitch::new(id, "core".into(), "/srv/core".into(), now);
        let switched = store.contexts().switch(now, None, visit).await;
        switched.unwrap();
        read_all(&store).await.unwrap();
    });
    store
}

async fn read_all(store: &Store) -> Result<(), Error> {
    store.tasks().all().await?;
    store.decisions().all().await?;
    store.contexts().all().await?;
    Ok(())
}

/// Sets a column of the only row to each SQL value, and expects an error that names it.
fn check_invalid_values(table: &str, row: &str, values: &[(&str, &str)]) {
    let database = Database::sqlite();
    let store = store_with_records(&database);
    for (column, value) in values {
        let valid = database.rows(&format!("SELECT quote({column}) FROM {table}"));
        database.execute(&format!("UPDATE {table} SET {column} = {value}"));
        match run(read_all(&store)) {
            Err(Error::Corrupt {
                table: found_table,
                row: found_row,
                column: found_column,
                reason,
            }) => {
                assert_eq!(
                    (found_table, found_row.as_str(), found_column),
                    (table, row, *column),
                    "{value}: {reason}"
                );
                assert!(!reason.is_empty());
            }
            other => panic!("{table}.{column} = {value}: {other:?}"),
        }
        database.execute(&format!("UPDATE {table} SET {column} = {}", valid[0]));
        run(read_all(&store)).unwrap();
    }
}

#[test]
fn invalid_values_of_a_task_are_reported() {
    let values = [
        ("status", "'wontfix'"),
        ("status", "''"),
        ("priority", "'soon'"),
        ("created", "'yesterday'"),
        ("created", "''"),
        ("completed_at", "'2025-02-30 10:00:00'"),
        ("repos_affected", "'[\"core\"'"),
        ("repos_affected", "'core, web'"),
        ("repos_affected", "'[1]'"),
        ("dependencies", "'[\"\"]'"),
        ("extra_metadata", "'{'"),
        ("document_fields", "'[]'"),
        ("session_created", "' '"),
        ("scale_tier", "'big'"),
        ("scale_tier", "1.5"),
        ("title", "x'ff00'"),
        ("notes", "CAST(x'ff' AS TEXT)"),
        ("created", "x'00'"),
        ("status", "x'00'"),
        ("extra_metadata", "x'ff'"),
    ];
    check_invalid_values("workspace_tasks", "WS-TASK-001", &values);
}

#[test]
fn invalid_values_of_a_decision_are_reported() {
    let values = [("session", "' '"), ("impact", "'vast'")];
    check_invalid_values("architecture_decisions", "DEC-001", &values);
}

#[test]
fn invalid_values_of_a_visit_are_reported() {
    let values = [
        ("duration_seconds", "'long'"),
        ("operations_count", "'many'"),
    ];
    check_invalid_values("context_switches", "CONTEXT-001", &values);
}

#[test]
fn invalid_id_is_reported() {
    let database = Database::sqlite();
    let store = store_with_records(&database);
    database.execute("UPDATE workspace_tasks SET id = ' x'");
    let error = run(read_all(&store)).unwrap_err();
    assert!(matches!(error, Error::Corrupt { row, column: "id", .. } if row == " x"));
}

/// Reads the only task.
fn read_task(store: &Store) -> Task {
    run(store.tasks().all()).unwrap().remove(0)
}

#[test]
fn other_forms_of_times_are_read() {
    let database = Database::sqlite();
    let store = store_with_records(&database);
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
        assert_eq!(read_task(&store).created.to_string(), expected, "{value}");
    }
}

#[test]
fn json_null_is_read_as_nothing() {
    let database = Database::sqlite();
    let store = store_with_records(&database);
    let task = read_task(&store);
    database.execute(
        "UPDATE workspace_tasks SET repos_affected = 'null', dependencies = 'null',
         related_files = '[]', extra_metadata = 'null', document_fields = 'null'",
    );
    assert_eq!(read_task(&store), task);
}

#[test]
fn other_words_for_a_status_are_read() {
    let database = Database::sqlite();
    let store = store_with_records(&database);
    for (value, expected) in [("'done'", "completed"), ("'In-Progress'", "in_progress")] {
        database.execute(&format!("UPDATE workspace_tasks SET status = {value}"));
        assert_eq!(read_task(&store).status.to_string(), expected, "{value}");
    }
}
