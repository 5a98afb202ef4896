//! Environment variables.

use insta::assert_snapshot;
use serde_json::Value;
use wsdb_tests::{TestWorkspace, run_command};

#[test]
fn empty_variables_count_as_unset() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "x"]);
    let mut command = workspace.command(&["task", "claim", "--next", "--json"]);
    for name in [
        "WSDB_WORKSPACE",
        "WSDB_DATABASE_URL",
        "WSDB_ACTOR",
        "WSDB_BUSY_TIMEOUT",
        "WSDB_LEASE",
    ] {
        command.env(name, "");
    }
    let output = run_command(&mut command);
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn usage_does_not_mention_variables() {
    let workspace = TestWorkspace::with_workspace();
    let mut command = workspace.command(&["history", "prune"]);
    command
        .env("WSDB_ACTOR", "mira")
        .env("WSDB_WORKSPACE", workspace.path());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r"
    error: the following required arguments were not provided:
      <--before <WHEN>|--keep <N>>

    Usage: wsdb history prune <--before <WHEN>|--keep <N>>

    For more information, try '--help'.
    ");
}

#[test]
fn overview_names_variables_even_if_they_are_set() {
    let workspace = TestWorkspace::with_workspace();
    let overview = |name: &str, value: &str| {
        let mut command = workspace.command(&[]);
        let output = run_command(command.env(name, value));
        assert_eq!(output.status.code(), Some(2));
        workspace.text(&output.stderr) + &workspace.text(&output.stdout)
    };
    let unset = overview("WSDB_LEASE", "");
    for (name, value) in [
        ("WSDB_ACTOR", "zed"),
        ("WSDB_ACTOR", ""),
        ("WSDB_BUSY_TIMEOUT", "2s"),
    ] {
        assert_eq!(overview(name, value), unset, "{name}={value}");
    }
    assert!(unset.contains("[env: WSDB_ACTOR]"), "{unset}");
}

#[test]
fn names_of_people_are_one_line() {
    let workspace = TestWorkspace::with_workspace();
    let mut command = workspace.command(&["task", "add", "X"]);
    let output = run_command(command.env("WSDB_ACTOR", "a\nb"));
    let error = workspace.text(&output.stderr);
    let reason = "must not contain a line break or another control character";
    assert!(error.contains(reason), "{error}");
    for args in [
        ["task", "add", "X", "--actor"],
        ["task", "add", "X", "--assign"],
        ["session", "start", "--no-handoff", "--assistant"],
    ] {
        let error = workspace.fails(2, &[&args[..], &["a\nb"]].concat());
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn clock_can_be_set() {
    let workspace = TestWorkspace::with_workspace();
    let run = |now: &str| {
        let mut command = workspace.command(&["task", "add", "x", "--json"]);
        run_command(command.env("WSDB_TEST_NOW", now))
    };
    let output = run("2031-02-03T06:05:06.789+02:00");
    let task: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(task["created"], "2031-02-03T04:05:06.789000Z");
    let history = workspace.json(&["history", "--limit", "1"]);
    assert_eq!(history["history"][0]["time"], task["created"]);
}

#[test]
fn invalid_time_of_the_clock_is_refused() {
    let workspace = TestWorkspace::new();
    let mut command = workspace.command(&["status", "--json"]);
    let output = run_command(command.env("WSDB_TEST_NOW", "noon"));
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(workspace.text(&output.stderr), @r#"{"error":{"code":"clock","hint":null,"message":"WSDB_TEST_NOW: invalid time \"noon\" (expected a time such as 2025-11-20, 2025-11-20T10:30:00Z or 2025-11-20T10:30:00)"}}"#);
}
