//! Suggests options to people who type those of other trackers.

use clap::error::{ContextKind, ContextValue};
use clap::{Arg, Command, Error};
use wsdb_app::shell_quote;

use super::foreign_commands::template::{is_similar, is_valid, looks_like_id, usage};
use super::foreign_commands::typed_command::TypedCommand;

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
        &["--assign", "--assigned-to", "--user"],
    ),
    (
        &["--deps", "--depends", "--blocked-by", "--after"],
        &["--depends-on"],
    ),
    (&["--project", "--component"], &["--repo"]),
    (&["--sev"], &["--severity"]),
    (&TITLES, &["--title", "--name", "--decision", "--goal"]),
    (&STATUSES, &["--status"]),
];

/// Options of other tools that a command has no option for, each with the template of our command: `<…>` is
/// the value of the option.
const TEMPLATES: &[(&[&str], &str, &str)] = &[
    (
        &[
            "--reason",
            "--comment",
            "--message",
            "--note",
            "--annotation",
        ],
        "task",
        "task edit ID --notes <TEXT>",
    ),
    (&DATES, "task", "task edit ID --notes <TEXT>"),
    (&["--blocks"], "task", "task dep add <ID> ID"),
    (&WHOLES, "task", "goal add <TITLE> --task ID"),
    (&STATUSES, "task", "task status ID --to <STATUS>"),
    (&STATUSES, "goal", "goal status ID --to <STATUS>"),
    (&STATUSES, "decision", "decision status ID --to <STATUS>"),
    (&STATUSES, "issue", "issue resolve ID"),
    (&STATUSES, "drift", "drift resolve ID"),
    (&STATUSES, "session", "session end ID"),
];

/// The commands for a status, by the kind of record, if the one in [`TEMPLATES`] is for another status.
const STATUS_COMMANDS: &[(&str, &[&str], &str)] = &[
    ("issue", &["closed", "close"], "issue close ID"),
    ("issue", &["open", "reopened"], "issue reopen ID"),
    ("drift", &["ignored"], "drift ignore ID --reason TEXT"),
    (
        "drift",
        &["open", "detected", "reopened"],
        "drift reopen ID",
    ),
];

/// The options of other tools for a date, which is a note here.
const DATES: [&str; 3] = ["--due", "--deadline", "--scheduled"];

/// The options of other tools for what a task is a part of. If that is a task, it depends on the part.
const WHOLES: [&str; 3] = ["--parent", "--epic", "--milestone"];

/// The options of other tools, after `task block`, for the task that blocks another one.
const BLOCKERS: [&str; 4] = ["--by", "--on", "--blocked-by", "--depends-on"];

/// The options of other tools for the status of a record.
pub(super) const STATUSES: [&str; 2] = ["--status", "--state"];

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
    let typed = TypedCommand::find(root, given);
    let (command, path) = (typed.command, &typed.path);
    let known = known_option(refused, command);
    if TITLES.contains(&known) && path.ends_with(&["add"]) {
        let replaced = title_as_argument(given, refused, root);
        let command = replaced.unwrap_or_else(|| usage(command, &path.join(" ")));
        return Some(Replacement::Command(command));
    }
    let has_option = |option: &&&str| {
        let mut args = command.get_arguments().filter(|arg| !arg.is_hide_set());
        args.any(|arg| arg.get_long() == option.strip_prefix("--"))
    };
    let synonyms = SYNONYMS.iter().filter(|(words, _)| words.contains(&known));
    let mut ours = synonyms.flat_map(|(_, ours)| ours.iter());
    if let Some(option) = ours.find(has_option) {
        return Some(Replacement::Option((*option).to_owned()));
    }
    let noun = path.first()?;
    let is_blocker = path.ends_with(&["block"]) && BLOCKERS.contains(&known);
    let template = if is_blocker {
        "task dep add ID <ID>"
    } else {
        let mut templates = TEMPLATES.iter();
        let known = templates.find(|(words, of, _)| words.contains(&known) && of == noun);
        known.map(|(_, _, template)| *template)?
    };
    let value = value_of(given, refused);
    let mut ids = typed.values().into_iter();
    let id = ids.find(|word| looks_like_id(word) && Some(*word) != value);
    let command = if DATES.contains(&known) {
        let date = value.unwrap_or("DATE");
        let note = format!("{} {date}", known.trim_start_matches('-'));
        let added = path.ends_with(&["add"]).then(|| {
            let candidates = [&["--notes", note.as_str()][..]];
            replace_in_line(given, refused, &candidates, root)
        });
        let edited = || fill_template(template, id, Some(&note));
        added.flatten().unwrap_or_else(edited)
    } else if WHOLES.contains(&known) && value.is_some_and(looks_like_id) {
        fill_template("task dep add <ID> ID", id, value)
    } else if STATUSES.contains(&known) {
        let mut others = STATUS_COMMANDS.iter();
        let other =
            others.find(|(of, words, _)| of == noun && value.is_some_and(|it| words.contains(&it)));
        fill_template(other.map_or(template, |(_, _, other)| other), id, value)
    } else {
        fill_template(template, id, value)
    };
    Some(Replacement::Command(command))
}

/// Returns the option of another tool that a word is, or is a typo of unless the command has a similar
/// option.
fn known_option<'t>(typed: &'t str, command: &Command) -> &'t str {
    let synonyms = SYNONYMS.iter().flat_map(|(words, _)| words.iter());
    let templates = TEMPLATES.iter().flat_map(|(words, ..)| words.iter());
    let mut known = synonyms.chain(templates).copied();
    let is_own = || {
        let mut own = command.get_arguments().filter_map(Arg::get_long);
        own.any(|name| is_similar(typed.trim_start_matches('-'), name))
    };
    if known.clone().any(|word| word == typed) || is_own() {
        return typed;
    }
    let is_typo = |word: &&str| strsim::osa_distance(typed, word) == 1;
    known.find(is_typo).unwrap_or(typed)
}

/// Returns the value of an option, as typed.
fn value_of<'g>(given: &[&'g str], option: &str) -> Option<&'g str> {
    let mut words = given.iter();
    let after = words.find_map(|word| word.strip_prefix(option))?;
    match after.strip_prefix('=') {
        Some(value) => Some(value),
        None => words.next().filter(|next| !next.starts_with('-')).copied(),
    }
}

/// Replaces the placeholders of a template that were typed.
fn fill_template(template: &str, id: Option<&str>, value: Option<&str>) -> String {
    let words = template.split(' ').map(|word| {
        let name = word
            .strip_prefix('<')
            .and_then(|name| name.strip_suffix('>'));
        match (word, name) {
            ("ID", _) => id.map_or_else(|| "ID".to_owned(), shell_quote),
            (_, Some(name)) => value.map_or_else(|| name.to_owned(), shell_quote),
            _ => word.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Returns the command line with the value of an option as the argument, or if there is an argument, as the
/// description.
fn title_as_argument(given: &[&str], option: &str, root: &Command) -> Option<String> {
    let title = value_of(given, option).unwrap_or("TITLE");
    let candidates = [&[title][..], &["--description", title]];
    replace_in_line(given, option, &candidates, root)
}

/// Returns the command line with other words instead of an option and its value: the first ones of
/// `candidates` with which it is valid.
fn replace_in_line(
    given: &[&str],
    option: &str,
    candidates: &[&[&str]],
    root: &Command,
) -> Option<String> {
    let at = given
        .iter()
        .position(|word| word.strip_prefix(option).is_some())?;
    let (before, after) = (&given[..at], &given[at + 1..]);
    let value = value_of(given, option);
    let is_separate = value.is_some() && !given[at].contains('=');
    let after = after.get(usize::from(is_separate)..).unwrap_or_default();
    let with = |words: &[&str]| -> Vec<String> {
        let words = before.iter().chain(words).chain(after);
        words.map(|word| (*word).to_owned()).collect()
    };
    let mut candidates = candidates.iter().map(|words| with(words));
    let words = candidates.find(|words| is_valid(root, words))?;
    let words = words.iter().map(|word| shell_quote(word));
    Some(words.collect::<Vec<_>>().join(" "))
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
            (&["task", "list", "--assignee", "bob"], "--assigned-to"),
            (&["task", "list", "--owner=bob"], "--assigned-to"),
            (&["decision", "edit", "1", "--title", "x"], "--decision"),
            (
                &["task", "done", "1", "--reason", "x"],
                "task edit 1 --notes x",
            ),
            (
                &["task", "done", "1", "--comment=no list"],
                "task edit 1 --notes \"no list\"",
            ),
            (&["task", "done", "--reason"], "task edit ID --notes TEXT"),
            (
                &["task", "add", "T", "--due", "tomorrow"],
                "task add T --notes \"due tomorrow\"",
            ),
            (
                &["task", "add", "T", "--deadline=May", "-p", "high"],
                "task add T --notes \"deadline May\" -p high",
            ),
            (
                &["task", "edit", "3", "--due", "May"],
                "task edit 3 --notes \"due May\"",
            ),
            (
                &["task", "add", "T", "--parent", "WS-TASK-003"],
                "task dep add WS-TASK-003 ID",
            ),
            (&["task", "edit", "3", "--parent", "4"], "task dep add 4 3"),
            (
                &["task", "edit", "1", "--status", "done"],
                "task status 1 --to done",
            ),
            (
                &["task", "edit", "1", "--state=done"],
                "task status 1 --to done",
            ),
            (&["task", "edit", "--status"], "task status ID --to STATUS"),
            (
                &["goal", "edit", "1", "--status", "done"],
                "goal status 1 --to done",
            ),
            (
                &["issue", "edit", "1", "--status", "resolved"],
                "issue resolve 1",
            ),
            (
                &["issue", "edit", "1", "--status", "closed"],
                "issue close 1",
            ),
            (&["issue", "edit", "1", "--state", "open"], "issue reopen 1"),
            (
                &["drift", "edit", "1", "--status", "resolved"],
                "drift resolve 1",
            ),
            (
                &["drift", "edit", "1", "--status", "ignored"],
                "drift ignore 1 --reason TEXT",
            ),
            (
                &["session", "edit", "S-1", "--status", "done"],
                "session end S-1",
            ),
            (&["task", "edit", "3", "--blocks", "7"], "task dep add 7 3"),
            (&["task", "block", "3", "--by", "7"], "task dep add 3 7"),
            (
                &["task", "block", "3", "--blocked-by", "7"],
                "task dep add 3 7",
            ),
            (
                &["task", "add", "T", "--epic", "Big"],
                "goal add Big --task ID",
            ),
            (
                &["task", "add", "T", "--summary", "Y"],
                "task add T --description Y",
            ),
            (&["task", "add", "--title"], "task add TITLE"),
            (
                &["task", "add", "--title", "-p", "high"],
                "task add TITLE -p high",
            ),
            (
                &["--actor", "mo", "task", "add", "--title", "T"],
                "--actor mo task add T",
            ),
            (
                &["--json", "issue", "resolve", "1", "--reason", "x"],
                "--notes",
            ),
            (
                &["decision", "edit", "3", "--status", "rejected"],
                "decision status 3 --to rejected",
            ),
            (
                &["decision", "edit", "3", "--status=accepted"],
                "decision status 3 --to accepted",
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
    fn templates_are_valid_commands() {
        let others = STATUS_COMMANDS.iter().map(|(.., template)| template);
        let templates = TEMPLATES.iter().map(|(.., template)| template);
        for template in templates.chain(others) {
            let words = fill_template(template, None, None);
            let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
            assert!(is_valid(&command(), &words), "{template}");
        }
    }
}
