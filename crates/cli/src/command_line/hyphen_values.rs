//! Suggests how to pass a value that begins with a hyphen, which is read as an option otherwise:
//! `--notes="- first"`.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};
use wsdb_app::shell_quote;

use super::foreign_commands::template::is_valid;
use super::foreign_commands::typed_command::{TypedCommand, takes_next_word};

/// Returns the command line with such values in a form that is valid. `given` are the arguments that were
/// typed.
pub(super) fn join_values(error: &Error, root: &Command, given: &[&str]) -> Option<String> {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.as_str(),
        _ => "",
    };
    let refused = match error.kind() {
        ErrorKind::UnknownArgument => context(ContextKind::InvalidArg),
        // The option before the value has none.
        ErrorKind::InvalidValue if context(ContextKind::InvalidValue).is_empty() => "",
        _ => return None,
    };
    let is_refused = |word: &str| {
        let is_short = word.len() > 1 && word.starts_with('-') && !word.starts_with("--");
        is_short && word == refused
    };
    let is_text = |word: &&&str| word.starts_with('-') && word.contains(char::is_whitespace);
    let command = TypedCommand::find(root, given).command;
    let options: Vec<&Arg> = root
        .get_arguments()
        .chain(command.get_arguments())
        .collect();
    let (mut words, mut shown, mut values) = (Vec::new(), Vec::new(), Vec::new());
    let mut is_changed = false;
    let mut rest = given.iter();
    while let Some(word) = rest.next() {
        if *word == "--" {
            values.extend(rest.by_ref().copied());
            break;
        }
        if is_text(&word) || is_refused(word) && word[1..].starts_with(|c: char| c.is_ascii_digit())
        {
            is_changed = true;
            values.push(*word);
            continue;
        }
        let option = options.iter().find(|option| takes_next_word(option, word));
        let next = option.and_then(|_| rest.as_slice().first());
        let Some(next) = next else {
            words.push((*word).to_owned());
            shown.push(shell_quote(word));
            continue;
        };
        rest.next();
        if is_text(&next) || is_refused(next) {
            is_changed = true;
            let name = option
                .and_then(|option| option.get_long())
                .map_or_else(|| (*word).to_owned(), |name| format!("--{name}"));
            words.push(format!("{name}={next}"));
            shown.push(format!("{name}={}", shell_quote(next)));
        } else {
            for word in [word, next] {
                words.push((*word).to_owned());
                shown.push(shell_quote(word));
            }
        }
    }
    if !values.is_empty() {
        words.push("--".to_owned());
        shown.push("--".to_owned());
        words.extend(values.iter().map(|value| (*value).to_owned()));
        shown.extend(values.iter().map(|value| shell_quote(value)));
    }
    (is_changed && is_valid(root, &words)).then(|| shown.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command_line::parse::command;

    #[test]
    fn value_with_a_hyphen_is_joined_to_its_option() {
        for (given, expected) in [
            (
                &["decision", "add", "T", "--rationale", "- x"][..],
                "decision add T --rationale=\"- x\"",
            ),
            (
                &["decision", "edit", "1", "--rationale", "-x"],
                "decision edit 1 --rationale=-x",
            ),
            (
                &["decision", "add", "T", "--rationale", "-i foo"],
                "decision add T --rationale=\"-i foo\"",
            ),
            (
                &["decision", "add", "T", "--rationale", "--impact is high"],
                "decision add T --rationale=\"--impact is high\"",
            ),
            (
                &["task", "edit", "1", "-n", "- a", "-d", "- b"],
                "task edit 1 --notes=\"- a\" --description=\"- b\"",
            ),
            (
                &["task", "add", "- x", "-p", "high"],
                "task add -p high -- \"- x\"",
            ),
            (
                &["--actor", "mo", "issue", "add", "T", "--action", "-1 day"],
                "--actor mo issue add T --action=\"-1 day\"",
            ),
            (
                &["task", "edit", "1", "--title", "-1"],
                "task edit 1 --title=-1",
            ),
            (&["session", "log", "-1"], "session log -- -1"),
            // Misspelled options.
            (&["task", "add", "T", "--notes", "--prio", "high"], ""),
            (&["task", "add", "T", "-x"], ""),
            (&["task", "add", "T", "--notes", "--json"], ""),
            (&["decision", "add", "T", "--rationale", "-i"], ""),
        ] {
            let error = command().try_get_matches_from([&["wsdb"], given].concat());
            let error = error.expect_err("not valid");
            let found = join_values(&error, &command(), given).unwrap_or_default();
            assert_eq!(found, expected, "{given:?}");
        }
    }

    #[test]
    fn value_of_every_option_for_text_can_be_joined() {
        let root = command();
        let mut pending = vec![(root.clone(), Vec::new())];
        let mut count = 0;
        while let Some((parent, path)) = pending.pop() {
            for command in parent.get_subcommands() {
                let path: Vec<String> =
                    [path.clone(), vec![command.get_name().to_owned()]].concat();
                for name in command.get_opts().filter_map(Arg::get_long) {
                    let option = format!("--{name}");
                    let given: Vec<&str> = path.iter().map(String::as_str).collect();
                    let valid = |value: &str| {
                        let mut words = path.clone();
                        words.push(format!("{option}={value}"));
                        is_valid(&root, &words)
                    };
                    if !valid("- x") {
                        continue;
                    }
                    let given = [&given[..], &[&option, "- x"]].concat();
                    let args = [&["wsdb"], &given[..]].concat();
                    let Err(error) = root.clone().try_get_matches_from(args) else {
                        continue;
                    };
                    let tip = join_values(&error, &root, &given);
                    let words = path.join(" ");
                    assert_eq!(tip, Some(format!("{words} {option}=\"- x\"")));
                    count += 1;
                }
                pending.push((command.clone(), path));
            }
        }
        assert!(count > 20, "{count}");
    }
}
