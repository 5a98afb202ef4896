//! Every command honors an output format or refuses it as a usage error, and all formats of a list for
//! programs have the same keys.

use insta::assert_snapshot;
use serde_json::Value;
use wsdb_tests::{TestWorkspace, words};

use crate::samples::orchard;

/// A command that runs without a subcommand.
struct Command {
    /// The words after `wsdb`.
    path: Vec<String>,
    /// The arguments of its first example, with `1` for the number of a record.
    example: Vec<String>,
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Splits an example into arguments; what a shell would do with the output is left out.
fn split(example: &str) -> Vec<String> {
    let mut args = vec![String::new()];
    let mut quote = None;
    for character in example
        .split([';', '>', '|'])
        .next()
        .unwrap()
        .trim()
        .chars()
    {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (None, '\'' | '"') => quote = Some(character),
            (None, ' ') => args.push(String::new()),
            (_, character) => args.last_mut().unwrap().push(character),
        }
    }
    args
}

/// Returns all commands that run without a subcommand.
fn commands() -> Vec<Command> {
    fn collect(command: &Value, commands: &mut Vec<Command>) {
        let subcommands = command["subcommands"].as_array().unwrap();
        for subcommand in subcommands {
            collect(subcommand, commands);
        }
        let path = command["path"].as_array().unwrap().iter().skip(1);
        let path: Vec<String> = path.map(|word| text(word).to_owned()).collect();
        let start = format!("wsdb {}", path.join(" "));
        let mut examples = text(&command["after_help"]).lines().map(str::trim);
        let example = examples.find(|line| line.starts_with(&start));
        if subcommands.is_empty() || text(&command["usage"]).contains('\n') {
            let example = split(example.unwrap_or(&start));
            let example = example.into_iter().skip(1 + path.len());
            let example = example.map(|arg| if arg == "7" { "1".to_owned() } else { arg });
            commands.push(Command {
                example: example.collect(),
                path,
            });
        }
    }
    let tree = TestWorkspace::new().ok(&["command-tree"]);
    let mut commands = Vec::new();
    collect(&serde_json::from_str(&tree).unwrap(), &mut commands);
    assert!(commands.len() > 100, "{} commands", commands.len());
    commands
}

/// A workspace with a record of every kind.
fn complete_workspace() -> TestWorkspace {
    let workspace = orchard();
    for command in [
        "session start --no-handoff",
        "session log Looked",
        "context switch orchard-core --path .",
        "issue add Slow",
        "task add Ready",
    ] {
        workspace.ok(&words(command));
    }
    for version in ["1", "2"] {
        workspace.write("a.json", format!(r#"{{"version": {version}}}"#));
        workspace.ok(&words(
            "config snapshot a.json --repo orchard-core --record",
        ));
    }
    workspace
}

/// Returns the first record of a list in JSON.
fn first_record(list: &Value) -> Option<&Value> {
    let mut lists = list
        .as_object()
        .unwrap()
        .values()
        .filter_map(Value::as_array);
    lists.find_map(|records| records.first())
}

/// The arguments without which a list shows nothing, or nothing of the sample.
fn list_args(path: &str) -> &'static [&'static str] {
    match path {
        "config diff" => &["orchard-core"],
        "drift list" | "issue list" | "goal list" => &["--all"],
        "search" => &["pricing"],
        _ => &[],
    }
}

#[test]
fn csv_and_jsonl_have_the_keys_of_json() {
    let workspace = complete_workspace();
    let empty = TestWorkspace::with_workspace();
    let mut lists = Vec::new();
    for Command { path, .. } in commands() {
        let name = path.join(" ");
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let args = [&path[..], list_args(&name)].concat();
        let output = workspace.run(&[&args[..], &["--format", "csv"]].concat());
        if output.status.code() == Some(2) {
            continue;
        }
        assert!(output.status.success(), "{name}: {output:?}");
        let csv = String::from_utf8(output.stdout).unwrap();
        let header = csv.lines().next().unwrap();
        let json = workspace.ok(&[&args[..], &["--json"]].concat());
        let json: Value = serde_json::from_str(&json).unwrap();
        let record = first_record(&json).unwrap_or_else(|| panic!("{name} is empty"));
        let jsonl = workspace.ok(&[&args[..], &["--format", "jsonl"]].concat());
        let line: Value = serde_json::from_str(jsonl.lines().next().unwrap()).unwrap();
        let keys = |record: &Value| -> Vec<String> {
            let keys = record.as_object().unwrap().keys();
            let mut keys: Vec<String> = keys.cloned().collect();
            keys.sort_unstable();
            keys
        };
        let mut columns: Vec<&str> = header.split(',').collect();
        columns.sort_unstable();
        assert_eq!(columns, keys(record), "{name}");
        assert_eq!(keys(&line), keys(record), "{name}");
        // The keys do not depend on the records.
        let without = empty.run(&[&args[..], &["--format", "csv"]].concat());
        if without.status.success() && name != "config diff" {
            let without = String::from_utf8(without.stdout).unwrap();
            assert_eq!(without.lines().next(), Some(header), "{name}");
        }
        lists.push(name);
    }
    assert!(lists.len() > 24, "{lists:?}");
}

#[test]
fn every_format_is_honored_or_refused() {
    let workspace = complete_workspace();
    let database = std::fs::read(workspace.path().join("workspace.db")).unwrap();
    let (mut honored, mut refused) = (0, Vec::new());
    for Command { path, example } in commands() {
        let args: Vec<&str> = path.iter().chain(&example).map(String::as_str).collect();
        // `csv` is tested above, for the lists.
        for format in ["json", "jsonl", "md"] {
            workspace.write("workspace.db", &database);
            let args = [&args[..], &["--format", format]].concat();
            let output = workspace.run(&args);
            let stdout = String::from_utf8(output.stdout).unwrap();
            let stderr = String::from_utf8(output.stderr).unwrap();
            let is_parsed = |text: &str| serde_json::from_str::<Value>(text).is_ok();
            if stderr.contains("for '--format <FORMAT>'") {
                assert_eq!(output.status.code(), Some(2), "{args:?}");
                refused.push((format, path.join(" ")));
                continue;
            }
            honored += 1;
            match format {
                "json" | "jsonl" if !output.status.success() => {
                    assert!(stderr.lines().any(is_parsed), "{args:?}: {stderr}");
                }
                "json" => assert!(is_parsed(&stdout), "{args:?}: {stdout}"),
                "jsonl" => assert!(stdout.lines().all(is_parsed), "{args:?}: {stdout}"),
                "md" => assert!(
                    stdout.is_empty() || stdout.starts_with(['|', '#']),
                    "{args:?}: {stdout}"
                ),
                _ => unreachable!("{format} is not tested"),
            }
        }
    }
    assert!(honored > 100 && refused.len() > 100, "{honored}");
    // Only a script is nothing but a script.
    let without_json = refused.iter().filter(|(format, _)| *format == "json");
    let without_json: Vec<&str> = without_json.map(|(_, path)| path.as_str()).collect();
    assert_eq!(without_json, ["completions"]);
}

#[test]
fn refused_format_names_those_of_the_command() {
    let workspace = TestWorkspace::with_workspace();
    let error = workspace.fails(2, &words("task show 1 --format csv"));
    assert_snapshot!(error, @"
    error: invalid value 'csv' for '--format <FORMAT>'
      [possible values: table, json]

    For more information, try '--help'.
    ");
    let before_the_command = words("--format csv task show 1");
    assert_eq!(workspace.fails(2, &before_the_command), error);
    assert_snapshot!(workspace.fails(2, &words("completions bash --json")), @r#"{"error":{"code":"usage","hint":"For more information, try '--help'.","message":"the argument '--json' cannot be used with 'wsdb completions'"}}"#);
    assert_snapshot!(workspace.fails(2, &words("man --json")), @r#"{"error":{"code":"usage","hint":null,"message":"a man page is not JSON; --json only works with --out DIR"}}"#);
    assert_snapshot!(workspace.fails(2, &words("task list --json --format csv")), @r#"{"error":{"code":"usage","hint":"For more information, try '--help'.","message":"the argument '--json' cannot be used with '--format csv'"}}"#);
    assert_snapshot!(workspace.fails(2, &words("task list --no --format jsonl")), @r#"{"error":{"code":"usage","hint":"Usage: wsdb task list [OPTIONS]\n\nFor more information, try '--help'.","message":"unexpected argument '--no' found"}}"#);
    workspace.ok(&words("task list --json --format json"));
}

#[test]
fn errors_are_json_with_the_format_jsonl() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.fails(1, &words("history WS-TASK-9 --format jsonl")), @r#"{"error":{"code":"not_found","hint":"run 'wsdb history' to list the changes","message":"record WS-TASK-9 not found"}}"#);
}
