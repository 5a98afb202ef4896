//! Every help page fits 80 and 100 columns, is wrapped only once, and has an example.

use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use wsdb_tests::binary;

/// Widths of help: 80 columns, and the maximum that wsdb uses.
const WIDTHS: [usize; 2] = [80, 100];

/// A help page and its command.
struct Page {
    command: String,
    text: String,
}

fn output(args: &[&str], columns: usize) -> String {
    let output = Command::new(binary())
        .args(args)
        .env("COLUMNS", columns.to_string())
        .stdin(Stdio::null())
        .output()
        .expect("wsdb can be run");
    assert!(output.status.success(), "wsdb {args:?}");
    String::from_utf8(output.stdout).expect("output is UTF-8")
}

/// Returns the words of every command.
fn commands() -> Vec<Vec<String>> {
    fn collect(command: &Value, commands: &mut Vec<Vec<String>>) {
        let words = command["path"].as_array().expect("path");
        let words = words
            .iter()
            .map(|word| word.as_str().expect("word").to_owned());
        let subcommands = command["subcommands"].as_array().expect("subcommands");
        commands.push(words.collect());
        for subcommand in subcommands {
            collect(subcommand, commands);
        }
    }
    let tree: Value = serde_json::from_str(&output(&["command-tree"], 80)).expect("JSON");
    let mut commands = Vec::new();
    collect(&tree, &mut commands);
    assert!(commands.len() > 50, "{} commands", commands.len());
    commands
}

/// Returns all help pages at one of the [`WIDTHS`].
fn pages(columns: usize) -> &'static [Page] {
    static PAGES: [OnceLock<Vec<Page>>; WIDTHS.len()] = [OnceLock::new(), OnceLock::new()];
    let index = WIDTHS.iter().position(|width| *width == columns);
    PAGES[index.expect("one of the widths")].get_or_init(|| {
        let page = |words: Vec<String>| {
            let args = words[1..].iter().map(String::as_str);
            let args: Vec<&str> = args.chain(["--help"]).collect();
            Page {
                text: output(&args, columns),
                command: words.join(" "),
            }
        };
        commands().into_iter().map(page).collect()
    })
}

fn width(line: &str) -> usize {
    line.chars().count()
}

/// Returns the lines of a paragraph that was wrapped by hand and then once more: a full line, a
/// line of one or two words, and a line that continues although its first word would have fit.
fn wrapped_twice(text: &str, columns: usize) -> Vec<String> {
    let indent = |line: &str| width(line) - width(line.trim_start());
    let first_word = |line: &str| line.split_whitespace().next().map_or(0, width);
    // The column at which the text of an option starts.
    let text_start = |line: &str| {
        let trimmed = line.trim_start();
        let gap = trimmed.find("  ").map(|at| &trimmed[at..]);
        gap.map_or(indent(line), |gap| width(line) - width(gap.trim_start()))
    };
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for group in lines.windows(3) {
        let [full, short, next] = group else { continue };
        let is_paragraph = !short.trim().is_empty()
            && !next.trim().is_empty()
            && indent(short) == indent(next)
            && (indent(full) == indent(short) || text_start(full) == indent(short));
        let was_full = width(full) + 1 + first_word(short) > columns;
        // Samples of JSON are broken by hand where they are longest.
        let is_code = short.trim_start().starts_with(['"', '{', '[', '}']);
        let is_short = !is_code && short.split_whitespace().count() <= 2;
        let would_fit = width(short) + 1 + first_word(next) <= columns;
        if is_paragraph && was_full && is_short && would_fit {
            found.push(group.join("\n"));
        }
    }
    found
}

#[test]
fn lines_fit_the_width() {
    let mut problems = Vec::new();
    for columns in WIDTHS {
        for page in pages(columns) {
            let lines = page.text.lines().filter(|line| width(line) > columns);
            problems.extend(lines.map(|line| format!("{} at {columns}: {line}", page.command)));
        }
    }
    assert!(problems.is_empty(), "too long:\n{}", problems.join("\n"));
}

#[test]
fn text_is_not_wrapped_twice() {
    let mut problems = Vec::new();
    for columns in WIDTHS {
        for page in pages(columns) {
            let found = wrapped_twice(&page.text, columns);
            problems.extend(
                found
                    .iter()
                    .map(|lines| format!("{} at {columns}:\n{lines}", page.command)),
            );
        }
    }
    assert!(
        problems.is_empty(),
        "wrapped twice:\n{}",
        problems.join("\n")
    );
}

#[test]
fn every_command_has_examples_on_one_line_each() {
    let mut problems = Vec::new();
    for page in pages(80) {
        let Page { command, text, .. } = page;
        let examples: Vec<&str> = text
            .lines()
            .skip_while(|line| !matches!(*line, "Example:" | "Examples:"))
            .skip(1)
            .take_while(|line| !line.trim().is_empty())
            .collect();
        if examples.is_empty() {
            problems.push(format!("{command}: no example"));
        }
        let mut is_continued = false;
        for line in examples {
            if !line.contains("wsdb ") && !is_continued {
                problems.push(format!("{command}: not one command: {line}"));
            }
            is_continued = line.ends_with('\\');
        }
    }
    assert!(problems.is_empty(), "examples:\n{}", problems.join("\n"));
}

#[test]
fn wrapping_twice_is_recognized() {
    let text = "Options:\n  --name <N>  Text that fills the line up to\n              here and\n              goes on";
    assert_eq!(wrapped_twice(text, 46).len(), 1);
    let text = "  --name <N>  Text that fills the line up to\n              here\n  --other";
    assert!(wrapped_twice(text, 46).is_empty());
}

#[test]
fn help_names_the_variables_that_are_set() {
    let help = |args: &[&str]| {
        let mut command = Command::new(binary());
        command.args(args).stdin(Stdio::null());
        for (name, value) in [
            ("WSDB_ACTOR", "mira"),
            ("WSDB_SESSION", "2025-11-20-session-001"),
            ("WSDB_WORKSPACE", "."),
            ("WSDB_BUSY_TIMEOUT", "5s"),
            ("WSDB_LEASE", "1h"),
        ] {
            command.env(name, value);
        }
        let output = command.output().expect("wsdb can be run");
        String::from_utf8(output.stdout).expect("output is UTF-8")
    };
    let page = help(&["--help"]);
    for name in ["ACTOR", "SESSION", "WORKSPACE", "BUSY_TIMEOUT"] {
        let variable = format!("[env: WSDB_{name}]");
        assert!(page.contains(&variable), "{variable}\n{page}");
    }
    let page = help(&["task", "claim", "--help"]);
    assert!(page.contains("[env: WSDB_LEASE]"), "{page}");
}
