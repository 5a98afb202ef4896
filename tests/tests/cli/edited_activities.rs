//! Edits of activities that have no ids in a session log that people keep by hand.

use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    edited_text_changes_the_activity,
    older_export_with_an_edit_reverts_no_other_text,
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

#[test]
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

#[test]
fn text_that_becomes_an_object_is_the_same_activity() {
    for is_exported in [false, true] {
        let workspace = TestWorkspace::with_workspace();
        import(&workspace, &json!(["one", "fix tests"]));
        if is_exported {
            workspace.ok(&["export"]);
        }
        let object =
            r#"{"description": "fix all tests", "type": "test", "time": "2026-01-01T10:00:00"}"#;
        workspace.replace_in(SESSIONS, "\"fix tests\"", object);
        workspace.ok(&["import"]);
        let session = workspace.json(&["session", "show", "s1"]);
        let activities = session["activities"].as_array().unwrap();
        assert_eq!(activities.len(), 2, "{session}");
        let edited = activities
            .iter()
            .find(|it| it["description"] == "fix all tests");
        assert_eq!(edited.unwrap()["activity_type"], "test");
        assert_eq!(workspace.json(&["import"])["unchanged"], true);
    }
}

#[test]
fn edited_decision_is_not_another_one() {
    let workspace = TestWorkspace::with_workspace();
    let write = |decisions: Value, issues: Value| {
        let session = json!({"session_id": "s1", "start_time": "2026-01-01",
            "decisions_made": decisions, "issues_found": issues});
        workspace.write(SESSIONS, json!({"sessions": [session]}).to_string());
        let imported = workspace.json(&["import", SESSIONS]);
        ["decisions", "session_decisions", "issues", "session_issues"]
            .map(|kind| imported["counts"][kind]["new"].clone())
    };
    write(json!(["use pears", "ok"]), json!(["tests are slow"]));
    let edited = (
        json!(["use more pears", "ok"]),
        json!(["tests are very slow"]),
    );
    for _ in 0..2 {
        assert_eq!(write(edited.0.clone(), edited.1.clone()), [0, 0, 0, 0]);
    }
    let texts = |command: &str, list: &str, field: &str| {
        let all = workspace.json(&[command, "list"]);
        let all = all[list].as_array().unwrap().iter();
        let mut texts: Vec<String> = all
            .map(|it| it[field].as_str().unwrap().to_owned())
            .collect();
        texts.sort();
        texts
    };
    assert_eq!(
        texts("decision", "decisions", "decision"),
        ["ok", "use more pears"]
    );
    assert_eq!(texts("issue", "issues", "title"), ["tests are very slow"]);
    // Another text is another decision, also with the id of an edited one.
    let added = json!(["use more pears", "use pears", "ok"]);
    assert_eq!(write(added, edited.1.clone()), [1, 1, 0, 0]);
    workspace.ok(&["export"]);
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
    assert_eq!(
        texts("decision", "decisions", "decision"),
        ["ok", "use more pears", "use pears"]
    );
}

fn older_export_with_an_edit_reverts_no_other_text() {
    let workspace = TestWorkspace::with_workspace();
    import(&workspace, &json!(["one", "fix tests", "gone"]));
    workspace.ok(&["export"]);
    let older = workspace.read(SESSIONS);
    workspace.replace_in(SESSIONS, "fix tests", "fix 2 tests");
    workspace.ok(&["import"]);
    let session = workspace.json(&["session", "show", "s1"]);
    let activities = session["activities"].as_array().unwrap();
    let gone = activities.iter().find(|it| it["description"] == "gone");
    let id = gone.unwrap()["id"].as_str().unwrap();
    workspace.ok(&["session", "activity", "rm", id]);
    workspace.ok(&["session", "edit", "s1", "--assistant", "bob"]);
    workspace.ok(&["export"]);
    workspace.write(SESSIONS, &older);
    workspace.replace_in(SESSIONS, "\"one\"", "\"one!\"");
    for _ in 0..2 {
        workspace.ok(&["import"]);
        let mut known: Vec<String> = descriptions(&workspace)
            .iter()
            .map(|it| it.as_str().unwrap().to_owned())
            .collect();
        known.sort();
        assert_eq!(known, ["fix 2 tests", "one!"]);
    }
}
