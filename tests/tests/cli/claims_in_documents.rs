//! Claims in documents: export, import and merging.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

use crate::claims::{one_task, three_tasks};

wsdb_tests::on_sqlite_and_postgres! {
    export_and_import_keep_claims,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    replacing_import_deletes_a_missing_claim,
    replacing_import_deletes_a_claimed_task,
    import_does_not_restore_an_ended_claim,
    claim_that_ended_elsewhere_ends_here,
    claim_of_a_deleted_task_is_not_imported,
}

const FILE: &str = "WORKSPACE-TASKS.json";

fn document(workspace: &TestWorkspace) -> Value {
    serde_json::from_str(&workspace.read(FILE)).unwrap()
}

/// Changes the tasks of the exported document.
fn edit(workspace: &TestWorkspace, change: impl FnOnce(&mut Value)) {
    let mut document = document(workspace);
    change(&mut document["active_tasks"]);
    workspace.write(FILE, document.to_string());
}

fn export_and_import_keep_claims() {
    let workspace = three_tasks();
    workspace.ok(&["task", "claim", "2"]);
    workspace.ok(&["export"]);
    let tasks = document(&workspace)["active_tasks"].clone();
    assert!(tasks[0].get("claim").is_none());
    let fields: Vec<&String> = tasks[1]["claim"].as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        ["expires", "holder", "session_id", "since", "status_before"]
    );

    let other = TestWorkspace::with_workspace();
    other.ok(&["import", &workspace.path().display().to_string()]);
    other.ok(&["export"]);
    assert_eq!(other.read(FILE), workspace.read(FILE));
    assert_eq!(other.json(&["import"])["unchanged"], true);
    assert_eq!(
        other.json(&["task", "show", "2"])["claim"],
        workspace.json(&["task", "show", "2"])["claim"]
    );
}

fn replacing_import_deletes_a_missing_claim() {
    let workspace = one_task();
    workspace.ok(&["task", "claim", "1"]);
    workspace.ok(&["export"]);
    edit(&workspace, |tasks| {
        tasks[0].as_object_mut().unwrap().remove("claim");
    });
    workspace.ok(&["import", "--replace"]);
    assert_eq!(workspace.json(&["task", "show", "1"])["claim"], Value::Null);
}

fn replacing_import_deletes_a_claimed_task() {
    let workspace = one_task();
    workspace.ok(&["task", "claim", "1"]);
    workspace.ok(&["export"]);
    edit(&workspace, |tasks| *tasks = json!([]));
    workspace.ok(&["import", "--replace"]);
    assert_eq!(workspace.json(&["task", "list"])["total"], 0);
}

#[test]
fn import_merges_claims() {
    let workspace = three_tasks();
    workspace.ok(&["task", "claim", "1"]);
    workspace.ok(&["task", "claim", "2"]);
    workspace.ok(&["export"]);
    // One is changed in the database only, the other one in the file only.
    workspace.ok(&["task", "heartbeat", "1", "--lease", "1d"]);
    edit(&workspace, |tasks| {
        tasks[1]["claim"]["expires"] = json!("2099-01-01T00:00:00");
    });
    let imported = workspace.json(&["import"]);
    assert_eq!(
        imported["counts"]["claims"],
        json!({"new": 0, "changed": 1, "unchanged": 1, "deleted": 0})
    );
    let expires = |id| workspace.json(&["task", "show", id])["claim"]["expires"].clone();
    assert_eq!(expires("1"), "2026-01-16T10:00:07Z");
    assert_eq!(expires("2"), "2099-01-01T00:00:00Z");
}

/// A claim is merged as one value: its holder and its end are never mixed.
#[test]
fn claim_changed_on_both_sides_is_a_conflict() {
    let workspace = one_task();
    workspace.ok(&["task", "claim", "1"]);
    workspace.ok(&["export"]);
    workspace.ok(&["task", "heartbeat", "1", "--lease", "1d"]);
    edit(&workspace, |tasks| {
        tasks[0]["claim"]["holder"] = json!("jo");
    });
    let before = workspace.json(&["task", "show", "1"]);
    let output = workspace.run(&["import", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let imported: Value = serde_json::from_slice(&output.stdout).unwrap();
    let conflicts = imported["conflicts"].as_array().unwrap();
    assert_eq!(conflicts.len(), 1, "{conflicts:?}");
    assert_eq!(conflicts[0]["record_type"], "claim");
    assert_eq!(conflicts[0]["field"], "claim");
    assert_eq!(conflicts[0]["file"]["holder"], "jo");
    assert_eq!(workspace.json(&["task", "show", "1"]), before);
    workspace.ok(&["import", "--prefer", "file"]);
    let claim = &workspace.json(&["task", "show", "1"])["claim"];
    assert_eq!(claim["holder"], "jo");
}

fn import_does_not_restore_an_ended_claim() {
    let workspace = one_task();
    workspace.ok(&["task", "claim", "1"]);
    workspace.ok(&["export"]);
    workspace.ok(&["task", "done", "1"]);
    let imported = workspace.json(&["import"]);
    assert_eq!(imported["conflicts"], json!([]));
    assert_eq!(workspace.json(&["task", "show", "1"])["claim"], Value::Null);
}

fn claim(workspace: &TestWorkspace) -> Value {
    workspace.json(&["task", "show", "1"])["claim"].clone()
}

fn claim_that_ended_elsewhere_ends_here() {
    for end in ["release", "done"] {
        let (first, second) = (one_task(), TestWorkspace::with_workspace());
        let copy = || {
            first.ok(&["export"]);
            second.write(FILE, first.read(FILE));
            second.ok(&["import"]);
        };
        copy();
        let unclaimed = first.read(FILE);
        first.ok(&["task", "claim", "1", "--actor", "jo"]);
        copy();
        // An import that brings a claim can be undone.
        second.ok(&["undo"]);
        second.ok(&["import"]);
        second.write(FILE, unclaimed);
        second.ok(&["import"]);
        assert_eq!(claim(&second)["holder"], "jo", "older than the claim");
        second.write(FILE, first.read(FILE));
        second.ok(&["import"]);
        first.ok(&["task", end, "1", "--actor", "jo"]);
        copy();
        assert_eq!(claim(&second), Value::Null, "{end}");
        let status =
            |workspace: &TestWorkspace| workspace.json(&["task", "show", "1"])["status"].clone();
        assert_eq!(status(&second), status(&first));
    }
}

#[test]
fn claim_that_a_person_removed_ends() {
    let workspace = three_tasks();
    workspace.ok(&["task", "claim", "1"]);
    workspace.ok(&["task", "claim", "2"]);
    workspace.ok(&["export"]);
    edit(&workspace, |tasks| {
        tasks[0]["claim"] = Value::Null;
        tasks[1]["status"] = json!("completed");
    });
    for _ in 0..2 {
        workspace.ok(&["import"]);
        for id in ["1", "2"] {
            assert_eq!(workspace.json(&["task", "show", id])["claim"], Value::Null);
        }
    }
}

fn claim_of_a_deleted_task_is_not_imported() {
    let workspace = one_task();
    workspace.ok(&["task", "claim", "1"]);
    workspace.ok(&["export"]);
    workspace.ok(&["task", "rm", "1"]);
    let imported = workspace.json(&["import"]);
    assert_eq!(imported["conflicts"], json!([]));
    // Also a claim that was changed in the document.
    edit(&workspace, |tasks| {
        tasks[0]["claim"] =
            json!({"holder": "x", "since": "2025-01-01", "expires": "2025-01-02", "why": "?"});
    });
    workspace.ok(&["import"]);
    assert_eq!(workspace.json(&["task", "list"])["total"], 0);
}

#[test]
fn other_fields_named_claim_are_kept() {
    let workspace = three_tasks();
    workspace.ok(&["export"]);
    edit(&workspace, |tasks| {
        tasks[0]["claim"] = json!("fifty pears");
        tasks[1]["claim"] = json!({"holder": "jo", "since": "2025-01-01", "expires": "2099-01-02", "why": {"a": [1.10]}});
        tasks[2]["claim"] = Value::Null;
    });
    workspace.ok(&["import"]);
    workspace.ok(&["task", "claim", "1"]);
    workspace.ok(&["export", "--force"]);
    let tasks = document(&workspace)["active_tasks"].clone();
    assert_eq!(tasks[0]["claim"], "fifty pears");
    assert_eq!(tasks[0]["wsdb_claim"]["holder"], "mira");
    assert_eq!(tasks[1]["claim"]["why"], json!({"a": [1.10]}));
    assert!(tasks[2].get("claim").is_none());
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
}

#[test]
fn invalid_claims_are_refused() {
    let workspace = three_tasks();
    workspace.ok(&["task", "claim", "2"]);
    workspace.ok(&["export"]);
    edit(&workspace, |tasks| {
        tasks[0]["wsdb_claim"] = json!(["mira"]);
        tasks[1]["claim"]["expires"] = json!("tomorrow");
        tasks[2]["wsdb_claim"] = json!({"holder": "jo", "expires": "2099-01-01"});
    });
    assert_snapshot!(workspace.fails(1, &["import"]), @r#"
    error: 3 records cannot be imported; nothing was written
           WORKSPACE-TASKS.json, $.active_tasks[0].claim: expected an object, found a list
           WORKSPACE-TASKS.json, $.active_tasks[1].claim.expires: invalid time "tomorrow" (expected a time such as 2025-11-20, 2025-11-20T10:30:00Z or 2025-11-20T10:30:00)
           WORKSPACE-TASKS.json, $.active_tasks[2].claim: missing field "since"
    hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
    "#);
}

#[test]
fn incomplete_claim_is_a_field_with_a_warning() {
    let workspace = three_tasks();
    workspace.ok(&["task", "add", "Fourth"]);
    workspace.ok(&["export"]);
    edit(&workspace, |tasks| {
        tasks[0]["claim"] = json!({"holder": "jo"});
        tasks[1]["claim"] = json!({"holder": "jo", "since": "2025-01-01"});
        tasks[2]["claim"] = json!({"holder": "jo", "expires": "2099-01-01"});
        tasks[3]["claim"] = json!({"amount": 50});
    });
    assert_snapshot!(workspace.stderr(&["import"]), @r#"
    warning: WORKSPACE-TASKS.json, $.active_tasks[0].claim: claim is kept, but does not claim the task: missing fields "since" and "expires"
    warning: WORKSPACE-TASKS.json, $.active_tasks[1].claim: claim is kept, but does not claim the task: missing field "expires"
    warning: WORKSPACE-TASKS.json, $.active_tasks[2].claim: claim is kept, but does not claim the task: missing field "since"
    "#);
    let task = workspace.json(&["task", "show", "1"]);
    assert_eq!(task["claim"], Value::Null);
    assert_eq!(task["document_fields"]["claim"], json!({"holder": "jo"}));
}
