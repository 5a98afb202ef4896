//! Own records beside renumbered ones that were created on the same day under the same ids.

use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

use crate::made_apart::titles;

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    edited_file_keeps_its_own_records,
    deleted_record_is_not_one_that_was_renumbered,
    exported_record_is_our_own,
    renumbered_file_keeps_its_ids_after_an_edit,
}

const TASKS: &str = "WORKSPACE-TASKS.json";
const DECISIONS: &str = "ARCHITECTURE-DECISIONS.json";

/// A workspace with two tasks and two decisions, and with a task and a decision from the folder `in` that
/// were made on the same day under the same ids and got new ones here.
fn with_renumbered_records() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    write_records(
        &workspace,
        ".",
        &json!([
            {"id": "WS-TASK-001", "title": "Ours", "created": "2026-03-01", "status": "pending", "notes": "mine"},
            {"id": "WS-TASK-002", "title": "Ours two", "created": "2026-03-01", "status": "pending",
                "dependencies": ["WS-TASK-001"]},
        ]),
        &json!([
            {"id": "DEC-001", "decision": "Ours", "date": "2026-03-01", "status": "planned", "rationale": "mine"},
            {"id": "DEC-002", "decision": "Ours two", "date": "2026-03-01", "status": "planned", "supersedes": ["DEC-001"]},
        ]),
    );
    workspace.ok(&["import"]);
    write_records(
        &workspace,
        "in",
        &json!([{"id": "WS-TASK-001", "title": "Theirs", "created": "2026-03-01", "status": "pending"}]),
        &json!([{"id": "DEC-001", "decision": "Theirs", "date": "2026-03-01", "status": "planned"}]),
    );
    workspace.ok(&["import", "in", "--renumber"]);
    assert_eq!(titles(&workspace), ["Ours", "Ours two", "Theirs"]);
    assert_eq!(decisions(&workspace), ["Ours", "Ours two", "Theirs"]);
    workspace
}

fn write_records(workspace: &TestWorkspace, folder: &str, tasks: &Value, decisions: &Value) {
    let tasks = json!({ "active_tasks": tasks }).to_string();
    workspace.write(&format!("{folder}/{TASKS}"), tasks);
    let decisions = json!({ "decisions": decisions }).to_string();
    workspace.write(&format!("{folder}/{DECISIONS}"), decisions);
}

/// The texts of the decisions, in the order of their ids.
fn decisions(workspace: &TestWorkspace) -> Vec<Value> {
    let list = workspace.json(&["decision", "list"]);
    let mut decisions = list["decisions"].as_array().unwrap().clone();
    decisions.sort_by_key(|decision| decision["id"].to_string());
    let texts = decisions.iter().map(|it| it["decision"].clone());
    texts.collect()
}

/// Edits the records with the name `from` in the documents of a folder.
fn rename(workspace: &TestWorkspace, folder: &str, from: &str, to: &str) {
    for name in [TASKS, DECISIONS] {
        let file = format!("{folder}/{name}");
        workspace.replace_in(&file, &format!("\"{from}\""), &format!("\"{to}\""));
    }
}

fn assert_own_references(workspace: &TestWorkspace) {
    let task = workspace.json(&["task", "show", "2"]);
    assert_eq!(task["dependencies"], json!(["WS-TASK-001"]));
    let decision = workspace.json(&["decision", "show", "2"]);
    assert_eq!(decision["supersedes"], json!(["DEC-001"]));
}

fn edited_file_keeps_its_own_records() {
    for options in [&["import"][..], &["import", "--renumber"]] {
        let workspace = with_renumbered_records();
        rename(&workspace, ".", "Ours", "Ours edited");
        let imported = workspace.json(options);
        assert_eq!(imported["renumbered"], json!([]));
        let expected = ["Ours edited", "Ours two", "Theirs"];
        assert_eq!(titles(&workspace), expected);
        assert_eq!(decisions(&workspace), expected);
        assert_own_references(&workspace);
        // What the folders mean stays known.
        for folder in [".", "in"] {
            let imported = workspace.json(&["import", folder]);
            assert_eq!(imported["unchanged"], true, "{imported:#}");
        }
    }
}

fn deleted_record_is_not_one_that_was_renumbered() {
    for options in [&["import"][..], &["import", "--renumber"]] {
        let workspace = with_renumbered_records();
        workspace.ok(&["task", "rm", "1", "--force"]);
        workspace.ok(&["decision", "rm", "1", "--force"]);
        let stderr = workspace.stderr(options);
        for id in ["WS-TASK-001", "DEC-001"] {
            assert!(stderr.contains(id), "{stderr}");
        }
        assert!(stderr.contains("deleted"), "{stderr}");
        assert_eq!(titles(&workspace), ["Ours two", "Theirs"]);
        assert_eq!(decisions(&workspace), ["Ours two", "Theirs"]);
    }
}

fn exported_record_is_our_own() {
    // Edited in the file, and in the database.
    for options in [&["import", "docs"][..], &["import", "docs", "--renumber"]] {
        let workspace = with_renumbered_records();
        workspace.ok(&["export", "docs"]);
        workspace.ok(&["export", "copy"]);
        rename(&workspace, "docs", "Ours", "Ours edited");
        workspace.ok(options);
        let expected = ["Ours edited", "Ours two", "Theirs"];
        assert_eq!(titles(&workspace), expected);
        assert_eq!(decisions(&workspace), expected);
        workspace.ok(&["task", "edit", "1", "--title", "Ours again"]);
        workspace.ok(&["decision", "edit", "1", "--decision", "Ours again"]);
        // A path that is not known.
        for name in [TASKS, DECISIONS] {
            let copied = workspace.read(&format!("copy/{name}"));
            workspace.write(&format!("moved/{name}"), copied);
        }
        for folder in ["docs", "copy", "moved"] {
            let imported = workspace.json(&["import", folder]);
            assert_eq!(imported["conflicts"], json!([]));
            let expected = ["Ours again", "Ours two", "Theirs"];
            assert_eq!(titles(&workspace), expected);
            assert_eq!(decisions(&workspace), expected);
            assert_own_references(&workspace);
        }
    }
}

fn renumbered_file_keeps_its_ids_after_an_edit() {
    for options in [&["import", "in"][..], &["import", "in", "--renumber"]] {
        let workspace = with_renumbered_records();
        write_records(
            &workspace,
            "in",
            &json!([{"id": "WS-TASK-001", "title": "Ours", "created": "2026-03-01", "status": "pending",
                "priority": "HIGH"}]),
            &json!([{"id": "DEC-001", "decision": "Ours", "date": "2026-03-01", "status": "planned",
                "rationale": "theirs"}]),
        );
        let imported = workspace.json(options);
        assert_eq!(imported["renumbered"], json!([]));
        assert_eq!(titles(&workspace), ["Ours", "Ours two", "Ours"]);
        assert_eq!(decisions(&workspace), ["Ours", "Ours two", "Ours"]);
        let priority = |id: &str| workspace.json(&["task", "show", id])["priority"].clone();
        assert_ne!(priority("1"), "HIGH");
        assert_eq!(priority("3"), "HIGH");
        let rationale = |id: &str| workspace.json(&["decision", "show", id])["rationale"].clone();
        assert_eq!(rationale("1"), "mine");
        assert_eq!(rationale("3"), "theirs");
    }
}
