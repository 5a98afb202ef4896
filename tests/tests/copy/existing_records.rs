//! Copies into a database that already has records.

use serde_json::Value;
use wsdb_tests::store::Database;
use wsdb_tests::{TestWorkspace, on_each_database};

use crate::{Workspace, generated};

on_each_database!(
    existing_records_are_kept_without_replace,
    existing_records_are_deleted_with_replace,
    remains_of_deleted_records_do_not_prevent_a_copy,
    copy_is_undone_and_redone_as_a_whole,
    exports_do_not_prevent_the_undo_of_a_copy,
);

/// A workspace with a sample, and a task in the other database.
fn workspace_and_other_task(other: &Database) -> TestWorkspace {
    let workspace = TestWorkspace::with_sample("handwritten");
    workspace.ok(&["--database", &other.url(), "init"]);
    workspace.ok(&["--database", &other.url(), "task", "add", "existing"]);
    workspace
}

const TITLES: &str = "SELECT title FROM workspace_tasks WHERE title = 'existing'";

fn existing_records_are_kept_without_replace(other: Database) {
    let workspace = workspace_and_other_task(&other);
    let error = workspace.fails(1, &["copy", "--to", &other.url()]);
    assert!(
        error.contains(" already contains 1 record\nhint: use another database, or --replace"),
        "{error}"
    );
    assert_eq!(other.rows(TITLES), ["existing"]);
}

/// A second copy gives the same result.
fn existing_records_are_deleted_with_replace(other: Database) {
    let workspace = workspace_and_other_task(&other);
    for _ in 0..2 {
        workspace.ok(&["copy", "--to", &other.url(), "--replace"]);
        let count = other.rows("SELECT count(*) FROM workspace_tasks");
        assert_eq!(count, ["5"]);
        assert_eq!(other.rows(TITLES), [""; 0]);
    }
}

/// Such as merge bases, series of ids, and history.
fn remains_of_deleted_records_do_not_prevent_a_copy(other: Database) {
    let (workspace, url) = (workspace_and_other_task(&other), other.url());
    workspace.ok(&["copy", "--to", &url, "--replace"]);
    workspace.write("WORKSPACE-TASKS.json", "[]");
    let import = ["import", "--replace", "WORKSPACE-TASKS.json"];
    workspace.ok(&[&["--database", &url], &import[..]].concat());
    other.execute(
        "DELETE FROM session_activities; DELETE FROM session_decisions;
         DELETE FROM session_issues; DELETE FROM architecture_decisions;
         DELETE FROM cross_repo_issues; DELETE FROM workspace_tasks; DELETE FROM workspace_sessions",
    );
    workspace.ok(&["copy", "--to", &url]);
}

/// A copy is one action of its target, and its undo restores the replaced records.
fn copy_is_undone_and_redone_as_a_whole(target: Database) {
    let (workspace, url) = (generated(), target.url());
    let on_target = |args: &[&str]| workspace.ok(&[&["--database", &url], args].concat());
    on_target(&["init"]);
    on_target(&["session", "start"]);
    on_target(&["task", "add", "Existing task", "--repo", "a,b"]);
    on_target(&["session", "log", "Something"]);
    // Each export has a folder of its own: an existing file would keep its form.
    let before = workspace.exported(&url, "before");
    workspace.ok(&["copy", "--to", &url, "--replace"]);
    let copied = workspace.exported(&url, "copied");
    assert_eq!(copied, workspace.exported("workspace.db", "original"));
    let last = on_target(&["history", "--limit", "1", "--format", "csv"]);
    assert!(last.contains(",mira,,copy,"), "{last}");

    on_target(&["undo"]);
    assert_eq!(before, workspace.exported(&url, "undone"));
    let last = on_target(&["history", "--limit", "1", "--json"]);
    let last: Value = serde_json::from_str(&last).unwrap();
    let number = last["history"][0]["change"].to_string();
    on_target(&["undo", &number]);
    assert_eq!(copied, workspace.exported(&url, "redone"));
}

/// Also for documents that neither workspace has.
fn exports_do_not_prevent_the_undo_of_a_copy(target: Database) {
    let (workspace, url) = (workspace_and_other_task(&target), target.url());
    let before = workspace.exported(&url, "before");
    workspace.ok(&["copy", "--to", &url, "--replace"]);
    workspace.exported(&url, "copied");
    workspace.ok(&["--database", &url, "undo"]);
    assert_eq!(before, workspace.exported(&url, "undone"));
}
