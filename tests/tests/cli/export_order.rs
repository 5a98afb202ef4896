//! `wsdb export` of documents that people keep by hand: the order of their records, and bare lists.

use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

const TASKS: &str = "WORKSPACE-TASKS.json";

fn task(id: &str) -> Value {
    json!({"id": id, "title": id, "created": "2026-01-01"})
}

/// Exports the documents, and returns that of the tasks.
fn export(workspace: &TestWorkspace) -> Value {
    workspace.ok(&["export"]);
    serde_json::from_str(&workspace.read(TASKS)).unwrap()
}

fn ids(list: &Value) -> Vec<&str> {
    let list = list.as_array().unwrap().iter();
    list.map(|task| task["id"].as_str().unwrap()).collect()
}

#[test]
fn new_records_are_last_in_the_order_in_which_they_were_made() {
    for file in [["T-1", "Z-1"], ["Z-1", "T-1"]] {
        let workspace = TestWorkspace::with_workspace();
        let tasks = json!({"active_tasks": file.map(task)});
        workspace.write(TASKS, tasks.to_string());
        workspace.ok(&["import"]);
        workspace.ok(&["task", "add", "one"]);
        workspace.ok(&["task", "add", "two"]);
        let mut expected = file.to_vec();
        expected.extend(["WS-TASK-001", "WS-TASK-002"]);
        for _ in 0..2 {
            assert_eq!(ids(&export(&workspace)["active_tasks"]), expected);
        }
        workspace.ok(&["import"]);
        workspace.ok(&["task", "add", "three"]);
        expected.push("WS-TASK-003");
        assert_eq!(ids(&export(&workspace)["active_tasks"]), expected);
    }
}

#[test]
fn bare_list_stays_one() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(TASKS, json!([task("T-2"), task("T-1")]).to_string());
    workspace.ok(&["import"]);
    workspace.ok(&["task", "add", "new"]);
    workspace.ok(&["task", "done", "T-2"]);
    assert_eq!(ids(&export(&workspace)), ["T-2", "T-1", "WS-TASK-001"]);
    workspace.ok(&["import"]);
    assert_eq!(ids(&export(&workspace)), ["T-2", "T-1", "WS-TASK-001"]);
    // Without any record, too.
    workspace.ok(&["task", "rm", "T-1", "T-2", "WS-TASK-001"]);
    assert_eq!(export(&workspace), json!([]));
}

#[test]
fn bare_list_with_fields_of_the_document_becomes_an_object() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(TASKS, json!([task("T-1")]).to_string());
    let others = json!({"version": "1", "active_tasks": [task("T-2")]});
    workspace.write("more/WORKSPACE-TASKS.json", others.to_string());
    workspace.ok(&["import", TASKS, "more"]);
    let exported = export(&workspace);
    assert_eq!(ids(&exported["active_tasks"]), ["T-1", "T-2"]);
    assert_eq!(exported["version"], "1");
}

#[test]
fn bare_list_of_a_document_with_several_lists_becomes_an_object() {
    let workspace = TestWorkspace::with_workspace();
    let state =
        json!({"id": "S-1", "state_type": "current", "repo": "core", "created_at": "2026-01-01"});
    let file = "ARCHITECTURE.json";
    workspace.write(file, json!([state]).to_string());
    workspace.ok(&["import"]);
    workspace.ok(&["export"]);
    let exported: Value = serde_json::from_str(&workspace.read(file)).unwrap();
    assert_eq!(exported[0]["id"], "S-1");
    workspace.ok(&["placement", "add", "pricing", "--repo", "web"]);
    workspace.ok(&["export"]);
    let exported: Value = serde_json::from_str(&workspace.read(file)).unwrap();
    assert_eq!(exported["architecture_states"][0]["id"], "S-1");
    assert_eq!(
        exported["component_placements"].as_array().map(Vec::len),
        Some(1)
    );
}
