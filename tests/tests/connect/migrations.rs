//! The steps of the schema: up, down, status and reset.

use wsdb_core::{Task, Timestamp};
use wsdb_store::schema::{self, MigrationStatus};
use wsdb_store::{Error, Store};
use wsdb_tests::on_each_database;
use wsdb_tests::store::Database;

use crate::run;

on_each_database!(
    second_up_has_no_steps,
    reset_deletes_all_records,
    older_database_keeps_its_records,
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
