//! Output that every command has in common: formats, escapes and pages of lists.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, run_command, words};

wsdb_tests::on_sqlite_and_postgres! {
    status_fits_one_screen,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    status_of_an_empty_workspace,
}

fn sample() -> TestWorkspace {
    TestWorkspace::with_sample("handwritten")
}

fn status_fits_one_screen() {
    assert_snapshot!(sample().ok(&["status"]), @"
    Tasks 5   1 in_progress  1 blocked  1 deferred  2 completed
      open   1 CRITICAL  1 HIGH  1 LOW

    Session 2025-11-21-session-001   mira with assistant-b   started 2025-11-21

    In progress 1
      WS-TASK-002  CRITICAL  Move seasonal pricing out of orchard-core  mira

    Blocked 2
      WS-TASK-003  HIGH  Replace pandas in the ripeness model
        blocked by WS-TASK-002 (in_progress)
        reason: Blocked until pricing is out — „Äpfel & Birnen“, 🍐.
      WS-TASK-004  LOW  Nightly harvest forecast
        blocked by WS-TASK-003 (blocked), WS-TASK-099 (missing)

    Open issues 2   1 HIGH  1 MEDIUM
      ISSUE-001  HIGH  Season-specific pricing in orchard-core
      2025-11-21-session-001-issue-5c3e21ed31  MEDIUM  The ripeness model imports pandas inside the core

    Decisions 3
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

    Decisions 0
    ");
}

#[test]
fn empty_list_is_reported() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.ok(&["task", "list"]), @"No tasks found");
    assert_eq!(
        workspace.json(&["task", "list"]),
        json!({"tasks": [], "total": 0, "hidden": 0})
    );
}

/// Two tasks of the sample in a format.
fn two_tasks(format: &str) -> String {
    let list = words("task ls --status wip,blocked --format");
    sample().ok(&[&list[..], &[format]].concat())
}

#[test]
fn list_as_table() {
    assert_snapshot!(two_tasks("table"), @"
    ID           STATUS       PRIORITY  TITLE                                      REPOS                      ASSIGNED TO  UPDATED
    WS-TASK-002  in_progress  CRITICAL  Move seasonal pricing out of orchard-core  orchard-core, orchard-web  mira         2025-11-20
    WS-TASK-003  blocked      HIGH      Replace pandas in the ripeness model       orchard-core                            2025-11-21
    ");
}

#[test]
fn list_as_csv() {
    assert_snapshot!(two_tasks("csv"), @r#"
    id,title,description,status,priority,repos_affected,dependencies,created,updated,session_created,assigned_to,notes,related_files,extra_metadata,workflow_id,assigned_repo,assigned_by,bastard_plan_grade,bastard_completion_grade,scale_tier,started_at,completed_at,claim,document_fields
    WS-TASK-002,Move seasonal pricing out of orchard-core,,in_progress,CRITICAL,"[""orchard-core"",""orchard-web""]","[""WS-TASK-001""]",2025-11-20T00:00:00Z,2025-11-20T00:00:00Z,2025-11-20-session-001,mira,ADR-001 violation: the core must not depend on the season.,"[""orchard-core/src/orchard_core/pricing.py""]",,,,,,,,,,,{}
    WS-TASK-003,Replace pandas in the ripeness model,,blocked,HIGH,"[""orchard-core""]","[""WS-TASK-002""]",2025-11-21T00:00:00Z,2025-11-21T00:00:00Z,2025-11-21-session-001,,"Blocked until pricing is out — „Äpfel & Birnen“, 🍐.",[],,,,,,,,,,,{}
    "#);
}

#[test]
fn list_as_markdown() {
    assert_snapshot!(two_tasks("md"), @"
    | id | status | priority | title | repos | assigned to | claim | updated |
    | --- | --- | --- | --- | --- | --- | --- | --- |
    | WS-TASK-002 | in_progress | CRITICAL | Move seasonal pricing out of orchard-core | orchard-core, orchard-web | mira |  | 2025-11-20T00:00:00Z |
    | WS-TASK-003 | blocked | HIGH | Replace pandas in the ripeness model | orchard-core |  |  | 2025-11-21T00:00:00Z |
    ");
}

#[test]
fn list_as_lines_of_json() {
    assert_eq!(two_tasks("jsonl").lines().count(), 2);
}

#[test]
fn list_as_json() {
    let json: Value = serde_json::from_str(&two_tasks("json")).unwrap();
    assert_eq!(json["total"], 2);
    assert_eq!(json["tasks"][0]["created"], "2025-11-20T00:00:00Z");
}

#[test]
fn csv_and_markdown_have_absolute_times() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "x"]);
    workspace.ok(&["task", "claim", "1"]);
    workspace.ok(&["session", "start"]);
    for format in ["csv", "md"] {
        for list in [
            &["task", "ls"][..],
            &["session", "ls"],
            &["history"],
            &["task", "ready"],
        ] {
            let text = workspace.ok(&[list, &["--format", format]].concat());
            assert!(!text.contains("now") && !text.contains(" ago"), "{text}");
            assert!(text.contains("Z"), "{text}");
        }
    }
}

#[test]
fn part_of_a_list_is_described() {
    let workspace = TestWorkspace::with_workspace();
    let task = |n| json!({"id": format!("T-{n}"), "title": "x", "created": "2025-01-01"});
    let tasks: Vec<Value> = (1..=6).map(task).collect();
    workspace.write("WORKSPACE-TASKS.json", json!(tasks).to_string());
    workspace.ok(&["import"]);
    let last = |args: &[&str]| {
        let text = workspace.ok(&[&["task", "ls"], args].concat());
        text.lines().last().unwrap().to_owned()
    };
    assert_eq!(
        last(&["--limit", "2"]),
        "Showing 2 of 6 tasks; use --limit N to show more"
    );
    assert_eq!(
        last(&["--limit", "2", "--offset", "2"]),
        "Showing 3 to 4 of 6 tasks; use --offset 4 to continue"
    );
    assert_eq!(
        last(&["--limit", "2", "--offset", "4"]),
        "Showing 5 to 6 of 6 tasks"
    );
    assert_eq!(last(&["--offset", "99"]), "No tasks after the first 6");
    assert_eq!(
        last(&["--limit", "0"]),
        "Showing 0 of 6 tasks; use --limit N to show more"
    );
}

#[test]
fn aliases_of_values_are_accepted() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&words("task add x --status in_progress"));
    let list = workspace.json(&words("task ls --status wip"));
    assert_eq!(list["total"], 1);
}

#[test]
fn custom_issue_types_are_accepted() {
    let workspace = TestWorkspace::with_workspace();
    let issue = workspace.json(&words("issue add x --type of-our-own"));
    assert_eq!(issue["issue_type"], "of-our-own");
}

/// A workspace with a task whose title has these characters.
fn task_with_title(title: &str) -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", title]);
    workspace
}

#[test]
fn control_characters_are_escaped() {
    let title = "a\u{1b}[2Jb\u{202e}c\nd";
    let workspace = task_with_title(title);
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

#[test]
fn control_characters_are_escaped_in_json() {
    let title = "a\u{9b}2J\u{202e}b\u{2069}\u{200f}c";
    let workspace = task_with_title(title);
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
}

#[test]
fn control_characters_are_escaped_in_errors() {
    let workspace = TestWorkspace::with_workspace();
    for args in [
        &["task", "show", "a\u{9b}2J"][..],
        &["task", "show", "a\u{9b}2J", "--json"],
    ] {
        let error = workspace.fails(1, args);
        assert!(!error.contains('\u{9b}'), "{error}");
    }
}

#[test]
fn paths_of_documents_must_be_utf8() {
    use std::os::unix::ffi::OsStrExt;
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["decision", "add", "Move"]);
    let folder = std::ffi::OsStr::from_bytes(b"out\xff");
    let fails = |code, args: &str, options: &str| {
        let mut command = workspace.command(&words(args));
        let output = run_command(command.arg(folder).args(words(options)));
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        workspace.text(&output.stderr)
    };
    assert_snapshot!(fails(2, "export", ""), @"error: the path out� is not valid UTF-8");
    assert_snapshot!(fails(2, "decision export --adr", ""), @"error: the path out� is not valid UTF-8");
    let path = workspace.path().join(folder);
    assert!(!path.exists());
    std::fs::create_dir(&path).unwrap();
    // In that folder, the arguments are valid.
    let mut export = workspace.command(&words("export ."));
    let output = run_command(export.current_dir(&path));
    assert_snapshot!(workspace.text(&output.stderr), @"
    error: out�/WORKSPACE-TASKS.json: the path is not valid UTF-8
    hint: check the path
    ");
    for name in ["WORKSPACE-TASKS.json", "SESSION-LOG.json"] {
        std::fs::write(path.join(name), "[]").unwrap();
    }
    assert_snapshot!(fails(1, "import", ""), @"
    error: out�/SESSION-LOG.json: the path is not valid UTF-8
           out�/WORKSPACE-TASKS.json: the path is not valid UTF-8
    hint: fix the problems above and run the command again
    ");
    assert_snapshot!(fails(1, "import", "--json"), @r#"{"error":{"code":"unreadable","hint":"fix the problems above and run the command again","message":"out�/SESSION-LOG.json: the path is not valid UTF-8\nout�/WORKSPACE-TASKS.json: the path is not valid UTF-8"}}"#);
    let mut init = std::process::Command::new("git");
    init.arg("init").arg("-q").arg(&path);
    assert!(init.status().unwrap().success());
    assert_snapshot!(fails(2, "git install --repo-dir", ""), @"error: the path DIR/out� is not valid UTF-8");
}
