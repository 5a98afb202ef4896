//! Insert, save and bulk insert differ internally; the resulting rows must not.

use wsdb_store::OnDelete;

use crate::fixtures::{self, id, now};
use crate::{Case, on_both};

on_both!(
    every_write_stores_the_same_rows,
    empty_list_is_stored_as_null,
    list_has_a_row_for_each_distinct_value,
    list_rows_are_deleted_with_their_task,
);

const TABLES: [&str; 15] = [
    "workspace_tasks",
    "workspace_sessions",
    "session_activities",
    "session_decisions",
    "session_issues",
    "cross_repo_issues",
    "architecture_decisions",
    "architecture_states",
    "component_placements",
    "architecture_tasks",
    "drift_scans",
    "drift_detections",
    "context_switches",
    "configuration_snapshots",
    "configuration_changes",
];

/// All rows, below the name of their table.
fn dump(case: &Case) -> String {
    let statements = TABLES.map(|table| {
        [
            format!("SELECT '-- {table}'"),
            format!("SELECT * FROM {table} ORDER BY 1"),
        ]
    });
    let statements: Vec<&str> = statements.iter().flatten().map(String::as_str).collect();
    case.database.rows_of_all(&statements).join("\n")
}

/// Runs `$body` for the records of each table of [`TABLES`], with the record R-1.
macro_rules! for_every_table {
    ($store:expr, $full:expr, |$records:ident, $record:ident| $body:expr) => {{
        let (store, full) = ($store, $full);
        let sessions = store.sessions();
        let architecture = store.architecture();
        let (drift, configuration) = (store.drift(), store.configuration());
        for_every_table!(
            @each |$records, $record| $body,
            store.tasks() => fixtures::task("R-1", full),
            sessions => fixtures::session("R-1", full),
            sessions.activities() => fixtures::activity("R-1", "S-1", full),
            sessions.decision_links() => fixtures::session_decision("R-1", "S-1", full),
            sessions.issue_links() => fixtures::session_issue("R-1", "S-1", full),
            store.issues() => fixtures::issue("R-1", full),
            store.decisions() => fixtures::decision("R-1", full),
            architecture.states() => fixtures::state("R-1", full),
            architecture.placements() => fixtures::placement("R-1", full),
            architecture.goals() => fixtures::goal("R-1", full),
            drift.scans() => fixtures::scan("R-1", full),
            drift.detections() => fixtures::detection("R-1", full),
            store.contexts() => fixtures::context("R-1", full),
            configuration.snapshots() => fixtures::snapshot("R-1", full),
            configuration.changes() => fixtures::change("R-1", full),
        );
    }};
    (
        @each |$records:ident, $record:ident| $body:expr,
        $($table:expr => $fixture:expr,)*
    ) => {$({
        let ($records, $record) = (&$table, $fixture);
        let _ = $body.await.unwrap();
    })*};
}

async fn every_write_stores_the_same_rows(case: &Case) {
    let store = &case.store;
    let session = fixtures::session("S-1", false);
    store.sessions().insert(session).await.unwrap();
    for full in [true, false] {
        for_every_table!(store, full, |records, record| records.insert(record));
        let inserted = dump(case);
        for_every_table!(store, full, |records, record| records.save(record));
        assert_eq!(dump(case), inserted, "save");
        for_every_table!(store, full, |records, record| {
            records.delete(&record.id, OnDelete::Respect)
        });
        for_every_table!(store, full, |records, record| {
            records.insert_many(std::slice::from_ref(&record), &|_| ())
        });
        assert_eq!(dump(case), inserted, "insert_many");
        for_every_table!(store, full, |records, record| {
            records.delete(&record.id, OnDelete::Respect)
        });
    }
}

/// As in the files in use.
async fn empty_list_is_stored_as_null(case: &Case) {
    let task = fixtures::task("T-1", false);
    case.store.tasks().insert(task).await.unwrap();
    let sql = "SELECT repos_affected, dependencies, extra_metadata FROM workspace_tasks";
    assert_eq!(case.database.rows(sql), ["NULL|NULL|NULL"]);
}

/// Saves a task with two repos, one of them twice, and with two dependencies.
async fn save_task_with_lists(case: &Case) {
    let tasks = case.store.tasks();
    let mut task = fixtures::task("T-1", false);
    tasks.insert(task.clone()).await.unwrap();
    task.repos_affected = vec!["b".into(), "a".into(), "b".into()];
    task.dependencies = vec![id("Y"), id("X")];
    task.updated = now();
    tasks.save(task).await.unwrap();
}

async fn list_has_a_row_for_each_distinct_value(case: &Case) {
    save_task_with_lists(case).await;
    let rows = "SELECT task_id, repo FROM task_repos ORDER BY 2";
    assert_eq!(case.database.rows(rows), ["T-1|a", "T-1|b"]);
    let rows = "SELECT depends_on FROM task_dependencies ORDER BY 1";
    assert_eq!(case.database.rows(rows), ["X", "Y"]);
}

async fn list_rows_are_deleted_with_their_task(case: &Case) {
    save_task_with_lists(case).await;
    let tasks = case.store.tasks();
    tasks.delete(&id("T-1"), OnDelete::Respect).await.unwrap();
    let rows = [
        "SELECT * FROM task_repos",
        "SELECT * FROM task_dependencies",
    ];
    assert_eq!(case.database.rows_of_all(&rows), Vec::<String>::new());
}
