//! Import of sessions: activities without ids, and decisions and issues that a session lists itself.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, fixture};

/// Writes a document with one session that has these fields.
fn write_session(workspace: &TestWorkspace, fields: Value) {
    let mut session = json!({"session_id": "s1", "start_time": "2025-11-20"});
    if let (Some(session), Value::Object(fields)) = (session.as_object_mut(), fields) {
        session.extend(fields);
    }
    let document = json!({"sessions": [session]});
    workspace.write("SESSION-LOG.json", document.to_string());
}

/// The descriptions of the session's activities, sorted.
fn descriptions(workspace: &TestWorkspace) -> Vec<String> {
    let session = workspace.json(&["session", "show", "s1"]);
    let activities = session["activities"].as_array().unwrap().iter();
    let mut descriptions: Vec<String> = activities
        .map(|activity| activity["description"].as_str().unwrap().to_owned())
        .collect();
    descriptions.sort();
    descriptions
}

fn activity(description: &str) -> Value {
    json!({"description": description})
}

fn timed_activity(description: &str) -> Value {
    json!({"description": description, "time": "2025-11-20T10:00:00Z"})
}

/// A session with activities that have no ids, two of them with the same description.
fn with_activities() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    write_session(
        &workspace,
        json!({"activities": [
            activity("first"), activity("second"), activity("third"),
            timed_activity("timed"), activity("first"),
        ]}),
    );
    workspace.ok(&["import"]);
    workspace
}

#[test]
fn activities_without_ids_are_recognized() {
    let workspace = with_activities();
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
}

#[test]
fn activity_missing_from_a_document_is_kept() {
    let workspace = with_activities();
    write_session(
        &workspace,
        json!({"activities": [
            activity("second"), activity("third"), timed_activity("timed"), activity("first"),
        ]}),
    );
    let imported = workspace.json(&["import"]);
    assert_eq!(imported["unchanged"], true, "{imported}");
    assert_eq!(
        imported["missing_from_files"].as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(
        descriptions(&workspace),
        ["first", "first", "second", "third", "timed"]
    );
}

#[test]
fn activity_is_recognized_by_its_time() {
    let workspace = with_activities();
    write_session(
        &workspace,
        json!({"activities": [
            "new", activity("first"), activity("first"), activity("second"),
            activity("third"), timed_activity("corrected"),
        ]}),
    );
    workspace.ok(&["import"]);
    assert_eq!(
        descriptions(&workspace),
        ["corrected", "first", "first", "new", "second", "third"]
    );
}

/// A session that lists decisions and issues, two of them with invalid values.
fn with_inline_records() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    write_session(
        &workspace,
        json!({
            "decisions_made": [
                {"id": "DEC-1", "decision": "A", "status": "perhaps"},
                {"id": "DEC-2", "decision": "B", "time": "10:30"},
                {"id": "DEC-3"}, "DEC-4", "Use SQLite",
            ],
            "issues_found": [{"id": "I-1", "issue": "x", "severity": null}, "Pears are late"],
        }),
    );
    workspace
}

/// As [`with_inline_records`], with a document that has the invalid decisions, too.
fn with_inline_records_in_a_document() -> TestWorkspace {
    let workspace = with_inline_records();
    let decision =
        |id| json!({"id": id, "decision": id, "date": "2025-11-20", "status": "planned"});
    let document = json!({"decisions": [decision("DEC-1"), decision("DEC-2")]});
    workspace.write("ARCHITECTURE-DECISIONS.json", document.to_string());
    workspace
}

#[test]
fn invalid_values_of_inline_records_are_refused() {
    let workspace = with_inline_records();
    assert_snapshot!(workspace.fails(1, &["import"]), @r#"
    error: 2 records cannot be imported; nothing was written
           SESSION-LOG.json, $.sessions[0].decisions_made[0].status: unknown decision status "perhaps" (expected one of: planned, in_progress, implemented, maintained, superseded, rejected, deprecated, unknown)
           SESSION-LOG.json, $.sessions[0].decisions_made[1].time: invalid time "10:30" (expected a time such as 2025-11-20, 2025-11-20T10:30:00Z or 2025-11-20T10:30:00)
    hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
    "#);
}

#[test]
fn values_of_inline_records_are_ignored_if_a_document_has_the_records() {
    let workspace = with_inline_records_in_a_document();
    workspace.ok(&["import"]);
    assert_eq!(workspace.json(&["decision", "list"])["total"], 3);
    assert_eq!(workspace.json(&["issue", "list"])["total"], 2);
    assert_eq!(
        workspace.json(&["issue", "show", "I-1"])["severity"],
        "MEDIUM"
    );
}

#[test]
fn missing_decisions_of_a_session_are_warned_about() {
    let workspace = with_inline_records_in_a_document();
    let imported = workspace.json(&["import"]);
    let warnings = imported["warnings"].as_array().unwrap();
    let messages: Vec<&str> = warnings
        .iter()
        .filter_map(|warning| warning["message"].as_str())
        .collect();
    assert_eq!(
        messages,
        [
            "session s1: decision DEC-3 does not exist",
            "session s1: decision DEC-4 does not exist",
        ]
    );
}

#[test]
fn inline_records_are_recognized() {
    let workspace = with_inline_records_in_a_document();
    workspace.ok(&["import"]);
    let again = workspace.json(&["import"]);
    assert_eq!(again["unchanged"], true);
    assert_eq!(again["missing_from_files"], json!([]));
}

#[test]
fn inline_records_are_not_reported_missing() {
    let workspace = TestWorkspace::with_workspace();
    let source = fixture("handwritten").display().to_string();
    workspace.ok(&["import", &source]);
    let again = workspace.json(&["import", &source]);
    assert_eq!(again["unchanged"], true);
    assert_eq!(again["missing_from_files"], json!([]));
    assert_eq!(again["counts"]["decisions"]["unchanged"], 3);
}

/// A session that describes a decision and an issue that no document contains.
fn write_inline_records(workspace: &TestWorkspace, decision: &str, status: &str) {
    write_session(
        workspace,
        json!({
            "decisions_made": [{"id": "DEC-1", "decision": decision, "status": status}],
            "issues_found": [{"id": "I-1", "issue": "Pears are late", "status": "open"}],
        }),
    );
}

#[test]
fn edited_inline_record_is_merged() {
    let workspace = TestWorkspace::with_workspace();
    write_inline_records(&workspace, "Use pears", "planned");
    workspace.ok(&["import"]);
    workspace.ok(&["decision", "edit", "DEC-1", "--rationale", "Ripe"]);
    write_inline_records(&workspace, "Use plums", "planned");
    assert_eq!(
        workspace.json(&["import"])["counts"]["decisions"]["changed"],
        1,
        "decisions"
    );
    let decision = workspace.json(&["decision", "show", "DEC-1"]);
    assert_eq!(decision["decision"], "Use plums");
    assert_eq!(decision["rationale"], "Ripe");
    // Changed on both sides.
    workspace.ok(&["decision", "edit", "DEC-1", "--decision", "Use figs"]);
    write_inline_records(&workspace, "Use apples", "implemented");
    let output = workspace.run(&["import"]);
    assert_eq!(output.status.code(), Some(1));
    let stderr = workspace.text(&output.stderr);
    assert!(
        stderr.contains(
            r#"conflict: decision of DEC-1: "Use apples" in the file, "Use figs" in the database"#
        ),
        "{stderr}"
    );
    assert_eq!(
        workspace.json(&["decision", "show", "DEC-1"])["status"],
        "implemented"
    );
}

#[test]
fn edit_in_a_session_of_a_record_in_a_document_is_warned_about() {
    let workspace = TestWorkspace::with_workspace();
    write_inline_records(&workspace, "Use pears", "planned");
    workspace.ok(&["import"]);
    workspace.ok(&["export", "."]);
    workspace.replace_in("SESSION-LOG.json", "Use pears", "Use plums");
    let stderr = workspace.stderr(&["import"]);
    assert_snapshot!(stderr, @"warning: the description of decision DEC-1 in session s1 was edited, but this does not change the decision; edit it in ARCHITECTURE-DECISIONS.json");
    assert_eq!(
        workspace.json(&["decision", "show", "DEC-1"])["decision"],
        "Use pears"
    );
}

#[test]
fn decision_of_a_session_is_edited_after_an_export_elsewhere() {
    let workspace = TestWorkspace::with_workspace();
    let import = |rationale: &str| {
        let decision = json!({"id": "D-1", "decision": "Use pears", "rationale": rationale});
        write_session(&workspace, json!({"decisions_made": [decision]}));
        workspace.ok(&["import", "SESSION-LOG.json"]);
        workspace.json(&["decision", "show", "D-1"])["rationale"].clone()
    };
    assert_eq!(import("They keep"), "They keep");
    workspace.ok(&["export", "out"]);
    assert_eq!(import("They keep well"), "They keep well");
}

#[test]
fn added_words_in_a_text_of_a_session_are_an_edit() {
    let workspace = TestWorkspace::with_workspace();
    let import = |decision: &str, issue: &str, activity: &str| {
        write_session(
            &workspace,
            json!({
                "decisions_made": [decision, "paint it"],
                "issues_found": [issue],
                "activities": [activity, "cleaned up"],
            }),
        );
        workspace.json(&["import"])
    };
    import("use steel", "no ladder", "cut wood");
    let imported = import(
        "use stainless steel",
        "no long ladder available",
        "cut 40 long boards of wood",
    );
    for kind in ["decisions", "issues", "activities"] {
        let counts = &imported["counts"][kind];
        assert_eq!(
            (&counts["new"], &counts["changed"]),
            (&json!(0), &json!(1)),
            "{kind}"
        );
    }
    workspace.ok(&["export"]);
    let document: Value = serde_json::from_str(&workspace.read("SESSION-LOG.json")).unwrap();
    let session = &document["sessions"][0];
    assert_eq!(session["activities"][0], "cut 40 long boards of wood");
    assert_eq!(session["decisions_made"].as_array().unwrap().len(), 2);
    assert_eq!(session["issues_found"].as_array().unwrap().len(), 1);
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
}

#[test]
fn activities_of_the_same_time_are_in_the_order_of_the_file() {
    let workspace = TestWorkspace::with_workspace();
    let texts = ["f", "b", "e", "a", "d", "c"];
    write_session(&workspace, json!({"activities": texts}));
    workspace.ok(&["import"]);
    let session = workspace.json(&["session", "show", "s1"]);
    let activities = session["activities"].as_array().unwrap().iter();
    let shown: Vec<&Value> = activities.map(|it| &it["description"]).collect();
    assert_eq!(shown, texts);
}

#[test]
fn lists_of_sessions_are_read_under_names_in_another_case() {
    let workspace = TestWorkspace::with_workspace();
    write_session(
        &workspace,
        json!({"decisionsMade": ["Use pears"], "Activities": ["Pruned"], "issuesFound": ["No ladder"]}),
    );
    assert_snapshot!(workspace.stderr(&["import"]), @"
    warning: SESSION-LOG.json: Activities was read as activities (1 record)
    warning: SESSION-LOG.json: decisionsMade was read as decisions_made (1 record)
    warning: SESSION-LOG.json: issuesFound was read as issues_found (1 record)
    ");
    workspace.ok(&["export"]);
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
    let document: Value = serde_json::from_str(&workspace.read("SESSION-LOG.json")).unwrap();
    assert_eq!(
        document["sessions"][0]["decisionsMade"],
        json!(["Use pears"])
    );
}
