//! Edits of activities that have no ids in a session log that people keep by hand.

use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

wsdb_tests::on_sqlite_and_postgres! {
    edited_text_changes_the_activity,
    edited_activity_stays_a_text,
}

const SESSIONS: &str = "SESSION-LOG.json";

/// Writes a session log with one session.
fn write(workspace: &TestWorkspace, activities: &Value) {
    let session = json!({"session_id": "s1", "start_time": "2026-01-01", "activities": activities});
    let document = json!({"sessions": [session]});
    workspace.write(SESSIONS, document.to_string());
}

/// Imports a session log, and returns how many activities are new, changed and deleted.
fn import(workspace: &TestWorkspace, activities: &Value) -> Vec<u64> {
    write(workspace, activities);
    let imported = workspace.json(&["import", SESSIONS]);
    let counts = &imported["counts"]["activities"];
    let counts = ["new", "changed", "deleted"].map(|name| counts[name].as_u64().unwrap());
    counts.to_vec()
}

fn exported(workspace: &TestWorkspace) -> Value {
    workspace.ok(&["export"]);
    let document: Value = serde_json::from_str(&workspace.read(SESSIONS)).unwrap();
    document["sessions"][0]["activities"].clone()
}

fn descriptions(workspace: &TestWorkspace) -> Vec<Value> {
    let session = workspace.json(&["session", "show", "s1"]);
    let activities = session["activities"].as_array().unwrap().iter();
    activities.map(|it| it["description"].clone()).collect()
}

fn edited_text_changes_the_activity() {
    let workspace = TestWorkspace::with_workspace();
    import(
        &workspace,
        &json!(["add prices", "fix tests", "write docs"]),
    );
    let edited = json!(["add prices", "fix all tests", "write docs"]);
    assert_eq!(import(&workspace, &edited), [0, 1, 0]);
    assert_eq!(descriptions(&workspace).len(), 3);
    assert_eq!(import(&workspace, &edited), [0, 0, 0], "again");
    // Several, with a new one at the end.
    let edited = json!(["Add prices", "fix 3 tests", "write docs", "review"]);
    assert_eq!(import(&workspace, &edited), [1, 2, 0]);
    assert_eq!(exported(&workspace), edited);
    // There and back.
    let edited = json!(["add prices", "fix tests", "write docs", "review"]);
    assert_eq!(import(&workspace, &edited), [0, 2, 0]);
    assert_eq!(exported(&workspace), edited);
}

fn edited_activity_stays_a_text() {
    let workspace = TestWorkspace::with_workspace();
    import(&workspace, &json!(["add prices", "fix tests"]));
    import(&workspace, &json!(["add prices", "fix 2 tests"]));
    assert_eq!(exported(&workspace), json!(["add prices", "fix 2 tests"]));
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
    // In a copy, and edited in the export.
    workspace.ok(&["export", "out"]);
    assert_eq!(workspace.json(&["import", "out"])["unchanged"], true);
    workspace.replace_in(SESSIONS, "fix 2 tests", "fix two tests");
    workspace.ok(&["import"]);
    assert_eq!(exported(&workspace), json!(["add prices", "fix two tests"]));
    assert_eq!(descriptions(&workspace).len(), 2);
}

#[test]
fn text_of_another_activity_before_its_edit_is_a_new_one() {
    let workspace = TestWorkspace::with_workspace();
    import(&workspace, &json!(["fix tests"]));
    import(&workspace, &json!(["fix 2 tests"]));
    assert_eq!(
        import(&workspace, &json!(["fix 2 tests", "fix tests"])),
        [1, 0, 0]
    );
    assert_eq!(
        import(&workspace, &json!(["fix 2 tests", "fix tests"])),
        [0, 0, 0]
    );
    assert_eq!(exported(&workspace), json!(["fix 2 tests", "fix tests"]));
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
}

/// Both were added to the same file, such as in two branches.
#[test]
fn different_text_in_the_place_of_another_is_a_new_activity() {
    let workspace = TestWorkspace::with_workspace();
    import(&workspace, &json!(["one", "Beta"]));
    import(&workspace, &json!(["one"]));
    assert_eq!(import(&workspace, &json!(["one", "Gamma"])), [1, 0, 0]);
    let known = descriptions(&workspace);
    assert!(known.contains(&json!("Beta")), "{known:?}");
    assert_eq!(import(&workspace, &json!(["one", "x", "y"])), [2, 0, 0]);
    assert_eq!(descriptions(&workspace).len(), 5);
}

#[test]
fn edited_time_changes_the_activity() {
    let workspace = TestWorkspace::with_workspace();
    let activity = |time: &str, text: &str| json!({"description": text, "time": time});
    import(
        &workspace,
        &json!([activity("2026-01-02", "one"), activity("2026-01-03", "two")]),
    );
    let edited = json!([activity("2026-01-04", "one"), activity("2026-01-03", "two")]);
    assert_eq!(import(&workspace, &edited), [0, 1, 0]);
    // Another time and another text are another activity.
    let edited = json!([
        activity("2026-01-05", "three"),
        activity("2026-01-03", "two")
    ]);
    assert_eq!(import(&workspace, &edited), [1, 0, 0]);
}

#[test]
fn edit_on_both_sides_is_merged() {
    let workspace = TestWorkspace::with_workspace();
    import(&workspace, &json!(["one", "two"]));
    let session = workspace.json(&["session", "show", "s1"]);
    let id = session["activities"][0]["id"].as_str().unwrap();
    workspace.ok(&["session", "activity", "edit", id, "--outcome", "green"]);
    let first = session["activities"][0]["description"].as_str().unwrap();
    write(&workspace, &json!(["one", "two"]));
    workspace.replace_in(SESSIONS, &format!("\"{first}\""), &format!("\"{first}!\""));
    workspace.ok(&["import"]);
    let session = workspace.json(&["session", "show", "s1"]);
    let activities = session["activities"].as_array().unwrap();
    assert_eq!(activities.len(), 2, "{session}");
    let edited = activities.iter().find(|it| it["id"] == id).unwrap();
    assert_eq!(edited["description"], format!("{first}!"));
    assert_eq!(edited["outcome"], "green");
}

#[test]
fn older_export_does_not_revert_a_text() {
    let workspace = TestWorkspace::with_workspace();
    import(&workspace, &json!(["one", "fix tests"]));
    workspace.ok(&["export"]);
    let older = workspace.read(SESSIONS);
    workspace.replace_in(SESSIONS, "fix tests", "fix 2 tests");
    workspace.ok(&["import"]);
    workspace.ok(&["export"]);
    workspace.write(SESSIONS, &older);
    workspace.ok(&["import"]);
    assert_eq!(descriptions(&workspace).len(), 2);
    assert!(descriptions(&workspace).contains(&json!("fix 2 tests")));
}
