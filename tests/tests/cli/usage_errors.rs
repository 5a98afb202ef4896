//! Wrong arguments, and errors that every command has.

use insta::assert_snapshot;
use serde_json::Value;
use wsdb_tests::{TestWorkspace, words};

#[test]
fn hint_suggests_a_similar_id() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "x"]);
    assert_snapshot!(workspace.fails(1, &["task", "show", "WS-TSAK-001"]), @"
    error: task WS-TSAK-001 not found
    hint: did you mean WS-TASK-001?
    ");
}

#[test]
fn hint_suggests_the_list_of_records() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.fails(1, &["task", "show", "WS-TASK-9"]), @"
    error: task WS-TASK-9 not found
    hint: run 'wsdb task list' to list the tasks
    ");
}

#[test]
fn negative_number_is_a_wrong_value() {
    let workspace = TestWorkspace::with_workspace();
    let error = workspace.fails(2, &["task", "list", "--limit", "-1"]);
    assert_snapshot!(error, @"
    error: invalid value '-1' for '--limit <N>': must not be negative

    For more information, try '--help'.
    ");
    for args in [
        "history --limit -1",
        "search x --offset -2",
        "task list --offset=-1",
    ] {
        let error = workspace.fails(2, &words(args));
        assert!(error.contains("must not be negative"), "{error}");
    }
}

#[test]
fn error_as_json() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "x"]);
    workspace.ok(&words("task add y --depends-on 1"));
    assert_snapshot!(workspace.fails(1, &["task", "rm", "1", "--json"]), @r#"{"error":{"code":"still_referenced","hint":"use --force to delete it anyway; the references to it are kept","message":"task WS-TASK-001 is still referenced by task WS-TASK-002"}}"#);
}

#[test]
fn blank_title_is_refused() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.fails(2, &["task", "add", "  "]), @"error: title must not be empty");
}

#[test]
fn invalid_value_lists_the_possible_values() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.fails(2, &["task", "list", "--status", "wontfix"]), @"
    error: invalid value 'wontfix' for '--status <STATUS>': expected one of: open, pending, approved, planning, in_progress, blocked, deferred, backlog, completed, closed, cancelled

    For more information, try '--help'.
    ");
    let error = workspace.fails(2, &["handoff", "--format", "csv"]);
    assert!(error.contains("[possible values: md, json]"), "{error}");
}

#[test]
fn usage_error_as_json() {
    let error = TestWorkspace::new().fails(2, &["task", "frob", "--json"]);
    let error: Value = serde_json::from_str(&error).unwrap();
    assert_eq!(error["error"]["code"], "usage");
}

#[test]
fn misspelled_option_suggests_a_similar_one() {
    let workspace = TestWorkspace::new();
    assert_snapshot!(workspace.fails(2, &["search", "x", "--nonu", "task"]), @"
    error: unexpected argument '--nonu' found

      tip: a similar argument exists: '--noun'

    Usage: wsdb search --type <TYPE> <WORDS>...

    For more information, try '--help'.
    ");
}

#[test]
fn option_that_only_shares_letters_is_not_suggested() {
    let workspace = TestWorkspace::new();
    let error = workspace.fails(2, &words("task edit 1 --decision x"));
    assert!(!error.contains("tip:"), "{error}");
    let error = workspace.fails(2, &words("task edit 1 --desc x"));
    assert!(error.contains("'--description'"), "{error}");
}

#[test]
fn empty_names_are_refused() {
    let workspace = TestWorkspace::with_workspace();
    for args in [
        &["status", "--actor", ""][..],
        &["status", "--actor", "  "],
        &["status", "--database", ""],
        &["task", "add", "x", "--repo", "a,,b"],
        &["task", "add", "x", "--repo", ""],
    ] {
        let error = workspace.fails(2, args);
        assert!(error.contains("must not be empty"), "{args:?}: {error}");
    }
    assert_eq!(workspace.json(&["task", "ls"])["total"], 0);
}

#[test]
fn edit_without_a_change_is_refused() {
    let workspace = TestWorkspace::with_workspace();
    for noun in ["task", "issue", "decision", "session", "goal", "drift"] {
        let error = workspace.fails(2, &[noun, "edit", "1"]);
        assert!(
            error.starts_with("error: nothing to change"),
            "{noun}: {error}"
        );
    }
    assert_snapshot!(workspace.fails(2, &["goal", "edit", "1"]), @"error: nothing to change; set a field or use --clear FIELD");
}

#[test]
fn field_cannot_be_set_and_cleared() {
    let workspace = TestWorkspace::with_workspace();
    let edit = "task edit 1 -p high -r x --clear priority,notes,repos";
    assert_snapshot!(workspace.fails(2, &words(edit)), @"error: cannot set and clear priority, repos at the same time");
    for edit in [
        "issue edit 1 --task 2 --clear task",
        "decision edit 1 --impact low --clear impact",
        "session edit 1 --notes x --clear notes",
    ] {
        let error = workspace.fails(2, &words(edit));
        assert!(error.contains("cannot set and clear"), "{edit}: {error}");
    }
}

#[test]
fn one_field_can_be_set_and_another_cleared() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&words("task add x --notes n"));
    let edited = workspace.json(&words("task edit 1 -p high --clear notes"));
    assert_eq!(edited["priority"], "HIGH");
    assert_eq!(edited["notes"], Value::Null);
}

#[test]
fn stdin_can_be_read_for_one_field_only() {
    let workspace = TestWorkspace::with_workspace();
    let edit = "task edit 1 --description - --notes -";
    assert_snapshot!(workspace.fails(2, &words(edit)), @"error: only one of --description and --notes can read stdin");
    workspace.fails(2, &words("task add x --description - --notes -"));
}

#[test]
fn expected_values_can_be_json() {
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

#[test]
fn argument_that_is_not_utf8_is_refused() {
    use std::os::unix::ffi::OsStrExt;
    let workspace = TestWorkspace::with_workspace();
    // Latin-1, as from a terminal with an old locale.
    let title = std::ffi::OsStr::from_bytes(b"caf\xe9");
    let mut add = workspace.command(&["task", "add"]);
    let output = add.arg(title).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_snapshot!(workspace.text(&output.stderr), @"error: argument 3 is not valid UTF-8: caf\u{fffd}");
    let mut status = workspace.command(&["status"]);
    let output = status.env("WSDB_ACTOR", title).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_snapshot!(workspace.text(&output.stderr), @"error: the environment variable WSDB_ACTOR is not valid UTF-8: caf\u{fffd}");
}

#[test]
fn path_that_is_not_utf8_is_not_stored() {
    use std::os::unix::ffi::OsStrExt;
    let workspace = TestWorkspace::with_workspace();
    let path = std::ffi::OsStr::from_bytes(b"caf\xe9.json");
    for args in [
        &["init"][..],
        &["context", "switch", "core", "--path"],
        &["decision", "export", "--adr"],
    ] {
        let output = workspace.command(args).arg(path).output().unwrap();
        let error = workspace.text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {error}");
        assert!(error.contains("is not valid UTF-8"), "{args:?}: {error}");
        assert!(!workspace.path().join(path).exists(), "{args:?}");
    }
    std::fs::write(workspace.path().join(path), "{}").unwrap();
    let mut snapshot = workspace.command(&words("config snapshot --repo core"));
    let output = snapshot.arg(path).output().unwrap();
    assert_snapshot!(workspace.text(&output.stderr), @"error: the path caf\u{fffd}.json is not valid UTF-8");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn clock_before_1970_is_refused() {
    let workspace = TestWorkspace::with_workspace();
    let run = |args: &[&str]| {
        let mut command = workspace.command(args);
        let command = command.env("WSDB_TEST_NOW", "1969-12-31T23:59:59Z");
        command.output().unwrap()
    };
    let output = run(&["task", "add", "Move", "--json"]);
    assert_snapshot!(workspace.text(&output.stderr), @r#"{"error":{"code":"clock","hint":null,"message":"the system clock is not set to a time between 1970 and 9999"}}"#);
    assert_eq!(output.status.code(), Some(1));
    assert!(run(&["task", "--help"]).status.success());
}

#[test]
fn unknown_records_in_filters_are_noted() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move"]);
    assert_snapshot!(workspace.stderr(&words("issue list --task WS-TSAK-001")), @"note: task WS-TSAK-001 not found; did you mean WS-TASK-001?");
    for list in [
        "task list --depends-on nope",
        "drift list --task nope",
        "drift list --scan nope",
        "goal list --task nope",
        "goal list --component nope",
        "decision list --task nope",
        "decision list --drift nope",
        "task list --session nope",
        "history --session nope",
        "session activity list --session nope",
        "goal list --state nope",
        "placement list --state nope",
        "session links --decision nope",
        "session links --issue nope",
        "config change list --drift nope",
    ] {
        let note = workspace.stderr(&words(list));
        assert!(
            note.starts_with("note: ") && note.ends_with(" nope not found\n"),
            "{note}"
        );
    }
    assert_eq!(workspace.stderr(&words("task list --depends-on 1")), "");
}

#[test]
fn commands_of_other_trackers_are_suggested() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.fails(2, &["create", "Move"]), @"
    error: unrecognized subcommand 'create'

      tip: try 'wsdb task add Move'

    Usage: wsdb [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
    assert_snapshot!(workspace.fails(2, &["issue", "close-all", "1"]), @"
    error: unrecognized subcommand 'close-all'

      tip: a similar subcommand exists: 'close'

    Usage: wsdb issue <COMMAND>

    For more information, try '--help'.
    ");
    assert_snapshot!(workspace.fails(2, &["session", "close"]), @"
    error: unrecognized subcommand 'close'

      tip: try 'wsdb session end'

    Usage: wsdb session <COMMAND>

    For more information, try '--help'.
    ");
    assert_snapshot!(workspace.fails(2, &["close", "12"]), @"
    error: unrecognized subcommand 'close'

      tip: try 'wsdb task done 12'

    Usage: wsdb [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
    assert_snapshot!(workspace.fails(2, &["show", "task", "12"]), @"
    error: unrecognized subcommand 'show'

      tip: try 'wsdb task show 12'

    Usage: wsdb [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
    // Nothing that the help does not list.
    assert_snapshot!(workspace.fails(2, &["command"]), @"
    error: unrecognized subcommand 'command'

    Usage: wsdb [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
    assert_snapshot!(workspace.fails(2, &["task", "update", "1"]), @"
    error: unrecognized subcommand 'update'

      tip: try 'wsdb task edit 1'

    Usage: wsdb task <COMMAND>

    For more information, try '--help'.
    ");
}

#[test]
fn values_that_contradict_each_other_are_usage_errors() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&words("task add x"));
    workspace.write("report.json", "[]");
    let scan = words("drift record report.json --repo core --type full --file a");
    assert_snapshot!(workspace.fails(2, &scan), @"error: --file cannot be used with --type full; use --type incremental or pre_commit");
    let edit = words("task edit 1 --title y --expect status=pending --expect status=blocked");
    assert_snapshot!(workspace.fails(2, &edit), @"error: contradictory conditions: status cannot be both pending and blocked");
    workspace.ok(&words(
        "task edit 1 --title y --expect status=pending --expect status=pending",
    ));
}

#[test]
fn unknown_value_of_a_text_filter_gets_a_note() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&words("issue add x --type slow_build"));
    workspace.ok(&words("placement add PriceList --repo core"));
    workspace.ok(&words(
        "drift add a.py --repo core --type scope --component PriceList",
    ));
    workspace.ok(&words("goal add x --task 1 --milestone spring"));
    for list in [
        "issue list --type slow_build,code_creep",
        "placement list --component PriceList",
        "decision list --component PriceList",
        "drift list --component PriceList",
        "goal list --milestone spring",
    ] {
        assert_eq!(workspace.stderr(&words(list)), "", "{list}");
    }
    let notes = |list: &str| workspace.stderr(&words(list));
    assert_snapshot!(notes("issue list --type slow_bild"), @"note: issue type slow_bild not found; did you mean slow_build?");
    assert_snapshot!(notes("session activity list --type implementatoin"), @"note: activity type implementatoin not found; did you mean implementation?");
    assert_snapshot!(notes("placement list --component PriceLst,Web"), @"
    note: component PriceLst not found; did you mean PriceList?
    note: component Web not found
    ");
    assert_snapshot!(notes("decision list --component PriceLst"), @"note: component PriceLst not found; did you mean PriceList?");
    assert_snapshot!(notes("drift list --component PriceLst"), @"note: component PriceLst not found; did you mean PriceList?");
    assert_snapshot!(notes("drift trend --component PriceLst"), @"note: component PriceLst not found; did you mean PriceList?");
    assert_snapshot!(notes("config change list --component PriceLst"), @"note: component PriceLst not found");
    assert_snapshot!(notes("goal list --milestone sprnig"), @"note: milestone sprnig not found; did you mean spring?");
}

#[test]
fn noun_that_was_left_out_is_suggested() {
    let workspace = TestWorkspace::with_workspace();
    for (typed, expected) in [
        ("dep add 1 2", "wsdb task dep add 1 2"),
        ("dep rm 1 2", "wsdb task dep rm 1 2"),
        ("dep", "wsdb task graph"),
        ("claim 3", "wsdb task claim 3"),
        ("scan list", "wsdb drift scan list"),
        ("scan", "wsdb drift scan --help"),
        ("activity list", "wsdb session activity list"),
        ("change list", "wsdb config change list"),
        ("rules 1", "wsdb placement rules 1"),
        ("snapshot a.toml", "wsdb config snapshot a.toml"),
        ("supersede 1 --by 2", "wsdb decision supersede 1 --by 2"),
        ("switch core", "wsdb context switch core"),
        ("heartbeat 1", "wsdb task heartbeat 1"),
    ] {
        let error = workspace.fails(2, &words(typed));
        let tip = format!("tip: try '{expected}'\n");
        assert!(error.contains(&tip), "{typed}: {error}");
    }
}

#[test]
fn time_range_that_has_not_started_is_refused() {
    let workspace = TestWorkspace::with_workspace();
    for command in ["stats", "drift trend", "context time"] {
        let args = [words(command), words("--since tomorrow")].concat();
        let error = workspace.fails(2, &args);
        assert!(
            error.starts_with(
                "error: invalid value 'tomorrow' for '--since <WHEN>': expected a time in the past\n"
            ),
            "{command}: {error}"
        );
        workspace.ok(&[words(command), words("--since today")].concat());
    }
}

#[test]
fn value_with_a_hyphen_gets_a_valid_command() {
    let workspace = TestWorkspace::with_workspace();
    let add = ["decision", "add", "One core", "--rationale", "- one\n- two"];
    assert_snapshot!(workspace.fails(2, &add), @r#"
    error: unexpected argument '- ' found

      tip: try 'wsdb decision add "One core" --rationale="- one
    - two"'

    Usage: wsdb decision add [OPTIONS] <DECISION>

    For more information, try '--help'.
    "#);
    assert_snapshot!(workspace.fails(2, &["task", "add", "- x"]), @r#"
    error: unexpected argument '- ' found

      tip: try 'wsdb task add -- "- x"'

    Usage: wsdb task add [OPTIONS] <TITLE>

    For more information, try '--help'.
    "#);
    workspace.ok(&["decision", "add", "One core", "--rationale=- one\n- two"]);
}
