//! Import of documents that changed while the database changed, too.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

wsdb_tests::on_sqlite_and_postgres! {
    different_fields_are_merged,
    conflict_keeps_the_value_in_the_database,
    conflict_stays_until_it_is_resolved,
    document_with_a_conflict_is_not_overwritten,
    conflict_can_be_resolved_in_favor_of_the_file,
    record_deleted_in_the_database_stays_deleted,
    records_missing_from_a_document_are_kept,
    replacing_import_deletes_records_missing_from_the_document,
}

const TASKS: &str = "WORKSPACE-TASKS.json";

const ISSUES: &str = "CROSS-REPO-ISSUES.json";

/// A workspace with a task and its document.
fn exported() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Before", "--notes", "n"]);
    workspace.ok(&["export"]);
    workspace
}

/// As [`exported`], with another title in the database and in the document.
fn with_conflict() -> TestWorkspace {
    let workspace = exported();
    workspace.ok(&["task", "edit", "1", "--title", "Database"]);
    workspace.replace_in(TASKS, "Before", "File");
    workspace
}

fn title(workspace: &TestWorkspace) -> Value {
    workspace.json(&["task", "show", "1"])["title"].clone()
}

fn different_fields_are_merged() {
    let workspace = exported();
    let edit = ["task", "edit", "1", "--priority", "low", "--notes", "new"];
    workspace.ok(&edit);
    workspace.replace_in(TASKS, "Before", "After");
    workspace.ok(&["import"]);
    let merged = workspace.json(&["task", "show", "1"]);
    assert_eq!(merged["title"], "After");
    assert_eq!(merged["priority"], "LOW");
    assert_eq!(merged["notes"], "new");
}

fn conflict_keeps_the_value_in_the_database() {
    let workspace = with_conflict();
    workspace.replace_in(TASKS, "\"n\"", "\"new\"");
    let output = workspace.run(&["import", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let imported: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        imported["conflicts"],
        json!([{
            "record_type": "task", "id": "WS-TASK-001", "field": "title",
            "file": "File", "database": "Database",
        }])
    );
    let task = workspace.json(&["task", "show", "1"]);
    assert_eq!(task["title"], "Database");
    assert_eq!(task["notes"], "new");
}

#[test]
fn conflict_is_an_error_in_json() {
    let output = with_conflict().run(&["import", "--json"]);
    assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r#"{"error":{"code":"conflicts","hint":"run the import again with --prefer file or --prefer database","message":"1 field is in conflict and keeps the value in the database"}}"#);
}

fn conflict_stays_until_it_is_resolved() {
    let workspace = with_conflict();
    assert_eq!(workspace.run(&["import"]).status.code(), Some(1));
    let output = workspace.run(&["import"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(text.lines().last(), Some("Nothing imported; 1 conflict"));
}

fn document_with_a_conflict_is_not_overwritten() {
    let workspace = with_conflict();
    workspace.run(&["import"]);
    let error = workspace.fails(1, &["export"]);
    assert!(
        error.contains("changed since the last import or export"),
        "{error}"
    );
}

fn conflict_can_be_resolved_in_favor_of_the_file() {
    let workspace = with_conflict();
    workspace.ok(&["import", "--prefer", "file"]);
    assert_eq!(title(&workspace), "File");
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
    workspace.ok(&["export"]);
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
}

fn record_deleted_in_the_database_stays_deleted() {
    let workspace = exported();
    workspace.ok(&["task", "rm", "1"]);
    let imported = workspace.json(&["import"]);
    assert_eq!(
        imported["stay_deleted"],
        json!([{"record_type": "task", "id": "WS-TASK-001"}])
    );
    assert_eq!(workspace.json(&["task", "list"])["total"], 0);
}

/// Two issues in the database that are missing from the document.
fn with_issues_missing_from_the_document() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["issue", "add", "x"]);
    workspace.ok(&["issue", "add", "y"]);
    workspace.ok(&["export"]);
    workspace.write(ISSUES, r#"{"issues": []}"#);
    workspace
}

fn records_missing_from_a_document_are_kept() {
    let workspace = with_issues_missing_from_the_document();
    let imported = workspace.json(&["import"]);
    assert_eq!(imported["vanished"].as_array().map(Vec::len), Some(2));
    assert_eq!(workspace.json(&["issue", "list"])["total"], 2);
}

fn replacing_import_deletes_records_missing_from_the_document() {
    let workspace = with_issues_missing_from_the_document();
    let replace = ["import", ISSUES, "--replace"];
    let imported = workspace.json(&replace);
    assert_eq!(imported["counts"]["issues"]["deleted"], 2);
    assert_eq!(workspace.json(&replace)["unchanged"], true);
}
