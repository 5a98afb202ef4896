//! Suggests options to people who type those of other trackers.

use clap::error::{ContextKind, ContextValue};
use clap::{Command, Error};
use wsdb_app::shell_quote;

/// Options of other tools, each with ours: the first one that the command has is suggested.
const SYNONYMS: &[(&[&str], &[&str])] = &[
    (
        &[
            "--reason",
            "--comment",
            "--message",
            "--note",
            "--annotation",
        ],
        &["--notes", "--reason"],
    ),
    (
        &["--body", "--desc", "--text"],
        &["--description", "--details", "--notes"],
    ),
    (
        &["--assignee", "--owner", "--user"],
        &["--assign", "--user"],
    ),
    (
        &["--deps", "--depends", "--blocked-by", "--after"],
        &["--depends-on"],
    ),
    (&["--project", "--component"], &["--repo"]),
    (&["--sev"], &["--severity"]),
];

/// Options of other tools that a command has no option for, each with an example of our command.
const EXAMPLES: &[(&[&str], &str, &str)] = &[
    (
        &[
            "--reason",
            "--comment",
            "--message",
            "--note",
            "--annotation",
        ],
        "task",
        "task edit 7 --notes 'Replaced by the new list'",
    ),
    (
        &["--due", "--deadline", "--scheduled"],
        "task",
        "task edit 7 --notes 'Due on Friday'",
    ),
    (&["--blocks"], "task", "task dep add 3 7"),
    (
        &["--parent", "--epic", "--milestone"],
        "task",
        "goal add 'Move pricing' --task 7",
    ),
];

/// The options of other tools for the text that is an argument here.
const TITLES: [&str; 3] = ["--title", "--name", "--summary"];

/// What to use instead of an option that a command does not have.
pub(super) enum Replacement {
    /// An option of the same command.
    Option(String),
    /// Another command line, without `wsdb`.
    Command(String),
}

/// Returns what to use instead of the unknown option of an error. `given` are the arguments that were
/// typed.
pub(super) fn replace_option(error: &Error, root: &Command, given: &[&str]) -> Option<Replacement> {
    let Some(ContextValue::String(refused)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let (mut command, mut path) = (root, Vec::new());
    for word in given.iter().take_while(|word| !word.starts_with('-')) {
        let Some(found) = command.find_subcommand(word) else {
            break;
        };
        path.push(found.get_name());
        command = found;
    }
    if TITLES.contains(&refused.as_str()) && path.ends_with(&["add"]) {
        return Some(Replacement::Command(without_option(given, refused)));
    }
    let has_option = |option: &&&str| {
        let mut args = command.get_arguments().filter(|arg| !arg.is_hide_set());
        args.any(|arg| arg.get_long() == option.strip_prefix("--"))
    };
    let synonyms = SYNONYMS
        .iter()
        .filter(|(words, _)| words.contains(&refused.as_str()));
    let mut ours = synonyms.flat_map(|(_, ours)| ours.iter());
    if let Some(option) = ours.find(has_option) {
        return Some(Replacement::Option((*option).to_owned()));
    }
    let example = EXAMPLES
        .iter()
        .find(|(words, noun, _)| words.contains(&refused.as_str()) && path.first() == Some(noun));
    let rest = &given[path.len()..];
    example.map(|(_, _, example)| Replacement::Command(with_id(example, rest)))
}

/// Returns the command line with the value of an option as an argument.
fn without_option(given: &[&str], option: &str) -> String {
    let words = given.iter().filter(|word| **word != option).map(|word| {
        let value = word
            .strip_prefix(option)
            .and_then(|rest| rest.strip_prefix('='));
        shell_quote(value.unwrap_or(word))
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Replaces the number in an example by the ID that was typed after the verb, if it looks like one.
pub(super) fn with_id(example: &str, rest: &[&str]) -> String {
    let is_id =
        |word: &&&str| !word.starts_with('-') && word.contains(|c: char| c.is_ascii_digit());
    let Some(id) = rest.first().filter(is_id) else {
        return example.to_owned();
    };
    let mut words: Vec<String> = example.split(' ').map(str::to_owned).collect();
    let is_number = |word: &&mut String| word.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(number) = words.iter_mut().find(is_number) {
        *number = shell_quote(id);
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command_line::parse::command;

    #[test]
    fn option_of_another_tracker_is_replaced() {
        for (given, expected) in [
            (
                &["task", "add", "--title", "New list"][..],
                "task add \"New list\"",
            ),
            (
                &["task", "add", "--title=T", "-p", "high"],
                "task add T -p high",
            ),
            (&["issue", "add", "--summary", "T"], "issue add T"),
            (&["issue", "resolve", "1", "--reason", "x"], "--notes"),
            (&["task", "add", "T", "--body", "x"], "--description"),
            (&["task", "add", "T", "--blocked-by", "1"], "--depends-on"),
            (&["task", "add", "T", "--owner", "jo"], "--assign"),
            (
                &["task", "done", "1", "--reason", "x"],
                "task edit 1 --notes 'Replaced by the new list'",
            ),
            (
                &["task", "add", "T", "--due", "x"],
                "task edit 7 --notes 'Due on Friday'",
            ),
            (&["session", "end", "--due", "x"], ""),
        ] {
            let error = command().try_get_matches_from([&["wsdb"], given].concat());
            let error = error.expect_err("an unknown option");
            let found = match replace_option(&error, &command(), given) {
                Some(Replacement::Option(found) | Replacement::Command(found)) => found,
                None => String::new(),
            };
            assert_eq!(found, expected, "{given:?}");
        }
    }

    #[test]
    fn examples_are_valid_commands() {
        for (words, noun, example) in EXAMPLES {
            let args = example
                .split('\'')
                .enumerate()
                .flat_map(|(index, part)| match index % 2 {
                    1 => vec![part],
                    _ => part.split_whitespace().collect(),
                });
            let args = std::iter::once("wsdb").chain(args);
            assert!(command().try_get_matches_from(args).is_ok(), "{example}");
            assert!(
                example.starts_with(noun) || words.contains(&"--parent"),
                "{example}"
            );
        }
    }
}
