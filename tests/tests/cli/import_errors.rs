//! Documents that cannot be imported: every problem is reported, and nothing is written.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

wsdb_tests::on_sqlite_and_postgres! {
    problems_that_only_the_database_shows_are_reported_with_the_others,
}

/// Documents with one valid record and five that are not.
fn with_invalid_records() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(
        "WORKSPACE-TASKS.json",
        r#"[
        {"id": "T-1", "title": "x", "status": "wontfix", "created": "2025-02-30"},
        {"id": "T-2", "title": 7, "status": "done", "created": "2025-11-20"},
        {"id": "T-2", "title": "y", "status": "done", "created": "2025-11-20"},
        {"id": "T-2", "title": "z", "status": "done", "created": "2025-11-20"},
        "T-4"]"#,
    );
    workspace.write(
        "CROSS-REPO-ISSUES.json",
        r#"{"issues": [{"id": "I-1", "type": "a", "issue_type": "b"}]}"#,
    );
    workspace
}

#[test]
fn invalid_records_are_reported_together() {
    let workspace = with_invalid_records();
    assert_snapshot!(workspace.fails(1, &["import"]), @r#"
    error: 5 records cannot be imported; nothing was written
           CROSS-REPO-ISSUES.json, $.issues[0]: missing field "title"
           CROSS-REPO-ISSUES.json, $.issues[0]: missing field "detected"
           WORKSPACE-TASKS.json, $[0].status: unknown task status "wontfix" (expected one of: pending, approved, planning, in_progress, blocked, deferred, backlog, completed, closed, cancelled)
           WORKSPACE-TASKS.json, $[0].created: invalid time "2025-02-30" (expected a time such as 2025-11-20, 2025-11-20T10:30:00Z or 2025-11-20T10:30:00)
           WORKSPACE-TASKS.json, $[1].title: expected a string, found a number
           WORKSPACE-TASKS.json, $[1]: duplicate ID T-2 (also defined at $[2])
           WORKSPACE-TASKS.json, $[3]: duplicate ID T-2 (first defined at $[2])
           WORKSPACE-TASKS.json, $[4]: expected an object, found a string
    hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
    "#);
    assert_eq!(workspace.json(&["task", "list"])["total"], 0);
}

#[test]
fn invalid_records_can_be_skipped() {
    let workspace = with_invalid_records();
    workspace.ok(&["import", "--skip-rejects", "--map", "status.wontfix=closed"]);
    assert_eq!(workspace.json(&["task", "list", "--all"])["total"], 1);
    let rejects = workspace.read("wsdb-rejects.json");
    let rejects: Value = serde_json::from_str(&rejects).unwrap();
    assert_eq!(rejects["rejects"].as_array().map(Vec::len), Some(5));
    assert_eq!(rejects["rejects"][1]["record"]["id"], "T-1");
}

#[test]
fn unreadable_files_are_reported_with_line_and_column() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(
        "WORKSPACE-TASKS.json",
        "{\"active_tasks\": [\n  {\"id\": \"T-1\", \n",
    );
    workspace.write("SESSION-LOG.json", b"\xEF\xBB\xBF{\"sessions\": []}");
    workspace.write("CROSS-REPO-ISSUES.json", b"{\"issues\": [\"\xFF\"]}");
    workspace.write("ARCHITECTURE-DECISIONS.json", r#"{"decisions": {}}"#);
    workspace.write(
        "DRIFT.json",
        format!("{}{}", "[".repeat(200), "]".repeat(200)),
    );
    workspace.write(
        "CONTEXT-LOG.json",
        r#"{"context_switches": [], "context_switches": []}"#,
    );
    assert_snapshot!(workspace.fails(1, &["import"]), @r#"
    error: ARCHITECTURE-DECISIONS.json, $.decisions: expected a list of records, found an object
           CONTEXT-LOG.json, line 1, column 43: duplicate key "context_switches"
           CROSS-REPO-ISSUES.json, line 1, column 14: invalid UTF-8 byte 0xFF; save the file as UTF-8
           DRIFT.json, line 1, column 128: lists and objects are nested too deeply
           WORKSPACE-TASKS.json, line 3, column 1: unexpected end of file
    hint: fix the problems above and run the command again
    "#);
}

#[test]
fn invalid_records_are_reported_beside_unreadable_files() {
    let workspace = TestWorkspace::with_workspace();
    let tasks = json!([
        {"id": "A", "title": "x", "status": "wontfix", "created": "2025-01-01"},
        5,
        {"id": "B", "title": "y"},
    ]);
    workspace.write("WORKSPACE-TASKS.json", tasks.to_string());
    workspace.write("ARCHITECTURE-DECISIONS.json", r#"{"decisions": "x"}"#);
    let link = workspace.path().join("CROSS-REPO-ISSUES.json");
    std::os::unix::fs::symlink("/nowhere", link).unwrap();
    assert_snapshot!(workspace.fails(1, &["import"]), @r#"
    error: ARCHITECTURE-DECISIONS.json, $.decisions: expected a list of records, found a string
           CROSS-REPO-ISSUES.json: no such file or folder
           WORKSPACE-TASKS.json, $[0].status: unknown task status "wontfix" (expected one of: pending, approved, planning, in_progress, blocked, deferred, backlog, completed, closed, cancelled)
           WORKSPACE-TASKS.json, $[1]: expected an object, found a number
           WORKSPACE-TASKS.json, $[2]: missing field "created"
    hint: fix the problems above and run the command again
    "#);
}

fn problems_that_only_the_database_shows_are_reported_with_the_others() {
    let workspace = TestWorkspace::with_workspace();
    let tasks = json!([
        {"id": "A", "title": "x", "created": "2025-01-01"},
        {"id": "A", "title": "y", "created": "yesterday", "claim": {"holder": 1, "since": 3, "expires": 2}},
        {"id": "B", "created": "2025-01-01"},
        {"id": "C", "title": "x", "created": "2025-01-01", "completed": "2025-01-01", "completed_at": "2025-01-02"},
    ]);
    workspace.write("WORKSPACE-TASKS.json", tasks.to_string());
    let sessions = json!({"sessions": [
        {"session_id": "s1", "start_time": "now", "activities": [{"type": "note"}],
         "decisions_made": [7, {"id": "DEC-1", "decision": "x", "status": "perhaps"}], "issues_found": {}},
        {"session_id": "s2", "start_time": "2025-01-01", "activities": [{}],
         "decisions_made": [{"id": "DEC-2", "decision": "x", "status": "perhaps"}]},
        {"session_id": "s2", "start_time": "2025-01-01", "activities": ["x"]},
    ]});
    workspace.write("SESSION-LOG.json", sessions.to_string());
    assert_snapshot!(workspace.fails(1, &["import"]), @r#"
    error: 8 records cannot be imported; nothing was written
           SESSION-LOG.json, $.sessions[0].issues_found: expected a list, found an object
           SESSION-LOG.json, $.sessions[0].start_time: invalid time "now" (expected a time such as 2025-11-20, 2025-11-20T10:30:00Z or 2025-11-20T10:30:00)
           SESSION-LOG.json, $.sessions[0].activities[0]: missing field "description"
           SESSION-LOG.json, $.sessions[0].decisions_made[0]: expected an object, or a string with an ID or a description
           SESSION-LOG.json, $.sessions[0].decisions_made[1].status: unknown decision status "perhaps" (expected one of: planned, in_progress, implemented, maintained, superseded, rejected, deprecated, unknown)
           SESSION-LOG.json, $.sessions[1].activities[0]: missing field "description"
           SESSION-LOG.json, $.sessions[1].decisions_made[0].status: unknown decision status "perhaps" (expected one of: planned, in_progress, implemented, maintained, superseded, rejected, deprecated, unknown)
           SESSION-LOG.json, $.sessions[2]: duplicate ID s2 (first defined at $.sessions[1])
           WORKSPACE-TASKS.json, $[1].created: invalid time "yesterday" (expected a time such as 2025-11-20, 2025-11-20T10:30:00Z or 2025-11-20T10:30:00)
           WORKSPACE-TASKS.json, $[1].claim.holder: expected a string, found a number
           WORKSPACE-TASKS.json, $[1].claim.since: expected a date or time, found a number
           WORKSPACE-TASKS.json, $[1].claim.expires: expected a date or time, found a number
           WORKSPACE-TASKS.json, $[1]: duplicate ID A (also defined at $[0])
           WORKSPACE-TASKS.json, $[2]: missing field "title"
           WORKSPACE-TASKS.json, $[3].completed_at: completed_at and completed are the same field, but their values differ: "2025-01-02" and "2025-01-01T00:00:00"; keep only one of them
    hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
    "#);
    assert_eq!(workspace.json(&["task", "list"])["total"], 0);
}

#[test]
fn problems_of_a_file_are_reported_with_its_structure() {
    let workspace = TestWorkspace::new();
    workspace.write("ARCHITECTURE.json", r#"{"architecture_states": {}, "component_placements": 5, "architecture_tasks": [{"id": 1}]}"#);
    workspace.write("WORKSPACE-TASKS.json", r#"[{"id": "T-1", "title": "x"}, {"id": "T-2", "title": "x", "created": "2025-01-01"}, {"id": "T-2", "title": "x", "created": "2025-01-01"}, {"#);
    workspace.write("SESSION-LOG.json", r#"{"sessions": [{"session_id": "s1", "start_time": "2025-01-01", "decisions_made": [{"id": "DEC-1", "decision": "x", "status": "perhaps"}]}]}"#);
    assert_snapshot!(workspace.fails(1, &["import", ".", "nowhere"]), @r#"
    error: ARCHITECTURE.json, $.architecture_states: expected a list of records, found an object
           ARCHITECTURE.json, $.component_placements: expected a list of records, found a number
           ARCHITECTURE.json, $.architecture_tasks[0]: missing field "task_id"
           ARCHITECTURE.json, $.architecture_tasks[0]: missing field "status"
           ARCHITECTURE.json, $.architecture_tasks[0]: missing field "created_at"
           SESSION-LOG.json, $.sessions[0].decisions_made[0].status: unknown decision status "perhaps" (expected one of: planned, in_progress, implemented, maintained, superseded, rejected, deprecated, unknown)
           WORKSPACE-TASKS.json, line 1, column 139: unexpected end of file
           WORKSPACE-TASKS.json, $[0]: missing field "created"
           WORKSPACE-TASKS.json, $[2]: duplicate ID T-2 (first defined at $[1])
           nowhere: no such file or folder
    hint: fix the problems above and run the command again
    "#);
    // No database was created.
    assert!(!workspace.path().join("workspace.db").exists());
}

/// A valid task and two with values that PostgreSQL cannot store.
fn with_unstorable_values() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(
        "WORKSPACE-TASKS.json",
        r#"[{"id": "T-1", "title": "a\u0000b", "created": "2025-11-20", "x": [1, 1e200000]},
            {"id": "T-2", "title": "b", "created": "2025-11-20", "k\u0000": 1},
            {"id": "T-3", "title": "c", "created": "2025-11-20"}]"#,
    );
    workspace
}

#[test]
fn values_that_postgres_cannot_store_are_refused() {
    wsdb_tests::on_postgres(|| {
        let workspace = with_unstorable_values();
        assert_snapshot!(workspace.fails(1, &["import"]), @"
        error: 2 records cannot be imported; nothing was written
               WORKSPACE-TASKS.json, $[0].title: PostgreSQL cannot store the character U+0000
               WORKSPACE-TASKS.json, $[0].x[1]: PostgreSQL cannot store a number with this many digits
               WORKSPACE-TASKS.json, $[1]: PostgreSQL cannot store the character U+0000 (in a key)
        hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
        ");
    });
}

#[test]
fn records_that_postgres_cannot_store_can_be_skipped() {
    wsdb_tests::on_postgres(|| {
        let workspace = with_unstorable_values();
        workspace.ok(&["import", "--skip-rejects"]);
        assert_eq!(workspace.json(&["task", "list"])["total"], 1);
    });
}

#[test]
fn fields_of_a_document_that_postgres_cannot_store_are_refused() {
    wsdb_tests::on_postgres(|| {
        let workspace = TestWorkspace::with_workspace();
        workspace.write(
            "CROSS-REPO-ISSUES.json",
            r#"{"issues": [], "about": ["\u0000"]}"#,
        );
        assert_snapshot!(workspace.fails(1, &["import", "CROSS-REPO-ISSUES.json"]), @"
        error: CROSS-REPO-ISSUES.json, $.about[0]: PostgreSQL cannot store the character U+0000
        hint: fix the problems above and run the command again
        ");
    });
}

#[test]
fn sqlite_stores_values_that_postgres_cannot() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(
        "WORKSPACE-TASKS.json",
        r#"[{"id": "T-1", "title": "a\u0000b", "created": "2025-11-20", "x": 1e200000}]"#,
    );
    workspace.ok(&["import"]);
}

#[test]
fn records_in_other_places_of_a_document_are_an_error() {
    let documents = [
        json!({"active_tasks": [], "epics": [{"name": "Harvest", "tasks": [{"id": "T-1", "title": "x"}]}]}),
        json!({"completed_tasks": [], "data": {"tasks": [{"id": "T-1", "name": "x"}]}}),
        json!({"active_tasks": null, "tasks": [{"summary": "x"}]}),
        json!({"active_tasks": [], "todo": [{"name": "x", "state": "open"}],
            "recent_decisions": [{"id": "D-1", "decision": "x", "date": "2025-01-01", "status": "planned"}]}),
        json!({"active_tasks": [], "tasks": {"T-1": {"title": "x"}}}),
    ];
    let mut errors = String::new();
    for document in documents {
        let workspace = TestWorkspace::with_workspace();
        workspace.ok(&["task", "add", "Kept"]);
        workspace.write("WORKSPACE-TASKS.json", document.to_string());
        errors += &workspace.fails(1, &["import", "--replace"]);
        errors.push('\n');
        assert_eq!(workspace.json(&["task", "list"])["total"], 1);
    }
    assert_snapshot!(errors, @"
    error: WORKSPACE-TASKS.json, $: contains no records: expected them under active_tasks or completed_tasks; found an object with the key epics, and a list of objects at $.epics[0].tasks
    hint: fix the problems above and run the command again

    error: WORKSPACE-TASKS.json, $: contains no records: expected them under active_tasks or completed_tasks; found an object with the key data, and a list of objects at $.data.tasks
    hint: fix the problems above and run the command again

    error: WORKSPACE-TASKS.json, $: contains no records: expected them under active_tasks or completed_tasks; found an object with the key tasks, and a list of objects at $.tasks
    hint: fix the problems above and run the command again

    error: WORKSPACE-TASKS.json, $: contains no records: expected them under active_tasks or completed_tasks; found an object with the keys recent_decisions, todo, and a list of objects at $.todo
    hint: fix the problems above and run the command again

    error: WORKSPACE-TASKS.json, $: contains no records: expected them under active_tasks or completed_tasks; found an object with the key tasks, and a list of objects at $.tasks
    hint: fix the problems above and run the command again
    ");
}

#[test]
fn document_without_records_is_imported() {
    for document in [
        json!({"active_tasks": []}),
        json!({"active_tasks": [], "team": [{"name": "mira"}], "labels": ["a"], "cross_repo_issues": [{"id": "I-1"}]}),
    ] {
        let workspace = TestWorkspace::with_workspace();
        workspace.write("WORKSPACE-TASKS.json", document.to_string());
        workspace.ok(&["import"]);
    }
}

#[test]
fn document_with_known_lists_of_objects_is_imported_when_it_has_no_more_records() {
    let workspace = TestWorkspace::with_workspace();
    let document = json!({
        "active_tasks": [{"id": "T-1", "title": "x", "created": "2025-01-01"}],
        "milestones": [{"id": "M-1", "title": "Harvest"}],
    });
    workspace.write("WORKSPACE-TASKS.json", document.to_string());
    workspace.ok(&["import"]);
    workspace.ok(&["task", "rm", "T-1"]);
    workspace.ok(&["export", "."]);
    workspace.ok(&["import"]);
    workspace.ok(&["import", "--replace"]);
}

#[test]
fn field_that_another_would_give_is_not_reported_as_missing() {
    let workspace = TestWorkspace::new();
    workspace.write("ARCHITECTURE.json", r#"{"architecture_states": [{"type": "current"}], "component_placements": [{"id": "P-1"}]}"#);
    assert_snapshot!(workspace.fails(1, &["import", "."]), @r#"
    error: 2 records cannot be imported; nothing was written
           ARCHITECTURE.json, $.architecture_states[0]: missing field "id"
           ARCHITECTURE.json, $.architecture_states[0]: missing field "repo"
           ARCHITECTURE.json, $.architecture_states[0]: missing field "created_at"
           ARCHITECTURE.json, $.component_placements[0]: missing field "component_name"
           ARCHITECTURE.json, $.component_placements[0]: missing field "component_type"
           ARCHITECTURE.json, $.component_placements[0]: missing field "correct_repo"
           ARCHITECTURE.json, $.component_placements[0]: missing field "created_at"
    hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
    "#);
}

#[test]
fn all_problems_of_a_record_are_reported_together() {
    let workspace = TestWorkspace::with_workspace();
    let task = json!({"id": "T-1", "title": " ", "created": "2026-01-05", "status": "odd",
        "dependencies": ["T-2", true, "", {}], "repos_affected": [1, 2],
        "claim": {"holder": 5, "since": "soon", "expires": "later"}});
    let tasks = json!({"active_tasks": [task]}).to_string();
    workspace.write("WORKSPACE-TASKS.json", tasks);
    let session = json!({"session_id": "S-1", "start_time": "2026-01-05",
        "activities": [{"description": "", "time": "soon"}],
        "decisions_made": [{"id": 5.5, "decision": "", "status": "odd"}, {"id": {}, "decision": "x", "status": "odd"},
            {"id": "D-1", "decision": "", "status": "odd"}],
        "issues_found": [{"issue": "", "severity": "odd"}]});
    let sessions = json!({"sessions": [session]}).to_string();
    workspace.write("SESSION-LOG.json", sessions);
    assert_snapshot!(workspace.fails(1, &["import"]), @r#"
    error: 6 records cannot be imported; nothing was written
           SESSION-LOG.json, $.sessions[0].activities[0].time: invalid time "soon" (expected a time such as 2025-11-20, 2025-11-20T10:30:00Z or 2025-11-20T10:30:00)
           SESSION-LOG.json, $.sessions[0].activities[0]: description must not be empty
           SESSION-LOG.json, $.sessions[0].decisions_made[0].status: unknown decision status "odd" (expected one of: planned, in_progress, implemented, maintained, superseded, rejected, deprecated, unknown)
           SESSION-LOG.json, $.sessions[0].decisions_made[0]: decision must not be empty
           SESSION-LOG.json, $.sessions[0].decisions_made[1].id: expected an ID as a string, found {}
           SESSION-LOG.json, $.sessions[0].decisions_made[1].status: unknown decision status "odd" (expected one of: planned, in_progress, implemented, maintained, superseded, rejected, deprecated, unknown)
           SESSION-LOG.json, $.sessions[0].decisions_made[2].status: unknown decision status "odd" (expected one of: planned, in_progress, implemented, maintained, superseded, rejected, deprecated, unknown)
           SESSION-LOG.json, $.sessions[0].decisions_made[2]: decision must not be empty
           SESSION-LOG.json, $.sessions[0].issues_found[0].severity: unknown priority or severity "odd" (expected one of: CRITICAL, HIGH, MEDIUM, LOW)
           SESSION-LOG.json, $.sessions[0].issues_found[0]: title must not be empty
           WORKSPACE-TASKS.json, $.active_tasks[0].status: unknown task status "odd" (expected one of: pending, approved, planning, in_progress, blocked, deferred, backlog, completed, closed, cancelled)
           WORKSPACE-TASKS.json, $.active_tasks[0].repos_affected[0]: expected a string, found a number
           WORKSPACE-TASKS.json, $.active_tasks[0].repos_affected[1]: expected a string, found a number
           WORKSPACE-TASKS.json, $.active_tasks[0].dependencies[1]: expected an ID as a string, found a boolean
           WORKSPACE-TASKS.json, $.active_tasks[0].dependencies[3]: expected an ID as a string, found an object
           WORKSPACE-TASKS.json, $.active_tasks[0].claim.holder: expected a string, found a number
           WORKSPACE-TASKS.json, $.active_tasks[0].claim.since: invalid time "soon" (expected a time such as 2025-11-20, 2025-11-20T10:30:00Z or 2025-11-20T10:30:00)
           WORKSPACE-TASKS.json, $.active_tasks[0].claim.expires: invalid time "later" (expected a time such as 2025-11-20, 2025-11-20T10:30:00Z or 2025-11-20T10:30:00)
           WORKSPACE-TASKS.json, $.active_tasks[0]: title must not be empty
    hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
    "#);
}
