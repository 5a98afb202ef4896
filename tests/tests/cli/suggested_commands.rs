//! Commands in results, notes and hints work as printed: they repeat the typed options.

use insta::assert_snapshot;
use wsdb_tests::TestWorkspace;

/// A workspace in the folder `inner`, with a task.
fn workspace_in_a_folder() -> TestWorkspace {
    let workspace = TestWorkspace::new();
    workspace.ok(&["init", "inner"]);
    workspace.ok(&["task", "add", "Fix it", "--workspace", "inner"]);
    workspace
}

#[test]
fn next_names_workspace_and_actor() {
    let workspace = workspace_in_a_folder();
    let text = workspace.ok(&["next", "--workspace", "inner", "--actor", "zoe"]);
    assert_snapshot!(text.lines().last().unwrap(), @"to claim  wsdb task claim WS-TASK-001 --workspace inner --actor zoe");
}

#[test]
fn undo_names_the_workspace() {
    let workspace = workspace_in_a_folder();
    assert_snapshot!(workspace.ok(&["undo", "--workspace", "inner"]), @"Undid #1 (task add by mira): deleted task WS-TASK-001; run 'wsdb undo 2 --workspace inner' to redo");
}

#[test]
fn note_on_an_open_session_names_the_actor() {
    let workspace = workspace_in_a_folder();
    let start = [
        "session",
        "start",
        "--no-handoff",
        "--workspace",
        "inner",
        "--actor",
        "zoe",
    ];
    workspace.ok(&start);
    assert_snapshot!(workspace.stderr(&start), @"note: your changes belong to no session, because you have 2 open sessions with recent changes: 2026-01-15-session-002, 2026-01-15-session-001; choose one with --session ID or WSDB_SESSION");
}

#[test]
fn command_for_more_records_names_the_workspace() {
    let workspace = workspace_in_a_folder();
    let mut start = vec!["task", "start", "--workspace", "inner", "1"];
    for number in ["2", "3", "4", "5", "6", "7", "8", "9", "10"] {
        workspace.ok(&["task", "add", number, "--workspace", "inner"]);
        start.push(number);
    }
    workspace.ok(&start);
    let text = workspace.ok(&["status", "--workspace", "inner"]);
    let line = text.lines().find(|line| line.contains(" more: "));
    assert_snapshot!(line.unwrap(), @"  2 more: wsdb task list --status in_progress --workspace inner");
}

#[test]
fn ids_with_spaces_are_quoted() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(
        "WORKSPACE-TASKS.json",
        r#"[
            {"id": "fix it", "title": "Fix it", "status": "pending", "created": "2026-01-10"},
            {"id": "test it", "title": "Test it", "status": "pending", "created": "2026-01-11",
             "dependencies": ["fix it"]}
        ]"#,
    );
    workspace.ok(&["import", "WORKSPACE-TASKS.json"]);
    let text = workspace.ok(&["next"]);
    let line = text.lines().find(|line| line.starts_with("to claim"));
    assert_snapshot!(line.unwrap(), @r#"to claim  wsdb task claim "fix it""#);
    let error = workspace.fails(1, &["task", "edit", "fix it", "--depends-on", "test it"]);
    assert_snapshot!(error, @r#"
    error: the dependencies would form a cycle: fix it -> test it -> fix it
    hint: nothing was changed; run 'wsdb task graph "test it"' to see its dependencies
    "#);
}

#[test]
fn hints_without_records_name_the_workspace() {
    let workspace = TestWorkspace::new();
    workspace.ok(&["init", "inner"]);
    let why = workspace.ok(&["why", "pricing", "--workspace", "inner"]);
    assert_snapshot!(why.lines().last().unwrap(), @"hint: run 'wsdb placement list --workspace inner' to list the placements");
    let stats = workspace.ok(&["stats", "--workspace", "inner", "--actor", "zoe"]);
    let hints: Vec<&str> = stats
        .lines()
        .filter(|line| line.contains("'wsdb "))
        .collect();
    assert_snapshot!(hints.join("\n"), @"
    Tasks  none; add some with 'wsdb task add TITLE --workspace inner --actor zoe' or 'wsdb import --workspace inner --actor zoe'
    Time by repo  none; record it with 'wsdb context switch REPO --workspace inner --actor zoe'
    ");
}

#[test]
fn session_that_the_command_ends_is_not_noted() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["session", "start", "--no-handoff"]);
    workspace.ok(&["session", "start", "--no-handoff"]);
    let end = ["session", "end", "--session", "2026-01-15-session-001"];
    assert_eq!(workspace.stderr(&end), "");
}
