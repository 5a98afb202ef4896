//! What a person types, and what they see.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{Folder, fixture};

fn imported() -> Folder {
    let folder = Folder::new();
    folder.ok(&["import", &fixture("handwritten").display().to_string()]);
    folder
}

fn a_workspace_on_one_screen() {
    assert_snapshot!(imported().ok(&["status"]), @r#"
    Tasks 5   1 in_progress  1 blocked  1 deferred  2 completed
      open   1 CRITICAL  1 HIGH  1 LOW

    Session 2025-11-21-session-001   mira with assistant-b   since 2025-11-21

    In progress 1
      WS-TASK-002  CRITICAL  Move seasonal pricing out of orchard-core  mira

    Blocked 1
      WS-TASK-003  HIGH  Replace pandas in the ripeness model
        waits for WS-TASK-002 (in_progress)

    Open issues 2   1 HIGH  1 MEDIUM
      ISSUE-001  HIGH  Season-specific pricing in orchard-core
      2025-11-21-session-001-issue-5c3e21ed31  MEDIUM  The ripeness model imports pandas inside the core

    Last decisions 3
      2025-11-21-session-001-decision-32452207a2  Forecasts wait for the ripeness model  2025-11-21
      DEC-002  Forecasts stay on one machine for now  2025-11-21
      DEC-001  orchard-core holds nothing that is specific to a season  2025-11-20
    "#);
}

fn an_empty_workspace_says_so() {
    let folder = Folder::with_workspace();
    assert_snapshot!(folder.ok(&["status"]), @r"
    Tasks 0

    Session none open

    In progress 0

    Blocked 0

    Open issues 0

    Last decisions 0
    ");
    assert_eq!(folder.ok(&["task", "list"]), "no tasks\n");
    assert_eq!(
        folder.json(&["task", "list"]),
        json!({"tasks": [], "total": 0})
    );
}

fn lists_in_every_format() {
    let folder = imported();
    let list = |format| folder.ok(&["task", "ls", "--status", "wip,blocked", "--format", format]);
    assert_snapshot!(list("table"), @r"
    ID           STATUS       PRIORITY  TITLE                                      REPOS                      ASSIGNED TO  UPDATED
    WS-TASK-002  in_progress  CRITICAL  Move seasonal pricing out of orchard-core  orchard-core, orchard-web  mira         2025-11-20
    WS-TASK-003  blocked      HIGH      Replace pandas in the ripeness model       orchard-core                            2025-11-21
    ");
    assert_snapshot!(list("csv"), @r#"
    id,status,priority,title,repos,assigned to,claim,updated
    WS-TASK-002,in_progress,CRITICAL,Move seasonal pricing out of orchard-core,"orchard-core, orchard-web",mira,,2025-11-20T00:00:00Z
    WS-TASK-003,blocked,HIGH,Replace pandas in the ripeness model,orchard-core,,,2025-11-21T00:00:00Z
    "#);
    assert_snapshot!(list("md"), @r"
    | id | status | priority | title | repos | assigned to | claim | updated |
    | --- | --- | --- | --- | --- | --- | --- | --- |
    | WS-TASK-002 | in_progress | CRITICAL | Move seasonal pricing out of orchard-core | orchard-core, orchard-web | mira |  | 2025-11-20T00:00:00Z |
    | WS-TASK-003 | blocked | HIGH | Replace pandas in the ripeness model | orchard-core |  |  | 2025-11-21T00:00:00Z |
    ");
    assert_eq!(list("jsonl").lines().count(), 2);
    let json: Value = serde_json::from_str(&list("json")).expect("JSON");
    assert_eq!(json["total"], 2);
    assert_eq!(json["tasks"][0]["created"], "2025-11-20T00:00:00Z");
}

fn filters_and_pages() {
    let folder = imported();
    let ids = |args: &[&str]| -> Vec<String> {
        let list = folder.json(&[&["task", "list"], args].concat());
        let tasks = list["tasks"].as_array().expect("a list");
        tasks
            .iter()
            .map(|t| t["id"].as_str().expect("an id").replace("WS-TASK-", ""))
            .collect()
    };
    assert_eq!(
        ids(&["--repo", "orchard-core,orchard-ml"]),
        ["002", "003", "004"]
    );
    assert_eq!(
        ids(&["--priority", "high", "--text", "PANDAS model"]),
        ["003"]
    );
    assert_eq!(ids(&["--depends-on", "2"]), ["003"]);
    assert_eq!(ids(&["--assigned-to", "mira"]), ["002"]);
    assert_eq!(ids(&["--sort", "priority", "--limit", "2"]), ["002", "001"]);
    assert_eq!(
        ids(&["--sort", "id", "--reverse", "--limit", "2", "--offset", "1"]),
        ["003", "002"]
    );
    assert_eq!(ids(&["--since", "2025-11-21"]), ["003", "004"]);
    assert_eq!(ids(&["--session", "2025-11-21-session-001"]), ["003"]);
    assert_eq!(folder.json(&["task", "list", "--limit", "1"])["total"], 5);
}

fn a_task_from_beginning_to_end() {
    let folder = Folder::with_workspace();
    let added = folder.json(&[
        "task",
        "add",
        "Move pricing",
        "-r",
        "core,web",
        "--depends-on",
        "7",
        "-p",
        "high",
    ]);
    assert_eq!(added["id"], "WS-TASK-001");
    assert_eq!(added["repos_affected"], json!(["core", "web"]));
    assert_eq!(added["dependencies"], json!(["WS-TASK-007"]));
    let shown = folder.json(&["task", "show", "1"]);
    assert_eq!(
        shown["waits_for"],
        json!([{"id": "WS-TASK-007", "status": null}])
    );
    let started = folder.json(&["task", "start", "1"]);
    assert_eq!(started["status"], "in_progress");
    assert_eq!(started["started_at"], started["updated"]);
    let edited = folder.json(&[
        "task",
        "edit",
        "1",
        "--title",
        "Moved",
        "--clear",
        "priority,dependencies",
    ]);
    assert_eq!(
        (&edited["title"], &edited["priority"]),
        (&json!("Moved"), &Value::Null)
    );
    let done = folder.json(&["task", "done", "TASK-001"]);
    assert!(done["completed_at"].is_string());
    assert_eq!(
        folder.json(&["task", "reopen", "1"])["completed_at"],
        Value::Null
    );
    assert_eq!(
        folder.json(&["task", "stats"]),
        json!({"total": 1, "by_status": {"pending": 1}, "by_priority": {"none": 1}})
    );
    assert_eq!(
        folder.json(&["task", "rm", "1"]),
        json!({"deleted": ["WS-TASK-001"]})
    );
    // A number that was given is not given again.
    assert_eq!(folder.json(&["task", "add", "Next"])["id"], "WS-TASK-002");
}

fn several_tasks_change_together_or_not_at_all() {
    let folder = imported();
    assert_snapshot!(folder.fails(1, &["task", "done", "3", "77", "TASK-0"]), @r"
    error: task 77 not found
           task TASK-0 could be WS-TASK-000, WS-TASK-001, WS-TASK-002, WS-TASK-003, WS-TASK-004
    hint: `wsdb task list` shows those that are there
    ");
    assert_eq!(folder.json(&["task", "show", "3"])["status"], "blocked");
    let both = folder.json(&["task", "done", "2", "3"]);
    assert_eq!(both["total"], 2);
    assert_eq!(both["tasks"][1]["status"], "completed");
}

fn sessions_take_what_is_done_in_them() {
    let folder = Folder::with_workspace();
    let session = folder.json(&["session", "start", "--assistant", "a"])["id"].clone();
    let name = session.as_str().expect("an id");
    assert!(name.ends_with("-session-001"));
    assert_eq!(
        folder.json(&["task", "add", "T"])["session_created"],
        session
    );
    assert_eq!(
        folder.json(&["decision", "add", "D", "-i", "low"])["session"],
        session
    );
    folder.ok(&["issue", "add", "I", "--type", "code_creep"]);
    folder.ok(&[
        "session",
        "log",
        "Looked",
        "--type",
        "analysis",
        "--modified",
        "a.rs,b.rs",
    ]);
    // Somebody else's work is not ours.
    assert_eq!(
        folder.json(&["task", "add", "U", "--actor", "jo"])["session_created"],
        Value::Null
    );
    let current = folder.json(&["session", "current"]);
    assert_eq!(current["decisions_made"], json!(["DEC-001"]));
    assert_eq!(current["issues_found"], json!(["ISSUE-001"]));
    assert_eq!(
        current["activities"][0]["files_modified"],
        json!(["a.rs", "b.rs"])
    );
    let ended = folder.json(&["session", "end", "--notes", "Next: T"]);
    assert_eq!(
        (&ended["status"], &ended["handoff_notes"]),
        (&json!("completed"), &json!("Next: T"))
    );
    assert_snapshot!(folder.fails(1, &["session", "current"]), @"error: mira has no open session");
    assert_eq!(
        folder.json(&["session", "stats"])["by_status"]["completed"],
        1
    );
    folder.ok(&["session", "edit", name, "--notes", "T is done"]);
    assert_eq!(
        folder.json(&["session", "show", "001"])["handoff_notes"],
        "T is done"
    );
    assert_eq!(
        folder.json(&["session", "list", "--user", "mira"])["total"],
        1
    );
    assert_eq!(
        folder.json(&["session", "rm", name]),
        json!({"deleted": [name]})
    );
}

fn issues_and_decisions_from_beginning_to_end() {
    let folder = imported();
    let resolved = folder.json(&["issue", "resolve", "1", "--notes", "Moved"]);
    assert_eq!(
        (&resolved["status"], &resolved["resolved_by"]),
        (&json!("resolved"), &json!("mira"))
    );
    assert_eq!(
        folder.json(&["issue", "reopen", "1"])["resolved_at"],
        Value::Null
    );
    let edited = folder.json(&[
        "issue",
        "edit",
        "1",
        "--severity",
        "low",
        "--assign",
        "jo",
        "--clear",
        "task",
    ]);
    assert_eq!(
        (&edited["severity"], &edited["related_task_id"]),
        (&json!("LOW"), &Value::Null)
    );
    assert_eq!(
        folder.json(&["issue", "list", "--task", "WS-TASK-777"])["total"],
        1
    );
    assert_eq!(folder.json(&["issue", "stats"])["by_status"]["open"], 2);
    assert_eq!(
        folder.json(&["issue", "rm", "2"])["deleted"],
        json!(["ISSUE-002"])
    );

    assert_eq!(
        folder.json(&["decision", "status", "2", "--to", "done"])["status"],
        "implemented"
    );
    let edited = folder.json(&[
        "decision",
        "edit",
        "2",
        "--rationale",
        "why",
        "--clear",
        "impact",
    ]);
    assert_eq!(
        (&edited["rationale"], &edited["impact"]),
        (&json!("why"), &Value::Null)
    );
    assert_eq!(
        folder.json(&["decision", "show", "2"])["document_fields"]["alternatives"][1],
        "a laptop"
    );
    assert_eq!(
        folder.json(&["decision", "list", "--impact", "high"])["total"],
        1
    );
    assert_eq!(folder.json(&["decision", "stats"])["total"], 3);
    assert_snapshot!(folder.fails(1, &["decision", "rm", "1"]), @r"
    error: decision DEC-001 is still referred to by session link 2025-11-20-session-001-DEC-001
    hint: --force deletes it all the same; the others keep its id as one that is gone
    ");
    folder.ok(&["decision", "rm", "1", "--force"]);
    assert_eq!(
        folder.json(&["session", "show", "2025-11-20"])["decisions_made"],
        json!(["DEC-001"])
    );
}

// Most of it is about files.
#[test]
fn errors_tell_what_to_do() {
    let folder = imported();
    assert_snapshot!(folder.fails(1, &["task", "show", "WS-TASK-9"]), @r"
    error: task WS-TASK-9 not found
    hint: `wsdb task list` shows those that are there
    ");
    assert_snapshot!(folder.fails(1, &["task", "show", "WS-TSAK-001"]), @r"
    error: task WS-TSAK-001 not found
    hint: did you mean WS-TASK-001?
    ");
    assert_snapshot!(folder.fails(1, &["task", "rm", "1", "--json"]), @r#"{"error":{"code":"still_referenced","hint":"--force deletes it all the same; the others keep its id as one that is gone","message":"task WS-TASK-001 is still referred to by task WS-TASK-002"}}"#);
    assert_snapshot!(folder.fails(1, &["task", "add", "  "]), @"error: the title is empty");
    assert_snapshot!(folder.fails(2, &["task", "list", "--status", "wontfix"]), @r#"
    error: invalid value 'wontfix' for '--status <STATUS>': "wontfix" is no task status (known: pending, approved, planning, in_progress, blocked, deferred, backlog, completed, closed, cancelled)

    For more information, try '--help'.
    "#);
    let usage: Value =
        serde_json::from_str(&folder.fails(2, &["task", "frob", "--json"])).expect("JSON");
    assert_eq!(usage["error"]["code"], "usage");
    let elsewhere = Folder::new();
    let said = elsewhere.fails(1, &["status"]);
    assert!(
        said.starts_with("error: there is no workspace in "),
        "{said}"
    );
    assert!(said.contains("hint: `wsdb init` makes one here"), "{said}");
    assert_snapshot!(elsewhere.fails(1, &["status", "--database", "none.db"]).replace(&elsewhere.path().display().to_string(), "DIR"), @r"
    error: there is no database at DIR/none.db
    hint: `wsdb init` makes one
    ");
    std::fs::write(elsewhere.path().join("workspace.db"), "not a database, but long enough to have been one: it has more than one hundred bytes in it").expect("written");
    assert_snapshot!(elsewhere.fails(1, &["status"]).replace(&elsewhere.path().display().to_string(), "DIR"), @r"
    error: DIR/workspace.db is not a SQLite database
    hint: name another file; this one was not touched
    ");
}

fn text_from_the_database_moves_no_cursor() {
    let folder = Folder::with_workspace();
    folder.ok(&["task", "add", "a\u{1b}[2Jb\u{202e}c\nd"]);
    for args in [
        &["task", "list"][..],
        &["task", "show", "1"],
        &["status"],
        &["task", "start", "1"],
        &["task", "list", "--format", "md"],
    ] {
        let text = folder.ok(args);
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{args:?}: {text:?}");
    }
    assert!(
        folder
            .ok(&["task", "list"])
            .contains("a\\u{1b}[2Jb\\u{202e}c⏎d")
    );
    assert_eq!(
        folder.json(&["task", "show", "1"])["title"],
        "a\u{1b}[2Jb\u{202e}c\nd"
    );
}

#[test]
fn colour_only_where_it_is_asked_for() {
    let folder = imported();
    assert!(!folder.ok(&["status"]).contains('\u{1b}'));
    assert!(
        folder
            .ok(&["status", "--color", "always"])
            .contains("\u{1b}[")
    );
    assert!(
        folder
            .ok(&["task", "list", "--color", "always"])
            .contains("\u{1b}[")
    );
}

#[test]
fn a_reader_that_leaves_is_no_fault() {
    let folder = imported();
    let mut child = folder
        .command(&["task", "list"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("started");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ended");
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn every_command_has_help_with_an_example() {
    let folder = Folder::new();
    for noun in [
        "task",
        "issue",
        "decision",
        "session",
        "state",
        "placement",
        "goal",
    ] {
        for verb in ["list", "show", "edit", "rm"] {
            assert!(
                folder.ok(&[noun, verb, "--help"]).contains("Example"),
                "{noun} {verb}"
            );
        }
    }
    for args in [
        &["task", "add"][..],
        &["session", "log"],
        &["task", "ready"],
        &["task", "blocked"],
        &["task", "graph"],
        &["task", "dep", "add"],
        &["task", "dep", "rm"],
        &["state", "add"],
        &["placement", "add"],
        &["placement", "rules"],
        &["goal", "add"],
        &["goal", "status"],
        &["goal", "done"],
        &["architecture", "show"],
        &["architecture", "compare"],
        &["why"],
        &["next"],
        &["import"],
        &["export"],
        &["init"],
        &["completions"],
    ] {
        assert!(
            folder.ok(&[args, &["--help"]].concat()).contains("Example"),
            "{args:?}"
        );
    }
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(folder.ok(&["completions", shell]).contains("wsdb"));
    }
}

fn forty_at_the_same_moment() {
    let folder = Folder::with_workspace();
    let children: Vec<_> = (0..40)
        .map(|n| {
            let title = format!("task {n}");
            let mut command = folder.command(&["task", "add", &title, "--json"]);
            command
                .stdout(std::process::Stdio::piped())
                .spawn()
                .expect("started")
        })
        .collect();
    let mut ids: Vec<String> = children
        .into_iter()
        .map(|child| {
            let output = child.wait_with_output().expect("ended");
            assert!(output.status.success(), "{output:?}");
            let task: Value = serde_json::from_slice(&output.stdout).expect("JSON");
            task["id"].as_str().expect("an id").to_owned()
        })
        .collect();
    ids.sort();
    let expected: Vec<String> = (1..=40).map(|n| format!("WS-TASK-{n:03}")).collect();
    assert_eq!(ids, expected);
    assert_eq!(folder.json(&["task", "list"])["total"], 40);
}

wsdb_tests::on_both!(
    a_workspace_on_one_screen,
    an_empty_workspace_says_so,
    lists_in_every_format,
    filters_and_pages,
    a_task_from_beginning_to_end,
    several_tasks_change_together_or_not_at_all,
    sessions_take_what_is_done_in_them,
    issues_and_decisions_from_beginning_to_end,
    text_from_the_database_moves_no_cursor,
    forty_at_the_same_moment,
);
