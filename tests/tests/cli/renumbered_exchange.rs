//! Workspaces that exchange their records through documents, under the same IDs.

use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

wsdb_tests::on_sqlite_and_postgres! {
    records_that_come_back_under_other_ids_are_recognized,
}

const TASKS: &str = "WORKSPACE-TASKS.json";

/// Two workspaces with a task, a goal for it and an issue each, under the same IDs.
fn two_workspaces() -> [TestWorkspace; 2] {
    ["X", "Y"].map(|name| {
        let workspace = TestWorkspace::with_workspace();
        if name == "Y" {
            // The clock goes on.
            workspace.ok(&["session", "start"]);
            workspace.ok(&["session", "end"]);
        }
        workspace.ok(&["task", "add", &format!("From {name}")]);
        workspace.ok(&["goal", "add", &format!("goal of {name}"), "--task", "1"]);
        workspace.ok(&["issue", "add", &format!("issue of {name}"), "--task", "1"]);
        workspace
    })
}

fn titles(workspace: &TestWorkspace) -> Vec<String> {
    let list = workspace.json(&["task", "list"]);
    let tasks = list["tasks"].as_array().unwrap().iter();
    let mut titles: Vec<String> = tasks
        .map(|task| task["title"].as_str().unwrap().to_owned())
        .collect();
    titles.sort();
    titles
}

/// The goals with the titles of their tasks.
fn goals(workspace: &TestWorkspace) -> Vec<(String, String)> {
    let list = workspace.json(&["goal", "list"]);
    let goals = list["goals"].as_array().unwrap().iter();
    let mut goals: Vec<(String, String)> = goals
        .map(|goal| {
            let task = workspace.json(&["task", "show", goal["task_id"].as_str().unwrap()]);
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            (text(&goal["architectural_goal"]), text(&task["title"]))
        })
        .collect();
    goals.sort();
    goals
}

fn records_that_come_back_under_other_ids_are_recognized() {
    let [x, y] = two_workspaces();
    let shared = x.path().join("shared").display().to_string();
    x.ok(&["export", &shared]);
    y.ok(&["import", &shared, "--renumber"]);
    y.ok(&["task", "edit", "2", "--priority", "HIGH"]);
    y.ok(&["export", &shared]);
    let imported = x.json(&["import", &shared, "--renumber"]);
    assert_eq!(imported["conflicts"], json!([]));
    assert_eq!(x.json(&["task", "show", "1"])["priority"], "HIGH");
    for workspace in [&x, &y, &x, &y] {
        let imported = workspace.json(&["import", &shared, "--renumber"]);
        assert_eq!(imported["unchanged"], true, "{imported:#}");
        workspace.ok(&["export", &shared]);
        assert_eq!(titles(workspace), ["From X", "From Y"]);
        let expected = [("goal of X", "From X"), ("goal of Y", "From Y")];
        let expected = expected.map(|(goal, task)| (goal.to_owned(), task.to_owned()));
        assert_eq!(goals(workspace), expected);
        assert_eq!(workspace.json(&["issue", "list"])["total"], 2);
    }
    // Without `--renumber`, what was recognized stays known.
    y.ok(&["task", "edit", "2", "--title", "Edited"]);
    y.ok(&["export", &shared]);
    x.ok(&["import", &shared]);
    assert_eq!(titles(&x), ["Edited", "From Y"]);
}

#[test]
fn edits_of_both_sides_are_merged_when_a_record_comes_back() {
    let [x, y] = two_workspaces();
    x.ok(&["export", "out"]);
    let of_x = x.path().join("out").display().to_string();
    y.ok(&["import", &of_x, "--renumber"]);
    y.ok(&["task", "edit", "2", "--priority", "HIGH"]);
    y.ok(&["export", "out"]);
    // The name at the export is an earlier one here.
    x.ok(&["task", "edit", "1", "--title", "Renamed"]);
    let of_y = y.path().join("out").display().to_string();
    let imported = x.json(&["import", &of_y, "--renumber"]);
    assert_eq!(imported["conflicts"], json!([]));
    let task = x.json(&["task", "show", "1"]);
    assert_eq!(
        (&task["title"], &task["priority"]),
        (&json!("Renamed"), &json!("HIGH"))
    );
    assert_eq!(titles(&x), ["From Y", "Renamed"]);
    // The same field on both sides is a conflict.
    x.ok(&["task", "edit", "1", "--notes", "of x"]);
    y.ok(&["task", "edit", "2", "--notes", "of y"]);
    y.ok(&["export", "out"]);
    let output = x.run(&["import", &of_y, "--renumber", "--json"]);
    let imported: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(imported["conflicts"][0]["field"], "notes", "{imported:#}");
    assert_eq!(imported["conflicts"].as_array().unwrap().len(), 1);
}

/// Imported records often have only a date, which many share.
#[test]
fn records_of_one_day_are_recognized_by_their_names() {
    let [x, y] = [["One", "Two"], ["Three", "Four"]].map(|titles| {
        let workspace = TestWorkspace::with_workspace();
        let task =
            |id: &str, title: &str| json!({"id": id, "title": title, "created": "2026-01-01"});
        let tasks = [task("T-1", titles[0]), task("T-2", titles[1])];
        workspace.write(&format!("own/{TASKS}"), json!(tasks).to_string());
        workspace.ok(&["import", "own"]);
        workspace
    });
    let shared = x.path().join("shared").display().to_string();
    x.ok(&["export", &shared]);
    y.ok(&["import", &shared, "--renumber"]);
    for workspace in [&y, &x, &y] {
        workspace.ok(&["export", &shared]);
        let next = if std::ptr::eq(workspace, &x) { &y } else { &x };
        next.ok(&["import", &shared, "--renumber"]);
        assert_eq!(titles(next), ["Four", "One", "Three", "Two"]);
    }
    assert_eq!(
        x.json(&["import", &shared, "--renumber"])["unchanged"],
        true
    );
}

/// A file that holds own records beside those of another workspace.
#[test]
fn own_records_keep_their_references() {
    let [x, y] = two_workspaces();
    x.ok(&["task", "add", "Needs X", "--depends-on", "1"]);
    x.ok(&["export", "out"]);
    y.ok(&["export", "out"]);
    let read = |workspace: &TestWorkspace| -> Value {
        serde_json::from_str(&workspace.read(&format!("out/{TASKS}"))).unwrap()
    };
    let (mut mixed, other) = (read(&x), read(&y));
    mixed["active_tasks"][0] = other["active_tasks"][0].clone();
    x.write(&format!("mixed/{TASKS}"), mixed.to_string());
    x.ok(&["import", "mixed", "--renumber"]);
    assert_eq!(titles(&x), ["From X", "From Y", "Needs X"]);
    let task = x.json(&["task", "show", "2"]);
    assert_eq!(task["dependencies"], json!(["WS-TASK-001"]));
}
