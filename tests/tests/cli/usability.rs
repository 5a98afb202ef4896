//! Importing: what it reports.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, fixture};

#[test]
fn conflicts_are_reported_as_an_error_in_json() {
    let workspace = TestWorkspace::with_sample("handwritten");
    let file = workspace.path().join("WORKSPACE-TASKS.json");
    workspace.ok(&["export"]);
    workspace.ok(&["task", "edit", "3", "--title", "here"]);
    let text = std::fs::read_to_string(&file).unwrap();
    let there = text.replace("Replace pandas in the ripeness model", "there");
    std::fs::write(&file, there).unwrap();
    let path = file.display().to_string();
    let output = workspace.run(&["import", &path, "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(result["conflicts"].as_array().map(Vec::len), Some(1));
    assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r#"{"error":{"code":"conflicts","hint":"run the import again with --prefer file or --prefer database","message":"1 field is in conflict and keeps the value in the database"}}"#);
    let output = workspace.run(&["import", &path]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_snapshot!(text.lines().last().unwrap(), @"Nothing imported; 1 conflict");
}

#[test]
fn singular_and_plural() {
    let workspace = TestWorkspace::new();
    let file = workspace.path().join("WORKSPACE-TASKS.json");
    let tasks = json!({"active_tasks": [{"id": "WS-TASK-001", "title": "x", "status": "pending",
        "created": "2025-11-20T10:00:00Z"}]});
    std::fs::write(&file, tasks.to_string()).unwrap();
    let text = workspace.ok(&["import"]);
    assert_snapshot!(text.lines().last().unwrap(), @"Imported 1 record from 1 file");
}

#[test]
fn imported_open_session_is_noted() {
    let workspace = TestWorkspace::new();
    let sample = fixture("handwritten").display().to_string();
    let stderr = workspace.stderr(&["import", &sample]);
    assert_snapshot!(stderr, @"
    warning: FIXTURES/handwritten/WORKSPACE-TASKS.json, $.active_tasks[3]: task WS-TASK-004: dependency WS-TASK-099 does not exist
    warning: FIXTURES/handwritten/CROSS-REPO-ISSUES.json, $.issues[1]: issue ISSUE-002: related task WS-TASK-777 does not exist
    note: your session 2025-11-21-session-001, started 2025-11-21 09:00, is open and your changes belong to it; run 'wsdb session end 2025-11-21-session-001' to end it
    ");
    workspace.ok(&["task", "edit", "1", "--notes", "x"]);
    assert_snapshot!(workspace.stderr(&["import", &sample]), @"
    warning: FIXTURES/handwritten/WORKSPACE-TASKS.json, $.active_tasks[3]: task WS-TASK-004: dependency WS-TASK-099 does not exist
    warning: FIXTURES/handwritten/CROSS-REPO-ISSUES.json, $.issues[1]: issue ISSUE-002: related task WS-TASK-777 does not exist
    ");
}
