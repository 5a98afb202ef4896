//! What a newcomer expects of a command line: first use, formats for programs, lists and filters,
//! usage errors, help.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::store::Database;
use wsdb_tests::{Folder, fixture};

fn imported() -> Folder {
    let folder = Folder::new();
    folder.ok(&["import", &fixture("handwritten").display().to_string()]);
    folder
}

fn stderr(folder: &Folder, args: &[&str]) -> String {
    let output = folder.run(args);
    assert!(output.status.success(), "{args:?}: {output:?}");
    String::from_utf8_lossy(&output.stderr)
        .replace(&folder.path().display().to_string(), "DIR")
        .replace(
            &folder
                .path()
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned(),
            "NAME",
        )
}

#[test]
fn writing_makes_the_database_that_was_named() {
    for how in ["option", "variable", "settings", "folder"] {
        let folder = Folder::new();
        let inner = folder.path().join("inner");
        std::fs::create_dir(&inner).expect("made");
        if how == "settings" {
            let settings = "database = \"inner/w.db\"";
            std::fs::write(folder.path().join(".wsdb.toml"), settings).expect("written");
        }
        let run = |args: &[&str]| {
            let mut command = folder.command(args);
            match how {
                "option" => command.args(["--database", "inner/w.db"]),
                "variable" => command.env("WSDB_DATABASE_URL", "inner/w.db"),
                "folder" => command.args(["--workspace", "inner"]),
                _ => &mut command,
            };
            command.output().expect("started")
        };
        for looks in [
            &["task", "ls"][..],
            &["status"],
            &["task", "rm", "1"],
            &["undo"],
        ] {
            let output = run(looks);
            assert_eq!(output.status.code(), Some(1), "{how}: {output:?}");
            let left = std::fs::read_dir(&inner).expect("a folder").count();
            assert_eq!(left, 0, "{how}: looking makes nothing");
        }
        let output = run(&["task", "add", "first", "--json"]);
        assert!(output.status.success(), "{how}: {output:?}");
        assert!(output.stderr.is_empty(), "{how}: {output:?}");
        let added: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(added["id"], "WS-TASK-001");
        assert!(run(&["session", "start"]).stderr.is_empty());
    }
    let folder = Folder::new();
    assert_snapshot!(stderr(&folder, &["session", "start", "--database", "w.db"]), @"note: made a new workspace in DIR/w.db");
    // What was only found is not made.
    let folder = Folder::new();
    std::fs::write(folder.path().join(".wsdb.toml"), "").expect("written");
    let said = folder.fails(1, &["task", "add", "x"]);
    assert!(said.contains("hint: `wsdb init` makes one"), "{said}");
}

#[test]
fn writing_brings_an_empty_postgres_database_up() {
    let Some(database) = Database::postgres() else {
        return;
    };
    let folder = Folder::new();
    let url = database.url();
    folder.fails(1, &["task", "ls", "--database", &url]);
    assert_eq!(
        database.rows("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"),
        ["0"]
    );
    let ways: [&[&str]; 2] = [&["task", "add", "x"], &["issue", "add", "y"]];
    std::thread::scope(|scope| {
        let (folder, url) = (&folder, url.as_str());
        for _ in 0..4 {
            for way in ways {
                scope.spawn(move || folder.ok(&[way, &["--database", url]].concat()));
            }
        }
    });
    assert_eq!(folder.json(&["task", "ls", "--database", &url])["total"], 4);
}

#[test]
fn variables_that_are_empty_count_as_unset() {
    let folder = Folder::with_workspace();
    let mut command = folder.command(&["task", "claim", "--next", "--json"]);
    folder.ok(&["task", "add", "x"]);
    for name in [
        "WSDB_WORKSPACE",
        "WSDB_DATABASE_URL",
        "WSDB_ACTOR",
        "WSDB_BUSY_TIMEOUT",
        "WSDB_LEASE",
    ] {
        command.env(name, "");
    }
    let output = command.output().expect("started");
    assert!(output.status.success(), "{output:?}");
    for args in [
        &["status", "--actor", ""][..],
        &["status", "--actor", "  "],
        &["status", "--database", ""],
        &["task", "add", "x", "--repo", "a,,b"],
        &["task", "add", "x", "--repo", ""],
    ] {
        let said = folder.fails(2, args);
        assert!(said.contains("a name is not empty"), "{args:?}: {said}");
    }
    assert_eq!(folder.json(&["task", "ls"])["total"], 1);
}

fn times_of_lists_that_are_kept_are_not_relative() {
    let folder = Folder::with_workspace();
    folder.ok(&["task", "add", "x"]);
    folder.ok(&["task", "claim", "1"]);
    folder.ok(&["session", "start"]);
    for format in ["csv", "md"] {
        for list in [
            &["task", "ls"][..],
            &["session", "ls"],
            &["history"],
            &["task", "ready"],
        ] {
            let text = folder.ok(&[list, &["--format", format]].concat());
            assert!(!text.contains("now") && !text.contains(" ago"), "{text}");
            assert!(text.contains("Z"), "{text}");
        }
    }
}

fn json_moves_no_cursor() {
    let folder = Folder::with_workspace();
    let title = "a\u{9b}2J\u{202e}b\u{2069}\u{200f}c";
    folder.ok(&["task", "add", title]);
    for args in [
        &["task", "ls", "--json"][..],
        &["task", "ls", "--format", "jsonl"],
        &["task", "show", "1", "--json"],
        &["history", "--fields", "--json"],
    ] {
        let text = folder.ok(args);
        assert!(text.contains("a\\u009b2J\\u202eb\\u2069\\u200fc"), "{text}");
    }
    assert_eq!(folder.json(&["task", "show", "1"])["title"], title);
    let said = folder.fails(1, &["task", "show", title, "--json"]);
    assert!(!said.contains('\u{9b}'), "{said}");
}

fn what_is_expected_may_be_json() {
    let folder = Folder::with_workspace();
    folder.ok(&["task", "add", "x", "-r", "orchard-core"]);
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
        folder.ok(&["task", "edit", "1", "--notes", "n", "--expect", expected]);
    }
    for wrong in [
        "priority=\"\"",
        "repos_affected=[]",
        "title=null",
        "status=wip",
    ] {
        folder.fails(1, &["task", "edit", "1", "--notes", "m", "--expect", wrong]);
    }
}

fn sessions_of_filters_are_found_and_missed() {
    let folder = imported();
    for word in ["2025-11-21-session-001", "11-21"] {
        assert_eq!(folder.json(&["task", "ls", "--session", word])["total"], 1);
    }
    assert_snapshot!(folder.fails(1, &["task", "ls", "--session", "nope,11-21,2030-01-01-session-001"]), @r"
    error: session nope not found
           session 2030-01-01-session-001 not found
    hint: `wsdb session list` shows those that are there
    ");
    assert_snapshot!(folder.fails(1, &["history", "--session", "nope"]), @r"
    error: session nope not found
    hint: `wsdb session list` shows those that are there
    ");
    assert_snapshot!(folder.fails(1, &["decision", "ls", "--session", "11-2"]), @r"
    error: session 11-2 could be 2025-11-20-session-001, 2025-11-21-session-001
    hint: type more of the id
    ");
    // It is gone, and what was done in it isn't.
    let id = folder.json(&["session", "start"])["id"].clone();
    let id = id.as_str().expect("an id");
    folder.ok(&["task", "add", "x"]);
    folder.ok(&["session", "rm", id]);
    assert!(folder.json(&["history", "--session", id])["total"].as_u64() >= Some(2));
}

#[test]
fn conflicts_are_an_error_for_programs_too() {
    let folder = imported();
    let file = folder.path().join("WORKSPACE-TASKS.json");
    folder.ok(&["export"]);
    folder.ok(&["task", "edit", "3", "--title", "here"]);
    let text = std::fs::read_to_string(&file).expect("read");
    let there = text.replace("Replace pandas in the ripeness model", "there");
    std::fs::write(&file, there).expect("written");
    let path = file.display().to_string();
    let output = folder.run(&["import", &path, "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(result["conflicts"].as_array().map(Vec::len), Some(1));
    assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r#"{"error":{"code":"conflicts","hint":"--prefer file or --prefer database decides","message":"1 field is in conflict, and was left as it is"}}"#);
    let output = folder.run(&["import", &path]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_snapshot!(text.lines().last().expect("a line"), @"nothing was written; 1 field in conflict was left as it is (--prefer file or --prefer database decides)");
}

#[test]
fn one_of_a_kind_is_not_called_many() {
    let folder = Folder::new();
    let file = folder.path().join("WORKSPACE-TASKS.json");
    let tasks = json!({"active_tasks": [{"id": "WS-TASK-001", "title": "x", "status": "pending",
        "created": "2025-11-20T10:00:00Z"}]});
    std::fs::write(&file, tasks.to_string()).expect("written");
    let text = folder.ok(&["import"]);
    assert_snapshot!(text.lines().last().expect("a line"), @"1 record written from 1 file");
}

#[test]
fn an_explicit_colour_wins() {
    let folder = imported();
    let run = |args: &[&str]| {
        let output = folder.command(args).env("NO_COLOR", "1").output();
        let output = output.expect("started");
        let all = [&output.stdout[..], &output.stderr[..]].concat();
        String::from_utf8_lossy(&all).into_owned()
    };
    let red = "\u{1b}[1m\u{1b}[31merror:\u{1b}[0m ";
    for args in [
        &["task", "show", "77", "--color", "always"][..],
        &["task", "frob", "--color=always"],
    ] {
        let said = run(args);
        assert!(said.starts_with(red), "{args:?}: {said:?}");
        assert!(!run(&args[..2]).contains('\u{1b}'));
    }
    let list = run(&["task", "ls", "--status", "blocked", "--color", "always"]);
    assert!(list.contains("\u{1b}[38;5;9mblocked"), "{list:?}");
}

fn a_part_of_a_list_says_which_it_is() {
    let folder = Folder::with_workspace();
    for n in 1..=6 {
        folder.ok(&["task", "add", &format!("task {n}")]);
    }
    let last = |args: &[&str]| {
        let text = folder.ok(&[&["task", "ls"], args].concat());
        text.lines().last().expect("a line").to_owned()
    };
    assert_eq!(
        last(&["--limit", "2"]),
        "2 of 6 tasks; --limit N shows more"
    );
    assert_eq!(
        last(&["--limit", "2", "--offset", "2"]),
        "3 to 4 of 6 tasks; --offset 4 shows those after them"
    );
    assert_eq!(
        last(&["--limit", "2", "--offset", "4"]),
        "5 to 6 of 6 tasks"
    );
    assert_eq!(
        last(&["--offset", "99"]),
        "no tasks after the first 99: there are 6"
    );
    assert_eq!(
        last(&["--limit", "0"]),
        "0 of 6 tasks; --limit N shows more"
    );
}

fn edits_that_say_nothing_or_two_things() {
    let folder = imported();
    let session = "2025-11-21-session-001";
    for args in [
        &["task", "edit", "1"][..],
        &["issue", "edit", "1"],
        &["decision", "edit", "1"],
        &["session", "edit", session],
    ] {
        let said = folder.fails(2, args);
        assert!(said.starts_with("error: nothing to change: "), "{said}");
    }
    assert_snapshot!(folder.fails(2, &["task", "edit", "1", "-p", "high", "-r", "x", "--clear", "priority,notes,repos"]), @"error: priority, repos can't be given a value and be cleared at once");
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
        folder.fails(2, args);
    }
    folder.ok(&["task", "edit", "1", "-p", "high", "--clear", "notes"]);
}

#[test]
fn init_names_what_it_made() {
    let folder = Folder::new();
    let init = |args: &[&str]| {
        folder
            .ok(&[&["init"], args].concat())
            .replace(&folder.path().display().to_string(), "DIR")
    };
    assert_snapshot!(init(&[]), @r"
    made a workspace in DIR
    next: wsdb import, or wsdb task add TITLE
    ");
    assert_snapshot!(init(&["--database", "other.db"]), @r"
    made a workspace in DIR/other.db
    next: wsdb import, or wsdb task add TITLE
    ");
    assert_snapshot!(init(&["--database", "other.db", "--json"]), @r#"
    {
      "created": false,
      "database": "DIR/other.db",
      "workspace": "DIR"
    }
    "#);
    if let Some(database) = Database::postgres() {
        let text = folder.ok(&["init", "--database", &database.url()]);
        let line = text.lines().next().expect("a line").to_owned();
        assert!(
            line.starts_with("made a workspace in postgres://"),
            "{line}"
        );
    }
}

#[test]
fn a_postgres_database_is_not_copied_to_itself() {
    let Some(database) = Database::postgres() else {
        return;
    };
    let url = database.url();
    let folder = Folder::new();
    folder.ok(&["init", "--database", &url]);
    let (from, to) = ("@127.0.0.1", "@localhost");
    if url.contains(from) {
        let other = url.replace(from, to);
        for args in [&[][..], &["--replace"]] {
            let copy = ["copy", "--from", &url, "--to", &other];
            let said = folder.fails(1, &[&copy, args].concat());
            assert!(said.contains("both URLs name the same database"), "{said}");
        }
    }
}

fn a_second_session_is_remarked_on() {
    let folder = Folder::with_workspace();
    let first = folder.json(&["session", "start"])["id"].clone();
    let first = first.as_str().expect("an id");
    let output = folder.run(&["session", "start"]);
    assert!(output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).replace(first, "FIRST");
    assert_snapshot!(said, @"note: FIRST is open, too: what you do belongs to the new one; `wsdb session end FIRST` ends it");
    assert!(
        folder
            .run(&["session", "start", "--json"])
            .stderr
            .is_empty()
    );
}

#[test]
fn help_ends_with_the_global_options_in_one_order() {
    let folder = Folder::new();
    let options = |text: &str| -> Vec<String> {
        let (_, global) = text.split_once("\nGlobal options:\n").expect("a heading");
        let words = global.split_whitespace();
        let names = words.filter(|word| word.starts_with("--"));
        names.map(str::to_owned).take(7).collect()
    };
    let expected = [
        "--workspace",
        "--database",
        "--json",
        "--format",
        "--color",
        "--actor",
        "--busy-timeout",
    ];
    for args in [
        &[][..],
        &["task"],
        &["task", "list"],
        &["task", "dep", "add"],
        &["issue", "add"],
        &["import"],
        &["history", "prune"],
    ] {
        let text = folder.ok(&[args, &["--help"]].concat());
        assert_eq!(options(&text), expected, "{args:?}: {text}");
        let own = text.split("\nGlobal options:\n").next().expect("a part");
        assert!(own.contains("--help") && !own.contains("--actor"), "{own}");
    }
}

#[test]
fn completions_know_the_words() {
    let folder = Folder::new();
    let bash = folder.ok(&["completions", "bash"]);
    for words in [
        "pending approved planning in_progress blocked",
        "CRITICAL HIGH MEDIUM LOW",
        "planned in_progress implemented maintained",
        "open resolved closed",
        "code_creep governance",
        "note implementation analysis",
    ] {
        assert!(bash.contains(&format!("compgen -W \"{words}")), "{words}");
    }
    // Aliases go on working, and so do types of one's own.
    let folder = imported();
    assert_eq!(folder.json(&["task", "ls", "--status", "wip"])["total"], 1);
    folder.ok(&["issue", "add", "x", "--type", "of-our-own"]);
}

fn counts_have_headings() {
    assert_snapshot!(imported().ok(&["task", "stats"]), @r"
    total 5

    by status
      completed    2
      blocked      1
      deferred     1
      in_progress  1

    by priority
      HIGH      2
      LOW       2
      CRITICAL  1
    ");
}

wsdb_tests::on_both!(
    times_of_lists_that_are_kept_are_not_relative,
    json_moves_no_cursor,
    what_is_expected_may_be_json,
    sessions_of_filters_are_found_and_missed,
    a_part_of_a_list_says_which_it_is,
    edits_that_say_nothing_or_two_things,
    a_second_session_is_remarked_on,
    counts_have_headings,
);

#[test]
fn usage_names_what_was_typed_and_no_variables() {
    let folder = Folder::with_workspace();
    let mut command = folder.command(&["history", "prune"]);
    command
        .env("WSDB_ACTOR", "mira")
        .env("WSDB_WORKSPACE", folder.path());
    let output = command.output().expect("run");
    assert_eq!(output.status.code(), Some(2));
    assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r"
    error: the following required arguments were not provided:
      <--before <WHEN>|--keep <N>>

    Usage: wsdb history prune <--before <WHEN>|--keep <N>>

    For more information, try '--help'.
    ");
    let error = folder.fails(2, &["handoff", "--format", "csv"]);
    assert!(error.contains("[possible values: md, json]"), "{error}");
    let help = folder.ok(&["task", "graph", "--help"]);
    assert!(
        help.contains("[possible values: table, json, dot,"),
        "{help}"
    );
}

#[test]
fn the_open_session_is_shown_without_its_id() {
    let folder = Folder::with_workspace();
    let error = folder.fails(1, &["session", "show"]);
    assert!(error.contains("mira has no open session"), "{error}");
    folder.ok(&["session", "start", "--no-brief"]);
    assert_eq!(folder.json(&["session", "show"])["status"], "in_progress");
}

#[test]
fn an_open_session_that_came_with_documents_is_told() {
    let folder = Folder::new();
    let told = stderr(
        &folder,
        &["import", &fixture("handwritten").display().to_string()],
    );
    assert!(
        told.contains("note: your session 2025-11-21-session-001, begun 2025-11-21"),
        "{told}"
    );
    folder.ok(&["task", "edit", "1", "--notes", "x"]);
    let told = stderr(
        &folder,
        &["import", &fixture("handwritten").display().to_string()],
    );
    assert!(!told.contains("your session"), "{told}");
}
