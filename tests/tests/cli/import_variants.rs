//! What people write by hand in other ways than any tool would, through the binary.

use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, fixture};

fn write_json(workspace: &TestWorkspace, name: &str, value: &Value) {
    workspace.write(name, value.to_string());
}

fn sessions(workspace: &TestWorkspace, session: Value) {
    let mut whole = json!({"session_id": "s1", "start_time": "2025-11-20"});
    if let (Some(whole), Value::Object(session)) = (whole.as_object_mut(), session) {
        whole.extend(session);
    }
    write_json(workspace, "SESSION-LOG.json", &json!({"sessions": [whole]}));
}

fn described(workspace: &TestWorkspace) -> Vec<String> {
    let session = workspace.json(&["session", "show", "s1"]);
    let activities = session["activities"].as_array().unwrap();
    let mut all: Vec<String> = activities
        .iter()
        .map(|activity| activity["description"].as_str().unwrap().to_owned())
        .collect();
    all.sort();
    all
}

#[test]
fn activities_without_ids_are_told_apart() {
    let workspace = TestWorkspace::with_workspace();
    let [first, second, third] = ["first", "second", "third"].map(|d| json!({"description": d}));
    let timed = json!({"description": "timed", "time": "2025-11-20T10:00:00Z"});
    sessions(
        &workspace,
        json!({"activities": [first, second, third, timed, first]}),
    );
    workspace.ok(&["import"]);
    assert_eq!(workspace.json(&["import"])["unchanged"], true);

    sessions(
        &workspace,
        json!({"activities": [second, third, timed, first]}),
    );
    let done = workspace.json(&["import"]);
    assert_eq!(done["unchanged"], true, "{done}");
    assert_eq!(done["vanished"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        described(&workspace),
        ["first", "first", "second", "third", "timed"]
    );

    // What was done at a time of its own may be put right.
    let mended = json!({"description": "mended", "time": "2025-11-20T10:00:00Z"});
    sessions(
        &workspace,
        json!({"activities": ["new", first, first, second, third, mended]}),
    );
    workspace.ok(&["import"]);
    assert_eq!(
        described(&workspace),
        ["first", "first", "mended", "new", "second", "third"]
    );
}

#[test]
fn unknown_words_of_inline_records_are_refused_unless_a_document_holds_them() {
    let workspace = TestWorkspace::with_workspace();
    let short = json!({
        "decisions_made": [
            {"id": "DEC-1", "decision": "A", "status": "perhaps"},
            {"id": "DEC-2", "decision": "B", "time": "10:30"},
            {"id": "DEC-3"}, "DEC-4", "Use SQLite",
        ],
        "issues_found": [{"id": "I-1", "issue": "x", "severity": null}, "Pears are late"],
    });
    sessions(&workspace, short);
    insta::assert_snapshot!(workspace.fails(1, &["import"]), @r#"
    error: 2 records cannot be imported; nothing was written
           SESSION-LOG.json, $.sessions[0].decisions_made[0].status: unknown decision status "perhaps" (expected one of: planned, in_progress, implemented, maintained, superseded, rejected, deprecated)
           SESSION-LOG.json, $.sessions[0].decisions_made[1].time: invalid time "10:30" (expected a time such as 2025-11-20, 2025-11-20T10:30:00Z or 2025-11-20T10:30:00)
    hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
    "#);

    // Another document holds them: then the session's words are just a short form.
    let decision =
        |id| json!({"id": id, "decision": id, "date": "2025-11-20", "status": "planned"});
    write_json(
        &workspace,
        "ARCHITECTURE-DECISIONS.json",
        &json!({"decisions": [decision("DEC-1"), decision("DEC-2")]}),
    );
    let done = workspace.json(&["import"]);
    let told: Vec<&str> = done["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|warning| warning["message"].as_str())
        .collect();
    assert_eq!(
        told,
        [
            "session s1: decision DEC-3 does not exist",
            "session s1: decision DEC-4 does not exist",
        ]
    );
    assert_eq!(workspace.json(&["decision", "list"])["total"], 3);
    assert_eq!(workspace.json(&["issue", "list"])["total"], 2);
    assert_eq!(
        workspace.json(&["issue", "show", "I-1"])["severity"],
        "MEDIUM"
    );
    let again = workspace.json(&["import"]);
    assert_eq!(
        (&again["unchanged"], &again["vanished"]),
        (&json!(true), &json!([]))
    );
}

#[test]
fn inline_records_are_not_reported_missing() {
    let workspace = TestWorkspace::with_workspace();
    let source = fixture("handwritten").display().to_string();
    workspace.ok(&["import", &source]);
    let again = workspace.json(&["import", &source]);
    assert_eq!(again["vanished"], json!([]));
    let decisions = &again["kinds"][1];
    assert_eq!(
        (&decisions["kind"], &decisions["unchanged"]),
        (&json!("decisions"), &json!(3))
    );
}

#[test]
fn of_two_field_names_the_changed_one_counts() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Pears"]);
    workspace.ok(&["issue", "add", "x", "--type", "code_creep"]);
    workspace.ok(&["export"]);
    let file = workspace.path().join("CROSS-REPO-ISSUES.json");
    let edit = |from: &str, to: &str| {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains(from), "{text}");
        std::fs::write(&file, text.replace(from, to)).unwrap();
    };
    let issue = || workspace.json(&["issue", "show", "1"]);
    edit(r#""type": "code_creep""#, r#""type": "governance""#);
    edit(
        r#""related_task": null"#,
        r#""related_task": "WS-TASK-001""#,
    );
    workspace.ok(&["import"]);
    let told = issue();
    assert_eq!(
        (&told["issue_type"], &told["related_task_id"]),
        (&json!("governance"), &json!("WS-TASK-001"))
    );
    workspace.ok(&["export"]);
    edit(r#""issue_type": "governance""#, r#""issue_type": "bug""#);
    workspace.ok(&["import"]);
    assert_eq!(issue()["issue_type"], "bug");
    edit(r#""issue_type": "bug""#, r#""issue_type": "a""#);
    edit(r#""type": "governance""#, r#""type": "b""#);
    insta::assert_snapshot!(workspace.fails(1, &["import"]), @r#"
    error: 1 record cannot be imported; nothing was written
           CROSS-REPO-ISSUES.json, $.issues[0].type: type is "b", but issue_type is "a"
    hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
    "#);
    assert_eq!(issue()["issue_type"], "bug");
}

#[test]
fn corrected_values_are_warned_about() {
    let workspace = TestWorkspace::with_workspace();
    write_json(
        &workspace,
        "WORKSPACE-TASKS.json",
        &json!({"tasks": [{"id": "Q", "title": "elsewhere"}], "active_tasks": [
            {"id": 7, "title": "n", "created": "2025-01-01T00:00:00.123456789Z", "updated": "2025-01-01",
             "priority": "", "scale_tier": 3.0, "dependencies": ["T-2 "], "assigned_to": ""},
            {"id": "T-2", "title": "u", "created": "2025-01-01", "completed": "2025-11-20",
             "completed_at": "2025-11-20T00:00:00Z"},
        ]}),
    );
    write_json(
        &workspace,
        "CROSS-REPO-ISSUES.json",
        &json!({"issues": [{"id": "I-1", "type": "bug", "title": "x", "detected": "2025-01-01", "repo": ""}]}),
    );
    let output = workspace.run(&["import"]);
    assert!(output.status.success());
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r#"
    warning: CROSS-REPO-ISSUES.json, $.issues[0].severity: severity is missing; assumed MEDIUM
    warning: CROSS-REPO-ISSUES.json, $.issues[0].status: status is missing; assumed open
    warning: WORKSPACE-TASKS.json, $.active_tasks[0].id: "7" was read as a string
    warning: WORKSPACE-TASKS.json, $.active_tasks[0].priority: "" was read as null
    warning: WORKSPACE-TASKS.json, $.active_tasks[0].dependencies: "T-2 " was read as "T-2"
    warning: WORKSPACE-TASKS.json, $.active_tasks[0].created: "2025-01-01T00:00:00.123456789Z" was read as 2025-01-01T00:00:00.123456Z
    warning: WORKSPACE-TASKS.json, $.tasks: the records in tasks were not imported: this document lists its records under active_tasks or completed_tasks; rename the key to import them
    "#);
    let task = workspace.json(&["task", "show", "7"]);
    assert_eq!(
        (
            &task["id"],
            &task["scale_tier"],
            &task["dependencies"],
            &task["assigned_to"]
        ),
        (&json!("7"), &json!(3), &json!(["T-2"]), &json!(""))
    );
    let issue = workspace.json(&["issue", "show", "1"]);
    assert_eq!(
        (
            &issue["severity"],
            &issue["status"],
            &issue["repos_affected"]
        ),
        (&json!("MEDIUM"), &json!("open"), &json!([]))
    );
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
}

#[test]
fn changed_document_fields_are_changes() {
    let workspace = TestWorkspace::with_workspace();
    let version = |version: &str| {
        let document = json!({"version": version, "active_tasks": []});
        write_json(&workspace, "WORKSPACE-TASKS.json", &document);
    };
    version("1");
    workspace.ok(&["import"]);
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
    version("2");
    let plan = workspace.json(&["import", "--dry-run"]);
    assert_eq!(plan["unchanged"], false);
    let fields = plan["kinds"].as_array().and_then(|kinds| kinds.last());
    assert_eq!(fields.unwrap()["changed"], 1);
    workspace.ok(&["import"]);
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
}

#[test]
fn all_problems_are_reported_beside_a_broken_file() {
    let workspace = TestWorkspace::with_workspace();
    write_json(
        &workspace,
        "WORKSPACE-TASKS.json",
        &json!([{"id": "A", "title": "x", "status": "wontfix", "created": "2025-01-01"}, 5, {"id": "B", "title": "y"}]),
    );
    write_json(
        &workspace,
        "ARCHITECTURE-DECISIONS.json",
        &json!({"decisions": "x"}),
    );
    std::os::unix::fs::symlink("/nowhere", workspace.path().join("CROSS-REPO-ISSUES.json"))
        .unwrap();
    insta::assert_snapshot!(workspace.fails(1, &["import"]), @r#"
    error: ARCHITECTURE-DECISIONS.json, $.decisions: expected a list of records
           CROSS-REPO-ISSUES.json: cannot be read: No such file or directory (os error 2)
           WORKSPACE-TASKS.json, $[0].status: unknown task status "wontfix" (expected one of: pending, approved, planning, in_progress, blocked, deferred, backlog, completed, closed, cancelled)
           WORKSPACE-TASKS.json, $[1]: expected an object
           WORKSPACE-TASKS.json, $[2]: missing field "created"
    hint: fix the files above and run the import again
    "#);
}

#[test]
fn small_numbers_are_kept_as_written() {
    let workspace = TestWorkspace::with_workspace();
    write_json(
        &workspace,
        "WORKSPACE-TASKS.json",
        &json!([{"id": "A", "title": "x", "created": "2025-01-01", "z": [1e-7, 1.5e-8, 1e22, 0.1]}]),
    );
    workspace.ok(&["import"]);
    workspace.ok(&["export", "out"]);
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
    assert_eq!(workspace.json(&["import", "--replace"])["unchanged"], true);
}
