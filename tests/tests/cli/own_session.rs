//! The session that changes belong to.

use std::time::Duration;

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, run_command, words};

wsdb_tests::on_sqlite_and_postgres! {
    change_belongs_to_the_only_recent_session,
    change_keeps_a_session_recent,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    shell_works_in_its_own_session,
    change_belongs_to_none_of_several_sessions,
    old_imported_session_gets_no_changes,
    session_timeout_is_a_setting,
    ended_session_gets_no_changes,
    session_option_is_checked,
    session_of_another_shell_is_not_ended,
    logged_activity_belongs_to_its_session,
}

const FIRST: &str = "2026-01-15-session-001";
const SECOND: &str = "2026-01-15-session-002";

fn start(workspace: &TestWorkspace, options: &str) {
    workspace.ok(&[words("session start --no-handoff"), words(options)].concat());
}

/// Runs a command as a shell does in which `WSDB_SESSION` is set.
fn in_shell(workspace: &TestWorkspace, session: &str, args: &str) -> (String, String) {
    let mut command = workspace.command(&words(args));
    let output = run_command(command.env("WSDB_SESSION", session));
    (
        workspace.text(&output.stdout),
        workspace.text(&output.stderr),
    )
}

/// The session of the last change.
fn last_session(workspace: &TestWorkspace) -> Value {
    workspace.json(&words("history --limit 1"))["history"][0]["session"].clone()
}

fn shell_works_in_its_own_session() {
    let workspace = TestWorkspace::with_workspace();
    for (session, start) in [(FIRST, "--shell"), (SECOND, "--shell --budget 200")] {
        let args = [words("session start"), words(start)].concat();
        let output = workspace.run(&args);
        let export = workspace.text(&output.stdout);
        let variables = format!("export WSDB_SESSION={session} WSDB_SESSION_DATABASE=");
        assert!(export.starts_with(&variables), "{export}");
        assert!(
            workspace
                .text(&output.stderr)
                .starts_with("Started session")
        );
    }
    for session in [FIRST, SECOND] {
        let (task, note) = in_shell(&workspace, session, "task add Move --json");
        let task: Value = serde_json::from_str(&task).unwrap();
        assert_eq!(task["session_created"], session);
        assert_eq!(note, "");
        assert_eq!(last_session(&workspace), session);
    }
    let (ended, _) = in_shell(&workspace, SECOND, "session end");
    assert_eq!(ended.trim_end(), format!("Ended session {SECOND}"));
    assert_eq!(last_session(&workspace), SECOND);
    let (current, _) = in_shell(&workspace, FIRST, "session current --json");
    assert!(current.contains(FIRST), "{current}");
}

#[test]
fn session_of_a_shell_does_not_count_in_another_workspace() {
    let (first, second) = (
        TestWorkspace::with_workspace(),
        TestWorkspace::with_workspace(),
    );
    let shell = words("session start --shell --no-handoff");
    second.ok(&[&shell[..], &["--actor", "jo"]].concat());
    let export = first.ok(&shell);
    let (_, database) = export.trim_end().rsplit_once('=').unwrap();
    let in_shell_of_first = |workspace: &TestWorkspace, args: &str| {
        let mut command = workspace.command(&words(args));
        command.env("WSDB_SESSION", FIRST);
        command.env("WSDB_SESSION_DATABASE", database);
        command.output().unwrap()
    };
    in_shell_of_first(&second, "task add Move");
    assert_eq!(last_session(&second), Value::Null);
    assert!(!in_shell_of_first(&second, "session end").status.success());
    in_shell_of_first(&first, "task add Move");
    assert_eq!(last_session(&first), FIRST);
}

fn change_belongs_to_the_only_recent_session() {
    let workspace = TestWorkspace::with_workspace();
    start(&workspace, "");
    start(&workspace, "--actor jo");
    assert_eq!(workspace.stderr(&words("task add Move")), "");
    assert_eq!(last_session(&workspace), FIRST);
}

fn change_belongs_to_none_of_several_sessions() {
    let workspace = TestWorkspace::with_workspace();
    start(&workspace, "");
    assert_snapshot!(workspace.stderr(&words("session start --no-handoff")), @"note: your changes belong to no session, because you have 2 open sessions with recent changes: 2026-01-15-session-002, 2026-01-15-session-001; choose one with --session ID or WSDB_SESSION");
    assert_snapshot!(workspace.stderr(&words("task add Move")), @"note: your changes belong to no session, because you have 2 open sessions with recent changes: 2026-01-15-session-002, 2026-01-15-session-001; choose one with --session ID or WSDB_SESSION");
    assert_eq!(last_session(&workspace), Value::Null);
    assert_snapshot!(workspace.fails(1, &words("session end")), @"
    error: you have 2 open sessions with recent changes: 2026-01-15-session-002, 2026-01-15-session-001
    hint: choose one with --session ID or WSDB_SESSION
    ");
    assert_snapshot!(workspace.fails(1, &words("session log Moved")), @"
    error: you have 2 open sessions with recent changes: 2026-01-15-session-002, 2026-01-15-session-001
    hint: choose one with --session ID or WSDB_SESSION
    ");
    workspace.ok(&words("task start 1 --session session-002"));
    assert_eq!(last_session(&workspace), SECOND);
    workspace.ok(&["session", "end", SECOND]);
    assert_eq!(workspace.stderr(&words("task done 1")), "");
    assert_eq!(last_session(&workspace), FIRST);
}

fn change_keeps_a_session_recent() {
    let workspace = TestWorkspace::with_workspace();
    start(&workspace, "");
    for _ in 0..3 {
        workspace.advance(Duration::from_secs(11 * 3600));
        assert_eq!(workspace.stderr(&words("task add Move")), "");
        assert_eq!(last_session(&workspace), FIRST);
    }
    workspace.advance(Duration::from_secs(13 * 3600));
    assert_snapshot!(workspace.stderr(&words("task add Move")), @"note: your changes belong to no session, because your open session 2026-01-15-session-001 has had no recent changes; run 'wsdb session end 2026-01-15-session-001' to end it, or continue it with --session 2026-01-15-session-001");
    assert_eq!(last_session(&workspace), Value::Null);
    // It may be in use elsewhere.
    assert_snapshot!(workspace.fails(1, &words("session end")), @"
    error: your open session 2026-01-15-session-001 has had no recent changes
    hint: run 'wsdb session end 2026-01-15-session-001' to end it, or continue it with --session 2026-01-15-session-001
    ");
    workspace.ok(&["session", "end", FIRST]);
    assert_eq!(workspace.stderr(&words("task add Move")), "");
}

fn old_imported_session_gets_no_changes() {
    let workspace = TestWorkspace::with_workspace();
    workspace.import_sample("handwritten");
    assert_snapshot!(workspace.stderr(&words("task add Move")), @"note: your changes belong to no session, because your open session 2025-11-21-session-001 has had no recent changes; run 'wsdb session end 2025-11-21-session-001' to end it, or continue it with --session 2025-11-21-session-001");
    assert_eq!(last_session(&workspace), Value::Null);
    start(&workspace, "");
    assert_eq!(workspace.stderr(&words("task add Move")), "");
    assert_eq!(last_session(&workspace), FIRST);
    workspace.ok(&words("session end"));
    assert_eq!(last_session(&workspace), FIRST);
}

fn session_timeout_is_a_setting() {
    let workspace = TestWorkspace::with_workspace();
    start(&workspace, "");
    let mut settings =
        std::fs::read_to_string(workspace.path().join(".wsdb.toml")).unwrap_or_default();
    settings.push_str("session-timeout = \"2h\"\n");
    workspace.write(".wsdb.toml", &settings);
    workspace.advance(Duration::from_secs(3 * 3600));
    workspace.ok(&words("task add Move"));
    assert_eq!(last_session(&workspace), Value::Null);
}

#[test]
fn invalid_session_timeout_is_reported() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(".wsdb.toml", "session-timeout = \"soon\"\n");
    assert_snapshot!(workspace.fails(1, &["status"]), @r#"
    error: DIR/.wsdb.toml: line 1, column 19: expected a duration such as 12h
    hint: the keys in .wsdb.toml are database, session-timeout and repos, for example database = "workspace.db"
    "#);
}

fn ended_session_gets_no_changes() {
    let workspace = TestWorkspace::with_workspace();
    start(&workspace, "");
    workspace.ok(&words("session end"));
    let (_, note) = in_shell(&workspace, FIRST, "task add Move");
    assert_snapshot!(note, @"note: your changes belong to no session, because session 2026-01-15-session-001 has ended; specify an open session with --session ID, or unset WSDB_SESSION");
    let (_, note) = in_shell(&workspace, "2020-01-01-session-001", "task done 1");
    assert_snapshot!(note, @"note: your changes belong to no session, because session 2020-01-01-session-001 does not exist; specify an open session with --session ID, or unset WSDB_SESSION");
    assert_eq!(last_session(&workspace), Value::Null);
    // One note, not two that contradict each other.
    let (_, note) = in_shell(&workspace, FIRST, "session start --no-handoff");
    assert_snapshot!(note, @"note: your changes belong to no session, because session 2026-01-15-session-001 has ended; specify an open session with --session ID, or unset WSDB_SESSION");
}

fn session_option_is_checked() {
    let workspace = TestWorkspace::with_workspace();
    start(&workspace, "");
    workspace.ok(&words("session end"));
    let add = words("task add Move --session session-001");
    assert_snapshot!(workspace.fails(1, &add), @"
    error: session 2026-01-15-session-001 has ended
    hint: specify an open session with --session ID, or unset WSDB_SESSION
    ");
    let add = words("--session nope task add Move");
    assert_snapshot!(workspace.fails(1, &add), @"
    error: session nope not found
    hint: run 'wsdb session list' to list the sessions
    ");
}

fn session_of_another_shell_is_not_ended() {
    let workspace = TestWorkspace::with_workspace();
    start(&workspace, "--shell");
    assert_snapshot!(workspace.fails(1, &words("session end")), @"
    error: your open session 2026-01-15-session-001 may belong to another shell
    hint: run 'wsdb session end 2026-01-15-session-001' to end it anyway
    ");
    workspace.ok(&words("task add Move"));
    workspace.ok(&words("history prune --keep 1"));
    workspace.fails(1, &words("session end"));
    workspace.ok(&["session", "end", FIRST]);
}

fn logged_activity_belongs_to_its_session() {
    let workspace = TestWorkspace::with_workspace();
    start(&workspace, "");
    start(&workspace, "");
    let log = words("session log Moved --session session-002");
    assert_eq!(workspace.stderr(&log), "");
    assert_eq!(last_session(&workspace), SECOND);
    let shown = workspace.json(&["session", "show", SECOND]);
    assert_eq!(shown["activities"].as_array().unwrap().len(), 1);
    // It keeps the session recent.
    workspace.ok(&["session", "end", FIRST]);
    workspace.advance(Duration::from_secs(11 * 3600));
    workspace.ok(&log);
    workspace.advance(Duration::from_secs(11 * 3600));
    assert_eq!(workspace.stderr(&words("task add Move")), "");
    assert_eq!(last_session(&workspace), SECOND);
    // A session that has ended gets the activity, too.
    workspace.ok(&["session", "log", "Published", "--session", FIRST]);
    assert_eq!(last_session(&workspace), SECOND);
    assert_snapshot!(workspace.fails(1, &words("session log Moved --session nope")), @"
    error: session nope not found
    hint: run 'wsdb session list' to list the sessions
    ");
}

#[test]
fn imported_session_of_the_future_is_not_the_current_one() {
    let workspace = TestWorkspace::with_workspace();
    let session = json!({"session_id": "S-1", "start_time": "2027-01-01T10:00:00Z", "status": "in_progress", "user": "mira"});
    workspace.write(
        "SESSION-LOG.json",
        json!({"sessions": [session]}).to_string(),
    );
    workspace.ok(&["import"]);
    let stderr = workspace.stderr(&["task", "add", "x"]);
    assert!(
        stderr.contains("your changes belong to no session"),
        "{stderr}"
    );
    assert_eq!(
        workspace.json(&["task", "show", "1"])["session_created"],
        Value::Null
    );
    // It does not keep others from being the current one.
    workspace.ok(&["session", "start"]);
    workspace.ok(&["task", "add", "y"]);
    assert_eq!(
        workspace.json(&["task", "show", "2"])["session_created"],
        "2026-01-15-session-001"
    );
}
