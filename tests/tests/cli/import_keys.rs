//! `wsdb import`: keys that are no fields, and files that are none of our documents.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

const TASKS: &str = "WORKSPACE-TASKS.json";

/// Writes a document with a task for each of these fields.
fn write_tasks(workspace: &TestWorkspace, tasks: &[Value]) {
    let tasks = (1..).zip(tasks).map(|(number, fields)| {
        let mut task = json!({"id": format!("T-{number}"), "title": "x", "created": "2025-01-01"});
        if let (Some(task), Some(fields)) = (task.as_object_mut(), fields.as_object()) {
            task.extend(fields.clone());
        }
        task
    });
    let document = json!({"active_tasks": tasks.collect::<Vec<_>>()});
    workspace.write(TASKS, document.to_string());
}

#[test]
fn keys_that_mean_a_field_are_read_as_it() {
    let workspace = TestWorkspace::with_workspace();
    write_tasks(
        &workspace,
        &[
            json!({"depends_on": ["T-2"], "repos": ["core", "web"], "owner": "mira", "desc": "Long"}),
            json!({"blocked_by": "T-3", "repo": "core", "assignee": "jo", "state": "done"}),
            json!({"dependsOn": ["T-1"], "dependencies": ["T-1"], "Priority": "high", "owner": null}),
        ],
    );
    assert_snapshot!(workspace.stderr(&["import"]), @r#"
    warning: WORKSPACE-TASKS.json, $.active_tasks[1].state: "done" was read as completed
    warning: WORKSPACE-TASKS.json, $.active_tasks[2].Priority: "high" was read as HIGH
    warning: WORKSPACE-TASKS.json: Priority was read as priority (1 record)
    warning: WORKSPACE-TASKS.json: assignee was read as assigned_to (1 record)
    warning: WORKSPACE-TASKS.json: blocked_by was read as dependencies (1 record)
    warning: WORKSPACE-TASKS.json: dependsOn was read as dependencies (1 record)
    warning: WORKSPACE-TASKS.json: depends_on was read as dependencies (1 record)
    warning: WORKSPACE-TASKS.json: desc was read as description (1 record)
    warning: WORKSPACE-TASKS.json: owner was read as assigned_to (2 records)
    warning: WORKSPACE-TASKS.json: repo was read as repos_affected (1 record)
    warning: WORKSPACE-TASKS.json: repos was read as repos_affected (1 record)
    warning: WORKSPACE-TASKS.json: state was read as status (1 record)
    "#);
    let task = workspace.json(&["task", "show", "T-1"]);
    assert_eq!(task["dependencies"], json!(["T-2"]));
    assert_eq!(task["repos_affected"], json!(["core", "web"]));
    assert_eq!(task["assigned_to"], "mira");
    assert_eq!(task["description"], "Long");
    assert_eq!(task["document_fields"], json!({}));
    let task = workspace.json(&["task", "show", "T-2"]);
    assert_eq!(task["dependencies"], json!(["T-3"]));
    assert_eq!(task["repos_affected"], json!(["core"]));
    assert_eq!(task["status"], "completed");
    let task = workspace.json(&["task", "show", "T-3"]);
    assert_eq!(task["dependencies"], json!(["T-1"]));
    assert_eq!(task["priority"], "HIGH");
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
}

#[test]
fn keys_that_are_no_fields_are_kept() {
    let workspace = TestWorkspace::with_workspace();
    write_tasks(
        &workspace,
        &[
            json!({"due": "2025-12-01", "labels": ["a"], "priorty": "HIGH"}),
            json!({"due": "2025-12-01", "tags": [], "owner": {"name": "mira"}}),
        ],
    );
    assert_snapshot!(workspace.stderr(&["import"]), @"
    warning: WORKSPACE-TASKS.json: priorty is kept, but wsdb has no such field; did you mean priority? (1 record)
    warning: WORKSPACE-TASKS.json: due is kept, but wsdb has no such field (2 records)
    warning: WORKSPACE-TASKS.json: labels is kept, but wsdb has no such field (1 record)
    warning: WORKSPACE-TASKS.json: owner is kept, but not read as assigned_to: the record already has that field, or the value has the wrong type (1 record)
    warning: WORKSPACE-TASKS.json: tags is kept, but wsdb has no such field (1 record)
    ");
    let task = workspace.json(&["task", "show", "T-1"]);
    assert_eq!(task["document_fields"]["due"], "2025-12-01");
    assert_eq!(task["document_fields"]["priorty"], "HIGH");
    let task = workspace.json(&["task", "show", "T-2"]);
    assert_eq!(task["document_fields"]["owner"]["name"], "mira");
    let again = workspace.json(&["import"]);
    assert_eq!(again["unchanged"], true);
    assert_eq!(again["warnings"].as_array().map(Vec::len), Some(5));
}

#[test]
fn two_keys_of_a_field_with_different_values_are_refused() {
    let workspace = TestWorkspace::with_workspace();
    write_tasks(
        &workspace,
        &[
            json!({"owner": "mira", "assigned_to": "jo"}),
            json!({"repo": "core", "repos_affected": ["core"]}),
            json!({"depends_on": ["A"], "blocked_by": ["B"]}),
        ],
    );
    assert_snapshot!(workspace.fails(1, &["import"]), @r#"
    error: 2 records cannot be imported; nothing was written
           WORKSPACE-TASKS.json, $.active_tasks[0].owner: owner and assigned_to are the same field, but their values differ: "mira" and "jo"; keep only one of them
           WORKSPACE-TASKS.json, $.active_tasks[2].depends_on: depends_on and blocked_by are the same field, but their values differ: ["A"] and ["B"]; keep only one of them
    hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
    "#);
}

#[test]
fn empty_value_under_another_key_is_no_conflict() {
    let workspace = TestWorkspace::with_workspace();
    write_tasks(
        &workspace,
        &[
            json!({"repos_affected": ["core"], "repo": null}),
            json!({"repos_affected": ["core"], "repos": [], "owner": "", "assigned_to": "mira"}),
            json!({"repos_affected": [], "repos": ["core"], "assigned_to": null, "owner": "mira"}),
        ],
    );
    let issue = json!({"id": "I-1", "issue_type": "bug", "type": null, "related_task_id": "T-1",
        "related_task": "", "title": "x", "detected": "2025-01-01", "severity": "LOW", "status": "open"});
    let issues = json!({"issues": [issue]});
    workspace.write("CROSS-REPO-ISSUES.json", issues.to_string());
    for _ in 0..2 {
        workspace.ok(&["import"]);
        for task in ["T-1", "T-2", "T-3"] {
            let task = workspace.json(&["task", "show", task]);
            assert_eq!(task["repos_affected"], json!(["core"]), "{task}");
        }
        assert_eq!(
            workspace.json(&["task", "show", "T-2"])["assigned_to"],
            "mira"
        );
        assert_eq!(
            workspace.json(&["task", "show", "T-3"])["assigned_to"],
            "mira"
        );
        let issue = workspace.json(&["issue", "show", "I-1"]);
        assert_eq!(issue["issue_type"], "bug");
        assert_eq!(issue["related_task_id"], "T-1");
    }
    workspace.ok(&["export", "out"]);
    let exported: Value = serde_json::from_str(&workspace.read(&format!("out/{TASKS}"))).unwrap();
    assert_eq!(exported["active_tasks"][0]["repo"], Value::Null);
    assert_eq!(exported["active_tasks"][1]["repos"], json!([]));
}

#[test]
fn ids_in_one_text_are_split() {
    let workspace = TestWorkspace::with_workspace();
    write_tasks(
        &workspace,
        &[json!({"dependencies": "T-2, T-3"}), json!({}), json!({})],
    );
    let map = ["import", "--map", "title=description"];
    assert_snapshot!(workspace.stderr(&map), @r#"
    warning: WORKSPACE-TASKS.json, $.active_tasks[0].dependencies: "T-2, T-3" was read as a list
    warning: unused mapping title=description: title is already a field
    "#);
    let task = workspace.json(&["task", "show", " T-1 "]);
    assert_eq!(task["dependencies"], json!(["T-2", "T-3"]));
    let error = workspace.fails(1, &["issue", "show", " T-1 "]);
    assert!(error.contains("is a task, not an issue"), "{error}");
}

#[test]
fn other_names_of_the_severity_are_read() {
    let workspace = TestWorkspace::with_workspace();
    let issue = |id: &str, key: &str| json!({"id": id, "type": "bug", "title": "x", "detected": "2025-01-01", "status": "open", key: "HIGH"});
    let issues = json!({"issues": [issue("I-1", "sev"), issue("I-2", "priority")]});
    workspace.write("CROSS-REPO-ISSUES.json", issues.to_string());
    let detection = json!({"id": "D-1", "repo": "core", "kind": "dependency", "sev": "LOW",
        "file_path": "a.py", "date": "2025-01-01", "status": "open"});
    workspace.write(
        "DRIFT.json",
        json!({"drift_detections": [detection]}).to_string(),
    );
    workspace.ok(&["import"]);
    for id in ["I-1", "I-2"] {
        assert_eq!(workspace.json(&["issue", "show", id])["severity"], "HIGH");
    }
    assert_eq!(workspace.json(&["drift", "show", "D-1"])["severity"], "LOW");
}

#[test]
fn missing_field_may_be_a_typo() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(
        TASKS,
        r#"[{"id": "T-1", "titel": "x", "created": "2025-01-01"}]"#,
    );
    assert_snapshot!(workspace.fails(1, &["import"]), @r#"
    error: 1 record cannot be imported; nothing was written
           WORKSPACE-TASKS.json, $[0]: missing field "title"; did you mean title instead of titel?
    hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
    "#);
}

#[test]
fn keys_of_other_kinds_are_read_as_their_fields() {
    let workspace = TestWorkspace::with_workspace();
    let decision = json!({"id": "DEC-1", "title": "Use SQLite", "status": "planned",
        "created": "2025-01-01", "repos": ["core"]});
    workspace.write(
        "ARCHITECTURE-DECISIONS.json",
        json!({"decisions": [decision]}).to_string(),
    );
    let issue = json!({"id": "I-1", "type": "bug", "title": "x", "severity": "LOW", "status": "open",
        "detected": "2025-01-01", "owner": "jo", "repos": "core"});
    workspace.write(
        "CROSS-REPO-ISSUES.json",
        json!({"issues": [issue]}).to_string(),
    );
    let session = json!({"session_id": "s1", "started": "2025-01-01", "ended": "2025-01-02",
        "notes": "Next", "decisions": ["DEC-1"]});
    workspace.write(
        "SESSION-LOG.json",
        json!({"sessions": [session]}).to_string(),
    );
    workspace.ok(&["import"]);
    let decision = workspace.json(&["decision", "show", "1"]);
    assert_eq!(decision["decision"], "Use SQLite");
    assert_eq!(decision["repos_affected"], json!(["core"]));
    let issue = workspace.json(&["issue", "show", "1"]);
    assert_eq!(issue["assigned_to"], "jo");
    assert_eq!(issue["repos_affected"], json!(["core"]));
    let session = workspace.json(&["session", "show", "s1"]);
    assert_eq!(session["handoff_notes"], "Next");
    assert_eq!(session["status"], "completed");
    assert_eq!(session["decisions_made"].as_array().map(Vec::len), Some(1));
}

#[test]
fn key_can_be_mapped_to_a_field() {
    let workspace = TestWorkspace::with_workspace();
    write_tasks(
        &workspace,
        &[json!({"team": "jo", "on": "T-2"}), json!({"team": 7})],
    );
    let map = [
        "import",
        "--map",
        "team=assigned_to",
        "--map",
        "on=dependencies",
    ];
    let error = workspace.fails(1, &map);
    assert!(
        error.contains("$.active_tasks[1].team: expected a string"),
        "{error}"
    );
    write_tasks(&workspace, &[json!({"team": "jo", "on": "T-2"}), json!({})]);
    workspace.ok(&map);
    let task = workspace.json(&["task", "show", "T-1"]);
    assert_eq!(task["assigned_to"], "jo");
    assert_eq!(task["dependencies"], json!(["T-2"]));
}

#[test]
fn mappings_to_unknown_fields_and_values_are_refused() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(TASKS, "no JSON");
    for map in [
        "status.x=nonsense",
        "statsu.x=closed",
        "title.x=y",
        "team=nobody",
        "title=title",
    ] {
        workspace.fails(2, &["import", "--map", map]);
    }
    assert_snapshot!(workspace.fails(2, &["import", "--map", "status.x=nonsense"]), @r#"error: invalid mapping "status.x=nonsense": unknown decision status "nonsense" (expected one of: planned, in_progress, implemented, maintained, superseded, rejected, deprecated, unknown); unknown detection status "nonsense" (expected one of: open, resolved, ignored); unknown issue status "nonsense" (expected one of: open, resolved, closed); unknown scan status "nonsense" (expected one of: running, completed, failed); unknown session status "nonsense" (expected one of: in_progress, completed); unknown task status "nonsense" (expected one of: pending, approved, planning, in_progress, blocked, deferred, backlog, completed, closed, cancelled)"#);
    assert_snapshot!(workspace.fails(2, &["import", "--map", "team=asigned_to"]), @r#"error: invalid mapping "team=asigned_to": there is no field asigned_to; did you mean assigned_to?"#);
}

#[test]
fn foreign_files_are_refused() {
    let workspace = TestWorkspace::with_workspace();
    let foreign = [
        (
            "package.json",
            r#"{"name": "x", "version": "1.0", "dependencies": {"a": "1"}}"#,
        ),
        (
            "tasks.json",
            r#"[{"uuid": "1", "description": "x", "status": "pending"}]"#,
        ),
        (
            TASKS,
            r#"{"data": {"tasks": [{"id": "T-1", "title": "x", "created": "2025-01-01"}]}}"#,
        ),
        ("SESSION-LOG.json", "{}"),
        ("DRIFT.json", r#"{"version": "1.0", "scans": []}"#),
    ];
    for (name, text) in foreign {
        workspace.write(name, text);
    }
    let mut import = vec!["import"];
    import.extend(foreign.map(|(name, _)| name));
    assert_snapshot!(workspace.fails(1, &import), @"
    error: DRIFT.json, $: contains no records: expected them under drift_scans or drift_detections; found an object with the keys scans, version
           SESSION-LOG.json, $: contains no records: expected them under sessions; found an empty object
           WORKSPACE-TASKS.json, $: contains no records: expected them under active_tasks or completed_tasks; found an object with the key data, and a list of objects at $.data.tasks
           package.json: unknown document: neither the name nor the content matches any of WORKSPACE-TASKS.json, SESSION-LOG.json, CROSS-REPO-ISSUES.json, ARCHITECTURE-DECISIONS.json, ARCHITECTURE.json, DRIFT.json, CONFIGURATION.json, CONTEXT-LOG.json, HISTORY.json; found an object with the keys dependencies, name, version
           tasks.json: unknown document: neither the name nor the content matches any of WORKSPACE-TASKS.json, SESSION-LOG.json, CROSS-REPO-ISSUES.json, ARCHITECTURE-DECISIONS.json, ARCHITECTURE.json, DRIFT.json, CONFIGURATION.json, CONTEXT-LOG.json, HISTORY.json; found a list of objects with the keys description, status, uuid
    hint: fix the problems above and run the command again
    ");
}

#[test]
fn document_with_records_only_under_other_keys_is_refused() {
    let workspace = TestWorkspace::with_workspace();
    let document = json!({
        "active_tasks": [],
        "backlog": [{"id": "T-1", "title": "x", "created": "2025-01-01"}],
    });
    workspace.write(TASKS, document.to_string());
    let error = workspace.fails(1, &["import"]);
    assert!(error.contains("a list of objects at $.backlog"), "{error}");
}

#[test]
fn documents_with_empty_lists_are_accepted() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(TASKS, "[]");
    workspace.write("DRIFT.json", r#"{"drift_scans": null}"#);
    workspace.write("CROSS-REPO-ISSUES.json", r#"{"issues": []}"#);
    workspace.ok(&["import"]);
}

#[test]
fn keys_of_other_tools_are_noted() {
    let workspace = TestWorkspace::with_workspace();
    let by = |time: &str| json!({"completed_at": time, "extra_metadata": {"team": "core"}, "status": "completed"});
    write_tasks(&workspace, &[by("2025-01-02"), by("2025-01-03")]);
    let session = json!({"sessions": [{"id": "s1", "start_time": "2025-01-01"}]});
    workspace.write("SESSION-LOG.json", session.to_string());
    assert_snapshot!(workspace.stderr(&["import"]), @"
    warning: SESSION-LOG.json: id was read as session_id (1 record)
    warning: WORKSPACE-TASKS.json: completed_at was read as completed (2 records)
    warning: WORKSPACE-TASKS.json: extra_metadata was read as metadata (2 records)
    ");
    let task = workspace.json(&["task", "show", "T-1"]);
    assert_eq!(task["completed_at"], "2025-01-02T00:00:00Z");
    assert_eq!(task["extra_metadata"], json!({"team": "core"}));
    // The names of the fields cause no warning.
    write_tasks(
        &workspace,
        &[json!({"completed": "2025-01-02", "metadata": {}})],
    );
    assert_eq!(
        workspace
            .stderr(&["import", TASKS])
            .matches("was read as")
            .count(),
        0
    );
}

#[test]
fn words_for_nothing_are_no_references() {
    let workspace = TestWorkspace::with_workspace();
    let task = |id: &str, dependencies: &str| {
        let dependencies: Value = serde_json::from_str(dependencies).unwrap();
        json!({"id": id, "title": id, "created": "2026-01-01", "status": "pending",
            "dependencies": dependencies})
    };
    let tasks = json!([
        task("T-1", r#""none""#),
        task("T-2", r#"["N/A"]"#),
        task("T-3", r#"["-", "T-1"]"#),
        task("T-4", r#""TBD, T-1""#),
        task("T-5", r#""After the first one""#),
    ]);
    workspace.write("WORKSPACE-TASKS.json", tasks.to_string());
    let issue = json!({"id": "I-1", "type": "bug", "title": "x", "severity": "LOW",
        "status": "open", "detected": "2026-01-01", "related_task": "none"});
    let issues = json!({"issues": [issue]});
    workspace.write("CROSS-REPO-ISSUES.json", issues.to_string());
    let output = workspace.run(&["import"]);
    assert_snapshot!(workspace.text(&output.stderr), @r#"
    warning: CROSS-REPO-ISSUES.json, $.issues[0].related_task: "none" was read as null
    warning: WORKSPACE-TASKS.json, $[0].dependencies: "none" was read as an empty list
    warning: WORKSPACE-TASKS.json, $[1].dependencies: "N/A" was read as no entry
    warning: WORKSPACE-TASKS.json, $[2].dependencies: "-" was read as no entry
    warning: WORKSPACE-TASKS.json, $[3].dependencies: "TBD, T-1" was read as a list
    warning: WORKSPACE-TASKS.json, $[4]: task T-5: dependency "After the first one" is not the ID of a record; write the ID, or move the text to the notes
    "#);
    let dependencies = |id: &str| workspace.json(&["task", "show", id])["dependencies"].clone();
    assert_eq!(dependencies("T-1"), json!([]));
    assert_eq!(dependencies("T-2"), json!([]));
    assert_eq!(dependencies("T-3"), json!(["T-1"]));
    assert_eq!(dependencies("T-4"), json!(["T-1"]));
    let issue = workspace.json(&["issue", "show", "I-1"]);
    assert_eq!(issue["related_task_id"], Value::Null);
}

#[test]
fn conflict_of_two_other_names_names_both() {
    let workspace = TestWorkspace::with_workspace();
    write_tasks(&workspace, &[json!({"owner": "a", "assignee": "b"})]);
    let output = workspace.run(&["import"]);
    let stderr = workspace.text(&output.stderr);
    let expected = "owner and assignee are the same field, but their values differ";
    assert!(stderr.contains(expected), "{stderr}");
}

#[test]
fn mapped_key_is_no_longer_kept() {
    let workspace = TestWorkspace::with_workspace();
    write_tasks(&workspace, &[json!({"team": "jo", "due": "soon"})]);
    workspace.ok(&["import"]);
    let task = workspace.json(&["task", "show", "T-1"]);
    assert_eq!(task["document_fields"]["team"], "jo");
    workspace.ok(&["import", "--map", "team=assigned_to"]);
    for _ in 0..2 {
        let task = workspace.json(&["task", "show", "T-1"]);
        assert_eq!(task["assigned_to"], "jo");
        assert_eq!(task["document_fields"], json!({"due": "soon"}));
        let again = workspace.json(&["import", "--map", "team=assigned_to"]);
        assert_eq!(again["unchanged"], true, "{again}");
    }
    let stderr = workspace.stderr(&[
        "import",
        "--map",
        "team=assigned_to",
        "--map",
        "title=notes",
    ]);
    assert!(
        stderr.contains("unused mapping title=notes: title is already a field"),
        "{stderr}"
    );
    workspace.ok(&["export"]);
    assert!(!workspace.read("WORKSPACE-TASKS.json").contains("team"));
}

#[test]
fn records_of_another_document_are_reported() {
    let workspace = TestWorkspace::with_workspace();
    let document = json!({
        "active_tasks": [{"id": "T-1", "title": "x", "created": "2026-01-01"}],
        "decisions": [{"id": "D-1", "decision": "Use pears", "date": "2026-01-01"}, {"id": "D-2"}],
        "sessions": [{"session_id": "s1", "start_time": "2026-01-01"}],
        "issues": ["none"],
    });
    workspace.write("WORKSPACE-TASKS.json", document.to_string());
    let output = workspace.run(&["import"]);
    assert_snapshot!(workspace.text(&output.stderr), @"
    warning: WORKSPACE-TASKS.json, $.decisions: the 2 records in decisions were not imported: they belong in ARCHITECTURE-DECISIONS.json
    warning: WORKSPACE-TASKS.json, $.sessions: the record in sessions was not imported: it belongs in SESSION-LOG.json
    ");
    let workspace = TestWorkspace::with_workspace();
    let document = json!({"active_tasks": [], "decisions": document["decisions"]});
    workspace.write("WORKSPACE-TASKS.json", document.to_string());
    assert_snapshot!(workspace.fails(1, &["import"]), @"
    error: WORKSPACE-TASKS.json, $: contains no records: expected them under active_tasks or completed_tasks; found an object with the key decisions, and a list of objects at $.decisions; the records in decisions belong in ARCHITECTURE-DECISIONS.json
    hint: fix the problems above and run the command again
    ");
}

#[test]
fn records_under_any_other_key_are_reported() {
    let workspace = TestWorkspace::with_workspace();
    let record = |id: &str| json!({"id": id, "title": "x", "created": "2026-01-01"});
    let session = json!({"session_id": "s1", "start_time": "2026-01-01", "activities": [
        {"time": "2026-01-01T10:00:00Z", "description": "Sharpened a saw"},
    ]});
    let document = json!({
        "active_tasks": [record("T-1")],
        "activities": [{"time": "2026-01-01", "description": "Pruned a tree"}],
        "archive": [{"title": "Old", "status": "done"}, {"title": "Older"}],
        "backlog_tasks": {"T-2": {"title": "x", "status": "open"}, "T-3": {"title": "y"}},
        "contacts": [{"name": "Mira", "repos": ["core"], "role": "owner"}],
        "epics": [{"id": "E-1", "name": "Prices", "tasks": [record("T-4"), record("T-5")]}],
        "future": {"q3": [record("T-6")], "q4": {"late": [record("T-7")]}},
        "later": {"WS-TASK-9": {"title": "z", "status": "open"}},
        "old_sessions": [session],
        "recent_decisions": [{"decision": "Use steel", "date": "2026-01-01"}],
        "session_context": {"focus": {"title": "x", "status": "open"}, "links": [{"title": "x", "url": "y"}]},
        "this_week": [record("T-1")],
    });
    workspace.write(TASKS, document.to_string());
    assert_snapshot!(workspace.stderr(&["import"]), @"
    warning: WORKSPACE-TASKS.json, $.activities: the record in activities was not imported: it belongs in SESSION-LOG.json
    warning: WORKSPACE-TASKS.json, $.archive: the 2 records in archive were not imported: expected them under active_tasks or completed_tasks; move them there to import them
    warning: WORKSPACE-TASKS.json, $.backlog_tasks: the 2 records in backlog_tasks were not imported: expected them under active_tasks or completed_tasks; move them there to import them
    warning: WORKSPACE-TASKS.json, $.epics: the 2 records within epics were not imported: expected them under active_tasks or completed_tasks; move them there to import them
    warning: WORKSPACE-TASKS.json, $.future: the 2 records within future were not imported: expected them under active_tasks or completed_tasks; move them there to import them
    warning: WORKSPACE-TASKS.json, $.later: the record in later was not imported: expected it under active_tasks or completed_tasks; move it there to import it
    warning: WORKSPACE-TASKS.json, $.old_sessions: the record in old_sessions was not imported: it belongs in SESSION-LOG.json
    warning: WORKSPACE-TASKS.json, $.recent_decisions: the record in recent_decisions was not imported: it has no id
    ");
    let before: Value = serde_json::from_str(&workspace.read(TASKS)).unwrap_or_default();
    workspace.ok(&["export"]);
    let after: Value = serde_json::from_str(&workspace.read(TASKS)).unwrap_or_default();
    for key in [
        "epics",
        "future",
        "backlog_tasks",
        "old_sessions",
        "recent_decisions",
    ] {
        assert_eq!(after[key], before[key], "{key}");
    }
}

#[test]
fn session_log_reports_records_outside_of_sessions() {
    let workspace = TestWorkspace::with_workspace();
    let document = json!({
        "sessions": [{"session_id": "s1", "start_time": "2026-01-01"}],
        "activities": [{"session_id": "s1", "time": "2026-01-01", "description": "Pruned a tree"}],
        "recent_decisions": [{"id": "DEC-1", "decision": "Use steel", "date": "2026-01-01"}],
        "tasks": [{"id": "T-1", "title": "x", "created": "2026-01-01"}],
    });
    workspace.write("SESSION-LOG.json", document.to_string());
    assert_snapshot!(workspace.stderr(&["import"]), @"
    warning: SESSION-LOG.json, $.activities: the record in activities was not imported: expected it under sessions; move it there to import it
    warning: SESSION-LOG.json, $.recent_decisions: the record in recent_decisions was not imported: it belongs in ARCHITECTURE-DECISIONS.json
    warning: SESSION-LOG.json, $.tasks: the record in tasks was not imported: it belongs in WORKSPACE-TASKS.json
    ");
}

#[test]
fn typos_of_other_names_are_suggested() {
    let workspace = TestWorkspace::with_workspace();
    write_tasks(
        &workspace,
        &[
            json!({"asignee": "mira", "completedAt": "2025-12-01"}),
            json!({"assignees": ["mira"], "requires": ["T-1"]}),
        ],
    );
    assert_snapshot!(workspace.stderr(&["import"]), @"
    warning: WORKSPACE-TASKS.json: asignee is kept, but wsdb has no such field; did you mean assigned_to? (1 record)
    warning: WORKSPACE-TASKS.json: assignees is kept, but wsdb has no such field; did you mean assigned_to? (1 record)
    warning: WORKSPACE-TASKS.json: requires is kept, but wsdb has no such field; did you mean dependencies? (1 record)
    warning: WORKSPACE-TASKS.json: completedAt was read as completed (1 record)
    ");
    let completed = workspace.json(&["task", "show", "T-1"])["completed_at"].clone();
    assert_eq!(completed, "2025-12-01T00:00:00Z");
}

#[test]
fn probable_typos_are_shown_before_other_warnings() {
    let workspace = TestWorkspace::with_workspace();
    let mut task: Value = (0..25)
        .map(|n| (format!("custom_{n:02}"), json!(n)))
        .collect();
    task["zpriority"] = json!("HIGH");
    write_tasks(&workspace, &[task]);
    let stderr = workspace.stderr(&["import"]);
    let first = stderr.lines().next().unwrap_or_default();
    assert!(
        first.contains("zpriority is kept") && first.contains("did you mean priority?"),
        "{stderr}"
    );
    assert!(stderr.contains("and 6 more"), "{stderr}");
}

#[test]
fn repo_of_an_issue_means_its_repos() {
    let workspace = TestWorkspace::with_workspace();
    let issue = |id: &str, fields: Value| {
        let mut issue = json!({"id": id, "type": "bug", "title": "x", "detected": "2025-01-01",
            "severity": "LOW", "status": "open"});
        let fields = fields.as_object().unwrap().clone();
        issue.as_object_mut().unwrap().extend(fields);
        issue
    };
    let write = |issues: Value| {
        let issues = json!({ "issues": issues }).to_string();
        workspace.write("CROSS-REPO-ISSUES.json", issues);
    };
    write(json!([
        issue("I-1", json!({"repo": ["a", "b"]})),
        issue("I-2", json!({"repo": "a"})),
        issue("I-3", json!({"repo": "a", "repos_affected": ["a"]})),
        issue("I-4", json!({"repo": "a", "repos_affected": []})),
        issue("I-5", json!({"repo": null, "repos_affected": ["a"]})),
        issue("I-6", json!({"repo": {"name": "a"}})),
    ]));
    assert_snapshot!(workspace.stderr(&["import"]), @"warning: CROSS-REPO-ISSUES.json: repo is kept, but not read as repos_affected: the record already has that field, or the value has the wrong type (1 record)");
    let repos = |id: &str| workspace.json(&["issue", "show", id])["repos_affected"].clone();
    assert_eq!(repos("I-1"), json!(["a", "b"]));
    for id in ["I-2", "I-3", "I-4", "I-5"] {
        assert_eq!(repos(id), json!(["a"]), "{id}");
    }
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
    write(json!([issue(
        "I-7",
        json!({"repo": "a", "repos_affected": ["b"]})
    )]));
    let error = workspace.fails(1, &["import"]);
    assert!(
        error.contains(r#"repo and repos_affected are the same field, but their values differ: ["a"] and ["b"]"#),
        "{error}"
    );
}

#[test]
fn key_can_be_mapped_to_another_name_of_a_field() {
    for (mapping, field, value) in [
        ("team=repo", "repos_affected", json!(["core"])),
        ("team=owner", "assigned_to", json!("core")),
        ("team=depends_on", "dependencies", json!(["core"])),
        ("team=desc", "description", json!("core")),
    ] {
        let workspace = TestWorkspace::with_workspace();
        write_tasks(&workspace, &[json!({"team": "core"})]);
        let stderr = workspace.stderr(&["import", "--map", mapping]);
        assert!(!stderr.contains("mapping"), "{mapping}: {stderr}");
        assert!(!stderr.contains("kept"), "{mapping}: {stderr}");
        let task = workspace.json(&["task", "show", "T-1"]);
        assert_eq!(task[field], value, "{mapping}");
    }
    let workspace = TestWorkspace::with_workspace();
    let error = workspace.fails(2, &["import", "--map", "team=nobody"]);
    assert!(error.contains("there is no field nobody"), "{error}");
}

#[test]
fn issue_that_was_closed_is_resolved() {
    let workspace = TestWorkspace::with_workspace();
    let issue = |id: &str, key: &str| json!({"id": id, "issue_type": "bug", "title": "x", "detected": "2026-01-01", "severity": "LOW", key: "2026-01-02"});
    let issues = [
        issue("I-1", "closed_at"),
        issue("I-2", "closed"),
        issue("I-3", "fixed_at"),
    ];
    workspace.write("CROSS-REPO-ISSUES.json", json!(issues).to_string());
    workspace.ok(&["import"]);
    for id in ["I-1", "I-2", "I-3"] {
        let issue = workspace.json(&["issue", "show", id]);
        assert_eq!(issue["status"], "resolved", "{issue:#}");
        assert_eq!(issue["resolved_at"], "2026-01-02T00:00:00Z", "{issue:#}");
    }
}
