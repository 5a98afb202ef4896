//! Insert, save and bulk insert differ internally; the resulting rows must not.

use wsdb_store::{OnDelete, Store, for_each_kind};

use crate::examples::{Example, SESSION};
use crate::fixtures::{self, id, now};
use crate::{Case, test_cases};

test_cases!(
    every_write_stores_the_same_rows,
    empty_list_is_stored_as_null,
    list_has_a_row_for_each_distinct_value,
    list_rows_are_deleted_with_their_task,
);

/// All rows, below the names of their tables.
fn dump(case: &Case) -> String {
    let tables = case.record_tables();
    let statements = tables.iter().flat_map(|table| {
        [
            format!("SELECT '-- {table}'"),
            format!("SELECT * FROM {table} ORDER BY 1"),
        ]
    });
    let statements: Vec<String> = statements.collect();
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    case.database.rows_of_all(&statements).join("\n")
}

/// Calls a function for every kind of record.
macro_rules! call_for_each_kind {
    ($function:ident, $store:expr, $full:expr; $($records:ident: $record:ident,)*) => {$(
        $function::<wsdb_core::$record>($store, $full).await;
    )*};
}

const ID: &str = "R-1";

async fn insert<R: Example>(store: &Store, full: bool) {
    let records = store.records::<R>();
    let _ = records.insert(R::example(ID, full)).await.unwrap();
}

async fn save<R: Example>(store: &Store, full: bool) {
    let records = store.records::<R>();
    let _ = records.save(R::example(ID, full)).await.unwrap();
}

async fn insert_many<R: Example>(store: &Store, full: bool) {
    let records = [R::example(ID, full)];
    let inserted = store.records().insert_many(&records, &|_| ()).await;
    inserted.unwrap();
}

async fn delete<R: Example>(store: &Store, full: bool) {
    let (records, example) = (store.records::<R>(), R::example(ID, full));
    // A claim is deleted with its task.
    if records.find(example.id()).await.unwrap().is_some() {
        let deleted = records.delete(example.id(), OnDelete::Respect).await;
        deleted.unwrap();
    }
}

async fn every_write_stores_the_same_rows(case: &Case) {
    let store = &case.store;
    let session = fixtures::session(SESSION, false);
    store.sessions().insert(session).await.unwrap();
    for full in [true, false] {
        for_each_kind!(call_for_each_kind, insert, store, full;);
        let inserted = dump(case);
        for_each_kind!(call_for_each_kind, save, store, full;);
        assert_eq!(dump(case), inserted, "save");
        for_each_kind!(call_for_each_kind, delete, store, full;);
        for_each_kind!(call_for_each_kind, insert_many, store, full;);
        assert_eq!(dump(case), inserted, "insert_many");
        for_each_kind!(call_for_each_kind, delete, store, full;);
    }
}

/// The files in use store empty lists in this way.
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
