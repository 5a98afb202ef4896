//! Import of documents that changed while the database changed, too.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

wsdb_tests::on_sqlite_and_postgres! {
    different_fields_are_merged,
    replacing_import_deletes_records_missing_from_the_document,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    conflict_keeps_the_value_in_the_database,
    conflict_stays_until_it_is_resolved,
    document_with_a_conflict_is_not_overwritten,
    conflict_can_be_resolved_in_favor_of_the_file,
    record_deleted_in_the_database_stays_deleted,
    records_missing_from_a_document_are_kept,
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
            "file": "File", "database": "Database", "id_in_database": null,
        }])
    );
    let task = workspace.json(&["task", "show", "1"]);
    assert_eq!(task["title"], "Database");
    assert_eq!(task["notes"], "new");
}

#[test]
fn conflict_is_an_error_in_json() {
    let output = with_conflict().run(&["import", "--json"]);
    assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r#"{"error":{"code":"conflicts","hint":"run the import again with --prefer file or --prefer database","message":"1 conflict; the database keeps its version"}}"#);
}

fn conflict_stays_until_it_is_resolved() {
    let workspace = with_conflict();
    assert_eq!(workspace.run(&["import"]).status.code(), Some(1));
    let output = workspace.run(&["import"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(text.lines().last(), Some("No records imported; 1 conflict"));
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

/// The record in the file is not older: it was edited.
#[test]
fn conflict_resolved_in_favor_of_the_database_is_not_an_older_record() {
    let workspace = with_conflict();
    assert_eq!(workspace.run(&["import"]).status.code(), Some(1));
    let output = workspace.run(&["import", "--prefer", "database"]);
    assert_eq!(workspace.text(&output.stderr), "");
    let text = workspace.text(&output.stdout);
    assert_eq!(text.lines().last(), Some("Nothing to import"));
    assert_eq!(title(&workspace), "Database");
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
    assert_eq!(
        imported["missing_from_files"].as_array().map(Vec::len),
        Some(2)
    );
    assert_eq!(workspace.json(&["issue", "list"])["total"], 2);
}

fn replacing_import_deletes_records_missing_from_the_document() {
    let workspace = with_issues_missing_from_the_document();
    let replace = ["import", ISSUES, "--replace"];
    let imported = workspace.json(&replace);
    assert_eq!(imported["counts"]["issues"]["deleted"], 2);
    assert_eq!(workspace.json(&replace)["unchanged"], true);
}

/// A list that is missing does not show that there are no records.
#[test]
fn replacing_import_keeps_records_whose_list_is_missing() {
    let lists = [
        ("ARCHITECTURE.json", "architecture_states"),
        ("ARCHITECTURE.json", "component_placements"),
        ("ARCHITECTURE.json", "architecture_tasks"),
        ("DRIFT.json", "drift_scans"),
        ("DRIFT.json", "drift_detections"),
        ("CONFIGURATION.json", "configuration_snapshots"),
        ("CONFIGURATION.json", "configuration_changes"),
    ];
    let documents = json!({
        "ARCHITECTURE.json": {
            "architecture_states": [{"id": "S-1", "state_name": "x", "state_type": "current", "repo": "core",
                "created_at": "2026-01-01"}],
            "component_placements": [{"id": "P-1", "component_name": "x", "component_type": "module",
                "correct_repo": "core", "created_at": "2026-01-01"}],
            "architecture_tasks": [{"id": "G-1", "task_id": "T-1", "architectural_goal": "x",
                "created_at": "2026-01-01", "status": "pending"}],
        },
        "DRIFT.json": {
            "drift_scans": [{"id": "SC-1", "scan_type": "full", "scan_start": "2026-01-01",
                "status": "completed"}],
            "drift_detections": [{"id": "D-1", "repo": "core", "violation_type": "dependency",
                "severity": "LOW", "file_path": "a.py", "detected_at": "2026-01-01", "status": "open"}],
        },
        "CONFIGURATION.json": {
            "configuration_snapshots": [{"id": "C-1", "repo": "core", "snapshot_type": "full",
                "configuration_hash": "a", "snapshot_data": {}, "taken_at": "2026-01-01"}],
            "configuration_changes": [{"id": "CC-1", "repo": "core", "change_type": "modified",
                "component_name": "x", "file_path": "x.toml", "changed_at": "2026-01-01"}],
        },
    });
    for (file, list) in lists {
        let workspace = TestWorkspace::with_workspace();
        let task = json!([{"id": "T-1", "title": "x", "created": "2026-01-01"}]);
        workspace.write(TASKS, task.to_string());
        let mut document = documents[file].clone();
        workspace.write(file, document.to_string());
        workspace.ok(&["import"]);
        let records = document.as_object_mut().unwrap().remove(list);
        workspace.write(file, document.to_string());
        workspace.ok(&["import", "--replace"]);
        let left = || {
            workspace.ok(&["export", "out", "--force"]);
            let exported = workspace.read(&format!("out/{file}"));
            let exported: Value = serde_json::from_str(&exported).unwrap();
            exported[list].as_array().map_or(0, Vec::len)
        };
        assert_eq!(left(), 1, "{list}: {records:?}");
        document[list] = json!([]);
        workspace.write(file, document.to_string());
        workspace.ok(&["import", "--replace"]);
        assert_eq!(left(), 0, "{list}");
    }
}

#[test]
fn fields_of_two_files_of_one_document_conflict_in_one_import() {
    let document = |version: &str| json!({"version": version, "active_tasks": []}).to_string();
    let workspace = TestWorkspace::with_workspace();
    workspace.write(&format!("a/{TASKS}"), document("1"));
    workspace.write(&format!("b/{TASKS}"), document("2"));
    let output = workspace.run(&["import", "a", "b"]);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(workspace.text(&output.stderr), @r#"
    conflict: version of WORKSPACE-TASKS.json: "2" in the file, "1" in the database
    hint: run the import again with --prefer file or --prefer database
    "#);
    let version = || {
        workspace.ok(&["export", "out", "--force"]);
        let exported: Value =
            serde_json::from_str(&workspace.read(&format!("out/{TASKS}"))).unwrap();
        exported["version"].clone()
    };
    assert_eq!(version(), "1");
    workspace.ok(&["import", "a", "b", "--prefer", "file"]);
    assert_eq!(version(), "2");
    // A field that only one of the files has is added.
    let workspace = TestWorkspace::with_workspace();
    workspace.write(&format!("a/{TASKS}"), document("1"));
    workspace.write(
        &format!("b/{TASKS}"),
        json!({"team": "x", "active_tasks": []}).to_string(),
    );
    workspace.ok(&["import", "a", "b"]);
    workspace.ok(&["export", "out"]);
    let exported: Value = serde_json::from_str(&workspace.read(&format!("out/{TASKS}"))).unwrap();
    assert_eq!(
        (&exported["version"], &exported["team"]),
        (&json!("1"), &json!("x"))
    );
}
