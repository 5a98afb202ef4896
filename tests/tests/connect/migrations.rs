//! The steps of the schema: up, down, status and reset.

use wsdb_core::{Page, SearchFilter, Task, Timestamp};
use wsdb_store::schema::{self, MigrationStatus};
use wsdb_store::{Error, Store};
use wsdb_tests::on_each_database;
use wsdb_tests::store::Database;

use crate::run;

on_each_database!(
    second_up_has_no_steps,
    reset_deletes_all_records,
    older_database_keeps_its_records,
    records_of_an_older_database_are_found,
    all_steps_go_down_and_up_again,
);

/// The steps, all of them applied or none.
fn statuses(steps: &[String], is_applied: bool) -> Vec<MigrationStatus> {
    let names = steps.iter().cloned();
    names
        .map(|name| MigrationStatus { name, is_applied })
        .collect()
}

/// Adds a task, and returns its id.
async fn add_task(url: &str) -> String {
    let now: Timestamp = "2025-01-01".parse().unwrap();
    let store = Store::connect(url).await.unwrap();
    let added = store.tasks().add(|id| Task::new(id, "x".into(), now)).await;
    store.close().await.unwrap();
    added.unwrap().id.to_string()
}

async fn task_ids(url: &str) -> Vec<String> {
    let store = Store::connect(url).await.unwrap();
    let ids = store.tasks().ids().await.unwrap();
    store.close().await.unwrap();
    ids
}

#[test]
fn missing_database_has_no_status() {
    let database = Database::sqlite();
    let expected = Error::NoDatabase {
        path: database.path(),
    };
    let url = database.url();
    for refused in [
        run(schema::status(&url)).map(drop),
        run(schema::down(&url)).map(drop),
    ] {
        assert_eq!(refused.unwrap_err().to_string(), expected.to_string());
    }
}

/// An adopted file has generated columns for what the earlier tool stored beyond our columns.
#[test]
fn generated_column_makes_room_for_a_new_one() {
    let database = Database::sqlite();
    let url = database.url();
    run(async {
        schema::up(&url).await.unwrap();
        while schema::down(&url).await.unwrap().as_deref() != Some("m20261124_000006_drift") {}
        database.execute(
            "ALTER TABLE drift_detections ADD COLUMN Fingerprint GENERATED ALWAYS AS \
             (json_extract(document_fields, '$.fingerprint')) VIRTUAL",
        );
        schema::up(&url).await.unwrap();
    });
    let sql = "SELECT name, hidden FROM pragma_table_xinfo('drift_detections') \
               WHERE name LIKE 'fingerprint'";
    assert_eq!(database.rows(sql), ["fingerprint|0"]);
}

fn second_up_has_no_steps(database: Database) {
    let url = database.url();
    run(async {
        let steps = schema::up(&url).await.unwrap();
        assert!(!steps.is_empty());
        assert_eq!(schema::up(&url).await.unwrap(), Vec::<String>::new());
        let status = schema::status(&url).await.unwrap();
        assert_eq!(status, statuses(&steps, true));
    });
}

/// The numbers of the ids start again, too.
fn reset_deletes_all_records(database: Database) {
    let url = database.url();
    run(async {
        let steps = schema::up(&url).await.unwrap();
        assert_eq!(add_task(&url).await, "WS-TASK-001");
        assert_eq!(schema::reset(&url).await.unwrap(), steps);
        assert_eq!(task_ids(&url).await, Vec::<String>::new());
        assert_eq!(add_task(&url).await, "WS-TASK-001");
    });
}

/// Opening applies the steps that a database lacks.
fn older_database_keeps_its_records(database: Database) {
    let url = database.url();
    run(async {
        let steps = schema::up(&url).await.unwrap();
        assert_eq!(add_task(&url).await, "WS-TASK-001");
        schema::down(&url).await.unwrap();
        assert_eq!(task_ids(&url).await, ["WS-TASK-001"]);
        let status = schema::status(&url).await.unwrap();
        assert_eq!(status, statuses(&steps, true));
    });
}

/// Rows of each table that is searched.
const ROWS: &str = r#"
    INSERT INTO workspace_tasks (id, title, status, created, updated, related_files) VALUES
        ('T-1', '全文検索', 'pending', '2025-01-01 00:00:00', '2025-01-01 00:00:00', '["src/one.py"]');
    INSERT INTO workspace_sessions (id, start_time, status, handoff_notes) VALUES
        ('S-1', '2025-01-01 00:00:00', 'completed', 'Straße');
    INSERT INTO session_activities (id, session_id, activity_type, description, time, files_modified)
        VALUES ('A-1', 'S-1', 'analysis', 'x', '2025-01-01 00:00:00', '["src/activity.py"]');
    INSERT INTO cross_repo_issues (id, issue_type, severity, title, detected, status, extra_metadata)
        VALUES ('I-1', 'governance', 'HIGH', 'x', '2025-01-01 00:00:00', 'open', '{"tags": ["urgent"]}');
    INSERT INTO architecture_decisions (id, date, session, decision, status, extra_metadata) VALUES
        ('D-1', '2025-01-01 00:00:00', 'S-1', 'x', 'planned', '{"madr": {"page": "定价缓存"}}');
    INSERT INTO drift_detections (id, repo, violation_type, severity, file_path, detected_at, status)
        VALUES ('V-1', 'core', 'scope', 'HIGH', 'src/drift.py', '2025-01-01 00:00:00', 'open');"#;

/// The index of the new version has all that the earlier one lacks.
fn records_of_an_older_database_are_found(database: Database) {
    let url = database.url();
    run(async {
        schema::up(&url).await.unwrap();
        schema::down(&url).await.unwrap();
        database.execute(ROWS);
        let store = Store::connect(&url).await.unwrap();
        for (query, expected) in [
            ("検索", "T-1"),
            ("one.py", "T-1"),
            ("strasse", "S-1"),
            ("activity.py", "S-1"),
            ("urgent", "I-1"),
            ("缓存", "D-1"),
            ("src/drift", "V-1"),
        ] {
            let filter = SearchFilter {
                query: query.parse().unwrap(),
                nouns: Vec::new(),
                status: Vec::new(),
                repo: Vec::new(),
                since: None,
                now: None,
                page: Page::default(),
            };
            let found = store.search().find(&filter).await.unwrap();
            let ids: Vec<&str> = found.hits.iter().map(|hit| hit.id.as_str()).collect();
            assert_eq!(ids, [expected], "{query}");
        }
        store.close().await.unwrap();
        // The earlier index is complete, too.
        schema::down(&url).await.unwrap();
        database.execute(
            "UPDATE architecture_decisions SET decision = 'y'; DELETE FROM workspace_tasks",
        );
    });
}

fn all_steps_go_down_and_up_again(database: Database) {
    let url = database.url();
    run(async {
        let steps = schema::up(&url).await.unwrap();
        for step in steps.iter().rev() {
            assert_eq!(schema::down(&url).await.unwrap().as_ref(), Some(step));
        }
        assert_eq!(schema::down(&url).await.unwrap(), None);
        let status = schema::status(&url).await.unwrap();
        assert_eq!(status, statuses(&steps, false));
        assert_eq!(task_ids(&url).await, Vec::<String>::new());
        let status = schema::status(&url).await.unwrap();
        assert_eq!(status, statuses(&steps, true));
    });
}
