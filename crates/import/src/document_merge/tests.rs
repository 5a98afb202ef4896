use proptest::prelude::*;
use wsdb_core::{Json, json};

use super::*;

/// Merges three documents, and returns the text.
fn merge_texts(ancestor: &str, ours: &str, theirs: &str) -> MergedDocument {
    let versions = DocumentVersions {
        ancestor,
        ours,
        theirs,
    };
    merge_documents(versions, 7).expect("valid documents")
}

fn merge(ancestor: &Json, ours: &Json, theirs: &Json) -> MergedDocument {
    merge_texts(
        &ancestor.to_string_pretty(),
        &ours.to_string_pretty(),
        &theirs.to_string_pretty(),
    )
}

/// Merges documents without conflicts.
pub(super) fn merge_clean(ancestor: &Json, ours: &Json, theirs: &Json) -> Json {
    let merged = merge(ancestor, ours, theirs);
    assert_eq!(merged.conflicts, []);
    merged.text.parse().expect("JSON")
}

/// Merges the three versions of the only task of a document.
pub(super) fn merge_tasks(ancestor: Json, ours: Json, theirs: Json) -> Json {
    let document = |mut task: Json| {
        task["id"] = json!("WS-TASK-001");
        json!({"active_tasks": [task]})
    };
    let merged = merge_clean(&document(ancestor), &document(ours), &document(theirs));
    let mut task = merged["active_tasks"][0].clone();
    task.as_object_mut().expect("a task").remove("id");
    task
}

/// Returns the messages for the conflicts of a merge, and its text.
pub(super) fn conflicts(ancestor: &Json, ours: &Json, theirs: &Json) -> (Vec<String>, String) {
    let merged = merge(ancestor, ours, theirs);
    let messages = merged.conflicts.iter().map(ToString::to_string);
    (messages.collect(), merged.text)
}

/// Resolves all conflicts of a text to one side.
pub(super) fn resolve(text: &str, is_ours: bool) -> Json {
    let (mut resolved, mut side) = (String::new(), None);
    for line in text.lines() {
        match line {
            "<<<<<<< ours" => side = Some(true),
            "=======" => side = Some(false),
            ">>>>>>> theirs" => side = None,
            line if side.is_none_or(|side| side == is_ours) => resolved.push_str(line),
            _ => {}
        }
    }
    resolved
        .parse()
        .unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn fields_that_one_side_changed_are_merged() {
    let merged = merge_tasks(
        json!({"title": "a", "status": "pending", "notes": null}),
        json!({"title": "b", "status": "pending", "notes": null}),
        json!({"title": "a", "status": "blocked", "notes": "later"}),
    );
    assert_eq!(
        merged,
        json!({"title": "b", "status": "blocked", "notes": "later"})
    );
}

#[test]
fn removed_and_added_fields_are_merged() {
    let merged = merge_tasks(
        json!({"due": "x", "notes": "n"}),
        json!({"notes": "n", "team": "t"}),
        json!({"due": "x", "labels": ["l"]}),
    );
    assert_eq!(merged, json!({"team": "t", "labels": ["l"]}));
}

#[test]
fn empty_and_missing_values_are_no_change() {
    let merged = merge_tasks(
        json!({"title": "a"}),
        json!({"title": "b", "assigned_to": null, "tags": []}),
        json!({"title": "a", "assigned_to": "mira", "tags": ["x"]}),
    );
    assert_eq!(
        merged,
        json!({"title": "b", "assigned_to": "mira", "tags": ["x"]})
    );
}

#[test]
fn lists_without_order_are_merged_as_sets() {
    let merged = merge_tasks(
        json!({"tags": ["a", "b"], "repos_affected": ["core"], "dependencies": ["1"]}),
        json!({"tags": ["b", "c"], "repos_affected": ["core", "web"], "dependencies": []}),
        json!({"tags": ["a", "b", "d"], "repos_affected": ["api", "core"], "dependencies": ["1", "2"]}),
    );
    let expected = json!({
        "tags": ["b", "c", "d"], "repos_affected": ["api", "core", "web"], "dependencies": ["2"],
    });
    assert_eq!(merged, expected);
}

#[test]
fn other_lists_conflict() {
    let document = |steps: &[&str]| {
        let steps: Vec<Json> = steps.iter().map(|step| json!(*step)).collect();
        json!({"active_tasks": [{"id": "WS-TASK-001", "steps": steps}]})
    };
    let (messages, _) = conflicts(
        &document(&["a"]),
        &document(&["a", "b"]),
        &document(&["c", "a"]),
    );
    assert_eq!(
        messages,
        [r#"steps of WS-TASK-001: ["a","b"] in ours, ["c","a"] in theirs"#]
    );
}

#[test]
fn later_time_of_change_is_taken() {
    let merged = merge_tasks(
        json!({"title": "a", "status": "x", "updated": "2026-01-01T10:00:00Z"}),
        json!({"title": "b", "status": "x", "updated": "2026-01-01T13:00:00+02:00"}),
        json!({"title": "a", "status": "y", "updated": "2026-01-01T12:00:00Z"}),
    );
    let expected = json!({"title": "b", "status": "y", "updated": "2026-01-01T12:00:00Z"});
    assert_eq!(merged, expected);
}

#[test]
fn objects_are_merged_by_key() {
    let merged = merge_tasks(
        json!({"metadata": {"a": {"x": 1}, "b": 1}}),
        json!({"metadata": {"a": {"x": 2}, "b": 1}}),
        json!({"metadata": {"a": {"x": 1, "y": 1.10}, "b": 1}}),
    );
    assert_eq!(
        merged,
        json!({"metadata": {"a": {"x": 2, "y": 1.10}, "b": 1}})
    );
}

#[test]
fn claims_are_not_mixed() {
    let task = |claim: Json| json!({"active_tasks": [{"id": "WS-TASK-001", "claim": claim}]});
    let (messages, text) = conflicts(
        &task(json!(null)),
        &task(json!({"holder": "mira", "expires": "x"})),
        &task(json!({"holder": "tomas", "expires": "y"})),
    );
    assert_eq!(messages.len(), 1);
    assert_eq!(
        resolve(&text, false),
        task(json!({"holder": "tomas", "expires": "y"}))
    );
}

#[test]
fn rev_is_that_of_the_version_that_the_record_is() {
    let rev = |digit: &str| json!(digit.repeat(16));
    let task = |title: &str, notes: &str, rev: Json, claim: &str| json!({"title": title, "notes": notes, "rev": rev, "claim": {"holder": claim}});
    let base = || task("a", "n", rev("0"), "mira");
    let merged = |ours, theirs| merge_tasks(base(), ours, theirs)["rev"].clone();
    // Only they changed it; the claim is not part of the version.
    let ours = task("a", "n", rev("0"), "tomas");
    assert_eq!(merged(ours, task("b", "n", rev("2"), "mira")), rev("2"));
    let ours = task("b", "n", rev("1"), "mira");
    assert_eq!(merged(ours, task("a", "n", rev("0"), "tomas")), rev("1"));
}

#[test]
fn records_are_inserted_in_the_order_of_ids() {
    let document = |ids: &[&str]| {
        let tasks: Vec<Json> = ids.iter().map(|id| json!({"id": *id})).collect();
        json!({"active_tasks": tasks})
    };
    let merged = merge_clean(
        &document(&["WS-TASK-8", "WS-TASK-11"]),
        &document(&["WS-TASK-8", "WS-TASK-9", "WS-TASK-11", "WS-TASK-100"]),
        &document(&["WS-TASK-8", "WS-TASK-10", "WS-TASK-11", "WS-TASK-12"]),
    );
    let expected = document(&[
        "WS-TASK-8",
        "WS-TASK-9",
        "WS-TASK-10",
        "WS-TASK-11",
        "WS-TASK-12",
        "WS-TASK-100",
    ]);
    assert_eq!(merged, expected);
}

#[test]
fn records_deleted_on_one_side_are_deleted() {
    let document = |ids: &[&str]| {
        let issues: Vec<Json> = ids.iter().map(|id| json!({"id": *id})).collect();
        json!({"issues": issues})
    };
    let merged = merge_clean(
        &document(&["1", "2", "3"]),
        &document(&["1", "2"]),
        &document(&["2", "3"]),
    );
    assert_eq!(merged, document(&["2"]));
}

#[test]
fn record_added_twice_with_the_same_content_is_there_once() {
    let document = |decisions: Json| json!({"version": "1", "decisions": decisions});
    let merged = merge_clean(
        &document(json!([])),
        &document(json!([{"id": "DEC-001", "decision": "x", "rev": "0123456789abcdef"}])),
        &document(
            json!([{"id": "DEC-001", "decision": "x", "impact": null, "rev": "ffffffffffffffff"}, {"id": "DEC-002"}]),
        ),
    );
    let expected =
        json!([{"id": "DEC-001", "decision": "x", "rev": "0123456789abcdef"}, {"id": "DEC-002"}]);
    assert_eq!(merged["decisions"], expected);
}

#[test]
fn task_that_one_side_completed_keeps_the_edits_of_the_other() {
    let merged = merge_clean(
        &json!({"active_tasks": [{"id": "1"}, {"id": "2", "status": "pending", "notes": "a"}], "completed_tasks": []}),
        &json!({"active_tasks": [{"id": "1"}], "completed_tasks": [{"id": "2", "status": "completed", "notes": "a"}]}),
        &json!({"active_tasks": [{"id": "1"}, {"id": "2", "status": "pending", "notes": "b"}], "completed_tasks": []}),
    );
    let expected = json!({
        "active_tasks": [{"id": "1"}], "completed_tasks": [{"id": "2", "status": "completed", "notes": "b"}],
    });
    assert_eq!(merged, expected);
}

#[test]
fn records_within_sessions_are_merged() {
    let document = |session: Json| json!({"sessions": [session]});
    let merged = merge_clean(
        &document(json!({
            "session_id": "s1", "handoff_notes": "a",
            "activities": [{"id": "a1", "time": "2026-01-01T10:00:00Z", "outcome": null}],
            "decisions_made": ["Use wsdb"],
        })),
        &document(json!({
            "session_id": "s1", "handoff_notes": "b",
            "activities": [
                {"id": "a1", "time": "2026-01-01T10:00:00Z", "outcome": "done"},
                {"id": "a0", "time": "2026-01-01T12:00:00Z"},
            ],
            "decisions_made": ["Use wsdb", "DEC-001"],
        })),
        &document(json!({
            "session_id": "s1", "handoff_notes": "a",
            "activities": [
                {"id": "a1", "time": "2026-01-01T10:00:00Z", "outcome": null},
                {"id": "a3", "time": "2026-01-01T11:00:00Z"},
            ],
            "decisions_made": [],
        })),
    );
    let expected = document(json!({
        "session_id": "s1", "handoff_notes": "b",
        "activities": [
            {"id": "a1", "time": "2026-01-01T10:00:00Z", "outcome": "done"},
            {"id": "a3", "time": "2026-01-01T11:00:00Z"},
            {"id": "a0", "time": "2026-01-01T12:00:00Z"},
        ],
        "decisions_made": ["DEC-001"],
    }));
    assert_eq!(merged, expected);
}

#[test]
fn fields_of_the_document_are_merged() {
    let merged = merge_clean(
        &json!({"version": "1", "context": {"phase": "a", "week": 1}, "decisions": []}),
        &json!({"version": "2", "context": {"phase": "a", "week": 2}, "decisions": []}),
        &json!({"version": "1", "context": {"phase": "b", "week": 1}, "team": "x", "decisions": []}),
    );
    let expected =
        json!({"version": "2", "context": {"phase": "b", "week": 2}, "team": "x", "decisions": []});
    assert_eq!(merged, expected);
}

#[test]
fn counters_are_computed_again() {
    let task = |id: u32, status: &str| json!({"id": format!("WS-TASK-00{id}"), "title": "x", "created": "2026-01-01", "status": status});
    let document = |tasks: Vec<Json>, total: u64, pending: u64| {
        let counts = json!({"total": total, "pending": pending, "completed": total - pending, "by_owner": {"mira": 1}});
        json!({"task_counts": counts, "active_tasks": tasks})
    };
    let merged = merge_clean(
        &document(vec![task(1, "pending")], 1, 1),
        &document(vec![task(1, "completed"), task(2, "pending")], 2, 1),
        &document(
            vec![task(1, "completed"), task(3, "pending"), task(4, "pending")],
            3,
            2,
        ),
    );
    let expected = json!({"total": 4, "pending": 3, "completed": 1, "by_owner": {"mira": 1}});
    assert_eq!(merged["task_counts"], expected);
}

#[test]
fn bare_lists_stay_bare() {
    let merged = merge_clean(
        &json!([{"id": "1", "title": "a"}]),
        &json!([{"id": "1", "title": "b"}]),
        &json!([{"id": "1", "title": "a"}, {"id": "2", "title": "c"}]),
    );
    assert_eq!(
        merged,
        json!([{"id": "1", "title": "b"}, {"id": "2", "title": "c"}])
    );
}

#[test]
fn conflicting_fields_are_between_markers() {
    let document = |title: &str, notes: &str| json!({"active_tasks": [{"id": "WS-TASK-001", "notes": notes, "title": title}], "version": "1"});
    let (messages, text) = conflicts(
        &document("a", "x"),
        &document("b", "y"),
        &document("c", "x"),
    );
    assert_eq!(
        messages,
        [r#"title of WS-TASK-001: "b" in ours, "c" in theirs"#]
    );
    let expected = r#"{
  "active_tasks": [
    {
      "id": "WS-TASK-001",
      "notes": "y",
<<<<<<< ours
      "title": "b"
=======
      "title": "c"
>>>>>>> theirs
    }
  ],
  "version": "1"
}
"#;
    assert_eq!(text, expected);
}

#[test]
fn deleted_and_changed_record_is_a_conflict() {
    let base = json!({"issues": [{"id": "1", "title": "a"}, {"id": "2", "title": "a"}]});
    let deleted = json!({"issues": [{"id": "1", "title": "a"}]});
    let changed = json!({"issues": [{"id": "1", "title": "a"}, {"id": "2", "title": "b"}]});
    let (messages, text) = conflicts(&base, &deleted, &changed);
    assert_eq!(messages, ["2: deleted in ours, changed in theirs"]);
    assert_eq!(resolve(&text, true), deleted);
    assert_eq!(resolve(&text, false), changed);
    let (messages, text) = conflicts(&base, &changed, &deleted);
    assert_eq!(messages, ["2: changed in ours, deleted in theirs"]);
    assert_eq!(resolve(&text, true), changed);
}

#[test]
fn last_record_of_a_list_can_be_in_conflict() {
    let base = json!({"issues": [{"id": "2", "title": "a"}]});
    let deleted = json!({"issues": []});
    let changed = json!({"issues": [{"id": "2", "title": "b"}]});
    let (_, text) = conflicts(&base, &deleted, &changed);
    assert_eq!(resolve(&text, true), deleted);
    assert_eq!(resolve(&text, false), changed);
}

#[test]
fn records_with_the_same_id_made_apart_are_a_conflict() {
    let document = |title: &str| json!({"issues": [{"id": "1", "title": title}]});
    let (messages, _) = conflicts(&json!({"issues": []}), &document("a"), &document("b"));
    assert_eq!(messages, ["1: added in both, with different contents"]);
}

#[test]
fn key_order_and_indentation_are_ours() {
    let ancestor = "{\n    \"issues\": [\n        {\"title\": \"a\", \"id\": \"1\", \"n\": 1.50}]}";
    let ours = ancestor.replace("\"a\"", "\"b\"");
    let theirs = ancestor.replace("1.50", "2.50, \"by\": 1E3");
    let merged = merge_texts(ancestor, &ours, &theirs);
    let expected = r#"{
    "issues": [
        {
            "title": "b",
            "id": "1",
            "n": 2.50,
            "by": 1e+3
        }
    ]
}
"#;
    assert_eq!(merged.text, expected);
}

#[test]
fn invalid_versions_are_errors() {
    let versions = DocumentVersions {
        ancestor: "{}",
        ours: "",
        theirs: "{}",
    };
    let error = merge_documents(versions, 7).expect_err("an error");
    let expected = "our version is not a JSON document: it is empty";
    assert_eq!(error.to_string(), expected);
    let versions = DocumentVersions {
        ours: "{}",
        theirs: "{\"a\": 1,\n\"a\": 2}",
        ..versions
    };
    let error = merge_documents(versions, 7).expect_err("an error");
    let expected = "their version is not a JSON document: line 2: duplicate key \"a\"";
    assert_eq!(error.to_string(), expected);
}

/// Documents with up to three tasks, each with a few fields.
fn documents() -> impl Strategy<Value = Json> {
    let value = prop_oneof![
        Just(json!(null)),
        Just(json!("x")),
        Just(json!("y")),
        Just(json!(["a"])),
        Just(json!(["b", "a"])),
        Just(json!({"k": 1})),
        Just(json!({"k": 2, "l": []})),
    ];
    let field = prop_oneof![
        Just("title"),
        Just("tags"),
        Just("metadata"),
        Just("steps"),
        Just("updated"),
        Just("rev")
    ];
    let fields = proptest::collection::btree_map(field, value.clone(), 0..4);
    let task = fields.prop_map(|fields| {
        let fields = fields.into_iter();
        Json::Object(fields.map(|(key, value)| (key.to_owned(), value)).collect())
    });
    let tasks = proptest::collection::btree_map(1..4u32, (task, any::<bool>()), 0..4);
    (tasks, value).prop_map(|(tasks, context)| {
        let mut lists = [Vec::new(), Vec::new()];
        for (number, (mut task, is_completed)) in tasks {
            task["id"] = json!(format!("WS-TASK-{number}"));
            lists[usize::from(is_completed)].push(task);
        }
        let [active, completed] = lists;
        json!({"context": context, "active_tasks": active, "completed_tasks": completed})
    })
}

fn canonical(text: &str) -> Json {
    Tree::parse(text).expect("JSON").canonical()
}

proptest! {
    #[test]
    fn version_equal_to_the_ancestor_yields_the_other(base in documents(), changed in documents()) {
        let (base, changed) = (base.to_string(), changed.to_string());
        prop_assert_eq!(&merge_texts(&base, &base, &changed).text, &changed);
        prop_assert_eq!(&merge_texts(&base, &changed, &base).text, &changed);
        prop_assert_eq!(&merge_texts(&base, &changed, &changed).text, &changed);
    }

    /// Conflicts lose nothing: resolving all of them to one side gives a document, and both orders of
    /// the sides have the same conflicts.
    #[test]
    fn conflicts_have_both_sides(base in documents(), a in documents(), b in documents()) {
        let merged = merge(&base, &a, &b);
        let (ours, theirs) = (resolve(&merged.text, true), resolve(&merged.text, false));
        prop_assert_eq!(merged.conflicts.is_empty(), ours == theirs);
        let swapped = merge(&base, &b, &a);
        prop_assert_eq!(merged.conflicts.len(), swapped.conflicts.len());
        // A merged document that is merged once more with a side does not change.
        if merged.conflicts.is_empty() {
            let again = merge_texts(&b.to_string(), &merged.text, &b.to_string());
            prop_assert_eq!(canonical(&again.text), canonical(&merged.text));
        }
    }
}
