//! Import of records with the ids of different records in the database.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

wsdb_tests::on_sqlite_and_postgres! {
    different_record_with_the_same_id_is_a_conflict,
    different_records_are_merged_only_if_a_side_is_preferred,
    records_that_were_left_out_can_be_renumbered,
    renamed_record_is_not_one_that_was_left_out,
    renumbered_records_keep_their_references,
    renumbered_file_is_imported_again,
    renumbered_record_is_exported_with_its_new_id,
    renumbered_import_is_undone,
}

const TASKS: &str = "WORKSPACE-TASKS.json";

/// Documents of another workspace: a task that depends on another one, an issue and a session that
/// refer to it.
fn other_documents() -> [(&'static str, Value); 4] {
    let task = |id: &str, title: &str, depends_on: Value| {
        json!({"id": id, "title": title, "created": "2025-03-01", "status": "pending",
            "dependencies": depends_on, "session_created": "2026-01-15-session-001"})
    };
    let tasks = json!({"active_tasks": [
        task("WS-TASK-001", "Other first", json!([])),
        task("WS-TASK-002", "Other second", json!(["WS-TASK-001"])),
    ]});
    let issue = json!({"id": "ISSUE-001", "type": "bug", "title": "Other issue", "detected": "2025-03-01",
        "severity": "LOW", "status": "open", "related_task_id": "WS-TASK-001"});
    let decision = json!({"id": "DEC-001", "date": "2025-03-01", "decision": "Other decision",
        "status": "planned", "session": "2026-01-15-session-001", "related_tasks": ["WS-TASK-001"]});
    let session = json!({"session_id": "2026-01-15-session-001", "start_time": "2025-03-01",
        "status": "completed", "end_time": "2025-03-02", "decisions_made": [{"id": "DEC-001"}],
        "activities": [{"description": "did it", "time": "2025-03-01T10:00:00"}]});
    [
        (TASKS, tasks),
        ("CROSS-REPO-ISSUES.json", json!({"issues": [issue]})),
        (
            "ARCHITECTURE-DECISIONS.json",
            json!({"decisions": [decision]}),
        ),
        ("SESSION-LOG.json", json!({"sessions": [session]})),
    ]
}

/// A workspace with records of its own, and the documents of another one in the folder `other`.
fn with_other_documents() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["session", "start"]);
    workspace.ok(&["task", "add", "Own task"]);
    workspace.ok(&["issue", "add", "Own issue"]);
    workspace.ok(&["decision", "add", "Own decision"]);
    for (name, document) in other_documents() {
        workspace.write(&format!("other/{name}"), document.to_string());
    }
    workspace
}

fn title(workspace: &TestWorkspace, id: &str) -> Value {
    workspace.json(&["task", "show", id])["title"].clone()
}

fn different_record_with_the_same_id_is_a_conflict() {
    let workspace = with_other_documents();
    let file = format!("other/{TASKS}");
    let output = workspace.run(&["import", &file]);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(workspace.text(&output.stderr), @r#"
    conflict: different tasks have the ID WS-TASK-001: created "2025-03-01T00:00:00", title "Other first" in the file; created "2026-01-15T10:00:02", title "Own task" in the database
    hint: run the import again with --renumber to give the records in the files new IDs; or, if they are the same records, with --prefer file or --prefer database
    "#);
    assert_snapshot!(workspace.text(&output.stdout), @"Nothing imported; 1 conflict");
    assert_eq!(title(&workspace, "1"), "Own task");
    assert_eq!(workspace.json(&["task", "list"])["total"], 1);
    let output = workspace.run(&["import", &file, "--json"]);
    let imported: Value = serde_json::from_slice(&output.stdout).unwrap();
    let conflict = &imported["conflicts"][0];
    assert_eq!(conflict["field"], Value::Null);
    assert_eq!(conflict["file"]["title"], "Other first");
    assert_eq!(conflict["database"]["title"], "Own task");
    assert_eq!(imported["unchanged"], true);
    let error: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(error["error"]["code"], "conflicts");
}

fn different_records_are_merged_only_if_a_side_is_preferred() {
    let workspace = with_other_documents();
    let file = format!("other/{TASKS}");
    workspace.ok(&["import", &file, "--prefer", "database"]);
    assert_eq!(title(&workspace, "1"), "Own task");
    assert_eq!(title(&workspace, "2"), "Other second");
    // What was decided once is the base from then on.
    workspace.ok(&["import", &file]);
    assert_eq!(title(&workspace, "1"), "Own task");
    let workspace = with_other_documents();
    workspace.ok(&["import", &file, "--prefer", "file"]);
    assert_eq!(title(&workspace, "1"), "Other first");
}

fn records_that_were_left_out_can_be_renumbered() {
    let workspace = with_other_documents();
    workspace.ok(&["import", "other", "--prefer", "database"]);
    let imported = workspace.json(&["import", "other"]);
    assert_eq!(imported["older"]["tasks"], 0, "{imported}");
    for _ in 0..2 {
        workspace.ok(&["import", "other", "--renumber"]);
        assert_eq!(title(&workspace, "1"), "Own task");
        assert_eq!(title(&workspace, "3"), "Other first");
        let second = workspace.json(&["task", "show", "2"]);
        assert_eq!(second["dependencies"], json!(["WS-TASK-003"]));
        let tasks = workspace.json(&["task", "list"]);
        assert_eq!(tasks["tasks"].as_array().unwrap().len(), 3, "{tasks}");
    }
}

/// A record with only a date is recognized by its name, which may have changed.
fn renamed_record_is_not_one_that_was_left_out() {
    let workspace = TestWorkspace::with_workspace();
    let task = json!([{"id": "T-1", "title": "x", "created": "2026-01-01"}]);
    workspace.write(TASKS, task.to_string());
    workspace.ok(&["import"]);
    workspace.ok(&["export"]);
    workspace.ok(&["task", "edit", "T-1", "--title", "y"]);
    let imported = workspace.json(&["import", "--renumber"]);
    assert_eq!(imported["renumbered"], json!([]));
    assert_eq!(imported["older"]["tasks"], 1);
}

fn renumbered_records_keep_their_references() {
    let workspace = with_other_documents();
    let imported = workspace.json(&["import", "other", "--renumber"]);
    assert_eq!(
        imported["renumbered"],
        json!([
            {"record_type": "task", "from": "WS-TASK-001", "to": "WS-TASK-003"},
            {"record_type": "session", "from": "2026-01-15-session-001", "to": "2026-01-15-session-002"},
            {"record_type": "decision", "from": "DEC-001", "to": "DEC-002"},
            {"record_type": "issue", "from": "ISSUE-001", "to": "ISSUE-002"},
        ])
    );
    assert_eq!(title(&workspace, "1"), "Own task");
    assert_eq!(title(&workspace, "3"), "Other first");
    let second = workspace.json(&["task", "show", "2"]);
    assert_eq!(second["dependencies"], json!(["WS-TASK-003"]));
    assert_eq!(second["session_created"], "2026-01-15-session-002");
    let issue = workspace.json(&["issue", "show", "2"]);
    assert_eq!(issue["related_task_id"], "WS-TASK-003");
    let decision = workspace.json(&["decision", "show", "2"]);
    assert_eq!(decision["related_tasks"], json!(["WS-TASK-003"]));
    assert_eq!(decision["session"], "2026-01-15-session-002");
    let session = workspace.json(&["session", "show", "2026-01-15-session-002"]);
    assert_eq!(session["activities"].as_array().map(Vec::len), Some(1));
    assert_eq!(session["decisions_made"], json!(["DEC-002"]));
    // The own session got none of it.
    let own = workspace.json(&["session", "show", "2026-01-15-session-001"]);
    assert_eq!(own["activities"], json!([]));
}

fn renumbered_file_is_imported_again() {
    let workspace = with_other_documents();
    workspace.ok(&["import", "other", "--renumber"]);
    let tasks = workspace.ok(&["task", "list", "--format", "jsonl"]);
    for options in [&["import", "other"][..], &["import", "other", "--renumber"]] {
        let imported = workspace.json(options);
        assert_eq!(imported["unchanged"], true, "{imported:#}");
        assert_eq!(imported["renumbered"], json!([]));
    }
    assert_eq!(workspace.ok(&["task", "list", "--format", "jsonl"]), tasks);
    workspace.replace_in(&format!("other/{TASKS}"), "Other first", "Edited");
    workspace.ok(&["import", "other"]);
    assert_eq!(title(&workspace, "3"), "Edited");
    assert_eq!(title(&workspace, "1"), "Own task");
}

fn renumbered_record_is_exported_with_its_new_id() {
    let workspace = with_other_documents();
    workspace.ok(&["import", "other", "--renumber"]);
    workspace.ok(&["export", "other"]);
    let exported = workspace.read(&format!("other/{TASKS}"));
    let exported: Value = serde_json::from_str(&exported).unwrap();
    let tasks = exported["active_tasks"].as_array().unwrap();
    let titles: Vec<(&Value, &Value)> = tasks.iter().map(|t| (&t["id"], &t["title"])).collect();
    assert_eq!(
        titles,
        [
            (&json!("WS-TASK-002"), &json!("Other second")),
            (&json!("WS-TASK-003"), &json!("Other first")),
            (&json!("WS-TASK-001"), &json!("Own task")),
        ]
    );
    assert_eq!(workspace.json(&["import", "other"])["unchanged"], true);
}

fn renumbered_import_is_undone() {
    let workspace = with_other_documents();
    workspace.ok(&["import", "other", "--renumber"]);
    let undone = workspace.json(&["undo"])["change"].to_string();
    assert_eq!(workspace.json(&["task", "list"])["total"], 1);
    let output = workspace.run(&["import", "other"]);
    assert_eq!(output.status.code(), Some(1));
    workspace.ok(&["undo", &undone]);
    workspace.ok(&["import", "other"]);
    assert_eq!(title(&workspace, "3"), "Other first");
}

#[test]
fn same_name_on_the_same_day_in_a_file_by_hand_is_another_record() {
    let workspace = TestWorkspace::with_workspace();
    let write = |folder: &str, id: &str, notes: &str| {
        let task =
            json!({"id": id, "title": "Write docs", "created": "2025-01-01", "notes": notes});
        let name = format!("{folder}/WORKSPACE-TASKS.json");
        workspace.write(&name, json!([task]).to_string());
    };
    write("ours", "T-1", "mine");
    write("theirs", "T-9", "theirs");
    write("others", "T-1", "others");
    workspace.ok(&["import", "ours"]);
    workspace.ok(&["import", "theirs", "--renumber"]);
    workspace.ok(&["import", "others", "--renumber"]);
    let tasks = workspace.json(&["task", "list"]);
    let tasks = tasks["tasks"].as_array().unwrap().iter();
    let notes: BTreeSet<_> = tasks.map(|task| task["notes"].as_str().unwrap()).collect();
    assert_eq!(notes, BTreeSet::from(["mine", "others", "theirs"]));
}
