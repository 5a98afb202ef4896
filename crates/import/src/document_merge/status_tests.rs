//! Records that a side moved to a list whose name means a status.

use wsdb_core::{Json, json};

use super::tests::{conflicts, merge_clean, resolve};

/// A document with a task in one of its lists, among others that stay.
fn in_list(list: &str, task: Json) -> Json {
    let mut document = json!({
        "active_tasks": [{"id": "T-0", "title": "a"}],
        "blocked_tasks": [{"id": "T-8", "title": "b"}],
        "completed_tasks": [{"id": "T-9", "title": "c"}],
    });
    let mut task = task;
    task["id"] = json!("T-1");
    document[list].as_array_mut().expect("a list").push(task);
    document
}

/// Checks that both orders of the sides have this conflict, and that resolving it gives the sides.
fn assert_conflict(base: &Json, ours: &Json, theirs: &Json, message: &str, swapped: &str) {
    let (messages, text) = conflicts(base, ours, theirs);
    assert_eq!(messages, [message], "{text}");
    assert_eq!(&resolve(&text, true), ours);
    assert_eq!(&resolve(&text, false), theirs);
    assert_eq!(conflicts(base, theirs, ours).0, [swapped]);
}

#[test]
fn completed_task_whose_status_the_other_side_changed_is_a_conflict() {
    for (before, completed) in [
        (json!({}), json!({})),
        (json!({}), json!({"status": "done"})),
        (json!({"status": "pending"}), json!({"status": "pending"})),
        (json!({"status": "pending"}), json!({"status": "completed"})),
        (json!({"state": "pending"}), json!({"state": "pending"})),
    ] {
        let key = if before.get("state").is_some() {
            "state"
        } else {
            "status"
        };
        let blocked = json!({key: "blocked"});
        assert_conflict(
            &in_list("active_tasks", before),
            &in_list("completed_tasks", completed),
            &in_list("active_tasks", blocked),
            &format!("{key} of T-1: \"completed\" in ours, \"blocked\" in theirs"),
            &format!("{key} of T-1: \"blocked\" in ours, \"completed\" in theirs"),
        );
    }
}

#[test]
fn reopened_task_whose_status_the_other_side_changed_is_a_conflict() {
    let task = |status: &str| json!({"status": status});
    assert_conflict(
        &in_list("completed_tasks", task("completed")),
        &in_list("active_tasks", task("completed")),
        &in_list("completed_tasks", task("cancelled")),
        r#"status of T-1: "pending" in ours, "cancelled" in theirs"#,
        r#"status of T-1: "cancelled" in ours, "pending" in theirs"#,
    );
}

#[test]
fn task_that_the_sides_moved_to_different_lists_is_a_conflict() {
    assert_conflict(
        &in_list("active_tasks", json!({"title": "x"})),
        &in_list("blocked_tasks", json!({"title": "x"})),
        &in_list("completed_tasks", json!({"title": "x"})),
        "status of T-1: \"blocked\" in ours, \"completed\" in theirs",
        "status of T-1: \"completed\" in ours, \"blocked\" in theirs",
    );
}

#[test]
fn moved_task_that_the_other_side_deleted_is_a_conflict() {
    let mut deleted = in_list("active_tasks", json!({}));
    let tasks = deleted["active_tasks"].as_array_mut().expect("a list");
    tasks.pop();
    assert_conflict(
        &in_list("active_tasks", json!({"title": "x"})),
        &in_list("completed_tasks", json!({"title": "x"})),
        &deleted,
        "T-1: changed in ours, deleted in theirs",
        "T-1: deleted in ours, changed in theirs",
    );
}

#[test]
fn task_that_the_sides_added_to_different_lists_is_a_conflict() {
    let mut base = in_list("active_tasks", json!({}));
    let tasks = base["active_tasks"].as_array_mut().expect("a list");
    tasks.pop();
    assert_conflict(
        &base,
        &in_list("active_tasks", json!({"title": "x"})),
        &in_list("completed_tasks", json!({"title": "x"})),
        "T-1: added in both, with different contents",
        "T-1: added in both, with different contents",
    );
}

#[test]
fn other_fields_of_a_task_in_conflict_are_merged_on_both_sides() {
    let task = |title: &str, notes: &str, status: &str| json!({"title": title, "notes": notes, "status": status});
    let (_, text) = conflicts(
        &in_list("active_tasks", task("a", "a", "pending")),
        &in_list("completed_tasks", task("b", "a", "pending")),
        &in_list("active_tasks", task("a", "b", "blocked")),
    );
    let expected = in_list("completed_tasks", task("b", "b", "pending"));
    assert_eq!(resolve(&text, true), expected);
    let expected = in_list("active_tasks", task("b", "b", "blocked"));
    assert_eq!(resolve(&text, false), expected);
}

#[test]
fn same_change_of_the_status_is_no_conflict() {
    // One side moved the task, the other one closed it and left it where it is.
    let merged = merge_clean(
        &in_list("active_tasks", json!({"status": "pending"})),
        &in_list("completed_tasks", json!({"status": "pending"})),
        &in_list("active_tasks", json!({"status": "done"})),
    );
    assert_eq!(
        merged,
        in_list("completed_tasks", json!({"status": "done"}))
    );
    // The list of a closed task is no change of its status.
    let merged = merge_clean(
        &in_list("active_tasks", json!({"status": "completed"})),
        &in_list("completed_tasks", json!({"status": "completed"})),
        &in_list("active_tasks", json!({"status": "cancelled"})),
    );
    assert_eq!(
        merged,
        in_list("completed_tasks", json!({"status": "cancelled"}))
    );
}

#[test]
fn lists_of_issues_by_status_are_like_those_of_tasks() {
    let document = |list: &str, issue: Json| {
        let mut document = json!({"issues": [{"id": "I-0"}], "resolved_issues": [{"id": "I-9"}]});
        document[list].as_array_mut().expect("a list").push(issue);
        document
    };
    let issue = |status: &str| json!({"id": "I-1", "status": status});
    let (messages, _) = conflicts(
        &document("issues", issue("open")),
        &document("resolved_issues", issue("open")),
        &document("issues", issue("closed")),
    );
    assert_eq!(
        messages,
        [r#"status of I-1: "resolved" in ours, "closed" in theirs"#]
    );
}

/// The same issues in a list with copies are not moved there.
#[test]
fn lists_with_copies_are_merged_on_their_own() {
    let document = |title: &str| json!({"issues": [{"id": "I-1", "title": title}], "open_issues": [{"id": "I-1", "title": "x"}]});
    let merged = merge_clean(&document("a"), &document("b"), &document("a"));
    assert_eq!(merged, document("b"));
}

#[test]
fn renamed_key_is_no_change_of_the_field() {
    let task = |key: &str, owner: &str, title: &str| {
        in_list("active_tasks", json!({key: owner, "title": title}))
    };
    let base = task("owner", "mira", "a");
    let merged = merge_clean(
        &base,
        &task("assigned_to", "mira", "a"),
        &task("owner", "tom", "b"),
    );
    assert_eq!(merged, task("assigned_to", "tom", "b"));
    let merged = merge_clean(
        &base,
        &task("owner", "tom", "b"),
        &task("assigned_to", "mira", "a"),
    );
    assert_eq!(merged, task("owner", "tom", "b"));
    // A field that one side removed stays away.
    let mut removed = task("owner", "mira", "b");
    let tasks = removed["active_tasks"].as_array_mut().expect("a list");
    tasks[1].as_object_mut().expect("a task").remove("owner");
    let merged = merge_clean(&base, &removed, &task("assigned_to", "mira", "a"));
    assert_eq!(merged, removed);
    assert_eq!(
        merge_clean(&base, &task("assignedTo", "mira", "a"), &removed),
        removed
    );
}
