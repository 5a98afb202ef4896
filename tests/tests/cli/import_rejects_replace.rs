//! `wsdb import --replace --skip-rejects`: what a rejected record contains counts as present, and every
//! wrong value is reported.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

const SESSIONS: &str = "SESSION-LOG.json";
const DECISIONS: &str = "ARCHITECTURE-DECISIONS.json";
const ISSUES: &str = "CROSS-REPO-ISSUES.json";
const TASKS: &str = "WORKSPACE-TASKS.json";

/// A session that describes two decisions and two issues of its own, with these fields.
fn session(fields: Value) -> Value {
    let mut session = json!({
        "session_id": "s1", "start_time": "2025-11-20",
        "decisions_made": [{"id": "D-1", "decision": "Use pears"}, "Use SQLite"],
        "issues_found": [{"id": "I-1", "issue": "Pears are late"}, "Plums are late"],
    });
    if let (Some(session), Value::Object(fields)) = (session.as_object_mut(), fields) {
        session.extend(fields);
    }
    session
}

/// Writes a session, and documents of decisions and issues that hold none.
fn write(workspace: &TestWorkspace, sessions: Value) {
    workspace.write(SESSIONS, json!({ "sessions": sessions }).to_string());
    workspace.write(DECISIONS, r#"{"decisions": []}"#);
    workspace.write(ISSUES, r#"{"issues": []}"#);
}

/// The number of records that a command lists.
fn total(workspace: &TestWorkspace, noun: &str) -> Value {
    workspace.json(&[noun, "list"])["total"].clone()
}

#[test]
fn inline_records_of_a_rejected_session_are_kept() {
    for sessions in [
        json!([session(json!({"start_time": "yesterday"}))]),
        json!([session(json!({"session_id": null}))]),
        json!([session(
            json!({"decisions_made": 5, "issues_found": "none"})
        )]),
        json!([{"session_id": "s1", "start_time": "2025-11-20"}, session(json!({}))]),
        json!([5]),
    ] {
        let workspace = TestWorkspace::with_workspace();
        write(&workspace, json!([session(json!({}))]));
        workspace.ok(&["import"]);
        write(&workspace, sessions.clone());
        workspace.ok(&["import", "--replace", "--skip-rejects"]);
        for noun in ["decision", "issue"] {
            assert_eq!(total(&workspace, noun), 2, "{noun} of {sessions}");
        }
    }
}

#[test]
fn inline_records_without_a_rejected_session_are_deleted() {
    let workspace = TestWorkspace::with_workspace();
    write(&workspace, json!([session(json!({}))]));
    workspace.ok(&["import"]);
    let rest = session(json!({"decisions_made": ["Use SQLite"], "start_time": "yesterday"}));
    write(&workspace, json!([rest]));
    workspace.ok(&["import", "--replace", "--skip-rejects"]);
    let decisions = workspace.json(&["decision", "list"]);
    assert_eq!(decisions["total"], 1, "{decisions}");
    assert_eq!(decisions["decisions"][0]["decision"], "Use SQLite");
}

#[test]
fn wrong_values_of_known_inline_records_are_rejected() {
    let workspace = TestWorkspace::with_workspace();
    write(&workspace, json!([session(json!({}))]));
    workspace.ok(&["import"]);
    let wrong = session(json!({
        "decisions_made": [{"id": "D-1", "decision": "Use pears", "status": "perhaps"}, "Use SQLite"],
        "issues_found": [{"id": "I-1", "issue": "Pears are late", "severity": "huge"},
            {"issue": "Plums are late", "status": "over"}],
    }));
    write(&workspace, json!([wrong]));
    assert_snapshot!(workspace.fails(1, &["import"]), @r#"
    error: 3 records cannot be imported; nothing was written
           SESSION-LOG.json, $.sessions[0].decisions_made[0].status: unknown decision status "perhaps" (expected one of: planned, in_progress, implemented, maintained, superseded, rejected, deprecated, unknown)
           SESSION-LOG.json, $.sessions[0].issues_found[0].severity: unknown priority or severity "huge" (expected one of: CRITICAL, HIGH, MEDIUM, LOW)
           SESSION-LOG.json, $.sessions[0].issues_found[1].status: unknown issue status "over" (expected one of: open, resolved, closed)
    hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
    "#);
    assert_snapshot!(workspace.fails(1, &["import", "--replace"]), @r#"
    error: 3 records cannot be imported; nothing was written
           SESSION-LOG.json, $.sessions[0].decisions_made[0].status: unknown decision status "perhaps" (expected one of: planned, in_progress, implemented, maintained, superseded, rejected, deprecated, unknown)
           SESSION-LOG.json, $.sessions[0].issues_found[0].severity: unknown priority or severity "huge" (expected one of: CRITICAL, HIGH, MEDIUM, LOW)
           SESSION-LOG.json, $.sessions[0].issues_found[1].status: unknown issue status "over" (expected one of: open, resolved, closed)
    hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
    "#);
    workspace.ok(&["import", "--replace", "--skip-rejects"]);
    for noun in ["decision", "issue"] {
        assert_eq!(total(&workspace, noun), 2, "{noun}");
    }
    // Nothing is missing from the documents.
    let again = workspace.json(&["import", "--skip-rejects"]);
    assert_eq!(again["missing_from_files"], json!([]));
}

#[test]
fn inline_decision_that_cannot_be_read_may_be_any() {
    for entry in [
        json!({"id": {}, "decision": "Use SQLite"}),
        json!(5),
        json!({"decision": 5}),
    ] {
        let workspace = TestWorkspace::with_workspace();
        write(&workspace, json!([session(json!({}))]));
        workspace.ok(&["import"]);
        write(
            &workspace,
            json!([session(json!({"decisions_made": [entry]}))]),
        );
        workspace.ok(&["import", "--replace", "--skip-rejects"]);
        assert_eq!(total(&workspace, "decision"), 2, "{entry}");
    }
}

#[test]
fn embedded_records_with_wrong_values_are_rejected() {
    let document = |severity: &str, status: &str| {
        json!({
            "active_tasks": [],
            "cross_repo_issues": [{"id": "I-1", "type": "bug", "title": "Pears", "detected": "2025-11-20",
                "severity": severity, "status": "open"}, {"id": "I-2"}],
            "recent_decisions": [{"id": "D-1", "decision": "Use pears", "date": "2025-11-20",
                "status": status}],
        })
        .to_string()
    };
    let workspace = TestWorkspace::with_workspace();
    write(&workspace, json!([]));
    workspace.write(TASKS, document("huge", "perhaps"));
    assert_snapshot!(workspace.fails(1, &["import"]), @r#"
    error: 2 records cannot be imported; nothing was written
           WORKSPACE-TASKS.json, $.cross_repo_issues[0].severity: unknown priority or severity "huge" (expected one of: CRITICAL, HIGH, MEDIUM, LOW)
           WORKSPACE-TASKS.json, $.recent_decisions[0].status: unknown decision status "perhaps" (expected one of: planned, in_progress, implemented, maintained, superseded, rejected, deprecated, unknown)
    hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
    "#);
    // As everywhere, values can be mapped.
    let map = [
        "import",
        "--map",
        "severity.huge=HIGH",
        "--map",
        "status.perhaps=planned",
    ];
    workspace.ok(&map);
    assert_eq!(
        workspace.json(&["issue", "show", "I-1"])["severity"],
        "HIGH"
    );
    workspace.ok(&["import", "--replace", "--skip-rejects"]);
    assert_eq!(total(&workspace, "issue"), 1);
    assert_eq!(total(&workspace, "decision"), 1);
    // A document with the records has the values that count.
    workspace.ok(&["export", "."]);
    workspace.write(TASKS, document("huge", "perhaps"));
    workspace.ok(&["import"]);
}

#[test]
fn activity_with_a_wrong_time_is_kept() {
    for wrong in [
        json!({"description": "Wrote tests", "time": "yesterday"}),
        json!({"description": 5}),
    ] {
        let workspace = TestWorkspace::with_workspace();
        let activities =
            json!([{"description": "Wrote tests", "time": "2025-11-20T10:00:00Z"}, "Read"]);
        let session = |id: &str, activities: &Value| json!({"session_id": id, "start_time": "2025-11-20", "activities": activities});
        write(
            &workspace,
            json!([session("s1", &activities), session("s2", &activities)]),
        );
        workspace.ok(&["import"]);
        let (wrong, rest) = (json!([wrong, "Read"]), json!(["Read"]));
        write(
            &workspace,
            json!([session("s1", &wrong), session("s2", &rest)]),
        );
        workspace.ok(&["import", "--replace", "--skip-rejects"]);
        let count = |id: &str| {
            workspace.json(&["session", "show", id])["activities"]
                .as_array()
                .map(Vec::len)
        };
        assert_eq!(count("s1"), Some(2));
        assert_eq!(
            count("s2"),
            Some(1),
            "the other session has no rejected activity"
        );
    }
}

#[test]
fn renumbered_record_is_kept_if_it_is_rejected() {
    let workspace = TestWorkspace::with_workspace();
    let document = |status: &str| json!({"active_tasks": [{"id": "T-1", "title": "Theirs", "created": "2025-01-01", "status": status}]});
    let file = format!("other/{TASKS}");
    workspace.write(
        TASKS,
        r#"{"active_tasks": [{"id": "T-1", "title": "Ours", "created": "2024-01-01"}]}"#,
    );
    workspace.ok(&["import", TASKS]);
    workspace.write(&file, document("pending").to_string());
    workspace.ok(&["import", &file, "--renumber"]);
    assert_eq!(total(&workspace, "task"), 2);
    workspace.write(&file, document("wontfix").to_string());
    workspace.ok(&["import", TASKS, &file, "--replace", "--skip-rejects"]);
    assert_eq!(total(&workspace, "task"), 2);
}

#[test]
fn repeated_ids_within_a_rejected_session_are_reported() {
    let workspace = TestWorkspace::with_workspace();
    let sessions = json!([
        {"session_id": "s1", "start_time": "yesterday",
            "activities": [{"id": "a1", "description": "x"}, {"id": "a1", "description": "y"}, "z"]},
        {"session_id": "s2", "start_time": "2025-11-20",
            "activities": [{"id": "a1", "description": "x"}, "z"]},
    ]);
    write(&workspace, sessions);
    assert_snapshot!(workspace.fails(1, &["import"]), @r#"
    error: 1 record cannot be imported; nothing was written
           SESSION-LOG.json, $.sessions[0].start_time: invalid time "yesterday" (expected a time such as 2025-11-20, 2025-11-20T10:30:00Z or 2025-11-20T10:30:00)
           SESSION-LOG.json, $.sessions[0].activities[0]: duplicate ID a1 (also defined at $.sessions[1].activities[0])
           SESSION-LOG.json, $.sessions[0].activities[1]: duplicate ID a1 (also defined at $.sessions[1].activities[0])
    hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
    "#);
}

#[test]
fn record_with_the_mistyped_id_of_another_is_not_deleted() {
    let workspace = TestWorkspace::with_workspace();
    let import = |ids: [&str; 2], title: &str, options: &[&str]| {
        let first = json!({"id": ids[0], "title": "x", "created": "2026-01-01T10:00:00"});
        let second = json!({"id": ids[1], "title": title, "created": "2026-01-01T11:00:00"});
        workspace.write(TASKS, json!([first, second]).to_string());
        workspace.ok(&[&["import"], options].concat());
    };
    import(["T-1", "T-2"], "y", &[]);
    import(["T-1", "T-1"], "z", &["--replace", "--skip-rejects"]);
    assert_eq!(total(&workspace, "task"), 2);
}

/// Only records that the one with the repeated id may be are kept.
#[test]
fn records_that_are_gone_are_deleted_despite_a_repeated_id() {
    let workspace = TestWorkspace::with_workspace();
    let import = |tasks: Value, options: &[&str]| {
        workspace.write(TASKS, tasks.to_string());
        let output = workspace.run(&[&["import"], options].concat());
        workspace.text(&output.stderr)
    };
    let task = |id: &str, title: &str| json!({"id": id, "title": title, "created": "2026-01-01"});
    import(
        json!([task("T-1", "a"), task("T-2", "b"), task("T-3", "c")]),
        &[],
    );
    let tasks = json!([task("T-1", "a"), task("T-1", "b")]);
    assert_snapshot!(import(tasks, &["--replace", "--skip-rejects"]), @"
    warning: T-2 was not deleted, because it may be the same record as the skipped one with the duplicate ID T-1
    warning: 1 record skipped: see wsdb-rejects.json
    ");
    let tasks = workspace.json(&["task", "list"]);
    let ids: Vec<&Value> = tasks["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| &task["id"])
        .collect();
    assert_eq!(ids, ["T-1", "T-2"]);
}
