//! `wsdb task`: adding, listing, changing and deleting tasks.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, ids, words};

wsdb_tests::on_sqlite_and_postgres! {
    task_is_added_with_its_fields,
    missing_dependency_is_removed_in_any_case,
    tasks_are_counted,
    tasks_are_filtered_and_sorted,
    several_tasks_change_together,
    concurrent_writers_get_different_ids,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    missing_dependency_is_shown_without_status,
    status_changes_set_times,
    task_is_edited_and_cleared,
    id_of_a_deleted_task_is_not_reused,
    no_task_changes_if_one_is_not_found,
    task_counts_are_listed,
}

fn task_is_added_with_its_fields() {
    let workspace = TestWorkspace::with_workspace();
    let task = workspace.json(&words("task add Move -r core,web --depends-on 7 -p high"));
    assert_eq!(task["id"], "WS-TASK-001");
    assert_eq!(task["repos_affected"], json!(["core", "web"]));
    assert_eq!(task["dependencies"], json!(["WS-TASK-007"]));
    assert_eq!(task["priority"], "HIGH");
}

/// Without the task, its ID is as it was typed first.
fn missing_dependency_is_removed_in_any_case() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&words("task add T --depends-on Jira-abC7,Jira-x8"));
    let task = workspace.json(&words("task dep rm 1 JIRA-ABC7"));
    assert_eq!(task["dependencies"], json!(["Jira-x8"]));
    workspace.fails(1, &words("task dep rm 1 JIRA-Y9"));
}

fn missing_dependency_is_shown_without_status() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&words("task add Move --depends-on 7"));
    let task = workspace.json(&["task", "show", "1"]);
    assert_eq!(
        task["blocked_by"],
        json!([{"id": "WS-TASK-007", "status": null}])
    );
}

fn status_changes_set_times() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move"]);
    let started = workspace.json(&["task", "start", "1"]);
    assert_eq!(started["status"], "in_progress");
    assert_eq!(started["started_at"], started["updated"]);
    let done = workspace.json(&["task", "done", "TASK-001"]);
    assert_eq!(done["completed_at"], done["updated"]);
    let reopened = workspace.json(&["task", "reopen", "1"]);
    assert_eq!(reopened["completed_at"], Value::Null);
}

fn task_is_edited_and_cleared() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&words("task add Move --depends-on 7 -p high"));
    let edit = "task edit 1 --title Moved --clear priority,dependencies";
    let task = workspace.json(&words(edit));
    assert_eq!(task["title"], "Moved");
    assert_eq!(task["priority"], Value::Null);
    assert_eq!(task["dependencies"], json!([]));
}

fn id_of_a_deleted_task_is_not_reused() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move"]);
    assert_eq!(
        workspace.json(&["task", "rm", "1"]),
        json!({"deleted": ["WS-TASK-001"]})
    );
    let next = workspace.json(&["task", "add", "Next"]);
    assert_eq!(next["id"], "WS-TASK-002");
}

fn tasks_are_counted() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move"]);
    assert_eq!(
        workspace.json(&["task", "stats"]),
        json!({
            "total": 1,
            "by_status": {
                "pending": 1, "approved": 0, "planning": 0, "in_progress": 0, "blocked": 0,
                "deferred": 0, "backlog": 0, "completed": 0, "closed": 0, "cancelled": 0,
            },
            "by_priority": {"CRITICAL": 0, "HIGH": 0, "MEDIUM": 0, "LOW": 0, "none": 1},
        })
    );
}

fn task_counts_are_listed() {
    let sample = TestWorkspace::with_sample("handwritten");
    assert_snapshot!(sample.ok(&["task", "stats"]), @"
    total 5

    by status
      completed    2
      in_progress  1
      blocked      1
      deferred     1

    by priority
      HIGH      2
      LOW       2
      CRITICAL  1
    ");
}

fn tasks_are_filtered_and_sorted() {
    let workspace = TestWorkspace::with_sample("handwritten");
    for (filter, expected) in [
        ("--repo orchard-core,orchard-ml", "002 003 004"),
        ("--priority high --text PANDAS", "003"),
        ("--depends-on 2", "003"),
        ("--assigned-to mira", "002"),
        ("--sort priority --limit 2", "002 003"),
        ("--sort id --reverse --limit 2 --offset 1", "003 002"),
        ("--all --sort id", "000 001 002 003 004"),
        ("--since 2025-11-21", "003 004"),
        ("--session 2025-11-21-session-001", "003"),
    ] {
        let list = workspace.json(&[words("task list"), words(filter)].concat());
        let ids = ids(&list, "tasks").join(" ");
        assert_eq!(ids.replace("WS-TASK-", ""), expected, "{filter}");
    }
    let page = workspace.json(&["task", "list", "--limit", "1"]);
    assert_eq!((&page["total"], &page["hidden"]), (&json!(3), &json!(2)));
}

fn no_task_changes_if_one_is_not_found() {
    let workspace = TestWorkspace::with_sample("handwritten");
    assert_snapshot!(workspace.fails(1, &["task", "done", "3", "77", "TASK"]), @"
    error: task 77 not found
           task TASK not found
    hint: run 'wsdb task list' to list the tasks
    ");
    assert_eq!(workspace.json(&["task", "show", "3"])["status"], "blocked");
}

fn several_tasks_change_together() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move"]);
    workspace.ok(&["task", "add", "Publish"]);
    let done = workspace.json(&["task", "done", "1", "2"]);
    assert_eq!(done["total"], 2);
    assert_eq!(done["tasks"][1]["status"], "completed");
}

fn concurrent_writers_get_different_ids() {
    let workspace = TestWorkspace::with_workspace();
    let add = |n| {
        let title = format!("task {n}");
        let mut command = workspace.command(&["task", "add", &title, "--json"]);
        command
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap()
    };
    let children: Vec<_> = (0..40).map(add).collect();
    let mut ids: Vec<String> = children
        .into_iter()
        .map(|child| {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{output:?}");
            let task: Value = serde_json::from_slice(&output.stdout).unwrap();
            task["id"].as_str().unwrap().to_owned()
        })
        .collect();
    ids.sort();
    let expected: Vec<String> = (1..=40).map(|n| format!("WS-TASK-{n:03}")).collect();
    assert_eq!(ids, expected);
    assert_eq!(workspace.json(&["task", "list"])["total"], 40);
}
