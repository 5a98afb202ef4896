//! Suggests commands to people who type those of other trackers.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};

/// Commands of beads, taskwarrior, tacks, adr-tools, tach and similar tools, with ours.
const TOP_LEVEL: &[(&[&str], &str)] = &[
    (&["add", "create", "new", "q"], "task add TITLE"),
    (&["list", "ls"], "task list"),
    (&["ready"], "task ready"),
    (&["blocked"], "task blocked"),
    (&["claim"], "task claim ID"),
    (&["start", "begin"], "task start ID"),
    (&["stop", "release"], "task release ID"),
    (&["done", "close", "complete", "finish"], "task done ID"),
    (&["reopen"], "task reopen ID"),
    (&["show", "view", "info"], "task show ID"),
    (&["edit", "update", "modify", "mod"], "task edit ID"),
    (
        &["annotate", "comment", "note"],
        "task edit ID --notes TEXT",
    ),
    (&["delete", "rm", "remove"], "task rm ID"),
    (&["dep", "deps", "depend"], "task dep add ID OTHER_ID"),
    (&["graph", "tree"], "task graph"),
    (&["adr", "adrs"], "decision list"),
    (&["log"], "history"),
    (&["prime", "onboard"], "handoff"),
    (&["check", "lint"], "drift record FILE --check"),
    (&["sync"], "export DIR"),
];

/// Verbs of other tools, with those that follow our kinds of records.
const VERBS: &[(&[&str], &str)] = &[
    (&["create", "new"], "add"),
    (&["update", "modify", "change"], "edit"),
    (&["view", "info", "get"], "show"),
    (&["complete", "finish", "close"], "done"),
    (&["fix", "close"], "resolve"),
    (&["log"], "list"),
    (&["open"], "reopen"),
];

/// Adds a suggestion to the error about an unknown command, if another tool has such a command.
pub(super) fn suggest(mut error: Error, root: &Command, given: &[OsString]) -> Error {
    if error.kind() != ErrorKind::InvalidSubcommand {
        return error;
    }
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidSubcommand) else {
        return error;
    };
    if let Some(command) = find(typed, root, given) {
        error.remove(ContextKind::SuggestedSubcommand);
        let tip = format!("run 'wsdb {command}'");
        error.insert(
            ContextKind::Suggested,
            ContextValue::StyledStrs(vec![tip.into()]),
        );
    }
    error
}

fn find(typed: &str, root: &Command, given: &[OsString]) -> Option<String> {
    let (mut noun, mut path) = (root, Vec::new());
    for word in given.iter().filter_map(|word| word.to_str()) {
        if let Some(found) = noun.find_subcommand(word) {
            path.push(found.get_name());
            noun = found;
        }
    }
    if path.is_empty() {
        let known = TOP_LEVEL.iter().find(|(words, _)| words.contains(&typed));
        return known.map(|(_, command)| (*command).to_owned());
    }
    let mut verbs = VERBS.iter().filter(|(words, _)| words.contains(&typed));
    let (_, verb) = verbs.find(|(_, verb)| noun.find_subcommand(verb).is_some())?;
    Some(format!("{} {verb}", path.join(" ")))
}

#[cfg(test)]
mod tests {
    use crate::command_line::parse::command;

    use super::*;

    #[test]
    fn every_suggested_command_exists() {
        for (words, suggestion) in TOP_LEVEL {
            let mut known = command();
            for word in suggestion
                .split(' ')
                .take_while(|word| word.starts_with(char::is_lowercase))
            {
                known = known.find_subcommand(word).expect(suggestion).clone();
            }
            for option in suggestion
                .split(' ')
                .filter_map(|word| word.strip_prefix("--"))
            {
                let has_option = known
                    .get_arguments()
                    .any(|arg| arg.get_long() == Some(option));
                assert!(has_option, "{suggestion}");
            }
            for word in *words {
                assert!(command().find_subcommand(word).is_none(), "{word} exists");
            }
        }
    }

    #[test]
    fn verbs_of_nouns_are_suggested() {
        let find = |typed: &str, given: &str| {
            let given: Vec<OsString> = given.split(' ').map(OsString::from).collect();
            find(typed, &command(), &given)
        };
        assert_eq!(
            find("update", "wsdb issue update 1").as_deref(),
            Some("issue edit")
        );
        assert_eq!(
            find("create", "wsdb create x").as_deref(),
            Some("task add TITLE")
        );
        assert_eq!(find("frob", "wsdb frob"), None);
        assert_eq!(find("frob", "wsdb task frob"), None);
    }
}
