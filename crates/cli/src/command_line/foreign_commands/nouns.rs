//! Commands with the kind of record at another place, with another name, or left out.

use clap::Command;
use wsdb_app::shell_quote;

use super::template::{fill, is_valid, looks_like_id, usage};
use super::verbs::{NOUNS, find, template_of};

/// Returns the intended command if the kind of record follows the verb, as in `show task 1`.
pub(super) fn noun_after_verb(
    typed: &str,
    root: &Command,
    path: &[&str],
    rest: &[&str],
) -> Option<String> {
    let (noun, rest) = rest.split_first().filter(|_| path.is_empty())?;
    let singular = noun.strip_suffix('s').unwrap_or(noun);
    let noun = root.find_subcommand(singular)?;
    let name = noun.get_name();
    let is_listing = ["show", "view", "get", "list", "ls"].contains(&typed);
    let after = rest.first().filter(|_| is_listing);
    if let Some(command) = after.and_then(|word| noun.find_subcommand(word)) {
        // Such as `show session log`.
        let template = usage(command, &format!("{name} {}", command.get_name()));
        return Some(fill(&template, &rest[1..], root));
    }
    match noun.find_subcommand(typed) {
        Some(verb) if rest.is_empty() => Some(usage(verb, &format!("{name} {}", verb.get_name()))),
        Some(verb) => {
            let path = [name, verb.get_name()];
            let words: Vec<String> = path.iter().chain(rest).map(|w| (*w).to_owned()).collect();
            if !is_valid(root, &words) {
                return Some(fill(&template_of(verb, &path.join(" ")), rest, root));
            }
            let words = words.iter().map(|word| shell_quote(word));
            Some(words.collect::<Vec<_>>().join(" "))
        }
        None => find(typed, noun, &[name]).map(|template| fill(&template, rest, root)),
    }
}

/// Returns the intended command if the ID of a task precedes the verb, as in `1 done` of taskwarrior.
pub(super) fn id_before_verb(typed: &str, root: &Command, rest: &[&str]) -> Option<String> {
    let (verb, rest) = rest.split_first().filter(|_| looks_like_id(typed))?;
    let template = match root.find_subcommand("task")?.find_subcommand(verb) {
        Some(command) => usage(command, &format!("task {}", command.get_name())),
        None => find(verb, root, &[])?,
    };
    Some(fill(&template, &[&[typed], rest].concat(), root))
}

/// Returns the command with our name for the kind of record, as in `bug add X`.
pub(super) fn replace_noun(typed: &str, root: &Command, rest: &[&str]) -> Option<String> {
    let (_, noun) = NOUNS.iter().find(|(words, _)| words.contains(&typed))?;
    match rest.split_first() {
        Some((verb, rest)) => noun_after_verb(verb, root, &[], &[&[*noun], rest].concat()),
        None => Some(format!("{noun} list")),
    }
}

/// Returns the intended command if the kind of record before a group of commands is missing, as in
/// `dep add 1 2`.
pub(super) fn group_without_noun(typed: &str, root: &Command, rest: &[&str]) -> Option<String> {
    let (_, group) = find_only_owner(typed, root)?;
    group.find_subcommand(rest.first()?)?;
    add_noun(typed, root, rest)
}

/// Adds the kind of record to a command that only one kind has, as in `supersede 1 --by 4`.
pub(super) fn add_noun(typed: &str, root: &Command, rest: &[&str]) -> Option<String> {
    let (noun, command) = find_only_owner(typed, root)?;
    if rest.is_empty() && !command.has_subcommands() {
        let path = format!("{} {}", noun.get_name(), command.get_name());
        return Some(usage(command, &path));
    }
    let words = [noun.get_name(), command.get_name()].map(str::to_owned);
    let is_complete = match rest.first() {
        Some(word) => !command.has_subcommands() || command.find_subcommand(word).is_some(),
        None => false,
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
