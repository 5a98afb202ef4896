//! What a newcomer expects of a command line: first use, formats for programs, lists and filters,
//! usage errors, help.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::store::Database;
use wsdb_tests::{TestWorkspace, fixture};

#[test]
fn named_database_is_created_by_the_first_write() {
    for how in ["option", "variable", "settings", "folder"] {
        let workspace = TestWorkspace::new();
        let inner = workspace.path().join("inner");
        std::fs::create_dir(&inner).unwrap();
        if how == "settings" {
            let settings = "database = \"inner/w.db\"";
            workspace.write(".wsdb.toml", settings);
        }
        let run = |args: &[&str]| {
            let mut command = workspace.command(args);
            match how {
                "option" => command.args(["--database", "inner/w.db"]),
                "variable" => command.env("WSDB_DATABASE_URL", "inner/w.db"),
                "folder" => command.args(["--workspace", "inner"]),
                _ => &mut command,
            };
            command.output().unwrap()
        };
        for looks in [
            &["task", "ls"][..],
            &["status"],
            &["task", "rm", "1"],
            &["undo"],
        ] {
            let output = run(looks);
            assert_eq!(output.status.code(), Some(1), "{how}: {output:?}");
            let left = std::fs::read_dir(&inner).unwrap().count();
            assert_eq!(left, 0, "{how}: looking makes nothing");
        }
        let output = run(&["task", "add", "first", "--json"]);
        assert!(output.status.success(), "{how}: {output:?}");
        assert!(output.stderr.is_empty(), "{how}: {output:?}");
        let added: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(added["id"], "WS-TASK-001");
        assert!(run(&["session", "start"]).stderr.is_empty());
    }
    let workspace = TestWorkspace::new();
    assert_snapshot!(workspace.stderr(&["session", "start", "--database", "w.db"]), @"note: created a new workspace in DIR/w.db");
    // What was only found is not made.
    let workspace = TestWorkspace::new();
    workspace.write(".wsdb.toml", "");
    let error = workspace.fails(1, &["task", "add", "x"]);
    assert!(
        error.contains("hint: check the path, or run 'wsdb init' to create a database"),
        "{error}"
    );
}

#[test]
fn empty_postgres_database_is_set_up_by_the_first_write() {
    let Some(database) = Database::postgres() else {
        return;
    };
    let workspace = TestWorkspace::new();
    let url = database.url();
    workspace.fails(1, &["task", "ls", "--database", &url]);
    assert_eq!(
        database.rows("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"),
        ["0"]
    );
    let ways: [&[&str]; 2] = [&["task", "add", "x"], &["issue", "add", "y"]];
    std::thread::scope(|scope| {
        let (workspace, url) = (&workspace, url.as_str());
        for _ in 0..4 {
            for way in ways {
                scope.spawn(move || workspace.ok(&[way, &["--database", url]].concat()));
            }
        }
    });
    assert_eq!(
        workspace.json(&["task", "ls", "--database", &url])["total"],
        4
    );
}

#[test]
fn empty_variables_count_as_unset() {
    let workspace = TestWorkspace::with_workspace();
    let mut command = workspace.command(&["task", "claim", "--next", "--json"]);
    workspace.ok(&["task", "add", "x"]);
    for name in [
        "WSDB_WORKSPACE",
        "WSDB_DATABASE_URL",
        "WSDB_ACTOR",
        "WSDB_BUSY_TIMEOUT",
        "WSDB_LEASE",
    ] {
        command.env(name, "");
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    for args in [
        &["status", "--actor", ""][..],
        &["status", "--actor", "  "],
        &["status", "--database", ""],
        &["task", "add", "x", "--repo", "a,,b"],
        &["task", "add", "x", "--repo", ""],
    ] {
        let error = workspace.fails(2, args);
        assert!(
            error.contains("a name must not be empty"),
            "{args:?}: {error}"
        );
    }
    assert_eq!(workspace.json(&["task", "ls"])["total"], 1);
}

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

fn expected_values_may_be_json() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "x", "-r", "orchard-core"]);
    for expected in [
        "priority=null",
        "priority=",
        "repos_affected=[\"orchard-core\"]",
        "repos_affected=orchard-core",
        "title=\"x\"",
        "title=x",
        "status=\"pending\"",
        "dependencies=[]",
    ] {
        workspace.ok(&["task", "edit", "1", "--notes", "n", "--expect", expected]);
    }
    for wrong in [
        "priority=\"\"",
        "repos_affected=[]",
        "title=null",
        "status=wip",
    ] {
        workspace.fails(1, &["task", "edit", "1", "--notes", "m", "--expect", wrong]);
    }
}

fn session_filters_accept_parts_of_ids() {
    let workspace = TestWorkspace::with_sample("handwritten");
    for word in ["2025-11-21-session-001", "11-21"] {
        assert_eq!(
            workspace.json(&["task", "ls", "--session", word])["total"],
            1
        );
    }
    assert_snapshot!(workspace.fails(1, &["task", "ls", "--session", "nope,11-21,2030-01-01-session-001"]), @"
    error: session nope not found
           session 2030-01-01-session-001 not found
    hint: run 'wsdb session list' to list the sessions
    ");
    assert_snapshot!(workspace.fails(1, &["history", "--session", "nope"]), @"
    error: session nope not found
    hint: run 'wsdb session list' to list the sessions
    ");
    assert_snapshot!(workspace.fails(1, &["decision", "ls", "--session", "11-2"]), @"
    error: session 11-2 is ambiguous: it matches 2025-11-20-session-001, 2025-11-21-session-001
    hint: use a full ID
    ");
    // It is gone, and what was done in it isn't.
    let id = workspace.json(&["session", "start"])["id"].clone();
    let id = id.as_str().unwrap();
    workspace.ok(&["task", "add", "x"]);
    workspace.ok(&["session", "rm", id]);
    assert!(workspace.json(&["history", "--session", id])["total"].as_u64() >= Some(2));
}

#[test]
fn conflicts_are_reported_as_an_error_in_json() {
    let workspace = TestWorkspace::with_sample("handwritten");
    let file = workspace.path().join("WORKSPACE-TASKS.json");
    workspace.ok(&["export"]);
    workspace.ok(&["task", "edit", "3", "--title", "here"]);
    let text = std::fs::read_to_string(&file).unwrap();
    let there = text.replace("Replace pandas in the ripeness model", "there");
    std::fs::write(&file, there).unwrap();
    let path = file.display().to_string();
    let output = workspace.run(&["import", &path, "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(result["conflicts"].as_array().map(Vec::len), Some(1));
    assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r#"{"error":{"code":"conflicts","hint":"run the import again with --prefer file or --prefer database","message":"1 field is in conflict and keeps the value in the database"}}"#);
    let output = workspace.run(&["import", &path]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_snapshot!(text.lines().last().unwrap(), @"Nothing imported; 1 conflict");
}

#[test]
fn singular_and_plural() {
    let workspace = TestWorkspace::new();
    let file = workspace.path().join("WORKSPACE-TASKS.json");
    let tasks = json!({"active_tasks": [{"id": "WS-TASK-001", "title": "x", "status": "pending",
        "created": "2025-11-20T10:00:00Z"}]});
    std::fs::write(&file, tasks.to_string()).unwrap();
    let text = workspace.ok(&["import"]);
    assert_snapshot!(text.lines().last().unwrap(), @"Imported 1 record from 1 file");
}

fn page_of_a_list_says_which_it_is() {
    let workspace = TestWorkspace::with_workspace();
    for n in 1..=6 {
        workspace.ok(&["task", "add", &format!("task {n}")]);
    }
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

fn empty_and_contradictory_edits_are_refused() {
    let workspace = TestWorkspace::with_sample("handwritten");
    let session = "2025-11-21-session-001";
    for args in [
        &["task", "edit", "1"][..],
        &["issue", "edit", "1"],
        &["decision", "edit", "1"],
        &["session", "edit", session],
    ] {
        let error = workspace.fails(2, args);
        assert!(error.starts_with("error: nothing to change"), "{error}");
    }
    assert_snapshot!(workspace.fails(2, &["task", "edit", "1", "-p", "high", "-r", "x", "--clear", "priority,notes,repos"]), @"error: cannot set and clear priority, repos at the same time");
    for args in [
        &["issue", "edit", "1", "--task", "2", "--clear", "task"][..],
        &[
            "decision", "edit", "1", "--impact", "low", "--clear", "impact",
        ],
        &[
            "session", "edit", session, "--notes", "x", "--clear", "notes",
        ],
        &["task", "edit", "1", "--description", "-", "--notes", "-"],
        &["task", "add", "x", "--description", "-", "--notes", "-"],
    ] {
        workspace.fails(2, args);
    }
    workspace.ok(&["task", "edit", "1", "-p", "high", "--clear", "notes"]);
}

#[test]
fn init_names_what_it_created() {
    let workspace = TestWorkspace::new();
    let init = |args: &[&str]| {
        workspace
            .ok(&[&["init"], args].concat())
            .replace(&workspace.path().display().to_string(), "DIR")
    };
    assert_snapshot!(init(&[]), @"
    Created a workspace in DIR
    Next: 'wsdb import' or 'wsdb task add TITLE'
    ");
    assert_snapshot!(init(&["--database", "other.db"]), @"
    Created a workspace in DIR/other.db
    Next: 'wsdb import' or 'wsdb task add TITLE' with the same --database
    ");
    assert_snapshot!(init(&["--database", "other.db", "--json"]), @r#"
    {
      "created": false,
      "database": "DIR/other.db",
      "workspace": "DIR"
    }
    "#);
    if let Some(database) = Database::postgres() {
        let text = workspace.ok(&["init", "--database", &database.url()]);
        let line = text.lines().next().unwrap().to_owned();
        assert!(
            line.starts_with("Created a workspace in postgres://"),
            "{line}"
        );
    }
}

#[test]
fn postgres_database_is_not_copied_to_itself() {
    let Some(database) = Database::postgres() else {
        return;
    };
    let url = database.url();
    let workspace = TestWorkspace::new();
    workspace.ok(&["init", "--database", &url]);
    let (from, to) = ("@127.0.0.1", "@localhost");
    if url.contains(from) {
        let other = url.replace(from, to);
        for args in [&[][..], &["--replace"]] {
            let copy = ["copy", "--from", &url, "--to", &other];
            let error = workspace.fails(1, &[&copy, args].concat());
            assert!(
                error.contains("source and target are the same database"),
                "{error}"
            );
        }
    }
}

#[test]
fn aliases_and_own_words_are_accepted() {
    // Aliases go on working, and so do types of one's own.
    let workspace = TestWorkspace::with_sample("handwritten");
    assert_eq!(
        workspace.json(&["task", "ls", "--status", "wip"])["total"],
        1
    );
    workspace.ok(&["issue", "add", "x", "--type", "of-our-own"]);
}

wsdb_tests::on_both!(
    csv_and_markdown_have_absolute_times,
    expected_values_may_be_json,
    session_filters_accept_parts_of_ids,
    page_of_a_list_says_which_it_is,
    empty_and_contradictory_edits_are_refused,
);

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
    let error = workspace.fails(2, &["handoff", "--format", "csv"]);
    assert!(error.contains("[possible values: md, json]"), "{error}");
    let help = workspace.ok(&["task", "graph", "--help"]);
    assert!(
        help.contains("[possible values: table, json, dot,"),
        "{help}"
    );
}

#[test]
fn session_show_defaults_to_the_open_session() {
    let workspace = TestWorkspace::with_workspace();
    let error = workspace.fails(1, &["session", "show"]);
    assert!(error.contains("mira has no open session"), "{error}");
    workspace.ok(&["session", "start", "--no-brief"]);
    assert_eq!(
        workspace.json(&["session", "show"])["status"],
        "in_progress"
    );
}

#[test]
fn imported_open_session_is_noted() {
    let workspace = TestWorkspace::new();
    let sample = fixture("handwritten").display().to_string();
    let stderr = workspace.stderr(&["import", &sample]);
    assert_snapshot!(stderr, @"
    warning: FIXTURES/handwritten/WORKSPACE-TASKS.json, $.active_tasks[3]: task WS-TASK-004: dependency WS-TASK-099 does not exist
    warning: FIXTURES/handwritten/CROSS-REPO-ISSUES.json, $.issues[1]: issue ISSUE-002: related task WS-TASK-777 does not exist
    note: your session 2025-11-21-session-001, started 2025-11-21 09:00, is open and your changes belong to it; run 'wsdb session end 2025-11-21-session-001' to end it
    ");
    workspace.ok(&["task", "edit", "1", "--notes", "x"]);
    assert_snapshot!(workspace.stderr(&["import", &sample]), @"
    warning: FIXTURES/handwritten/WORKSPACE-TASKS.json, $.active_tasks[3]: task WS-TASK-004: dependency WS-TASK-099 does not exist
    warning: FIXTURES/handwritten/CROSS-REPO-ISSUES.json, $.issues[1]: issue ISSUE-002: related task WS-TASK-777 does not exist
    ");
}
