//! What every command has in common: formats, colors, escapes, errors and help.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

wsdb_tests::on_both! {
    status_fits_one_screen,
    status_of_an_empty_workspace,
    empty_list,
    lists_have_five_formats,
    control_characters_are_escaped,
    control_characters_are_escaped_in_json,
}

fn sample() -> TestWorkspace {
    TestWorkspace::with_sample("handwritten")
}

fn status_fits_one_screen() {
    assert_snapshot!(sample().ok(&["status"]), @"
    Tasks 5   1 in_progress  1 blocked  1 deferred  2 completed
      open   1 CRITICAL  1 HIGH  1 LOW

    Session 2025-11-21-session-001   mira with assistant-b   since 2025-11-21

    In progress 1
      WS-TASK-002  CRITICAL  Move seasonal pricing out of orchard-core  mira

    Blocked 1
      WS-TASK-003  HIGH  Replace pandas in the ripeness model
        blocked by WS-TASK-002 (in_progress)

    Open issues 2   1 HIGH  1 MEDIUM
      ISSUE-001  HIGH  Season-specific pricing in orchard-core
      2025-11-21-session-001-issue-5c3e21ed31  MEDIUM  The ripeness model imports pandas inside the core

    Recent decisions 3
      2025-11-21-session-001-decision-32452207a2  Forecasts wait for the ripeness model  2025-11-21
      DEC-002  Forecasts stay on one machine for now  2025-11-21
      DEC-001  orchard-core holds nothing that is specific to a season  2025-11-20
    ");
}

fn status_of_an_empty_workspace() {
    assert_snapshot!(TestWorkspace::with_workspace().ok(&["status"]), @"
    Tasks 0

    Open sessions 0

    In progress 0

    Blocked 0

    Open issues 0

    Recent decisions 0
    ");
}

fn empty_list() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.ok(&["task", "list"]), @"No tasks");
    assert_eq!(
        workspace.json(&["task", "list"]),
        json!({"tasks": [], "total": 0})
    );
}

fn lists_have_five_formats() {
    let workspace = sample();
    let list =
        |format| workspace.ok(&["task", "ls", "--status", "wip,blocked", "--format", format]);
    assert_snapshot!(list("table"), @"
    ID           STATUS       PRIORITY  TITLE                                      REPOS                      ASSIGNED TO  UPDATED
    WS-TASK-002  in_progress  CRITICAL  Move seasonal pricing out of orchard-core  orchard-core, orchard-web  mira         2025-11-20
    WS-TASK-003  blocked      HIGH      Replace pandas in the ripeness model       orchard-core                            2025-11-21
    ");
    assert_snapshot!(list("csv"), @r#"
    id,status,priority,title,repos,assigned to,claim,updated
    WS-TASK-002,in_progress,CRITICAL,Move seasonal pricing out of orchard-core,"orchard-core, orchard-web",mira,,2025-11-20T00:00:00Z
    WS-TASK-003,blocked,HIGH,Replace pandas in the ripeness model,orchard-core,,,2025-11-21T00:00:00Z
    "#);
    assert_snapshot!(list("md"), @"
    | id | status | priority | title | repos | assigned to | claim | updated |
    | --- | --- | --- | --- | --- | --- | --- | --- |
    | WS-TASK-002 | in_progress | CRITICAL | Move seasonal pricing out of orchard-core | orchard-core, orchard-web | mira |  | 2025-11-20T00:00:00Z |
    | WS-TASK-003 | blocked | HIGH | Replace pandas in the ripeness model | orchard-core |  |  | 2025-11-21T00:00:00Z |
    ");
    assert_eq!(list("jsonl").lines().count(), 2);
    let json: Value = serde_json::from_str(&list("json")).unwrap();
    assert_eq!(json["total"], 2);
    assert_eq!(json["tasks"][0]["created"], "2025-11-20T00:00:00Z");
}

fn control_characters_are_escaped() {
    let workspace = TestWorkspace::with_workspace();
    let title = "a\u{1b}[2Jb\u{202e}c\nd";
    workspace.ok(&["task", "add", title]);
    for args in [
        &["task", "list"][..],
        &["task", "show", "1"],
        &["status"],
        &["task", "start", "1"],
        &["task", "list", "--format", "md"],
    ] {
        let text = workspace.ok(args);
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{args:?}: {text:?}");
    }
    let list = workspace.ok(&["task", "list"]);
    assert!(list.contains("a\\u{1b}[2Jb\\u{202e}c⏎d"), "{list}");
    assert_eq!(workspace.json(&["task", "show", "1"])["title"], title);
}

fn control_characters_are_escaped_in_json() {
    let workspace = TestWorkspace::with_workspace();
    let title = "a\u{9b}2J\u{202e}b\u{2069}\u{200f}c";
    workspace.ok(&["task", "add", title]);
    for args in [
        &["task", "ls", "--json"][..],
        &["task", "ls", "--format", "jsonl"],
        &["task", "show", "1", "--json"],
        &["history", "--fields", "--json"],
    ] {
        let text = workspace.ok(args);
        assert!(text.contains("a\\u009b2J\\u202eb\\u2069\\u200fc"), "{text}");
    }
    assert_eq!(workspace.json(&["task", "show", "1"])["title"], title);
    let error = workspace.fails(1, &["task", "show", title, "--json"]);
    assert!(!error.contains('\u{9b}'), "{error}");
}

#[test]
fn errors_come_with_hints() {
    let workspace = sample();
    assert_snapshot!(workspace.fails(1, &["task", "show", "WS-TASK-9"]), @"
    error: task WS-TASK-9 not found
    hint: run 'wsdb task list' to list the tasks
    ");
    assert_snapshot!(workspace.fails(1, &["task", "show", "WS-TSAK-001"]), @"
    error: task WS-TSAK-001 not found
    hint: did you mean WS-TASK-001?
    ");
    assert_snapshot!(workspace.fails(1, &["task", "rm", "1", "--json"]), @r#"{"error":{"code":"still_referenced","hint":"use --force to delete it anyway; the references to it are kept","message":"task WS-TASK-001 is still referenced by task WS-TASK-002"}}"#);
    assert_snapshot!(workspace.fails(1, &["task", "add", "  "]), @"error: title must not be empty");
}

#[test]
fn usage_errors_exit_with_2() {
    let workspace = sample();
    assert_snapshot!(workspace.fails(2, &["task", "list", "--status", "wontfix"]), @"
    error: invalid value 'wontfix' for '--status <STATUS>': expected one of: pending, approved, planning, in_progress, blocked, deferred, backlog, completed, closed, cancelled

    For more information, try '--help'.
    ");
    let error = workspace.fails(2, &["task", "frob", "--json"]);
    let error: Value = serde_json::from_str(&error).unwrap();
    assert_eq!(error["error"]["code"], "usage");
}

#[test]
fn missing_workspaces_and_databases_are_reported() {
    let workspace = TestWorkspace::new();
    assert_snapshot!(workspace.fails(1, &["status"]), @"
    error: no workspace found in DIR or any parent folder
    hint: run 'wsdb init' to create one here, or use --workspace DIR
    ");
    assert_snapshot!(workspace.fails(1, &["status", "--database", "none.db"]), @"
    error: no database found at DIR/none.db
    hint: check the path, or run 'wsdb init --database none.db' to create a database
    ");
    // Longer than the header of a database.
    workspace.write("workspace.db", "not a database".repeat(20));
    assert_snapshot!(workspace.fails(1, &["status"]), @"
    error: DIR/workspace.db is not a SQLite database
    hint: use another path; nothing was changed
    ");
}

#[test]
fn colors_are_for_terminals() {
    let workspace = sample();
    assert!(!workspace.ok(&["status"]).contains('\u{1b}'));
    for command in [&["status"][..], &["task", "list"]] {
        let text = workspace.ok(&[command, &["--color", "always"]].concat());
        assert!(text.contains("\u{1b}["), "{text}");
    }
}

#[test]
fn explicit_color_overrides_no_color() {
    let workspace = sample();
    let run = |args: &[&str]| {
        let output = workspace.command(args).env("NO_COLOR", "1").output();
        let output = output.unwrap();
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    };
    let red = "\u{1b}[1m\u{1b}[31merror:\u{1b}[0m ";
    for args in [
        &["task", "show", "77", "--color", "always"][..],
        &["task", "frob", "--color=always"],
    ] {
        let error = run(args);
        assert!(error.starts_with(red), "{args:?}: {error:?}");
        assert!(!run(&args[..2]).contains('\u{1b}'));
    }
    let list = run(&["task", "ls", "--status", "blocked", "--color", "always"]);
    assert!(list.contains("\u{1b}[38;5;9mblocked"), "{list:?}");
}

#[test]
fn closed_pipe_is_no_error() {
    let workspace = sample();
    let mut child = workspace
        .command(&["task", "list"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn help_has_examples() {
    let workspace = TestWorkspace::new();
    let mut commands: Vec<String> = [
        "task add",
        "session log",
        "task ready",
        "task blocked",
        "task graph",
        "task dep add",
        "task dep rm",
        "state add",
        "placement add",
        "placement rules",
        "goal add",
        "goal status",
        "goal done",
        "architecture show",
        "architecture compare",
        "why",
        "next",
        "import",
        "export",
        "init",
        "completions",
        "search",
    ]
    .map(str::to_owned)
    .into();
    for noun in [
        "task",
        "issue",
        "decision",
        "session",
        "state",
        "placement",
        "goal",
    ] {
        commands.extend(["list", "show", "edit", "rm"].map(|verb| format!("{noun} {verb}")));
    }
    for command in commands {
        let help = workspace.ok(&[wsdb_tests::words(&command), vec!["--help"]].concat());
        assert!(help.contains("Example"), "{command}");
    }
}

#[test]
fn overview_describes_the_global_options_and_other_pages_list_them() {
    let workspace = TestWorkspace::new();
    let overview = workspace.ok(&["--help"]);
    let (_, options) = overview.split_once("\nGlobal options:\n").unwrap();
    let words = options.split_whitespace();
    let names: Vec<&str> = words
        .filter(|word| word.starts_with("--"))
        .take(7)
        .collect();
    let names = names.join(", ");
    assert_eq!(
        names,
        "--workspace, --database, --json, --format, --color, --actor, --busy-timeout"
    );
    for command in [
        "task",
        "task list",
        "task dep add",
        "issue add",
        "import",
        "history prune",
    ] {
        let text = workspace.ok(&[wsdb_tests::words(command), vec!["--help"]].concat());
        let line = format!("\nGlobal options (see 'wsdb --help'):\n  {names}\n");
        let (own, _) = text.split_once(&line).unwrap();
        assert!(own.contains("--help") && !own.contains("--actor"), "{own}");
    }
}

#[test]
fn completions_exist_for_every_shell() {
    let workspace = TestWorkspace::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(workspace.ok(&["completions", shell]).contains("wsdb"));
    }
}

#[test]
fn completions_contain_the_values_of_options() {
    let bash = TestWorkspace::new().ok(&["completions", "bash"]);
    for values in [
        "pending approved planning in_progress blocked",
        "CRITICAL HIGH MEDIUM LOW",
        "planned in_progress implemented maintained",
        "open resolved closed",
        "code_creep governance",
        "note implementation analysis",
    ] {
        assert!(bash.contains(&format!("compgen -W \"{values}")), "{values}");
    }
}

#[test]
fn clock_can_be_fixed() {
    let workspace = TestWorkspace::with_workspace();
    let run = |now: &str| {
        let mut command = workspace.command(&["task", "add", "x", "--json"]);
        command.env("WSDB_TEST_NOW", now).output().unwrap()
    };
    let output = run("2031-02-03T06:05:06.789+02:00");
    let task: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(task["created"], "2031-02-03T04:05:06.789000Z");
    let history = workspace.json(&["history", "--limit", "1"]);
    assert_eq!(history["history"][0]["time"], task["created"]);
    let output = run("noon");
    assert_eq!(output.status.code(), Some(2));
    assert_snapshot!(workspace.text(&output.stderr), @r#"{"error":{"code":"usage","hint":null,"message":"WSDB_TEST_NOW: invalid time \"noon\" (expected a time such as 2025-11-20, 2025-11-20T10:30:00Z or 2025-11-20T10:30:00)"}}"#);
}
