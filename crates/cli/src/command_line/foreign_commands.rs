//! Suggests commands to people who type those of other trackers.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};
use wsdb_app::shell_quote;

use super::foreign_options::{Replacement, replace_option, with_id};

/// Verbs of other tools, each with an example of our command.
type Verbs = &'static [(&'static [&'static str], &'static str)];

/// Commands of beads, taskwarrior, tacks, gh, git, adr-tools, tach and similar tools.
const TOP_LEVEL: Verbs = &[
    (&["add", "create", "new", "q"], "task add 'Move pricing'"),
    (&["list", "ls", "todo"], "task list"),
    (&["mine"], "task list --mine"),
    (&["ready"], "task ready"),
    (&["blocked"], "task blocked"),
    (&["claim", "take"], "task claim 7"),
    (&["assign"], "task edit 7 --assign mira"),
    (&["start", "begin", "resume"], "task start 7"),
    (&["stop", "release", "pause", "unclaim"], "task release 7"),
    (
        &["done", "close", "complete", "finish", "resolve"],
        "task done 7",
    ),
    (&["reopen"], "task reopen 7"),
    (&["accept", "approve"], "task approve 7"),
    (&["cancel", "abandon", "wontfix"], "task cancel 7"),
    (&["defer", "snooze"], "task defer 7"),
    (&["block"], "task block 7"),
    (&["move", "transition"], "task status 7 --to in_progress"),
    (&["show", "view", "info", "get"], "task show 7"),
    (
        &["edit", "update", "modify", "mod"],
        "task edit 7 --priority HIGH",
    ),
    (
        &["annotate", "comment", "comments", "note"],
        "session log 'Ready for review'",
    ),
    (&["delete", "rm", "remove"], "task rm 7"),
    (&["depend", "depends", "link"], "task dep add 7 3"),
    (&["dep", "deps", "graph", "tree"], "task graph"),
    (&["unblock"], "task status 7 --to pending"),
    (&["count"], "task stats"),
    (&["adr", "adrs"], "decision list"),
    (&["milestone", "milestones", "epic", "epics"], "goal list"),
    (&["log", "blame", "changelog"], "history"),
    (&["revert"], "undo --dry-run"),
    (&["prime", "onboard"], "handoff"),
    (&["check", "lint"], "drift record drift.json --check new"),
    (&["sync", "push", "commit", "save"], "export documents"),
    (&["pull"], "import documents"),
];

/// Kinds of records of other tools, each with ours.
const NOUNS: &[(&[&str], &str)] = &[
    (&["bug", "bugs", "problem", "problems"], "issue"),
    (
        &["ticket", "tickets", "story", "stories", "item", "items"],
        "task",
    ),
    (&["repository", "repositories"], "repo"),
];

/// Verbs of other tools after our kinds of records.
const AFTER_NOUNS: &[(&str, Verbs)] = &[
    (
        "task",
        &[
            (&["assign"], "task edit 7 --assign mira"),
            (&["unassign"], "task edit 7 --clear assigned-to"),
            (
                &["annotate", "comment", "note"],
                "session log 'Ready for review'",
            ),
            (&["accept"], "task approve 7"),
            (&["take"], "task claim 7"),
            (&["begin", "resume"], "task start 7"),
            (&["stop", "pause"], "task release 7"),
            (&["unblock"], "task status 7 --to pending"),
            (&["move", "transition"], "task status 7 --to in_progress"),
            (&["finish", "resolve"], "task done 7"),
            (&["abandon", "wontfix"], "task cancel 7"),
            (&["link", "depend", "depends"], "task dep add 7 3"),
            (&["unlink"], "task dep rm 7 3"),
            (&["tree"], "task graph 7"),
            (&["next"], "next"),
            (&["mine"], "task list --mine"),
        ],
    ),
    (
        "session",
        &[
            (&["add", "new", "begin", "open", "resume"], "session start"),
            (
                &["stop", "close", "finish", "done", "complete"],
                "session end",
            ),
            (
                &["annotate", "comment", "note"],
                "session log 'Moved pricing.py'",
            ),
            (&["status", "info"], "session current"),
        ],
    ),
    (
        "issue",
        &[
            (&["assign"], "issue edit 1 --assign mira"),
            (&["unassign"], "issue edit 1 --clear assigned-to"),
            (
                &["annotate", "comment", "note"],
                "session log 'Only in the old shop'",
            ),
            (&["fix", "done", "complete", "finish"], "issue resolve 1"),
        ],
    ),
    (
        "decision",
        &[
            (
                &["accept", "approve", "done"],
                "decision status 2 --to implemented",
            ),
            (&["reject", "close"], "decision status 2 --to rejected"),
            (&["deprecate"], "decision status 2 --to deprecated"),
            (&["start"], "decision status 2 --to in_progress"),
            (&["reopen"], "decision status 2 --to planned"),
            (&["move", "transition"], "decision status 2 --to planned"),
            (&["replace"], "decision supersede 1 --by 4"),
            (
                &["annotate", "comment", "note"],
                "session log 'Only one caller left'",
            ),
        ],
    ),
    (
        "drift",
        &[
            (
                &["check", "run", "lint"],
                "drift record drift.json --check new",
            ),
            (&["fix", "close", "done"], "drift resolve 1"),
            (&["accept"], "drift ignore 1 --reason 'Moves in May'"),
            (&["assign"], "drift task 1 --assign mira"),
            (
                &["annotate", "comment", "note"],
                "session log 'Moves in May'",
            ),
        ],
    ),
    (
        "goal",
        &[
            (&["close", "finish"], "goal done 2"),
            (&["begin", "resume"], "goal start 2"),
            (&["move", "transition"], "goal status 2 --to in_progress"),
        ],
    ),
    (
        "context",
        &[
            (
                &["start", "use", "set", "resume"],
                "context switch orchard-core",
            ),
            (&["stop", "close"], "context end"),
            (&["previous"], "context back"),
        ],
    ),
    (
        "config",
        &[
            (
                &["record", "save", "create"],
                "config snapshot pyproject.toml",
            ),
            (&["compare"], "config diff orchard-core"),
        ],
    ),
    (
        "repo",
        &[(&["mv", "move"], "repo rename orchard-core orchard-kernel")],
    ),
];

/// Verbs of other tools that have a counterpart after several kinds of records.
const EVERYWHERE: &[(&[&str], &str)] = &[
    (&["create"], "add"),
    (&["update", "modify", "change", "mod"], "edit"),
    (&["view", "info", "get"], "show"),
    (&["open"], "reopen"),
];

/// Adds a suggestion to the error about an unknown command, if another tool has such a command.
/// Otherwise, commands that the help does not list are not suggested.
pub(super) fn suggest(mut error: Error, root: &Command, given: &[OsString]) -> Error {
    if let Some(command) = replace_argument(&error, root, given) {
        return with_tip(error, &command);
    }
    if error.kind() == ErrorKind::UnknownArgument {
        let words: Vec<&str> = given
            .iter()
            .skip(1)
            .filter_map(|word| word.to_str())
            .collect();
        return match replace_option(&error, root, &words) {
            Some(Replacement::Command(command)) => with_tip(error, &command),
            Some(Replacement::Option(option)) => {
                error.remove(ContextKind::Suggested);
                error.insert(ContextKind::SuggestedArg, ContextValue::String(option));
                error
            }
            None => error,
        };
    }
    if error.kind() != ErrorKind::InvalidSubcommand {
        return error;
    }
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidSubcommand) else {
        return error;
    };
    let is_typed = |word: &OsString| word.to_str() == Some(typed);
    let at = given.iter().position(is_typed).unwrap_or(given.len());
    let (noun, path) = find_noun(root, &given[..at]);
    let rest = given.iter().skip(at + 1);
    let rest: Vec<&str> = rest.filter_map(|word| word.to_str()).collect();
    let is_first = path.is_empty();
    let command = noun_after_verb(typed, root, &path, &rest)
        .or_else(|| group_without_noun(typed, root, &rest).filter(|_| is_first))
        .or_else(|| find(typed, noun, &path).map(|example| with_id(&example, &rest)))
        .or_else(|| add_noun(typed, root, &rest).filter(|_| is_first))
        .or_else(|| replace_noun(typed, root, &rest).filter(|_| is_first));
    if let Some(command) = command {
        return with_tip(error, &command);
    }
    if let Some(ContextValue::Strings(similar)) = error.remove(ContextKind::SuggestedSubcommand) {
        let mut known: Vec<String> = similar
            .iter()
            .filter_map(|name| noun.find_subcommand(name))
            .filter(|command| !command.is_hide_set())
            .map(|command| command.get_name().to_owned())
            .collect();
        known.dedup();
        if known.is_empty() {
            // A blank line.
            error.remove(ContextKind::Suggested);
        } else {
            error.insert(
                ContextKind::SuggestedSubcommand,
                ContextValue::Strings(known),
            );
        }
    }
    error
}

/// Replaces the suggestions of an error by a command.
fn with_tip(mut error: Error, command: &str) -> Error {
    error.remove(ContextKind::SuggestedSubcommand);
    error.remove(ContextKind::SuggestedArg);
    error.remove(ContextKind::TrailingArg);
    let tip = format!("try wsdb {command}");
    error.insert(
        ContextKind::Suggested,
        ContextValue::StyledStrs(vec![tip.into()]),
    );
    error
}

/// Returns the intended command if an argument is one too many or a verb: `task list 7`,
/// `history show 7`, `undo list`.
fn replace_argument(error: &Error, root: &Command, given: &[OsString]) -> Option<String> {
    use ErrorKind::{ArgumentConflict, UnknownArgument, ValueValidation};
    if ![ArgumentConflict, UnknownArgument, ValueValidation].contains(&error.kind()) {
        return None;
    }
    let refused = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(refused)) if refused.starts_with('-') => return None,
        Some(ContextValue::String(refused)) => refused.as_str(),
        _ => "",
    };
    let given = given.iter().skip(1).filter_map(|word| word.to_str());
    let mut rest = given.filter(|word| !word.starts_with('-')).peekable();
    let (mut parent, mut command, mut path) = (root, root, Vec::new());
    while let Some(found) = rest.peek().and_then(|word| command.find_subcommand(word)) {
        path.push(found.get_name());
        (parent, command) = (command, found);
        rest.next();
    }
    let (first, second) = (rest.next()?, rest.next());
    let is_listing = ["show", "list", "ls", "log", "view"].contains(&first);
    match (path.as_slice(), second) {
        (["history"], Some(id)) if is_listing => Some(format!("history {}", shell_quote(id))),
        (["undo"], _) if is_listing => Some("undo --dry-run".to_owned()),
        (["undo"], _) if first == "last" => Some("undo --last 1".to_owned()),
        ([noun @ .., "list"], _)
            if !refused.is_empty() && parent.find_subcommand("show").is_some() =>
        {
            Some(format!("{} show {}", noun.join(" "), shell_quote(refused)))
        }
        _ => None,
    }
}

/// Returns the intended command if the kind of record follows the verb, as in `show task 1`.
fn noun_after_verb(typed: &str, root: &Command, path: &[&str], rest: &[&str]) -> Option<String> {
    let (noun, rest) = rest.split_first().filter(|_| path.is_empty())?;
    let singular = noun.strip_suffix('s').unwrap_or(noun);
    let noun = root.find_subcommand(singular)?;
    let name = noun.get_name();
    match noun.find_subcommand(typed) {
        Some(verb) => {
            let words = [name, verb.get_name()].into_iter();
            let rest = rest.iter().copied().map(shell_quote);
            let words = words.map(str::to_owned).chain(rest);
            Some(words.collect::<Vec<_>>().join(" "))
        }
        None => find(typed, noun, &[name]).map(|example| with_id(&example, rest)),
    }
}

/// Returns the command with our name for the kind of record, as in `bug add X`.
fn replace_noun(typed: &str, root: &Command, rest: &[&str]) -> Option<String> {
    let (_, noun) = NOUNS.iter().find(|(words, _)| words.contains(&typed))?;
    match rest.split_first() {
        Some((verb, rest)) => noun_after_verb(verb, root, &[], &[&[*noun], rest].concat()),
        None => Some(format!("{noun} list")),
    }
}

/// Returns the intended command if the kind of record before a group of commands is missing, as in
/// `dep add 1 2`.
fn group_without_noun(typed: &str, root: &Command, rest: &[&str]) -> Option<String> {
    let (_, group) = find_only_owner(typed, root)?;
    group.find_subcommand(rest.first()?)?;
    add_noun(typed, root, rest)
}

/// Adds the kind of record to a command that only one kind has, as in `supersede 1 --by 4`.
fn add_noun(typed: &str, root: &Command, rest: &[&str]) -> Option<String> {
    let (noun, command) = find_only_owner(typed, root)?;
    let words = [noun.get_name(), command.get_name()].map(str::to_owned);
    let is_complete = match rest.first() {
        Some(word) => !command.has_subcommands() || command.find_subcommand(word).is_some(),
        None => !command.has_subcommands(),
    };
    let rest: Vec<String> = if is_complete {
        rest.iter().copied().map(shell_quote).collect()
    } else {
        vec!["--help".to_owned()]
    };
    Some(words.into_iter().chain(rest).collect::<Vec<_>>().join(" "))
}

/// Returns the kind of record and its command of this name, if no other kind has one.
fn find_only_owner<'c>(typed: &str, root: &'c Command) -> Option<(&'c Command, &'c Command)> {
    let nouns = root.get_subcommands().filter(|noun| !noun.is_hide_set());
    let mut owners = nouns.filter_map(|noun| {
        let command = noun.find_subcommand(typed)?;
        (!command.is_hide_set()).then_some((noun, command))
    });
    owners.next().filter(|_| owners.next().is_none())
}

/// Returns the last known command on the command line, and its words.
fn find_noun<'c>(root: &'c Command, given: &[OsString]) -> (&'c Command, Vec<&'c str>) {
    let (mut noun, mut path) = (root, Vec::new());
    for word in given.iter().filter_map(|word| word.to_str()) {
        if let Some(found) = noun.find_subcommand(word) {
            path.push(found.get_name());
            noun = found;
        }
    }
    (noun, path)
}

/// Returns an example of the command to use instead of a verb after the words of `path`.
fn find(typed: &str, noun: &Command, path: &[&str]) -> Option<String> {
    let example = |verbs: Verbs| {
        let known = verbs.iter().find(|(words, _)| words.contains(&typed));
        known.map(|(_, example)| (*example).to_owned())
    };
    let path = path.join(" ");
    if path.is_empty() {
        return example(TOP_LEVEL);
    }
    let own = AFTER_NOUNS.iter().find(|(noun, _)| *noun == path);
    own.and_then(|(_, verbs)| example(verbs)).or_else(|| {
        let mut verbs = EVERYWHERE.iter();
        let (_, verb) = verbs.find(|(words, _)| words.contains(&typed))?;
        let example = first_example(noun.find_subcommand(verb)?, &format!("{path} {verb}"))?;
        // The options of an example would show or change more than was asked for.
        let is_shown = *verb == "show";
        Some(match example.split_once(" --") {
            Some((plain, _)) if is_shown => plain.to_owned(),
            _ => example,
        })
    })
}

/// Returns the first example in the help of a command, without `wsdb`.
fn first_example(command: &Command, path: &str) -> Option<String> {
    let help = command.get_after_help()?.to_string();
    let mut lines = help.lines().map(str::trim);
    let example = lines.find_map(|line| line.strip_prefix("wsdb ")?.strip_prefix(path));
    Some(format!("{path}{}", example?))
}

#[cfg(test)]
mod tests {
    use crate::command_line::parse::command;

    use super::*;

    /// Splits an example into arguments as a shell does.
    fn split(example: &str) -> Vec<String> {
        let mut args = vec!["wsdb".to_owned()];
        for (index, part) in example.split('\'').enumerate() {
            if index % 2 == 1 {
                args.push(part.to_owned());
            } else {
                args.extend(part.split_whitespace().map(str::to_owned));
            }
        }
        args
    }

    fn suggestion(given: &str) -> Option<String> {
        let given: Vec<OsString> = given.split(' ').map(OsString::from).collect();
        let typed = given.last()?.to_str()?.to_owned();
        let root = command();
        let (noun, path) = find_noun(&root, &given);
        find(&typed, noun, &path)
    }

    #[test]
    fn every_example_is_a_valid_command() {
        let nouns = AFTER_NOUNS.iter().map(|(noun, verbs)| (*noun, *verbs));
        for (noun, verbs) in nouns.chain([("", TOP_LEVEL)]) {
            for (words, example) in verbs {
                let parsed = command().try_get_matches_from(split(example));
                assert!(parsed.is_ok(), "{example}: {parsed:?}");
                for word in *words {
                    let given = format!("wsdb {noun} {word}").replace("  ", " ");
                    let root = command();
                    let words: Vec<OsString> = given.split(' ').map(OsString::from).collect();
                    let (_, path) = find_noun(&root, &words);
                    assert_eq!(path.join(" "), *noun, "{given} exists");
                }
            }
        }
    }

    #[test]
    fn verbs_with_a_counterpart_are_suggested_for_every_noun() {
        let root = command();
        for noun in root.get_subcommands().filter(|noun| noun.has_subcommands()) {
            for (words, verb) in EVERYWHERE {
                for word in *words {
                    let name = noun.get_name();
                    if noun.find_subcommand(word).is_some() {
                        continue;
                    }
                    let found = suggestion(&format!("wsdb {name} {word}"));
                    let exists = noun.find_subcommand(verb).is_some();
                    assert!(found.is_some() || !exists, "{name} {word}");
                    let parsed = found.map(|found| command().try_get_matches_from(split(&found)));
                    assert!(parsed.is_none_or(|parsed| parsed.is_ok()), "{name} {word}");
                }
            }
        }
    }

    #[test]
    fn argument_that_a_command_does_not_have_is_replaced() {
        for (given, expected) in [
            ("history show 7", Some("history 7")),
            ("undo show", Some("undo --dry-run")),
            ("undo last", Some("undo --last 1")),
            ("task list 7", Some("task show 7")),
            ("task ls --json bd-7", Some("task show bd-7")),
            ("drift scan list 7", Some("drift scan show 7")),
            ("history 7 8", None),
            ("repo list core", None),
            ("task list --limit 2 7", Some("task show 7")),
            ("task list --nope 7", None),
        ] {
            let given = split(given);
            let error = command().try_get_matches_from(&given);
            let given: Vec<OsString> = given.iter().map(OsString::from).collect();
            let error = error.expect_err("an argument too many");
            let found = replace_argument(&error, &command(), &given);
            assert_eq!(found.as_deref(), expected, "{given:?}");
        }
    }

    #[test]
    fn suggestion_has_the_id_that_was_typed() {
        assert_eq!(
            with_id("task dep add 7 3", &["bd-12"]),
            "task dep add bd-12 3"
        );
        assert_eq!(with_id("task rm 7", &["--force"]), "task rm 7");
        assert_eq!(
            with_id("task edit 7 --assign mira", &["jo"]),
            "task edit 7 --assign mira"
        );
        let root = command();
        let suggested = |typed: &str, rest: &[&str]| noun_after_verb(typed, &root, &[], rest);
        for (typed, rest, expected) in [
            ("list", &["tasks"][..], Some("task list")),
            ("show", &["issue", "3"], Some("issue show 3")),
            ("delete", &["task", "X 1"], Some("task rm \"X 1\"")),
            ("get", &["decisions", "2"], Some("decision show 2")),
            ("close", &["3"], None),
        ] {
            assert_eq!(suggested(typed, rest).as_deref(), expected, "{typed}");
        }
    }

    #[test]
    fn noun_of_another_tracker_is_replaced() {
        let root = command();
        for (typed, rest, expected) in [
            (
                "bug",
                &["add", "No list"][..],
                Some("issue add \"No list\""),
            ),
            ("bugs", &[], Some("issue list")),
            ("ticket", &["view", "7"], Some("task show 7")),
            ("bug", &["frob"], None),
            ("bee", &["add"], None),
        ] {
            assert_eq!(
                replace_noun(typed, &root, rest).as_deref(),
                expected,
                "{typed}"
            );
        }
    }

    #[test]
    fn noun_that_was_left_out_is_added() {
        let root = command();
        for (typed, rest, expected) in [
            ("dep", &["add", "1", "2"][..], Some("task dep add 1 2")),
            ("scan", &["show", "7"], Some("drift scan show 7")),
            ("scan", &[], Some("drift scan --help")),
            ("activity", &["list"], Some("session activity list")),
            (
                "supersede",
                &["1", "--by", "4"],
                Some("decision supersede 1 --by 4"),
            ),
            (
                "snapshot",
                &["a b.toml"],
                Some("config snapshot \"a b.toml\""),
            ),
            ("end", &[], None),
            ("command-tree", &[], None),
        ] {
            assert_eq!(add_noun(typed, &root, rest).as_deref(), expected, "{typed}");
        }
        assert_eq!(group_without_noun("dep", &root, &["7"]), None);
        assert_eq!(group_without_noun("claim", &root, &["7"]), None);
    }

    #[test]
    fn verbs_of_nouns_are_suggested() {
        assert_eq!(
            suggestion("wsdb create").as_deref(),
            Some("task add 'Move pricing'")
        );
        assert_eq!(
            suggestion("wsdb tasks comment").as_deref(),
            Some("session log 'Ready for review'")
        );
        assert_eq!(
            suggestion("wsdb session close").as_deref(),
            Some("session end")
        );
        assert_eq!(suggestion("wsdb restore"), None);
        assert_eq!(suggestion("wsdb frob"), None);
        assert_eq!(suggestion("wsdb task frob"), None);
    }
}
