//! `wsdb context`: the current repo of a user, and the time spent in repos.

use std::time::Duration;

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, ids, run_command};

wsdb_tests::on_sqlite_and_postgres! {
    overlapping_contexts_are_refused,
    time_is_summed_by_day_and_repo,
    time_follows_the_time_zone,
    contexts_are_exported_and_imported,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    switch_ends_the_context_before,
    back_returns_to_the_repo_before,
    visit_counts_operations_and_time,
    undo_of_a_switch_restores_the_list,
    contexts_of_users_are_independent,
    ending_the_context_of_somebody_else_needs_force,
    end_before_start_is_refused,
    visit_is_deleted,
    commands_without_a_context_are_refused,
}

fn with_repos() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    for repo in ["core", "web"] {
        std::fs::create_dir(workspace.path().join(repo)).unwrap();
    }
    workspace
}

fn import(contexts: Value) -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    for repo in ["core", "web"] {
        std::fs::create_dir(workspace.path().join(repo)).unwrap();
    }
    let log = json!({"context_switches": contexts});
    workspace.write("CONTEXT-LOG.json", log.to_string());
    workspace.ok(&["import"]);
    workspace
}

fn commands_without_a_context_are_refused() {
    let workspace = with_repos();
    assert_snapshot!(workspace.fails(1, &["context"]), @"
    error: mira has no current repo
    hint: run 'wsdb context switch REPO' to switch to one
    ");
    assert_snapshot!(workspace.fails(1, &["context", "back"]), @"
    error: mira has no visits yet
    hint: run 'wsdb context switch REPO' to start one
    ");
    assert_snapshot!(workspace.fails(1, &["context", "end"]), @"
    error: mira has no current repo
    hint: run 'wsdb context switch REPO' to switch to one
    ");
}

fn switch_ends_the_context_before() {
    let workspace = with_repos();
    assert_snapshot!(workspace.redacted(&["context", "switch", "core"]), @"Switched to core: DIR/core");
    assert_snapshot!(workspace.redacted(&["context", "switch", "web"]), @"Switched to web (from core): DIR/web");
    assert_eq!(workspace.json(&["context"])["repo"], "web");
    let active = workspace.json(&["context", "list", "--active"]);
    assert_eq!(ids(&active, "visits"), ["CONTEXT-002"]);
}

#[test]
fn switch_to_the_current_repo_changes_nothing() {
    let workspace = with_repos();
    workspace.ok(&["context", "switch", "core"]);
    assert_snapshot!(workspace.ok(&["context", "switch", "core"]), @"Already in core");
    let noted = workspace.json(&["context", "switch", "core", "--notes", "prices"]);
    assert_eq!(noted["switched"], false);
    assert_eq!(noted["context_notes"], "prices");
    assert_eq!(workspace.json(&["context", "list"])["total"], 1);
}

fn back_returns_to_the_repo_before() {
    let workspace = with_repos();
    workspace.ok(&["context", "switch", "core"]);
    workspace.ok(&["context", "switch", "web"]);
    assert_snapshot!(workspace.redacted(&["context", "back"]), @"Switched to core (from web): DIR/core");
    assert_snapshot!(workspace.redacted(&["context", "back"]), @"Switched to web (from core): DIR/web");
    workspace.ok(&["context", "leave"]);
    workspace.fails(1, &["context"]);
    assert_snapshot!(workspace.redacted(&["context", "back"]), @"Switched to web: DIR/web");
}

fn visit_counts_operations_and_time() {
    let workspace = with_repos();
    workspace.ok(&["context", "switch", "core"]);
    workspace.ok(&["context", "switch", "core", "--notes", "prices"]);
    workspace.ok(&["task", "add", "x"]);
    workspace.advance(Duration::from_secs(600));
    workspace.ok(&["context", "switch", "web"]);
    let first = workspace.json(&["context", "show", "1"]);
    assert_eq!(first["operations_count"], 2, "the notes, and the task");
    assert_eq!(first["duration_seconds"], 603.0);
}

#[test]
fn current_repo_is_in_the_handoff() {
    let workspace = with_repos();
    workspace.ok(&["context", "switch", "web"]);
    assert_snapshot!(workspace.redacted(&["handoff"]), @"
    # Handoff for mira

    ## Current repo
    - **web** DIR/web since 2026-01-15 10:00 UTC
    ");
}

fn undo_of_a_switch_restores_the_list() {
    let workspace = with_repos();
    workspace.ok(&["context", "switch", "web"]);
    let before = workspace.json(&["context", "list"]);
    workspace.ok(&["context", "switch", "core"]);
    workspace.ok(&["undo"]);
    assert_eq!(workspace.json(&["context", "list"]), before);
}

#[test]
fn switch_to_an_unknown_repo_needs_a_path() {
    let workspace = with_repos();
    assert_snapshot!(workspace.fails(1, &["context", "switch", "docs"]), @"
    error: there is no folder docs in the workspace
    hint: use --path DIR if the repo is in another folder
    ");
    assert_eq!(workspace.json(&["context", "list"])["total"], 0);
    assert_snapshot!(workspace.stderr(&["context", "switch", "docs", "--path", "far/docs"]), @"note: the folder DIR/far/docs does not exist on this machine");
}

#[test]
fn path_of_a_repo_is_remembered() {
    let workspace = with_repos();
    workspace.ok(&["context", "switch", "docs", "--path", "far/docs"]);
    workspace.ok(&["context", "switch", "core"]);
    let again = workspace.json(&["context", "switch", "docs"]);
    let path = again["repo_path"].as_str().unwrap();
    assert!(path.ends_with("far/docs"), "{path}");
    workspace.ok(&["context", "switch", "core"]);
    assert_snapshot!(workspace.stderr(&["context", "switch", "docs"]), @"note: the folder DIR/far/docs does not exist on this machine");
}

#[test]
fn relative_paths_are_shown_as_absolute() {
    let workspace = import(json!([
        {"id": "C-1", "repo": "core", "repo_path": "./core", "activated_by": "mira",
            "activated_at": "2025-11-20T08:00:00Z", "deactivated_at": "2025-11-20T09:00:00Z"},
        {"id": "C-2", "repo": "web", "repo_path": "./web", "activated_by": "mira",
            "activated_at": "2025-11-20T09:00:00Z"},
    ]));
    let absolute = |repo: &str| workspace.path().join(repo).display().to_string();
    assert_eq!(workspace.json(&["context"])["repo_path"], absolute("web"));
    assert_snapshot!(workspace.redacted(&["context"]), @"
    web
    path      DIR/web
    start     2025-11-20 09:00
    duration  1345 h 00 min
    user      mira
    ");
    let current = workspace.json(&["context", "switch", "web"]);
    assert_eq!(current["repo_path"], absolute("web"));
    let back = workspace.json(&["context", "back"]);
    assert_eq!(back["repo_path"], absolute("core"));
    // The stored path stays as it was imported.
    let imported = workspace.json(&["context", "show", "C-2"]);
    assert_eq!(imported["repo_path"], "./web");
}

fn contexts_of_users_are_independent() {
    let workspace = with_repos();
    workspace.ok(&["context", "switch", "core"]);
    workspace.ok(&["context", "switch", "web", "--actor", "jo"]);
    assert_eq!(workspace.json(&["context"])["repo"], "core");
    workspace.ok(&["context", "end", "--actor", "jo"]);
    assert_eq!(workspace.json(&["context"])["repo"], "core");
    let active = workspace.json(&["context", "list", "--active"]);
    assert_eq!(ids(&active, "visits"), ["CONTEXT-001"]);
    let ended = workspace.json(&["context", "list", "--user", "jo", "--ended"]);
    assert_eq!(ids(&ended, "visits"), ["CONTEXT-002"]);
}

fn ending_the_context_of_somebody_else_needs_force() {
    let workspace = with_repos();
    workspace.ok(&["context", "switch", "core"]);
    assert_snapshot!(workspace.fails(1, &["context", "end", "1", "--actor", "jo"]), @"
    error: CONTEXT-001 belongs to mira
    hint: use --force to end it anyway
    ");
    workspace.ok(&["context", "end", "1", "--force", "--actor", "jo"]);
    assert_snapshot!(workspace.fails(1, &["context", "end", "1"]), @"error: visit CONTEXT-001 has already ended");
}

fn overlapping_contexts_are_refused() {
    let workspace = with_repos();
    workspace.ok(&["context", "switch", "core"]);
    workspace.ok(&["context", "switch", "web"]);
    assert_snapshot!(workspace.fails(1, &["context", "edit", "1", "--clear", "end"]), @"
    error: visit CONTEXT-002 of mira has not ended, and a user can have only one open visit; end it first
    hint: run 'wsdb context show CONTEXT-002' to see it
    ");
    workspace.ok(&["context", "end"]);
    workspace.ok(&["context", "edit", "1", "--clear", "end"]);
    workspace.ok(&["context", "switch", "web", "--actor", "jo"]);
    assert_snapshot!(workspace.fails(1, &["context", "edit", "1", "--user", "jo"]), @"
    error: visit CONTEXT-003 of jo has not ended, and a user can have only one open visit; end it first
    hint: run 'wsdb context show CONTEXT-003' to see it
    ");
    // Other fields can be changed while it is open.
    workspace.ok(&["context", "edit", "1", "--notes", "prices"]);
}

#[test]
fn times_in_the_future_are_refused() {
    let workspace = TestWorkspace::new();
    for option in ["--start", "--end"] {
        let error = workspace.fails(2, &["context", "edit", "1", option, "2999-01-01"]);
        let expected = format!("'{option} <WHEN>': expected a time in the past");
        assert!(error.contains(&expected), "{error}");
    }
}

/// Three visits around midnight.
fn three_visits() -> TestWorkspace {
    let visit = |id: &str, repo: &str, user: &str, start: &str, end: &str| {
        json!({"id": id, "repo": repo, "repo_path": "/srv", "activated_at": start,
            "deactivated_at": end, "activated_by": user})
    };
    import(json!([
        visit(
            "C-1",
            "core",
            "mira",
            "2025-11-20T22:00:00Z",
            "2025-11-21T01:30:00Z"
        ),
        visit(
            "C-2",
            "web",
            "mira",
            "2025-11-21T00:30:00Z",
            "2025-11-21T01:00:00Z"
        ),
        visit(
            "C-3",
            "web",
            "jo",
            "2025-11-20T23:00:00Z",
            "2025-11-20T23:45:00Z"
        ),
    ]))
}

const TIME: [&str; 4] = ["context", "time", "--since", "2025-11-20"];

fn time_is_summed_by_day_and_repo() {
    let workspace = three_visits();
    assert_snapshot!(workspace.ok(&TIME), @"
    DAY         REPO  TIME
    2025-11-20  core  2 h 00 min  ████████████████████████
    2025-11-20  web   45 min      █████████
    2025-11-21  core  1 h 00 min  ████████████
    2025-11-21  web   30 min      ██████

    4 h 15 min in total
    ");
    assert_snapshot!(workspace.ok(&[&TIME[..], &["--by", "repo"]].concat()), @"
    REPO  TIME
    core  3 h 00 min  ████████████████████████
    web   1 h 15 min  ██████████

    4 h 15 min in total
    ");
    assert_snapshot!(workspace.ok(&[&TIME[..], &["--by", "day", "--user", "mira"]].concat()), @"
    DAY         TIME
    2025-11-20  2 h 00 min  ████████████████████████
    2025-11-21  1 h 30 min  ██████████████████

    3 h 30 min in total
    ");
    assert_snapshot!(workspace.ok(&[&TIME[..], &["--repo", "web"]].concat()), @"
    DAY         REPO  TIME
    2025-11-20  web   45 min  ████████████████████████
    2025-11-21  web   30 min  ████████████████

    1 h 15 min in total
    ");
    assert_snapshot!(workspace.ok(&[&TIME[..], &["--user", "nobody"]].concat()), @"No time recorded since 2025-11-20");
    let time = workspace.json(&[&TIME[..], &["--by", "repo"]].concat());
    assert_eq!(time["time"][0]["repo"], "core");
    assert_eq!(time["time"][0]["day"], Value::Null);
    assert_eq!(time["time"][0]["duration_seconds"], 180.0 * 60.0);
}

fn time_follows_the_time_zone() {
    let workspace = three_visits();
    let mut berlin = workspace.command(&[&TIME[..], &["--json"]].concat());
    let output = run_command(berlin.env("TZ", "Europe/Berlin"));
    let time: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(time["time"][0]["duration_seconds"], 3600.0);
}

#[test]
fn times_can_be_corrected() {
    let workspace = three_visits();
    let edited = workspace.json(&["context", "edit", "C-2", "--end", "2025-11-21T00:40:00Z"]);
    assert_eq!(edited["duration_seconds"], 600.0);
    assert_snapshot!(workspace.fails(1, &["context", "edit", "C-2", "--end", "2025-11-20"]), @"error: the end 2025-11-20 is before the start 2025-11-21 00:30");
    workspace.ok(&["context", "edit", "C-2", "--clear", "end"]);
    let open = workspace.json(&["context", "show", "C-2"]);
    assert_eq!(open["duration_seconds"], Value::Null);
}

fn visit_is_deleted() {
    let workspace = three_visits();
    workspace.ok(&["context", "rm", "C-2"]);
    let visits = workspace.json(&["context", "list", "--text", "web"]);
    assert_eq!(ids(&visits, "visits"), ["C-3"]);
}

fn contexts_are_exported_and_imported() {
    let workspace = three_visits();
    workspace.ok(&["export", "out"]);
    let other = TestWorkspace::with_workspace();
    other.ok(&[
        "import",
        &workspace.path().join("out").display().to_string(),
    ]);
    assert_eq!(
        other.json(&["context", "list"]),
        workspace.json(&["context", "list"])
    );
}

#[test]
fn folder_outside_of_the_workspace_is_no_repo() {
    let workspace = TestWorkspace::with_workspace();
    for name in ["../..", "..", "/tmp", "."] {
        let error = workspace.fails(2, &["context", "switch", name]);
        assert!(error.contains("expected the name of a repo"), "{error}");
    }
    workspace.ok(&["context", "switch", "core", "--path", "/tmp"]);
}

fn end_before_start_is_refused() {
    let workspace = with_repos();
    workspace.ok(&["context", "switch", "core"]);
    let edit = |code, args: &str| {
        let args = format!("context edit 1 {args}");
        workspace.fails(code, &args.split(' ').collect::<Vec<_>>())
    };
    // Two values that were typed contradict each other.
    assert_snapshot!(edit(2, "--start 2026-01-10T12:00:00Z --end 2026-01-10T11:00:00Z"), @"error: the end 2026-01-10 11:00 is before the start 2026-01-10 12:00");
    // A value that was typed contradicts a stored one.
    let mut pacific = workspace.command(&["context", "edit", "1", "--end", "2026-01-10T11:00:00Z"]);
    let output = run_command(pacific.env("TZ", "America/Los_Angeles"));
    assert_snapshot!(workspace.text(&output.stderr), @"error: the end 2026-01-10 03:00 is before the start 2026-01-15 02:00");
    assert_snapshot!(edit(1, "--end 2026-01-10T11:00:00Z"), @"error: the end 2026-01-10 11:00 is before the start 2026-01-15 10:00");
    assert_snapshot!(edit(1, "--end 2026-01-15T10:00:00.5Z"), @"error: the end 2026-01-15 10:00:00 is before the start 2026-01-15 10:00:01");
}
