//! Older files, and copies of files, do not revert what no `rev` of a record covers: document fields,
//! links, marks, claims and files written by hand.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

wsdb_tests::on_sqlite_and_postgres! {
    edit_in_a_file_from_before_the_first_export_is_imported,
    copied_claim_does_not_come_back,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    file_from_before_the_first_export_changes_nothing,
    list_in_a_file_from_before_the_first_export_does_not_reopen_a_task,
    missing_claim_in_a_file_from_before_the_first_export_does_not_end_it,
    ends_missing_in_a_file_from_before_the_first_export_stay,
    older_export_reverts_neither_document_fields_nor_a_link,
    document_field_is_edited_there_and_back,
    copy_of_an_export_with_an_edited_link_is_imported,
    older_export_does_not_move_a_mark_back,
    older_export_does_not_shorten_a_lease,
    removed_link_does_not_come_back,
    removed_link_that_is_added_to_the_newest_export_comes_back,
}

const TASKS: &str = "WORKSPACE-TASKS.json";
const SESSIONS: &str = "SESSION-LOG.json";
const DRIFT: &str = "DRIFT.json";

/// Imports a file written by hand, then edits and exports its task.
fn exported_over_a_file_written_by_hand() -> (TestWorkspace, Value) {
    let workspace = TestWorkspace::with_workspace();
    let by_hand = json!([{"id": "T-1", "title": "x", "created": "2026-01-01", "priority": "LOW"}]);
    workspace.write(TASKS, by_hand.to_string());
    workspace.ok(&["import"]);
    workspace.ok(&["task", "edit", "T-1", "--priority", "critical"]);
    workspace.ok(&["export"]);
    (workspace, by_hand)
}

fn task(workspace: &TestWorkspace, field: &str) -> Value {
    workspace.json(&["task", "show", "T-1"])[field].clone()
}

fn file_from_before_the_first_export_changes_nothing() {
    let (workspace, by_hand) = exported_over_a_file_written_by_hand();
    workspace.write(TASKS, by_hand.to_string());
    for _ in 0..2 {
        let imported = workspace.json(&["import"]);
        assert_eq!(imported["conflicts"], json!([]));
        assert_eq!(task(&workspace, "priority"), "CRITICAL");
    }
}

fn edit_in_a_file_from_before_the_first_export_is_imported() {
    let (workspace, mut by_hand) = exported_over_a_file_written_by_hand();
    by_hand[0]["title"] = json!("y");
    workspace.write(TASKS, by_hand.to_string());
    workspace.ok(&["import"]);
    assert_eq!(task(&workspace, "title"), "y");
    assert_eq!(task(&workspace, "priority"), "CRITICAL");
}

fn list_in_a_file_from_before_the_first_export_does_not_reopen_a_task() {
    let workspace = TestWorkspace::with_workspace();
    let mut by_hand = json!({"completed_tasks": [],
        "active_tasks": [{"id": "T-1", "title": "x", "created": "2026-01-01", "priority": "LOW"}]});
    workspace.write(TASKS, by_hand.to_string());
    workspace.ok(&["import"]);
    workspace.ok(&["task", "done", "T-1"]);
    workspace.ok(&["export"]);
    let exported = workspace.read(TASKS);
    for title in ["x", "y"] {
        by_hand["active_tasks"][0]["title"] = json!(title);
        workspace.write(TASKS, by_hand.to_string());
        for _ in 0..2 {
            workspace.ok(&["import"]);
            assert_eq!(task(&workspace, "status"), "completed");
            assert_eq!(task(&workspace, "title"), title);
        }
    }
    // In the newest export, the list is an edit.
    let mut newest: Value = serde_json::from_str(&exported).unwrap();
    newest["active_tasks"] = newest["completed_tasks"].take();
    newest["completed_tasks"] = json!([]);
    workspace.ok(&["undo"]);
    workspace.ok(&["export", "--force"]);
    workspace.write(TASKS, newest.to_string());
    workspace.ok(&["import"]);
    assert_eq!(task(&workspace, "status"), "pending");
}

fn missing_claim_in_a_file_from_before_the_first_export_does_not_end_it() {
    let (workspace, by_hand) = exported_over_a_file_written_by_hand();
    workspace.ok(&["task", "claim", "T-1"]);
    workspace.ok(&["export"]);
    workspace.write(TASKS, by_hand.to_string());
    workspace.ok(&["import"]);
    assert_eq!(task(&workspace, "claim")["holder"], "mira");
}

fn ends_missing_in_a_file_from_before_the_first_export_stay() {
    let workspace = TestWorkspace::with_workspace();
    const ISSUES: &str = "CROSS-REPO-ISSUES.json";
    let sessions =
        json!({"sessions": [{"session_id": "s1", "start_time": "2026-01-01", "end_time": null}]});
    let issues = json!({"issues": [{"id": "I-1", "type": "bug", "title": "x", "severity": "LOW",
        "detected": "2026-01-01", "resolved_at": null}]});
    let write = || {
        workspace.write(SESSIONS, sessions.to_string());
        workspace.write(ISSUES, issues.to_string());
        workspace.ok(&["import"]);
    };
    write();
    workspace.ok(&["session", "end", "s1"]);
    workspace.ok(&["issue", "resolve", "I-1"]);
    workspace.ok(&["export"]);
    write();
    let status = |command: &str, id: &str| {
        let record = workspace.json(&[command, "show", id]);
        record["status"].clone()
    };
    assert_eq!(status("session", "s1"), "completed");
    assert_eq!(status("issue", "I-1"), "resolved");
}

/// Exports a session with a link and a document field to the folder `one`, then imports a change of both
/// and exports it to the folder `two`.
fn exported_twice() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    let write = |version: &str, rationale: &str| {
        let decision = json!({"id": "DEC-001", "decision": "X", "rationale": rationale});
        let session = json!({"session_id": "S-001", "start_time": "2026-01-01", "status": "completed",
            "end_time": "2026-01-02", "decisions_made": [decision]});
        let document = json!({"version": version, "sessions": [session]});
        workspace.write(SESSIONS, document.to_string());
        workspace.ok(&["import", SESSIONS]);
    };
    write("1", "why");
    workspace.ok(&["export", "one"]);
    write("2", "because");
    workspace.ok(&["export", "two"]);
    workspace
}

/// Returns the document field and the field of the link in an export.
fn exported(workspace: &TestWorkspace) -> (Value, Value) {
    workspace.ok(&["export", "out", "--force"]);
    let text = workspace.read(&format!("out/{SESSIONS}"));
    let document: Value = serde_json::from_str(&text).unwrap();
    let rationale = document["sessions"][0]["decisions_made"][0]["rationale"].clone();
    (document["version"].clone(), rationale)
}

fn file(folder: &str) -> String {
    format!("{folder}/{SESSIONS}")
}

fn older_export_reverts_neither_document_fields_nor_a_link() {
    let workspace = exported_twice();
    let before = workspace.read(&file("one"));
    // At its own path, at that of the newer export, and at a new one.
    for folder in ["one", "two", "three"] {
        workspace.write(&file(folder), &before);
        let imported = workspace.json(&["import", &file(folder)]);
        assert_eq!(imported["conflicts"], json!([]));
        let (version, rationale) = exported(&workspace);
        assert_eq!(version, "2", "{folder}");
        assert_eq!(rationale, "because", "{folder}");
    }
}

fn document_field_is_edited_there_and_back() {
    let workspace = exported_twice();
    for (from, to) in [("\"2\"", "\"1\""), ("\"1\"", "\"2\"")] {
        workspace.replace_in(
            &file("two"),
            &format!("\"version\": {from}"),
            &format!("\"version\": {to}"),
        );
        workspace.ok(&["import", &file("two")]);
        assert_eq!(exported(&workspace).0.to_string(), to);
    }
}

fn copy_of_an_export_with_an_edited_link_is_imported() {
    let workspace = exported_twice();
    workspace.write(&file("three"), workspace.read(&file("two")));
    workspace.replace_in(&file("three"), "\"because\"", "\"therefore\"");
    workspace.ok(&["import", &file("three")]);
    assert_eq!(exported(&workspace).1, "therefore");
}

fn older_export_does_not_move_a_mark_back() {
    let workspace = TestWorkspace::with_workspace();
    let write = |file: &str, time: &str| {
        let detection = json!({"id": "DRIFT-001", "repo": "core", "violation_type": "scope",
            "severity": "LOW", "file_path": "a.py", "status": "open", "detected_at": "2025-01-01", "last_seen": time});
        workspace.write(file, json!({"drift_detections": [detection]}).to_string());
        workspace.ok(&["import", file]);
        workspace.json(&["drift", "show", "1"])["last_seen"].clone()
    };
    assert_eq!(write(DRIFT, "2025-01-03"), "2025-01-03T00:00:00Z");
    let copy = format!("copy/{DRIFT}");
    for file in [DRIFT, &copy] {
        assert_eq!(write(file, "2025-01-02"), "2025-01-03T00:00:00Z", "{file}");
    }
    assert_eq!(write(&copy, "2025-01-04"), "2025-01-04T00:00:00Z");
}

fn older_export_does_not_shorten_a_lease() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "A"]);
    workspace.ok(&["task", "claim", "1"]);
    workspace.ok(&["export"]);
    let before = workspace.read(TASKS);
    workspace.ok(&["task", "heartbeat", "1", "--lease", "8h"]);
    workspace.ok(&["export"]);
    let claim = || workspace.json(&["task", "show", "1"])["claim"].clone();
    let expected = claim();
    workspace.write(TASKS, before);
    workspace.ok(&["import"]);
    assert_eq!(claim(), expected);
}

fn copied_claim_does_not_come_back() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "A"]);
    workspace.ok(&["task", "claim", "1", "--actor", "ag1"]);
    workspace.ok(&["export", "one"]);
    workspace.write(
        &format!("copy/{TASKS}"),
        workspace.read(&format!("one/{TASKS}")),
    );
    workspace.ok(&["task", "release", "1", "--actor", "ag1"]);
    let claim = || workspace.json(&["task", "show", "1"])["claim"].clone();
    for options in [
        &["import", "copy"][..],
        &["import", "copy", "--prefer", "file"],
    ] {
        workspace.ok(options);
        workspace.ok(options);
        assert_eq!(claim(), Value::Null);
    }
    workspace.ok(&["task", "claim", "1", "--actor", "ag2"]);
    workspace.ok(&["import", "copy"]);
    assert_eq!(claim()["holder"], "ag2");
    workspace.ok(&["task", "done", "1", "--actor", "ag2"]);
    workspace.ok(&["history", "prune", "--keep", "1"]);
    workspace.ok(&["import", "copy"]);
    assert_eq!(claim(), Value::Null);
}

fn removed_link_does_not_come_back() {
    let workspace = TestWorkspace::with_workspace();
    let session = workspace.json(&["session", "start"])["id"].clone();
    let id = session.as_str().unwrap();
    workspace.ok(&["decision", "add", "Use pears"]);
    workspace.ok(&["session", "link", id, "--decision", "DEC-001"]);
    workspace.ok(&["export"]);
    let older = workspace.read(SESSIONS);
    workspace.ok(&["session", "unlink", id, "--decision", "DEC-001"]);
    workspace.ok(&["export"]);
    for file in [SESSIONS, "copy/SESSION-LOG.json"] {
        workspace.write(file, &older);
        workspace.ok(&["import", file]);
        let session = workspace.json(&["session", "show", id]);
        assert_eq!(session["decisions_made"], json!([]), "{session}");
    }
}

fn removed_link_that_is_added_to_the_newest_export_comes_back() {
    let workspace = TestWorkspace::with_workspace();
    let sessions = json!({"sessions": [{"session_id": "s1", "start_time": "2026-01-01",
        "decisions_made": ["DEC-1", "DEC-2"], "issues_found": ["I-1"], "activities": ["a", "b"]}]});
    workspace.write(SESSIONS, sessions.to_string());
    workspace.ok(&["import"]);
    workspace.ok(&["export"]);
    let older = workspace.read(SESSIONS);
    let links = || {
        let session = workspace.json(&["session", "show", "s1"]);
        [
            session["decisions_made"].clone(),
            session["issues_found"].clone(),
        ]
    };
    let before = links();
    workspace.ok(&[
        "session",
        "unlink",
        "s1",
        "--decision",
        "DEC-2",
        "--issue",
        "I-1",
    ]);
    workspace.ok(&["export"]);
    let mut newest: Value = serde_json::from_str(&workspace.read(SESSIONS)).unwrap();
    workspace.write(SESSIONS, &older);
    workspace.ok(&["import"]);
    assert_ne!(links(), before, "older export");
    newest["sessions"][0]["decisions_made"] = json!(["DEC-1", "DEC-2"]);
    newest["sessions"][0]["issues_found"] = json!(["I-1"]);
    workspace.ok(&["export", "--force"]);
    workspace.write(SESSIONS, newest.to_string());
    workspace.ok(&["import"]);
    assert_eq!(links(), before, "added by hand");
}

#[cfg(unix)]
#[test]
fn linked_folder_has_the_same_files() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "A", "--priority", "critical"]);
    workspace.ok(&["export", "docs"]);
    std::os::unix::fs::symlink("docs", workspace.path().join("link")).unwrap();
    let file = format!("docs/{TASKS}");
    for (folder, from, to) in [("docs", "CRITICAL", "LOW"), ("link", "LOW", "CRITICAL")] {
        workspace.replace_in(&file, from, to);
        workspace.ok(&["import", folder]);
        assert_eq!(workspace.json(&["task", "show", "1"])["priority"], to);
    }
}

#[test]
fn missing_records_are_counted_by_kind() {
    let workspace = TestWorkspace::with_workspace();
    for title in ["A", "B", "C"] {
        workspace.ok(&["task", "add", title]);
    }
    workspace.ok(&["task", "claim", "1"]);
    workspace.ok(&["export"]);
    let older = workspace.read(TASKS);
    workspace.ok(&["task", "release", "1"]);
    workspace.ok(&["task", "rm", "2", "3"]);
    assert_snapshot!(workspace.stderr(&["import"]), @"
    note: 2 tasks were deleted in the database and stay deleted
    note: the claim on WS-TASK-001 has ended in the database and was not restored
    note: 1 task is older in the files than in the database and was not imported
    ");
    workspace.ok(&["undo"]);
    let mut document: Value = serde_json::from_str(&older).unwrap();
    document["active_tasks"].as_array_mut().unwrap().truncate(1);
    workspace.write(TASKS, document.to_string());
    assert_snapshot!(workspace.stderr(&["import"]), @"
    note: 2 tasks are not in the file; kept in the database
    note: the claim on WS-TASK-001 has ended in the database and was not restored
    note: 1 task is older in the files than in the database and was not imported
    ");
}
