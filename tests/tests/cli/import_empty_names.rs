//! Import of records whose titles or descriptions are empty: commands refuse them, too.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;
use wsdb_tests::store::sqlite_execute;

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    empty_names_are_rejected,
    title_that_is_removed_in_an_export_is_rejected,
}

const TASKS: &str = "WORKSPACE-TASKS.json";
const SESSIONS: &str = "SESSION-LOG.json";

fn write_tasks(workspace: &TestWorkspace, titles: &[&str]) {
    let tasks = titles.iter().zip(1..).map(|(title, number)| {
        json!({"id": format!("T-{number}"), "title": title, "created": "2026-01-05"})
    });
    let tasks: Vec<Value> = tasks.collect();
    workspace.write(TASKS, json!({"active_tasks": tasks}).to_string());
}

fn empty_names_are_rejected() {
    let workspace = TestWorkspace::with_workspace();
    write_tasks(&workspace, &["Prune vines", "", "  "]);
    let session = json!({"session_id": "S-1", "start_time": "2026-01-05",
        "activities": ["", {"description": "Pruned"}],
        "decisions_made": [{"decision": ""}, {"decision": "Use pears"}],
        "issues_found": [{"issue": " "}, {"id": "I-2", "issue": ""}]});
    workspace.write(SESSIONS, json!({"sessions": [session]}).to_string());
    assert_snapshot!(workspace.fails(1, &["import"]), @"
    error: 6 records cannot be imported; nothing was written
           SESSION-LOG.json, $.sessions[0].activities[0]: description must not be empty
           SESSION-LOG.json, $.sessions[0].decisions_made[0]: decision must not be empty
           SESSION-LOG.json, $.sessions[0].issues_found[0]: title must not be empty
           SESSION-LOG.json, $.sessions[0].issues_found[1]: title must not be empty
           WORKSPACE-TASKS.json, $.active_tasks[1]: title must not be empty
           WORKSPACE-TASKS.json, $.active_tasks[2]: title must not be empty
    hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
    ");
    workspace.ok(&["import", "--skip-rejects"]);
    assert_eq!(workspace.json(&["task", "list"])["total"], 1);
    assert_eq!(workspace.json(&["decision", "list"])["total"], 1);
    assert_eq!(workspace.json(&["issue", "list"])["total"], 0);
    let session = workspace.json(&["session", "show", "S-1"]);
    assert_eq!(session["decisions_made"].as_array().map(Vec::len), Some(1));
    assert_eq!(session["issues_found"], json!([]));
    let rejects: Value = serde_json::from_str(&workspace.read("wsdb-rejects.json")).unwrap();
    assert_eq!(rejects["rejects"].as_array().map(Vec::len), Some(6));
}

fn title_that_is_removed_in_an_export_is_rejected() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Prune vines"]);
    workspace.ok(&["task", "claim", "1"]);
    workspace.ok(&["export"]);
    workspace.replace_in(TASKS, "\"Prune vines\"", "\"\"");
    let error = workspace.fails(1, &["import"]);
    assert!(
        error.contains("$.active_tasks[0]: title must not be empty"),
        "{error}"
    );
    for mode in [
        &["import", "--skip-rejects"][..],
        &["import", "--skip-rejects", "--replace"],
    ] {
        workspace.ok(mode);
        let task = workspace.json(&["task", "show", "1"]);
        assert_eq!(task["title"], "Prune vines");
        assert_eq!(task["claim"]["holder"], "mira");
    }
}

#[test]
fn short_form_of_a_record_may_have_no_text() {
    let workspace = TestWorkspace::with_workspace();
    let decision = json!({"id": "DEC-1", "decision": "Use pears", "status": "planned",
        "date": "2026-01-05"});
    workspace.write(
        "ARCHITECTURE-DECISIONS.json",
        json!({"decisions": [decision]}).to_string(),
    );
    let session = json!({"session_id": "S-1", "start_time": "2026-01-05",
        "decisions_made": [{"id": "DEC-1", "decision": ""}]});
    workspace.write(SESSIONS, json!({"sessions": [session]}).to_string());
    workspace.ok(&["import"]);
    assert_eq!(
        workspace.json(&["decision", "show", "1"])["decision"],
        "Use pears"
    );
}

/// Earlier versions imported empty titles. Their exports are imported as they are.
#[test]
fn empty_title_of_an_export_is_imported() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Prune vines", "--priority", "medium"]);
    let database = workspace.path().join("workspace.db");
    sqlite_execute(&database, "UPDATE workspace_tasks SET title = ''");
    workspace.ok(&["export"]);
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
    let other = TestWorkspace::with_workspace();
    other.write(TASKS, workspace.read(TASKS));
    other.ok(&["import"]);
    assert_eq!(other.json(&["task", "show", "1"])["title"], "");
    // Other fields can be edited.
    other.replace_in(TASKS, "\"MEDIUM\"", "\"HIGH\"");
    other.ok(&["import"]);
    assert_eq!(other.json(&["task", "show", "1"])["priority"], "HIGH");
}
