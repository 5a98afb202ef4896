//! Which record an ID, a number or a part of an ID refers to.

use insta::assert_snapshot;
use wsdb_tests::{TestWorkspace, words};

wsdb_tests::on_sqlite_and_postgres! {
    parts_match_whole_segments,
    number_in_history_is_that_of_a_change,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    complete_id_never_refers_to_another_record,
    id_of_a_deleted_record_refers_to_no_other_record,
    number_of_a_deleted_record_refers_to_no_other_record,
    reference_to_a_missing_id_is_kept,
    id_of_another_type_is_named,
}

/// A workspace with tasks that have these IDs.
fn workspace_with_tasks(ids: &[&str]) -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    let tasks: Vec<String> = ids
        .iter()
        .map(|id| {
            format!(
                r#"{{"id": "{id}", "title": "{id}", "status": "pending", "created": "2026-01-10"}}"#
            )
        })
        .collect();
    workspace.write("WORKSPACE-TASKS.json", format!("[{}]", tasks.join(",")));
    workspace.ok(&["import", "WORKSPACE-TASKS.json"]);
    workspace
}

fn complete_id_never_refers_to_another_record() {
    let workspace = workspace_with_tasks(&["WS-TASK-1000", "API-12", "API-10-fix"]);
    assert_snapshot!(workspace.fails(1, &words("task rm WS-TASK-100")), @"
    error: task WS-TASK-100 not found
    hint: did you mean WS-TASK-1000?
    ");
    assert_snapshot!(workspace.fails(1, &words("task done ws-task-0100")), @"
    error: task ws-task-0100 not found
    hint: did you mean WS-TASK-1000?
    ");
    assert_snapshot!(workspace.fails(1, &words("task done API-1 API-10")), @"
    error: task API-1 not found
           task API-10 not found
    hint: did you mean API-12?
    ");
}

#[test]
fn zeros_of_a_complete_id_matter() {
    let workspace = workspace_with_tasks(&["WS-TASK-009", "WS-TASK-000"]);
    assert_snapshot!(workspace.fails(1, &words("task rm ws-task-9")), @"
    error: task ws-task-9 not found
    hint: did you mean WS-TASK-009?
    ");
    assert_snapshot!(workspace.fails(1, &words("task rm WS-TASK-00")), @"
    error: task WS-TASK-00 not found
    hint: did you mean WS-TASK-000?
    ");
    assert_eq!(workspace.json(&words("task list"))["total"], 2);
}

fn id_of_a_deleted_record_refers_to_no_other_record() {
    let workspace = workspace_with_tasks(&["login", "login-page", "WS-TASK-9", "WS-TASK-009"]);
    workspace.ok(&words("task rm login WS-TASK-9"));
    assert_snapshot!(workspace.fails(1, &words("task rm login WS-TASK-9")), @"
    error: task login not found
           task WS-TASK-9 not found
    hint: run 'wsdb task list' to list the tasks
    ");
    assert_eq!(workspace.json(&words("task list"))["total"], 2);
}

#[test]
fn name_is_matched_as_a_whole() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&words("state add prod --type current"));
    workspace.ok(&words("state add prod-eu --type target"));
    workspace.ok(&words("state rm PROD"));
    assert_snapshot!(workspace.fails(1, &words("state rm prod")), @"
    error: state prod not found
    hint: run 'wsdb state list' to list the states
    ");
    assert_eq!(workspace.json(&words("state list"))["total"], 1);
}

#[test]
fn part_of_every_id_matches_none() {
    let workspace = workspace_with_tasks(&["WS-TASK-001", "5", "PAY-5"]);
    for word in ["task", "WS", "-", "WS-"] {
        workspace.fails(1, &["task", "show", "--", word]);
    }
    // The number 5 is the ID of a deleted record.
    workspace.ok(&words("task rm 5"));
    workspace.fails(1, &words("task rm 5"));
    assert_eq!(workspace.json(&words("task list"))["total"], 2);
    workspace.ok(&words("session start --no-handoff"));
    workspace.ok(&words("session log Looked"));
    for word in ["log", "Log", "session", "activity"] {
        workspace.fails(1, &["session", "activity", "rm", word]);
    }
    workspace.fails(1, &words("session rm session"));
}

fn number_of_a_deleted_record_refers_to_no_other_record() {
    let workspace = workspace_with_tasks(&["WS-TASK-007", "GUI-7"]);
    workspace.ok(&words("task rm 007"));
    assert_snapshot!(workspace.fails(1, &words("task rm 7")), @"
    error: task 7 not found
    hint: run 'wsdb task list' to list the tasks
    ");
    assert_eq!(workspace.json(&words("task show GUI-7"))["id"], "GUI-7");
}

fn parts_match_whole_segments() {
    let workspace = workspace_with_tasks(&["TASK-GUI-A1", "TASK-GUI-A12", "WS-TASK-003"]);
    for word in ["A1", "gui-a1", "task-gui-a1", "TASK-GUI-A1"] {
        let task = workspace.json(&["task", "show", word]);
        assert_eq!(task["id"], "TASK-GUI-A1", "{word}");
    }
    for word in ["task-003", "003", "3", "ws-task-003"] {
        let task = workspace.json(&["task", "show", word]);
        assert_eq!(task["id"], "WS-TASK-003", "{word}");
    }
    assert_snapshot!(workspace.fails(1, &words("task start GUI GU SK-003")), @"
    error: task GUI is ambiguous: it matches TASK-GUI-A1, TASK-GUI-A12
           task GU not found
           task SK-003 not found
    hint: use a full ID, or a longer part of it
    ");
}

fn reference_to_a_missing_id_is_kept() {
    let workspace = workspace_with_tasks(&["WS-TASK-1000", "WS-TASK-003"]);
    let edit = words("task edit 3 --depends-on WS-TASK-100");
    assert_snapshot!(workspace.stderr(&edit), @"note: task WS-TASK-100 does not exist yet; did you mean WS-TASK-1000?");
    let task = workspace.json(&words("task show 3"));
    assert_eq!(task["dependencies"][0], "WS-TASK-100");
}

fn id_of_another_type_is_named() {
    let workspace = workspace_with_tasks(&["WS-TASK-001", "login"]);
    assert_snapshot!(workspace.fails(1, &words("issue show WS-TASK-001")), @"
    error: WS-TASK-001 is a task, not an issue
    hint: run 'wsdb task show WS-TASK-001' to see it
    ");
    let lowercase = workspace.fails(1, &words("issue show ws-task-001"));
    assert!(
        lowercase.starts_with("error: WS-TASK-001 is a task, not an issue\n"),
        "{lowercase}"
    );
    assert_snapshot!(workspace.fails(1, &words("decision rm login")), @"
    error: login is a task, not a decision
    hint: run 'wsdb task show login' to see it
    ");
    workspace.ok(&words("issue add Prices"));
    assert_snapshot!(workspace.fails(1, &words("task done ISSUE-001 77")), @"
    error: ISSUE-001 is an issue, not a task
           task 77 not found
    hint: run 'wsdb issue show ISSUE-001' to see it
    ");
    assert_snapshot!(workspace.fails(1, &words("issue add x --task ISSUE-001")), @"
    error: ISSUE-001 is an issue, not a task
    hint: run 'wsdb issue show ISSUE-001' to see it
    ");
}

fn number_in_history_is_that_of_a_change() {
    let workspace = workspace_with_tasks(&["WS-TASK-001", "WS-TASK-093", "95"]);
    assert_eq!(
        workspace.json(&words("history 1"))["history"][0]["verb"],
        "import"
    );
    assert_snapshot!(workspace.fails(1, &words("history 93")), @"
    error: change 93 not found
    hint: run 'wsdb history WS-TASK-093' to see the changes of a record
    ");
    workspace.ok(&words("task rm 93"));
    let deleted = workspace.fails(1, &words("history 93"));
    assert!(deleted.contains("'wsdb history WS-TASK-093'"), "{deleted}");
    // A complete ID means that record.
    let changes = workspace.json(&words("history 95"));
    assert_eq!(changes["history"][0]["changes"][0]["ids"][0], "95");
    assert_snapshot!(workspace.fails(1, &words("history WS-TASK-09")), @"
    error: record WS-TASK-09 not found
    hint: did you mean WS-TASK-001?
    ");
}

#[test]
fn number_that_is_no_change_names_the_records_with_that_number() {
    let workspace = workspace_with_tasks(&["WS-TASK-093", "PAY-093"]);
    let issues = r#"{"issues": [{"id": "ISSUE-093", "title": "x", "type": "scope", "severity": "LOW", "status": "open", "created": "2026-01-10"}]}"#;
    workspace.write("CROSS-REPO-ISSUES.json", issues);
    workspace.ok(&["import", "CROSS-REPO-ISSUES.json"]);
    assert_snapshot!(workspace.fails(1, &words("history 93")), @"
    error: change 93 not found
    hint: run 'wsdb history WS-TASK-093' or 'wsdb history ISSUE-093' to see the changes of a record
    ");
    assert_snapshot!(workspace.fails(1, &words("history 77")), @"
    error: change 77 not found
    hint: run 'wsdb history' to list the changes
    ");
}

#[test]
fn number_of_several_ids_is_ambiguous() {
    let workspace = workspace_with_tasks(&[
        "WS-TASK-042",
        "PROJ-42",
        "PROJ-42-fix",
        "GH-142",
        "WS-TASK-1042",
        "GH-1042",
        "WS-TASK-007",
        "A-17",
    ]);
    assert_snapshot!(workspace.fails(1, &words("task show 42")), @"
    error: task 42 is ambiguous: it matches PROJ-42, WS-TASK-042
    hint: use a full ID, or a longer part of it
    ");
    for line in [
        "task done 42",
        "task rm 42",
        "task claim 42",
        "task graph 42",
        "task edit 7 --depends-on 42",
        "task dep add 7 42",
        "issue add x --task 42",
        "decision add x --task 42",
        "goal add x --task 42",
        "task show 1042",
    ] {
        let error = workspace.fails(1, &words(line));
        assert!(
            error.contains("42 is ambiguous: it matches "),
            "{line}: {error}"
        );
    }
    for (word, id) in [
        ("042", "WS-TASK-042"),
        ("PROJ-42", "PROJ-42"),
        ("142", "GH-142"),
        ("7", "WS-TASK-007"),
        ("17", "A-17"),
    ] {
        let task = workspace.json(&["task", "show", word]);
        assert_eq!(task["id"], id, "{word}");
    }
}

#[test]
fn all_ambiguous_ids_are_reported() {
    let workspace = workspace_with_tasks(&["API-1-fix", "API-2-fix", "API-1-doc", "API-2-doc"]);
    let add = words("task add Publish --depends-on fix,nope,doc");
    assert_snapshot!(workspace.fails(1, &add), @"
    error: task fix is ambiguous: it matches API-1-fix, API-2-fix
           task doc is ambiguous: it matches API-1-doc, API-2-doc
    hint: use a full ID, or a longer part of it
    ");
    workspace.ok(&words("decision add Move"));
    let link = words("decision link 1 --task fix,doc");
    assert_snapshot!(workspace.fails(1, &link), @"
    error: task fix is ambiguous: it matches API-1-fix, API-2-fix
           task doc is ambiguous: it matches API-1-doc, API-2-doc
    hint: use a full ID, or a longer part of it
    ");
    assert_snapshot!(workspace.fails(1, &words("task list --depends-on fix")), @"
    error: task fix is ambiguous: it matches API-1-fix, API-2-fix
    hint: use a full ID, or a longer part of it
    ");
    assert_snapshot!(workspace.fails(1, &words("drift list --task fix,doc")), @"
    error: task fix is ambiguous: it matches API-1-fix, API-2-fix
           task doc is ambiguous: it matches API-1-doc, API-2-doc
    hint: use a full ID, or a longer part of it
    ");
    // The same error is reported once.
    assert_snapshot!(workspace.fails(1, &words("architecture compare nope nope")), @"
    error: state nope not found
    hint: run 'wsdb state list' to list the states
    ");
}

#[test]
fn deleted_id_in_another_case_is_not_of_another_type() {
    let workspace = workspace_with_tasks(&["T-1", "t-1"]);
    workspace.ok(&words("task rm T-1"));
    assert_snapshot!(workspace.fails(1, &words("task rm T-1")), @"
    error: task T-1 not found
    hint: run 'wsdb task list' to list the tasks
    ");
}

#[test]
fn component_cannot_be_named_like_an_id_or_a_number() {
    let workspace = TestWorkspace::with_workspace();
    let add = |name: &str| workspace.fails(2, &["placement", "add", name, "--repo", "web"]);
    assert_snapshot!(add("3"), @r#"error: a component cannot be named "3", because commands would read that as the ID PLACEMENT-003"#);
    assert_snapshot!(add("PLACEMENT-007"), @r#"error: a component cannot be named "PLACEMENT-007", because commands would read that as the ID PLACEMENT-007"#);
}
