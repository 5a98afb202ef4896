//! `wsdb import --skip-rejects`: a rejected record takes what it contains along, and counts as present.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

wsdb_tests::on_sqlite_and_postgres! {
    rejected_session_takes_its_nested_records_along,
    unique_value_of_another_record_is_rejected,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    rejects_and_different_records_are_reported_together,
    copied_session_takes_its_nested_records_along,
    deleted_session_gets_no_new_nested_records,
    replacing_import_keeps_rejected_records,
    replacing_import_keeps_what_a_rejected_session_contains,
    replacing_import_deletes_nothing_if_a_rejected_record_has_no_id,
    rejected_record_is_not_replaced_by_its_short_form,
    rejected_inline_record_takes_its_link_along,
}

const TASKS: &str = "WORKSPACE-TASKS.json";
const SESSIONS: &str = "SESSION-LOG.json";
const DECISIONS: &str = "ARCHITECTURE-DECISIONS.json";
const ARCHITECTURE: &str = "ARCHITECTURE.json";

/// A session with one nested record of each kind, and these fields.
fn session(id: &str, fields: Value) -> Value {
    let mut session = json!({
        "session_id": id, "start_time": "2025-11-20",
        "activities": ["Wrote tests"], "decisions_made": ["Use SQLite"], "issues_found": ["Pears"],
    });
    if let (Some(session), Value::Object(fields)) = (session.as_object_mut(), fields) {
        session.extend(fields);
    }
    session
}

fn write_sessions(workspace: &TestWorkspace, sessions: &[Value]) {
    let document = json!({ "sessions": sessions });
    workspace.write(SESSIONS, document.to_string());
}

/// The number of records that a command lists.
fn total(workspace: &TestWorkspace, noun: &str) -> Value {
    workspace.json(&[noun, "list"])["total"].clone()
}

fn rejects(workspace: &TestWorkspace) -> Vec<Value> {
    let text = workspace.read("wsdb-rejects.json");
    let rejects: Value = serde_json::from_str(&text).unwrap();
    rejects["rejects"].as_array().unwrap().clone()
}

fn rejected_session_takes_its_nested_records_along() {
    for fields in [
        json!({"start_time": "yesterday"}),
        json!({"id": "s9"}),
        json!({"issues_found": 5}),
        json!({"session_id": null}),
    ] {
        let workspace = TestWorkspace::with_workspace();
        write_sessions(
            &workspace,
            &[session("s1", fields), session("s2", json!({}))],
        );
        workspace.ok(&["import", "--skip-rejects"]);
        assert_eq!(total(&workspace, "session"), 1);
        assert_eq!(total(&workspace, "decision"), 1);
        assert_eq!(total(&workspace, "issue"), 1);
        let rejects = rejects(&workspace);
        assert_eq!(rejects.len(), 1, "{rejects:#?}");
        assert_eq!(rejects[0]["record"]["activities"], json!(["Wrote tests"]));
    }
}

fn rejected_inline_record_takes_its_link_along() {
    let workspace = TestWorkspace::with_workspace();
    let nested = json!({
        "decisions_made": [{"id": "DEC-001", "decision": "x", "status": "odd"}, {"id": "DEC-002", "decision": "y"}],
        "issues_found": [{"id": "ISSUE-001", "title": "x", "severity": "odd"}],
    });
    write_sessions(&workspace, &[session("s1", nested)]);
    workspace.ok(&["import", "--skip-rejects"]);
    assert_eq!(rejects(&workspace).len(), 2);
    let shown = workspace.json(&["session", "show", "s1"]);
    assert_eq!(shown["decisions_made"], json!(["DEC-002"]));
    assert_eq!(shown["issues_found"], json!([]));
    // What is exported can be imported.
    workspace.ok(&["export", "out"]);
    assert_eq!(workspace.json(&["import", "out"])["unchanged"], true);
}

fn copied_session_takes_its_nested_records_along() {
    let workspace = TestWorkspace::with_workspace();
    let copy = session("s1", json!({"activities": ["Copied"], "user": "jo"}));
    write_sessions(&workspace, &[session("s1", json!({})), copy]);
    workspace.ok(&["import", "--skip-rejects"]);
    assert_eq!(rejects(&workspace).len(), 1);
    let session = workspace.json(&["session", "show", "s1"]);
    assert_eq!(session["activities"].as_array().map(Vec::len), Some(1));
    assert_eq!(session["activities"][0]["description"], "Wrote tests");
}

fn deleted_session_gets_no_new_nested_records() {
    let workspace = TestWorkspace::with_workspace();
    write_sessions(&workspace, &[session("s1", json!({}))]);
    workspace.ok(&["import"]);
    workspace.ok(&["session", "rm", "s1"]);
    let edited = session("s1", json!({"activities": ["Wrote tests", "New"]}));
    write_sessions(&workspace, &[edited]);
    let imported = workspace.json(&["import"]);
    assert_eq!(imported["stay_deleted"][0]["id"], "s1");
    assert_eq!(total(&workspace, "session"), 0);
}

fn replacing_import_keeps_rejected_records() {
    let workspace = TestWorkspace::with_workspace();
    let task = |id: &str, status: &str| json!({"id": id, "title": "x", "status": status, "created": "2025-11-20"});
    let write = |tasks: Vec<Value>| workspace.write(TASKS, Value::from(tasks).to_string());
    write(vec![
        task("T-1", "pending"),
        task("T-2", "pending"),
        task("T-3", "pending"),
    ]);
    workspace.ok(&["import"]);
    workspace.ok(&["task", "claim", "T-1"]);
    write(vec![task("T-1", "wontfix"), task("T-2", "pending")]);
    let imported = workspace.json(&["import", "--replace", "--skip-rejects"]);
    assert_eq!(imported["counts"]["tasks"]["deleted"], 1);
    assert_eq!(total(&workspace, "task"), 2);
    let kept = workspace.json(&["task", "show", "T-1"]);
    assert_eq!(kept["status"], "in_progress");
    assert!(kept["claim"].is_object(), "{kept}");
    // The same document again: nothing is missing from it.
    assert_eq!(
        workspace.json(&["import", "--skip-rejects"])["missing_from_files"],
        json!([])
    );
}

fn replacing_import_keeps_what_a_rejected_session_contains() {
    let workspace = TestWorkspace::with_workspace();
    write_sessions(&workspace, &[session("s1", json!({}))]);
    workspace.ok(&["import"]);
    write_sessions(
        &workspace,
        &[session("s1", json!({"status": "over", "activities": []}))],
    );
    workspace.ok(&["import", "--replace", "--skip-rejects"]);
    let session = workspace.json(&["session", "show", "s1"]);
    assert_eq!(session["activities"].as_array().map(Vec::len), Some(1));
    assert_eq!(session["decisions_made"].as_array().map(Vec::len), Some(1));
    assert_eq!(session["issues_found"].as_array().map(Vec::len), Some(1));
}

fn replacing_import_deletes_nothing_if_a_rejected_record_has_no_id() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "x"]);
    workspace.write(
        TASKS,
        r#"[{"ID": "WS-TASK-001", "title": "x", "created": "2025-01-01"}, 5]"#,
    );
    let stderr = workspace.stderr(&["import", "--replace", "--skip-rejects"]);
    assert!(
        stderr.contains(
            "no records of the type task were deleted, because a skipped record has no valid ID"
        ),
        "{stderr}"
    );
    assert_eq!(total(&workspace, "task"), 1);
}

fn rejected_record_is_not_replaced_by_its_short_form() {
    let workspace = TestWorkspace::with_workspace();
    let decision =
        json!({"id": "DEC-1", "decision": "Long", "status": "perhaps", "date": "2025-11-20"});
    workspace.write(DECISIONS, json!({"decisions": [decision]}).to_string());
    let made = json!([{"id": "DEC-1", "decision": "Short"}]);
    write_sessions(
        &workspace,
        &[session("s1", json!({"decisions_made": made}))],
    );
    workspace.ok(&["import", "--skip-rejects"]);
    assert_eq!(total(&workspace, "decision"), 0);
}

fn unique_value_of_another_record_is_rejected() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["state", "add", "Core", "--type", "master"]);
    let state = json!({"id": "ST-9", "state_name": "Core", "state_type": "master", "repo": "r",
        "created_at": "2025-01-01"});
    workspace.write(
        ARCHITECTURE,
        json!({"architecture_states": [state, 5]}).to_string(),
    );
    let error = workspace.fails(1, &["import"]);
    assert_snapshot!(error, @"
    error: 2 records cannot be imported; nothing was written
           ARCHITECTURE.json, $.architecture_states[0]: duplicate state name Core (already defined by STATE-001 in the database)
           ARCHITECTURE.json, $.architecture_states[1]: expected an object, found a number
    hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
    ");
    workspace.ok(&["import", "--skip-rejects"]);
    assert_eq!(total(&workspace, "state"), 1);
}

#[test]
fn skipped_records_are_written_to_a_new_file() {
    let workspace = TestWorkspace::with_workspace();
    let task = json!({"id": "A-1", "title": "Pears", "status": "nope", "created": "2026-01-01"});
    workspace.write(TASKS, json!([task]).to_string());
    workspace.write("kept.json", "mine");
    let import = ["import", TASKS, "--skip-rejects"];
    let named = [&import[..], &["--rejects", "kept.json"]].concat();
    assert_snapshot!(workspace.fails(1, &named), @"error: cannot write kept.json: it already exists; choose a new file for --rejects");
    assert_eq!(workspace.read("kept.json"), "mine");
    workspace.ok(&import);
    assert_snapshot!(workspace.stderr(&import), @"warning: 1 record skipped: see wsdb-rejects-2.json");
    assert_eq!(
        workspace.read("wsdb-rejects.json"),
        workspace.read("wsdb-rejects-2.json")
    );
}

/// A task of another workspace has the ID of one here, and another one has an unknown status.
fn rejects_and_different_records_are_reported_together() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Own task"]);
    let tasks = json!([
        {"id": "WS-TASK-001", "title": "Other task", "created": "2025-03-01"},
        {"id": "WS-TASK-002", "title": "Odd task", "created": "2025-03-01", "status": "odd"},
    ]);
    workspace.write(TASKS, tasks.to_string());
    assert_snapshot!(workspace.fails(1, &["import"]), @r#"
    error: 1 record cannot be imported; nothing was written
           WORKSPACE-TASKS.json, $[1].status: unknown task status "odd" (expected one of: pending, approved, planning, in_progress, blocked, deferred, backlog, completed, closed, cancelled)
           different tasks have the ID WS-TASK-001: created "2025-03-01T00:00:00", title "Other task" in the file; created "2026-01-15T10:00:01", title "Own task" in the database
    hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects; then run the import again with --renumber to give the records in the files new IDs, with --prefer file if they are the same records, or with --prefer database to leave out those in the files
    "#);
    // Nothing is skipped either.
    let stderr = workspace.run(&["import", "--skip-rejects"]).stderr;
    assert_snapshot!(workspace.text(&stderr), @r#"
    conflict: different tasks have the ID WS-TASK-001: created "2025-03-01T00:00:00", title "Other task" in the file; created "2026-01-15T10:00:01", title "Own task" in the database
    warning: 1 record would be skipped
    hint: run the import again with --renumber to give the records in the files new IDs, with --prefer file if they are the same records, or with --prefer database to leave out those in the files
    "#);
    assert!(!workspace.path().join("wsdb-rejects.json").exists());
    workspace.ok(&["import", "--skip-rejects", "--renumber"]);
    assert_eq!(rejects(&workspace).len(), 1);
}
