//! Records that two databases made apart under the same id.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

wsdb_tests::on_sqlite_and_postgres! {
    record_with_an_unknown_version_is_renumbered,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    export_of_another_database_at_the_same_path_is_a_conflict,
    records_that_differ_only_in_their_time_are_not_mixed,
    older_file_keeps_the_ids_that_a_newer_one_got,
    renumbered_file_with_the_own_record_again_is_not_mixed,
    copy_of_a_renumbered_folder_is_known,
}

const TASKS: &str = "WORKSPACE-TASKS.json";

/// Two databases that each have a task of their own, in the documents of the folder `docs`. The clock
/// of the second one is ahead.
fn two_databases() -> [TestWorkspace; 2] {
    ["From X", "From Y"].map(|title| {
        let workspace = TestWorkspace::with_workspace();
        if title == "From Y" {
            workspace.ok(&["session", "start"]);
        }
        workspace.ok(&["task", "add", title]);
        workspace.ok(&["export", "docs"]);
        workspace
    })
}

fn file() -> String {
    format!("docs/{TASKS}")
}

/// Copies the tasks from one workspace to another, as git does.
fn copy(from: &TestWorkspace, to: &TestWorkspace) {
    to.write(&file(), from.read(&file()));
}

/// Returns the titles of the tasks, in the order of their ids.
pub(crate) fn titles(workspace: &TestWorkspace) -> Vec<Value> {
    let list = workspace.json(&["task", "list"]);
    let tasks = list["tasks"].as_array().unwrap().iter();
    let mut titles: Vec<(Value, Value)> = tasks
        .map(|task| (task["id"].clone(), task["title"].clone()))
        .collect();
    titles.sort_by_key(|(id, _)| id.to_string());
    titles.into_iter().map(|(_, title)| title).collect()
}

fn export_of_another_database_at_the_same_path_is_a_conflict() {
    let [x, y] = two_databases();
    copy(&y, &x);
    let output = x.run(&["import", "docs"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        x.text(&output.stdout).trim(),
        "No records imported; 1 conflict"
    );
    assert_eq!(titles(&x), ["From X"]);
    // A task without `rev` is also another one.
    let mut document: Value = serde_json::from_str(&x.read(&file())).unwrap();
    let task = document["active_tasks"][0].as_object_mut().unwrap();
    task.remove("rev");
    x.write(&file(), document.to_string());
    assert_eq!(x.run(&["import", "docs"]).status.code(), Some(1));
    assert_eq!(titles(&x), ["From X"]);
}

fn records_that_differ_only_in_their_time_are_not_mixed() {
    let [x, y] = ["x", "y"].map(|_| TestWorkspace::with_workspace());
    y.ok(&["task", "list"]);
    y.ok(&["task", "list"]);
    for workspace in [&x, &y] {
        workspace.ok(&["session", "start", "--no-handoff"]);
        workspace.ok(&["export", "docs"]);
    }
    let sessions = "docs/SESSION-LOG.json";
    assert_ne!(x.read(sessions), y.read(sessions), "the clock goes on");
    x.write(sessions, y.read(sessions));
    assert_eq!(x.run(&["import", "docs"]).status.code(), Some(1));
    let imported = x.json(&["import", "docs", "--renumber"]);
    assert_eq!(imported["renumbered"].as_array().unwrap().len(), 1);
    assert_eq!(x.json(&["session", "list"])["total"], 2);
}

fn record_with_an_unknown_version_is_renumbered() {
    let [x, y] = two_databases();
    x.ok(&["task", "add", "Needs X", "--depends-on", "1"]);
    x.ok(&["export", "docs"]);
    copy(&y, &x);
    x.ok(&["import", "docs", "--renumber"]);
    assert_eq!(titles(&x), ["From X", "Needs X", "From Y"]);
}

fn older_file_keeps_the_ids_that_a_newer_one_got() {
    let [x, y] = two_databases();
    copy(&x, &y);
    y.ok(&["import", "docs", "--renumber"]);
    y.ok(&["export", "docs"]);
    y.ok(&["task", "edit", "2", "--title", "Edited"]);
    // As `git checkout HEAD~1` does.
    copy(&x, &y);
    let imported = y.json(&["import", "docs"]);
    assert_eq!(imported["conflicts"], json!([]));
    assert_eq!(titles(&y), ["From Y", "Edited"]);
    x.ok(&["task", "edit", "1", "--notes", "later"]);
    x.ok(&["export", "docs"]);
    copy(&x, &y);
    y.ok(&["import", "docs"]);
    assert_eq!(y.json(&["task", "show", "2"])["notes"], "later");
    assert_eq!(titles(&y), ["From Y", "Edited"]);
}

fn renumbered_file_with_the_own_record_again_is_not_mixed() {
    let [x, y] = two_databases();
    let own = y.read(&file());
    copy(&x, &y);
    y.ok(&["import", "docs", "--renumber"]);
    y.write(&file(), own);
    y.replace_in(&file(), "From Y", "Edited");
    y.ok(&["import", "docs"]);
    assert_eq!(titles(&y), ["Edited", "From X"]);
}

fn copy_of_a_renumbered_folder_is_known() {
    let [x, y] = two_databases();
    y.write(&format!("other/{TASKS}"), x.read(&file()));
    y.ok(&["import", "other", "--renumber"]);
    y.write(&format!("moved/{TASKS}"), x.read(&file()));
    let imported = y.json(&["import", "moved", "--renumber"]);
    assert_eq!(imported["renumbered"], json!([]));
    assert_eq!(titles(&y), ["From Y", "From X"]);
}

#[test]
fn corrected_time_of_creation_is_an_edit() {
    let workspace = TestWorkspace::with_workspace();
    let task = |created: &str, title: &str| {
        let task = json!({"id": "T-1", "title": title, "created": created, "status": "pending"});
        workspace.write(TASKS, json!([task]).to_string());
    };
    task("2025-01-01", "First");
    workspace.ok(&["import"]);
    task("2025-01-02", "First");
    workspace.ok(&["import"]);
    let created = workspace.json(&["task", "show", "T-1"])["created"].clone();
    assert_eq!(created, "2025-01-02T00:00:00Z");
    task("2025-01-03", "Second");
    let output = workspace.run(&["import"]);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(workspace.text(&output.stderr), @r#"
    conflict: different tasks have the ID T-1: created "2025-01-03T00:00:00", title "Second" in the file; created "2025-01-02T00:00:00", title "First" in the database
    hint: run the import again with --renumber to give the records in the files new IDs, with --prefer file if they are the same records, or with --prefer database to leave out those in the files
    "#);
}

/// Records written by hand have dates that may be equal.
#[test]
fn records_of_the_same_day_are_renumbered() {
    let workspace = TestWorkspace::with_workspace();
    let task = |id: &str, title: &str, depends_on: Value| json!({"id": id, "title": title, "created": "2026-01-01", "dependencies": depends_on});
    let other = [
        task("T-1", "Logo", json!([])),
        task("T-2", "Print", json!(["T-1"])),
    ];
    workspace.write(
        &format!("x/{TASKS}"),
        json!([task("T-1", "CI", json!([]))]).to_string(),
    );
    workspace.write(&format!("y/{TASKS}"), json!(other).to_string());
    workspace.ok(&["import", "x"]);
    // T-2 must not depend on the T-1 here.
    let output = workspace.run(&["import", "y"]);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(workspace.text(&output.stderr), @r#"
    conflict: different tasks have the ID T-1: title "Logo" in the file; title "CI" in the database
    hint: run the import again with --renumber to give the records in the files new IDs, with --prefer file if they are the same records, or with --prefer database to leave out those in the files
    "#);
    assert_eq!(titles(&workspace), ["CI"]);
    let imported = workspace.json(&["import", "y", "--renumber"]);
    assert_eq!(
        imported["renumbered"],
        json!([{"record_type": "task", "from": "T-1", "to": "WS-TASK-001"}])
    );
    let print = workspace.json(&["task", "show", "T-2"]);
    assert_eq!(print["dependencies"], json!(["WS-TASK-001"]));
    assert_eq!(workspace.json(&["import", "x"])["unchanged"], true);
    assert_eq!(workspace.json(&["import", "y"])["unchanged"], true);
    // What refers to renumbered records is the same in a copy of the folder.
    let goal = json!({"id": "G-1", "task_id": "T-1", "architectural_goal": "x", "created_at": "2026-01-01", "status": "pending"});
    let goals = json!({"architecture_tasks": [goal]}).to_string();
    for folder in ["y", "z"] {
        workspace.write(&format!("{folder}/{TASKS}"), json!(other).to_string());
        workspace.write(&format!("{folder}/ARCHITECTURE.json"), &goals);
    }
    workspace.ok(&["import", "y"]);
    let imported = workspace.json(&["import", "z", "--renumber"]);
    assert_eq!(imported["unchanged"], true, "{imported:#}");
    assert_eq!(imported["renumbered"], json!([]));
    let goal = workspace.json(&["goal", "show", "G-1"]);
    assert_eq!(goal["task_id"], "WS-TASK-001");
}

/// The reference in the file means the task that is left out.
#[test]
fn references_to_records_that_were_left_out_are_reported() {
    let workspace = TestWorkspace::with_workspace();
    let task = |id: &str, title: &str, depends_on: Value| json!({"id": id, "title": title, "created": "2026-01-01", "status": "pending", "dependencies": depends_on});
    let own = [
        task("T-1", "CI", json!([])),
        task("T-3", "Docs", json!(["T-1"])),
    ];
    let other = [
        task("T-1", "Logo", json!([])),
        task("T-2", "Print", json!(["T-1"])),
        // Left out as well.
        task("T-3", "Paper", json!(["T-1"])),
    ];
    workspace.write(&format!("x/{TASKS}"), json!(own).to_string());
    workspace.write(&format!("y/{TASKS}"), json!(other).to_string());
    let issue = json!({"id": "I-1", "type": "bug", "title": "Blurred", "detected": "2026-01-01",
        "severity": "LOW", "status": "open", "related_task_id": "T-1"});
    let issues = json!({"issues": [issue]}).to_string();
    workspace.write("y/CROSS-REPO-ISSUES.json", issues);
    workspace.ok(&["import", "x"]);
    let output = workspace.run(&["import", "y", "--prefer", "database"]);
    assert_snapshot!(workspace.text(&output.stderr), @"
    warning: y/WORKSPACE-TASKS.json, $[1]: task T-2: dependency T-1 is a different record in the database, and the one in the file was left out; use --renumber instead of --prefer to import it with a new ID
    warning: y/CROSS-REPO-ISSUES.json, $.issues[0]: issue I-1: related task T-1 is a different record in the database, and the one in the file was left out; use --renumber instead of --prefer to import it with a new ID
    note: 2 tasks were left out because their IDs belong to different records in the database, or because the records have other IDs there; --renumber imports them
    ");
    assert_eq!(titles(&workspace), ["CI", "Print", "Docs"]);
    // What was decided once is not reported again.
    let imported = workspace.json(&["import", "y"]);
    assert_eq!(imported["warnings"], json!([]));
}

#[test]
fn renumbered_decisions_are_those_of_the_rules() {
    let [x, y] = ["X", "Y"].map(|title| {
        let workspace = TestWorkspace::with_workspace();
        if title == "Y" {
            workspace.ok(&["session", "start"]);
        }
        workspace.ok(&["decision", "add", title]);
        let component = format!("component {title}");
        workspace.ok(&[
            "placement",
            "add",
            &component,
            "--repo",
            "core",
            "--type",
            "module",
            "--forbid",
            "pandas",
            "--decision",
            "DEC-001",
        ]);
        workspace.ok(&["export", "docs"]);
        workspace
    });
    x.ok(&[
        "import",
        &y.path().join("docs").display().to_string(),
        "--renumber",
    ]);
    let rules = |id: &str| x.json(&["placement", "show", id])["rules"].to_string();
    assert!(
        rules("PLACEMENT-001").contains("DEC-001"),
        "{}",
        rules("PLACEMENT-001")
    );
    assert!(
        rules("PLACEMENT-002").contains("DEC-002"),
        "{}",
        rules("PLACEMENT-002")
    );
}
