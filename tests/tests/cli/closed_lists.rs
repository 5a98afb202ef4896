//! What people do to a record in a file without changing its status: they move a task to the other list, or
//! add an end.

use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

const TASKS: &str = "WORKSPACE-TASKS.json";

fn task(fields: &Value) -> Value {
    let mut task = json!({"id": "T-1", "title": "x", "created": "2026-01-01"});
    task.as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    task
}

/// Imports a document whose only task is in this list with these fields, and returns the task.
fn import(workspace: &TestWorkspace, list: &str, fields: &Value) -> Value {
    let mut document = json!({"active_tasks": [], "completed_tasks": []});
    document[list] = json!([task(fields)]);
    workspace.write(TASKS, document.to_string());
    workspace.ok(&["import", TASKS]);
    workspace.json(&["task", "show", "T-1"])
}

#[test]
fn moved_task_is_completed_and_reopened() {
    for fields in [json!({}), json!({"status": "in_progress"})] {
        let workspace = TestWorkspace::with_workspace();
        let before = import(&workspace, "active_tasks", &fields);
        for _ in 0..2 {
            let moved = import(&workspace, "completed_tasks", &fields);
            assert_eq!(moved["status"], "completed");
            assert_eq!(
                moved["completed_at"], "2026-01-15T10:00:03Z",
                "of the import"
            );
        }
        workspace.ok(&["export"]);
        let exported: Value = serde_json::from_str(&workspace.read(TASKS)).unwrap();
        let mut exported = exported["completed_tasks"][0].clone();
        let exported_text = exported.to_string();
        assert!(
            exported_text.contains("2026-01-15T10:00:03"),
            "{exported_text}"
        );
        // Moved back as it is, with the completion that the export wrote.
        exported["updated"] = before["updated"].clone();
        let moved = import(&workspace, "active_tasks", &exported);
        assert_eq!(moved["status"], "pending", "{exported_text}");
        assert_eq!(moved["completed_at"], Value::Null);
    }
}

/// Imports the documents again, and checks that no record is reported as older.
fn assert_none_is_older(workspace: &TestWorkspace) {
    let stderr = workspace.stderr(&["import"]);
    assert!(!stderr.contains("older"), "{stderr}");
}

#[test]
fn moved_task_is_not_older_at_later_imports() {
    for status in ["pending", "in_progress"] {
        let workspace = TestWorkspace::with_workspace();
        let fields = json!({"status": status, "completed": null});
        import(&workspace, "active_tasks", &fields);
        import(&workspace, "completed_tasks", &fields);
        assert_none_is_older(&workspace);
    }
    let workspace = TestWorkspace::with_workspace();
    let fields = json!({"status": "completed", "completed": "2026-01-09"});
    import(&workspace, "completed_tasks", &fields);
    import(&workspace, "active_tasks", &fields);
    assert_none_is_older(&workspace);
}

#[test]
fn moved_task_has_the_completion_time_of_the_file() {
    let workspace = TestWorkspace::with_workspace();
    import(&workspace, "active_tasks", &json!({}));
    let moved = import(
        &workspace,
        "completed_tasks",
        &json!({"completed": "2026-01-09"}),
    );
    assert_eq!(moved["status"], "completed");
    assert_eq!(moved["completed_at"], "2026-01-09T00:00:00Z");
}

#[test]
fn task_is_moved_in_the_newest_export_after_an_older_one_was_imported() {
    let workspace = TestWorkspace::with_workspace();
    import(&workspace, "active_tasks", &json!({"status": "pending"}));
    workspace.ok(&["export"]);
    let older = workspace.read(TASKS);
    workspace.ok(&["task", "done", "T-1"]);
    workspace.ok(&["export"]);
    let newest = workspace.read(TASKS);
    for is_moved in [false, true] {
        workspace.write(TASKS, &older);
        workspace.ok(&["import"]);
        let mut document: Value = serde_json::from_str(&newest).unwrap();
        if is_moved {
            document["active_tasks"] = document["completed_tasks"].take();
            document["completed_tasks"] = json!([]);
        }
        workspace.write(TASKS, document.to_string());
        workspace.ok(&["import"]);
        let status = workspace.json(&["task", "show", "T-1"])["status"].clone();
        let expected = if is_moved { "pending" } else { "completed" };
        assert_eq!(status, expected);
    }
}

#[test]
fn list_that_stayed_changes_nothing() {
    let workspace = TestWorkspace::with_workspace();
    import(&workspace, "active_tasks", &json!({}));
    workspace.ok(&["task", "start", "T-1"]);
    assert_eq!(
        import(&workspace, "active_tasks", &json!({}))["status"],
        "in_progress"
    );
    workspace.ok(&["task", "done", "T-1"]);
    assert_eq!(
        import(&workspace, "active_tasks", &json!({}))["status"],
        "completed"
    );
    let workspace = TestWorkspace::with_workspace();
    import(&workspace, "active_tasks", &json!({}));
    let edited = json!({"status": "blocked"});
    assert_eq!(
        import(&workspace, "completed_tasks", &edited)["status"],
        "blocked"
    );
}

#[test]
fn end_of_a_session_and_resolution_of_an_issue_are_read() {
    let workspace = TestWorkspace::with_workspace();
    let import = |end: &Value, with_status: bool| {
        let mut session = json!({"session_id": "S-1", "start_time": "2026-01-01", "end_time": end});
        let mut issue = json!({"id": "I-1", "title": "x", "type": "bug", "severity": "LOW",
            "description": "x", "detected": "2026-01-01", "resolved_at": end});
        if with_status {
            session["status"] = json!("in_progress");
            issue["status"] = json!("open");
        }
        workspace.write(
            "SESSION-LOG.json",
            json!({"sessions": [session]}).to_string(),
        );
        workspace.write(
            "CROSS-REPO-ISSUES.json",
            json!({"issues": [issue]}).to_string(),
        );
        workspace.ok(&["import"]);
        [
            workspace.json(&["session", "show", "S-1"])["status"].clone(),
            workspace.json(&["issue", "show", "I-1"])["status"].clone(),
        ]
    };
    for with_status in [false, true] {
        assert_eq!(import(&Value::Null, with_status), ["in_progress", "open"]);
        for _ in 0..2 {
            let end = json!("2026-01-02");
            assert_eq!(import(&end, with_status), ["completed", "resolved"]);
            assert_none_is_older(&workspace);
        }
    }
}

/// The time of completion is part of the status that the list shows.
#[test]
fn conflict_on_a_status_leaves_the_time_of_completion_alone() {
    for to_completed in [true, false] {
        let workspace = TestWorkspace::with_workspace();
        let task = json!({"id": "T-1", "title": "x", "created": "2026-01-01"});
        let mut done = task.clone();
        done["status"] = json!("completed");
        done["completed"] = json!("2026-01-02");
        let document = |is_completed: bool| {
            let task = if to_completed { &task } else { &done };
            let (mut active, mut completed) = (json!([]), json!([task]));
            if !is_completed {
                std::mem::swap(&mut active, &mut completed);
            }
            let document = json!({"active_tasks": active, "completed_tasks": completed});
            workspace.write(TASKS, document.to_string());
        };
        document(!to_completed);
        workspace.ok(&["import"]);
        let command = if to_completed { "block" } else { "cancel" };
        workspace.ok(&["task", command, "T-1"]);
        let before = workspace.json(&["task", "show", "T-1"]);
        document(to_completed);
        let output = workspace.run(&["import", "--json"]);
        assert_eq!(output.status.code(), Some(1));
        let imported: Value = serde_json::from_slice(&output.stdout).unwrap();
        let conflicts = imported["conflicts"].as_array().unwrap();
        let fields: Vec<&Value> = conflicts.iter().map(|it| &it["field"]).collect();
        assert_eq!(fields, ["status"], "{imported}");
        assert_eq!(workspace.json(&["task", "show", "T-1"]), before);
        workspace.ok(&["import", "--prefer", "database"]);
        assert_eq!(workspace.json(&["task", "show", "T-1"]), before);
    }
}
