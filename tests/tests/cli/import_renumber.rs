//! Import of records with the ids of different records in the database.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

wsdb_tests::on_sqlite_and_postgres! {
    different_record_with_the_same_id_is_a_conflict,
    renumbered_records_keep_their_references,
    renumbered_import_is_undone,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    different_records_are_merged_only_if_a_side_is_preferred,
    records_that_were_left_out_can_be_renumbered,
    renamed_record_is_not_one_that_was_left_out,
    renumbered_file_is_imported_again,
    renumbered_record_is_exported_with_its_new_id,
    equal_activities_of_different_sessions_are_both_kept,
    referenced_ids_are_not_assigned,
    references_of_records_imported_earlier_are_changed,
    references_of_documents_imported_earlier_are_reported,
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
    hint: run the import again with --renumber to give the records in the files new IDs, with --prefer file if they are the same records, or with --prefer database to leave out those in the files
    "#);
    assert_snapshot!(workspace.text(&output.stdout), @"No records imported; 1 conflict");
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

/// Neither references nor fields that wsdb does not know, nor texts, mean another record afterward.
fn referenced_ids_are_not_assigned() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Own task"]);
    workspace.ok(&["task", "add", "Another own task"]);
    let tasks = json!([
        {"id": "WS-TASK-001", "title": "Other first", "created": "2025-03-01",
            "depends_on": ["WS-TASK-003", "WS-TASK-002"], "blocks": ["WS-TASK-004"],
            "notes": "after WS-TASK-0005"},
        {"id": "T-1", "title": "Third", "created": "2025-03-01", "depends_on": ["WS-TASK-001"]},
    ]);
    let issue = json!({"id": "ISSUE-001", "type": "bug", "title": "Other issue", "detected": "2025-03-01",
        "severity": "LOW", "status": "open", "related_task_id": "WS-TASK-006"});
    workspace.write("other/WORKSPACE-TASKS.json", tasks.to_string());
    let issues = json!({ "issues": [issue] });
    workspace.write("other/CROSS-REPO-ISSUES.json", issues.to_string());
    let output = workspace.run(&["import", "other", "--renumber"]);
    assert_snapshot!(workspace.text(&output.stderr), @"
    warning: other/WORKSPACE-TASKS.json: blocks is kept, but wsdb has no such field (1 record)
    warning: other/WORKSPACE-TASKS.json: depends_on was read as dependencies (2 records)
    warning: other/WORKSPACE-TASKS.json, $[0]: task WS-TASK-007: dependency WS-TASK-003 does not exist
    warning: other/CROSS-REPO-ISSUES.json, $.issues[0]: issue ISSUE-001: related task WS-TASK-006 does not exist
    warning: other/WORKSPACE-TASKS.json, $[0]: task WS-TASK-007: dependency WS-TASK-002 is not in the documents; the record with this ID in the database may be a different one
    note: WS-TASK-001 in the file is WS-TASK-007 in the database
    ");
    assert_eq!(title(&workspace, "7"), "Other first");
    let third = workspace.json(&["task", "show", "T-1"]);
    assert_eq!(third["dependencies"], json!(["WS-TASK-007"]));
}

/// Exports an other workspace with two tasks, an issue and a decision that refer to the first one, and
/// imports all but that task, whose id is taken.
fn with_export_without_first() -> TestWorkspace {
    let other = TestWorkspace::with_workspace();
    other.ok(&["task", "add", "Other first"]);
    other.ok(&["task", "add", "Other second", "--depends-on", "1"]);
    other.ok(&["issue", "add", "Other issue", "--task", "1"]);
    other.ok(&["decision", "add", "Other decision", "--task", "1"]);
    other.ok(&["export"]);
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "list"]);
    workspace.ok(&["task", "add", "Own task"]);
    for name in [
        TASKS,
        "CROSS-REPO-ISSUES.json",
        "ARCHITECTURE-DECISIONS.json",
    ] {
        workspace.write(&format!("other/{name}"), other.read(name));
    }
    workspace.ok(&["import", "other", "--prefer", "database"]);
    workspace
}

fn references_of_records_imported_earlier_are_changed() {
    let workspace = with_export_without_first();
    let output = workspace.run(&["import", "other", "--renumber"]);
    assert_snapshot!(workspace.text(&output.stderr), @"note: WS-TASK-001 in the file is WS-TASK-003 in the database");
    for _ in 0..2 {
        assert_eq!(title(&workspace, "1"), "Own task");
        assert_eq!(title(&workspace, "3"), "Other first");
        let second = workspace.json(&["task", "show", "2"]);
        assert_eq!(second["dependencies"], json!(["WS-TASK-003"]));
        let issue = workspace.json(&["issue", "show", "1"]);
        assert_eq!(issue["related_task_id"], "WS-TASK-003");
        let decision = workspace.json(&["decision", "show", "1"]);
        assert_eq!(decision["related_tasks"], json!(["WS-TASK-003"]));
        workspace.ok(&["import", "other"]);
    }
}

fn references_of_documents_imported_earlier_are_reported() {
    let workspace = with_export_without_first();
    let tasks = format!("other/{TASKS}");
    workspace.ok(&["import", &tasks, "--renumber"]);
    let issues = "other/CROSS-REPO-ISSUES.json";
    assert_snapshot!(workspace.stderr(&["import", issues]), @"warning: other/CROSS-REPO-ISSUES.json, $.issues[0]: issue ISSUE-001: related task WS-TASK-001 is a different record in the database; WS-TASK-001 in the documents of this folder was imported as WS-TASK-003; if the reference is to the imported record, change it to WS-TASK-003");
    workspace.ok(&["issue", "edit", "1", "--task", "3"]);
    let stderr = workspace.stderr(&["import", issues]);
    assert!(!stderr.contains("warning"), "{stderr}");
    let issue = workspace.json(&["issue", "show", "1"]);
    assert_eq!(issue["related_task_id"], "WS-TASK-003");
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

#[test]
fn edited_record_of_a_copy_of_our_own_file_is_a_conflict() {
    let task = |id: &str, created: &str, notes: &str| json!({"id": id, "title": "Write docs", "created": created, "notes": notes});
    let tasks = |created: &str, notes: &str| {
        [
            task("T-1", created, notes),
            task("T-2", "2025-01-01", "same"),
        ]
    };
    // A time shows the same without other records.
    for (created, count) in [("2025-01-01", 2), ("2025-01-01T10:00:00Z", 1)] {
        let workspace = TestWorkspace::with_workspace();
        let [ours, copy] = ["mine", "edited"].map(|notes| tasks(created, notes));
        workspace.write(&format!("ours/{TASKS}"), json!(&ours[..count]).to_string());
        workspace.write(&format!("copy/{TASKS}"), json!(&copy[..count]).to_string());
        workspace.ok(&["import", "ours"]);
        let output = workspace.run(&["import", "copy", "--renumber", "--json"]);
        assert_eq!(output.status.code(), Some(1));
        let imported: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        assert_eq!(imported["renumbered"], json!([]));
        assert_eq!(imported["conflicts"][0]["field"], "notes", "{imported:#}");
        let error: Value = serde_json::from_slice(&output.stderr).unwrap_or_default();
        let hint =
            "run the import again without --renumber, and with --prefer file or --prefer database";
        assert_eq!(error["error"]["hint"], hint, "{error:#}");
        assert_eq!(workspace.json(&["task", "list"])["total"], count);
        workspace.ok(&["import", "copy", "--prefer", "file"]);
        assert_eq!(workspace.json(&["task", "show", "T-1"])["notes"], "edited");
    }
}

#[test]
fn texts_that_mention_renumbered_ids_are_noted_once() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Mine"]);
    let task = |id: &str, description: &str| json!({"id": id, "title": "Theirs", "created": "2025-01-01T10:00:00Z", "status": "pending", "description": description});
    let tasks = [
        task("WS-TASK-001", "first"),
        task("WS-TASK-005", "after WS-TASK-001."),
        task("WS-TASK-006", "see (WS-TASK-001), not WS-TASK-0012"),
        task("WS-TASK-007", "see WS-TASK-0011"),
    ];
    workspace.write("in/WORKSPACE-TASKS.json", json!(tasks).to_string());
    let stderr = workspace.stderr(&["import", "in", "--renumber"]);
    let note = "2 records in the files mention changed IDs in descriptions or other texts; these texts are not updated";
    assert_eq!(stderr.matches(note).count(), 1, "{stderr}");
    let task = workspace.json(&["task", "show", "5"]);
    assert_eq!(task["description"], "after WS-TASK-001.");
    let stderr = workspace.stderr(&["import", "in", "--renumber"]);
    assert!(!stderr.contains("mention"), "{stderr}");
}

/// A workspace with two tasks, and another one's documents in the folder `other`: a task and an issue refer to
/// a task that has the ID of the second one here, and this status.
fn with_references_to_a_task(status: &str) -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Own first"]);
    workspace.ok(&["task", "add", "Own second"]);
    write_task_with_references(&workspace, status);
    workspace
}

fn write_task_with_references(workspace: &TestWorkspace, status: &str) {
    let task = |id: &str, title: &str, status: &str| json!({"id": id, "title": title, "status": status, "created": "2025-03-01T10:00:00Z"});
    let mut third = task("WS-TASK-003", "Other third", "pending");
    third["dependencies"] = json!(["WS-TASK-002"]);
    let tasks = json!([task("WS-TASK-002", "Other second", status), third]);
    workspace.write(&format!("other/{TASKS}"), tasks.to_string());
    let issue = json!({"id": "ISSUE-001", "type": "bug", "title": "Other issue", "detected": "2025-03-01T10:00:00Z",
        "severity": "LOW", "status": "open", "related_task_id": "WS-TASK-002"});
    let issues = json!({ "issues": [issue] }).to_string();
    workspace.write("other/CROSS-REPO-ISSUES.json", issues);
}

#[test]
fn reference_to_a_rejected_record_is_not_one_to_a_record_here() {
    let workspace = with_references_to_a_task("odd");
    let skipping = ["import", "other", "--renumber", "--skip-rejects"];
    assert_snapshot!(workspace.stderr(&skipping), @"
    warning: other/WORKSPACE-TASKS.json, $[1]: task WS-TASK-003: dependency WS-TASK-002-rejected does not exist
    warning: other/CROSS-REPO-ISSUES.json, $.issues[0]: issue ISSUE-001: related task WS-TASK-002-rejected does not exist
    warning: 1 record skipped: see wsdb-rejects.json
    ");
    let third = || workspace.json(&["task", "show", "3"]);
    assert_eq!(third()["title"], "Other third");
    let missing = third()["dependencies"][0].clone();
    assert_eq!(missing, "WS-TASK-002-rejected");
    let issue = || workspace.json(&["issue", "show", "1"])["related_task_id"].clone();
    assert_eq!(issue(), missing);
    // Nor to one that is added here.
    let added = workspace.json(&["task", "add", "Own third"]);
    assert_ne!(added["id"], missing);
    for options in [&skipping[..], &["import", "other", "--skip-rejects"]] {
        assert_eq!(workspace.json(options)["unchanged"], true);
    }
    write_task_with_references(&workspace, "pending");
    let imported = workspace.json(&["import", "other", "--renumber"]);
    let second = imported["renumbered"][0]["to"].clone();
    assert_eq!(third()["dependencies"], json!([second]));
    assert_eq!(issue(), second);
    let id = second.as_str().unwrap_or_default();
    assert_eq!(title(&workspace, id), "Other second");
}

#[test]
fn reference_to_a_rejected_record_of_our_own_is_kept() {
    let workspace = TestWorkspace::with_workspace();
    write_task_with_references(&workspace, "pending");
    workspace.ok(&["import", "other"]);
    write_task_with_references(&workspace, "odd");
    // The same file, and a copy of it.
    let copied = workspace.read(&format!("other/{TASKS}"));
    workspace.write(&format!("copy/{TASKS}"), copied);
    for folder in ["other", "copy"] {
        let skipping = ["import", folder, "--renumber", "--skip-rejects"];
        let imported = workspace.json(&skipping);
        assert_eq!(imported["unchanged"], true, "{imported:#}");
        let third = workspace.json(&["task", "show", "3"]);
        assert_eq!(third["dependencies"], json!(["WS-TASK-002"]));
    }
}

#[test]
fn id_of_a_rejected_record_is_not_assigned() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Own first"]);
    let task = |id: &str, status: &str| json!({"id": id, "title": id, "status": status, "created": "2025-03-01T10:00:00Z"});
    let tasks = json!([task("WS-TASK-001", "pending"), task("WS-TASK-002", "odd")]);
    workspace.write(&format!("other/{TASKS}"), tasks.to_string());
    let imported = workspace.json(&["import", "other", "--renumber", "--skip-rejects"]);
    assert_eq!(imported["renumbered"][0]["to"], "WS-TASK-003");
}

/// The documents of two workspaces have different sessions with the same ID, and name no activities.
fn equal_activities_of_different_sessions_are_both_kept() {
    let text = json!(["Looked around"]);
    let object = json!([{"description": "Looked around", "time": "2026-01-15T10:00:00"}]);
    for activities in [text, object] {
        let workspace = TestWorkspace::with_workspace();
        let session = |time: &str, activities: &Value| {
            json!({"sessions": [{"session_id": "2026-01-15-session-001", "start_time": time,
                "activities": activities, "decisions_made": ["One price list"]}]})
        };
        let own = session("2026-01-15T09:00:00", &activities);
        let other = session("2026-01-15T08:00:00", &activities);
        workspace.write("own/SESSION-LOG.json", own.to_string());
        workspace.write("other/SESSION-LOG.json", other.to_string());
        workspace.ok(&["import", "own"]);
        let log = |number: u8| {
            let id = format!("2026-01-15-session-00{number}");
            let session = workspace.json(&["session", "show", &id]);
            let activities = session["activities"].as_array().into_iter().flatten();
            let texts = activities.map(|activity| activity["description"].clone());
            texts.collect::<Vec<Value>>()
        };
        for _ in 0..2 {
            workspace.ok(&["import", "other", "--renumber"]);
            assert_eq!(log(1), ["Looked around"]);
            assert_eq!(log(2), ["Looked around"]);
        }
        workspace.replace_in("other/SESSION-LOG.json", "Looked around", "Looked closely");
        workspace.ok(&["import", "other"]);
        assert_eq!(log(1), ["Looked around"]);
        assert_eq!(log(2), ["Looked closely"]);
        workspace.ok(&["import", "own"]);
        workspace.ok(&["export", "other", "--force"]);
        let note = workspace.stderr(&["import", "other"]);
        assert_snapshot!(note, @"");
        assert_eq!(log(1), ["Looked around"]);
        assert_eq!(log(2), ["Looked closely"]);
    }
}
