//! Which version a merged record names, and records that were made apart.

use wsdb_core::{Json, json};

use super::tests::{conflicts, merge_clean, merge_tasks};
use super::{DocumentVersions, merge_documents};

const FIRST: &str = "0000000000000001";
const SECOND: &str = "0000000000000002";
const THIRD: &str = "0000000000000003";

fn task(notes: &str, rev: &str) -> Json {
    json!({"notes": notes, "rev": rev})
}

/// The edit back is one of the version that they exported, not that older version again.
#[test]
fn edit_back_names_the_version_of_the_side_that_exported() {
    let (edited, exported) = (task("n0", FIRST), task("n1", SECOND));
    let merged = merge_tasks(task("n1", FIRST), edited.clone(), exported.clone());
    assert_eq!(merged, task("n0", SECOND));
    assert_eq!(
        merge_tasks(task("n1", FIRST), exported, edited),
        task("n0", SECOND)
    );
}

#[test]
fn document_fields_name_the_version_of_the_side_that_exported() {
    let document = |version: &str, other: &str, rev: &str| json!({"version": version, "other": other, "rev": rev});
    let base = document("1", "a", FIRST);
    let (edited, exported) = (document("2", "a", FIRST), document("1", "b", SECOND));
    let expected = document("2", "b", SECOND);
    assert_eq!(merge_clean(&base, &edited, &exported), expected);
    assert_eq!(merge_clean(&base, &exported, &edited), expected);
    let ours = document("2", "a", THIRD);
    let merged = merge_clean(&base, &ours, &exported);
    assert_eq!(merged["other"], "b");
    assert_names_new_version(&merged, &merge_clean(&base, &exported, &ours));
}

/// Two merged values name a version that neither side had, and the same one.
fn assert_names_new_version(merged: &Json, reversed: &Json) {
    let rev = merged["rev"].as_str().expect("a version");
    assert_eq!(rev.len(), 16, "{rev}");
    assert!(![FIRST, SECOND, THIRD].contains(&rev), "{rev}");
    assert_eq!(merged["rev"], reversed["rev"]);
}

#[test]
fn merge_of_two_exports_names_a_new_version() {
    let task = |notes: &str, priority: &str, rev: &str| json!({"notes": notes, "priority": priority, "rev": rev});
    let base = task("n0", "LOW", FIRST);
    let (ours, theirs) = (task("n1", "LOW", SECOND), task("n0", "HIGH", THIRD));
    let merged = merge_tasks(base.clone(), ours.clone(), theirs.clone());
    assert_eq!(merged["priority"], "HIGH");
    assert_names_new_version(&merged, &merge_tasks(base.clone(), theirs, ours.clone()));
    // One of them is the result.
    let theirs = task("n1", "HIGH", THIRD);
    assert_eq!(
        merge_tasks(base.clone(), ours.clone(), theirs.clone()),
        theirs
    );
    assert_eq!(merge_tasks(base, theirs.clone(), ours), theirs);
}

fn tasks(title: &str, created: &str, priority: &str) -> Json {
    json!([{"id": "T-1", "title": title, "created": created, "priority": priority}])
}

#[test]
fn records_made_apart_are_a_conflict() {
    let base = tasks("From A", "2026-01-01", "LOW");
    let ours = tasks("From B", "2026-01-02", "LOW");
    let theirs = tasks("From A", "2026-01-01", "CRITICAL");
    let (messages, _) = conflicts(&base, &ours, &theirs);
    assert_eq!(messages, ["T-1: different records in ours and theirs"]);
    // The other side did not change the record.
    assert_eq!(merge_clean(&base, &ours, &base), ours);
}

#[test]
fn corrected_time_of_creation_is_merged() {
    let base = tasks("A", "2026-01-01", "LOW");
    let ours = tasks("A", "2026-01-02", "LOW");
    let theirs = tasks("B", "2026-01-01", "LOW");
    let expected = tasks("B", "2026-01-02", "LOW");
    assert_eq!(merge_clean(&base, &ours, &theirs), expected);
}

/// The first export adds ids to records within sessions that have none.
#[test]
fn nested_records_without_ids_are_those_with_ids() {
    let document =
        |activity: Json| json!({"sessions": [{"session_id": "S", "activities": [activity]}]});
    let base = document(json!({"time": "2026-01-01T10:00:00", "description": "a"}));
    let activity = |description: &str, outcome: &str| json!({"time": "2026-01-01T10:00:00", "description": description, "id": "S-a", "outcome": outcome});
    let (ours, theirs) = (document(activity("b", "")), document(activity("a", "done")));
    let expected = document(activity("b", "done"));
    let mut ours_with_outcome = ours.clone();
    ours_with_outcome["sessions"][0]["activities"][0]
        .as_object_mut()
        .expect("an activity")
        .remove("outcome");
    assert_eq!(merge_clean(&base, &ours_with_outcome, &theirs), expected);
}

/// An import rejects a record with two keys of one field.
#[test]
fn field_under_two_names_is_one_field() {
    let task = |key: &str, value: &str| {
        let mut task = json!({"id": "T-1", "title": "x", "created": "2026-01-01"});
        if !key.is_empty() {
            task[key] = json!(value);
        }
        json!({"active_tasks": [task]})
    };
    let base = task("", "");
    let (ours, theirs) = (task("owner", "jo"), task("assigned_to", "mira"));
    let (messages, _) = conflicts(&base, &ours, &theirs);
    assert_eq!(
        messages,
        [r#"owner of T-1: "jo" in ours, "mira" in theirs"#]
    );
    let same = task("assigned_to", "jo");
    assert_eq!(merge_clean(&base, &ours, &same), ours);
    // Keys without a counterpart stay as they are.
    let other = task("due", "2026-02-01");
    let mut expected = ours.clone();
    expected["active_tasks"][0]["due"] = json!("2026-02-01");
    assert_eq!(merge_clean(&base, &ours, &other), expected);
}

fn session_with(activities: &Json, decisions: &Json) -> Json {
    json!({"sessions": [{"session_id": "S", "activities": activities, "decisions_made": decisions}]})
}

#[test]
fn text_that_one_side_edited_is_not_doubled() {
    let base = session_with(
        &json!(["one", "fix tests", "two"]),
        &json!(["use pears", "DEC-001"]),
    );
    let ours = session_with(
        &json!(["one", "fix all tests", "two", "three"]),
        &json!(["use pears", "DEC-001"]),
    );
    let theirs = session_with(
        &json!(["one!", "fix tests", "two"]),
        &json!(["use more pears", "DEC-002"]),
    );
    let expected = session_with(
        &json!(["one!", "fix all tests", "two", "three"]),
        &json!(["use more pears", "DEC-002"]),
    );
    assert_eq!(merge_clean(&base, &ours, &theirs), expected);
    assert_eq!(merge_clean(&base, &theirs, &ours), expected);
}

#[test]
fn text_that_both_sides_edited_is_a_conflict() {
    let document = |text: &str| session_with(&json!(["one"]), &json!([text]));
    let base = document("use pears");
    let (ours, theirs) = (document("use 2 pears"), document("use 3 pears"));
    let (messages, _) = conflicts(&base, &ours, &theirs);
    assert_eq!(
        messages,
        [r#"text of use pears: "use 2 pears" in ours, "use 3 pears" in theirs"#]
    );
    assert_eq!(merge_clean(&base, &ours, &ours), ours);
    // A text and the object that it became.
    let ours = session_with(&json!([{"description": "one", "type": "test"}]), &json!([]));
    let theirs = session_with(&json!(["one 1"]), &json!([]));
    let base = session_with(&json!(["one"]), &json!([]));
    let (messages, _) = conflicts(&base, &ours, &theirs);
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert_eq!(merge_clean(&base, &ours, &base), ours);
}

#[test]
fn text_that_one_side_edited_and_the_other_deleted_is_a_conflict() {
    let base = session_with(&json!(["one", "fix tests"]), &json!([]));
    let ours = session_with(&json!(["one", "fix all tests"]), &json!([]));
    let theirs = session_with(&json!(["one", "other"]), &json!([]));
    let (messages, _) = conflicts(&base, &ours, &theirs);
    assert_eq!(messages, ["fix tests: changed in ours, deleted in theirs"]);
}

#[test]
fn text_that_one_side_replaced_and_the_other_deleted_is_a_conflict() {
    let document = |texts: Json| session_with(&texts, &json!([]));
    let base = document(json!(["one", "fixed the login", "two"]));
    let replaced = document(json!(["one", "no password is needed now", "two"]));
    let deleted = document(json!(["one", "two"]));
    let (messages, _) = conflicts(&base, &replaced, &deleted);
    assert_eq!(
        messages,
        ["fixed the login: changed in ours, deleted in theirs"]
    );
    let (messages, _) = conflicts(&base, &deleted, &replaced);
    assert_eq!(
        messages,
        ["fixed the login: deleted in ours, changed in theirs"]
    );
    let other = document(json!(["one", "asked Jo about it", "two"]));
    let (messages, _) = conflicts(&base, &replaced, &other);
    assert_eq!(messages.len(), 1, "{messages:?}");
    // A new entry elsewhere is none in its place.
    let added = document(json!(["one", "fixed the login", "two", "three"]));
    let expected = document(json!(["one", "two", "three"]));
    assert_eq!(merge_clean(&base, &deleted, &added), expected);
    assert_eq!(merge_clean(&base, &deleted, &deleted), deleted);
    let timed = |texts: &[(&str, &str)]| {
        let activities = texts.iter();
        let activities: Vec<Json> = activities
            .map(|(time, text)| json!({"time": time, "description": text}))
            .collect();
        session_with(&json!(activities), &json!([]))
    };
    let base = timed(&[
        ("2026-01-01T10:00:00", "one"),
        ("2026-01-01T11:00:00", "two"),
    ]);
    let deleted = timed(&[("2026-01-01T10:00:00", "one")]);
    let edited = timed(&[
        ("2026-01-01T10:00:00", "one"),
        ("2026-01-01T11:30:00", "Two"),
    ]);
    let (messages, _) = conflicts(&base, &deleted, &edited);
    assert_eq!(messages.len(), 1, "{messages:?}");
}

#[test]
fn document_that_both_sides_added_is_merged() {
    let task = |id: &str| json!({"id": id, "title": id, "created": "2026-01-01"});
    let tasks = |ids: &[&str]| {
        let tasks: Vec<Json> = ids.iter().map(|id| task(id)).collect();
        json!({"version": "1", "active_tasks": tasks})
    };
    let (ours, theirs) = (tasks(&["T-1", "T-2"]), tasks(&["T-1", "T-3"]));
    let merged = merge_documents(
        DocumentVersions {
            ancestor: "",
            ours: &ours.to_string(),
            theirs: &theirs.to_string(),
        },
        7,
    )
    .expect("documents");
    assert_eq!(merged.conflicts, []);
    let expected = tasks(&["T-1", "T-2", "T-3"]);
    assert_eq!(merged.text.parse::<Json>().expect("JSON"), expected);
}
