//! Suggests commands to people who type those of other trackers.

mod nouns;
pub(super) mod template;
#[cfg(test)]
mod tests;
pub(super) mod typed_command;
mod verbs;

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};
use wsdb_app::shell_quote;

use self::nouns::{add_noun, group_without_noun, id_before_verb, noun_after_verb, replace_noun};
use self::template::{fill, has_option, is_similar, looks_like_id};
use self::typed_command::TypedCommand;
use self::verbs::{find, template_of};
use super::foreign_options::{Replacement, STATUSES, replace_option};
use super::hyphen_values::join_values;

/// Adds a suggestion to the error about an unknown command, if another tool has such a command.
/// Otherwise, commands that the help does not list are not suggested.
pub(super) fn suggest(mut error: Error, root: &Command, given: &[OsString]) -> Error {
    if let Some(command) = replace_argument(&error, root, given) {
        return with_tip(error, &command);
    }
    let words: Vec<&str> = given
        .iter()
        .skip(1)
        .filter_map(|word| word.to_str())
        .collect();
    if let Some(command) = join_values(&error, root, &words) {
        return with_tip(error, &command);
    }
    if error.kind() == ErrorKind::UnknownArgument {
        return match replace_option(&error, root, &words) {
            Some(Replacement::Command(command)) => with_tip(error, &command),
            Some(Replacement::Option(option)) => {
                error.remove(ContextKind::Suggested);
                error.insert(ContextKind::SuggestedArg, ContextValue::String(option));
                error
            }
            None => without_value_tip(without_unlike_option(error)),
        };
    }
    if error.kind() == ErrorKind::InvalidValue {
        return without_unlike_value(error);
    }
    if error.kind() != ErrorKind::InvalidSubcommand {
        return error;
    }
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidSubcommand) else {
        return error;
    };
    let typed = &typed.clone();
    let given: Vec<&str> = given.iter().filter_map(|word| word.to_str()).collect();
    let at = given
        .iter()
        .position(|word| word == typed)
        .unwrap_or(given.len());
    let TypedCommand { command, path, .. } =
        TypedCommand::find(root, given.get(1..at).unwrap_or_default());
    let noun = command;
    let rest = given.get(at + 1..).unwrap_or_default();
    let is_first = path.is_empty();
    let command = noun_after_verb(typed, root, &path, rest)
        .or_else(|| id_before_verb(typed, root, rest).filter(|_| is_first))
        .or_else(|| group_without_noun(typed, root, rest).filter(|_| is_first))
        .or_else(|| {
            let template = find(typed, noun, &path)?;
            let command = replace_status(&template, rest, root);
            Some(command.unwrap_or_else(|| fill(&template, rest, root)))
        })
        .or_else(|| add_noun(typed, root, rest).filter(|_| is_first))
        .or_else(|| replace_noun(typed, root, rest).filter(|_| is_first));
    if let Some(command) = command {
        return with_tip(error, &command);
    }
    let similar = similar_commands(typed, noun);
    if error.remove(ContextKind::SuggestedSubcommand).is_some() && similar.is_empty() {
        // A blank line.
        error.remove(ContextKind::Suggested);
    }
    if !similar.is_empty() {
        let similar = ContextValue::Strings(similar);
        error.insert(ContextKind::SuggestedSubcommand, similar);
    }
    error
}

/// Returns the names of the commands that a word is likely to be a typo or the beginning of: clap also
/// suggests those that only share letters with it, and those that the help does not list.
fn similar_commands(typed: &str, parent: &Command) -> Vec<String> {
    let listed = parent.get_subcommands().filter(|c| !c.is_hide_set());
    let similar = listed.filter(|command| {
        let names = command.get_visible_aliases().chain([command.get_name()]);
        names.into_iter().any(|name| is_similar(typed, name))
    });
    similar
        .map(|command| command.get_name().to_owned())
        .collect()
}

/// Removes the suggestion of an option that only shares letters with the one that was typed.
fn without_unlike_option(mut error: Error) -> Error {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.trim_start_matches('-')),
        _ => None,
    };
    let (typed, name) = (
        text(ContextKind::InvalidArg),
        text(ContextKind::SuggestedArg),
    );
    if let (Some(typed), Some(name)) = (typed, name)
        && !is_similar(typed, name)
    {
        error.remove(ContextKind::SuggestedArg);
        error.remove(ContextKind::Suggested);
    }
    error
}

/// Returns the command to use instead of a verb of other tools with an option for the status:
/// `task update 1 --status done`.
fn replace_status(template: &str, rest: &[&str], root: &Command) -> Option<String> {
    let is_status = |word: &&str| STATUSES.iter().any(|option| word.starts_with(option));
    rest.iter().find(|word| is_status(word))?;
    let is_verb = |word: &&str| word.bytes().all(|byte| byte.is_ascii_lowercase());
    let words: Vec<&str> = template.split(' ').take_while(is_verb).collect();
    let words = [&words, rest].concat();
    let args = std::iter::once("wsdb").chain(words.iter().copied());
    let error = root.clone().try_get_matches_from(args).err()?;
    if error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    match replace_option(&error, root, &words)? {
        Replacement::Command(command) => Some(command),
        Replacement::Option(_) => None,
    }
}

/// Removes the tip to pass an unknown option as a value, which nobody wants to do.
fn without_value_tip(mut error: Error) -> Error {
    let Some(ContextValue::StyledStrs(tips)) = error.get(ContextKind::Suggested) else {
        return error;
    };
    let is_other = |tip: &&StyledStr| !tip.to_string().starts_with("to pass '");
    let tips: Vec<StyledStr> = tips.iter().filter(is_other).cloned().collect();
    if tips.is_empty() {
        error.remove(ContextKind::Suggested);
    } else {
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
    }
    error
}

/// Removes the suggestion of a value that only shares letters with the one that was typed.
fn without_unlike_value(mut error: Error) -> Error {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let typed = text(ContextKind::InvalidValue);
    let suggested = text(ContextKind::SuggestedValue);
    if let (Some(typed), Some(suggested)) = (typed, suggested)
        && !is_similar(typed, suggested)
    {
        error.remove(ContextKind::SuggestedValue);
    }
    error
}

/// Replaces the suggestions of an error by a command.
fn with_tip(mut error: Error, command: &str) -> Error {
    error.remove(ContextKind::SuggestedSubcommand);
    error.remove(ContextKind::SuggestedArg);
    error.remove(ContextKind::TrailingArg);
    let tip = format!("try 'wsdb {command}'");
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
    let given: Vec<&str> = given
        .iter()
        .skip(1)
        .filter_map(|word| word.to_str())
        .collect();
    let TypedCommand {
        parent,
        command,
        path,
        rest,
    } = TypedCommand::find(root, &given);
    let mut rest = rest.into_iter().filter(|word| !word.starts_with('-'));
    let (first, second) = (rest.next()?, rest.next());
    let is_listing = ["show", "list", "ls", "log", "view"].contains(&first);
    match (path.as_slice(), second) {
        (["history"], Some(id)) if is_listing => Some(format!("history {}", shell_quote(id))),
        (["undo"], _) if is_listing => Some("undo --dry-run".to_owned()),
        (["undo"], _) if first == "last" => Some("undo --last 1".to_owned()),
        (["decision", "link"], Some(second)) if second == refused => {
            let template = template_of(command, "decision link");
            Some(fill(&template, &[first, second], root))
        }
        ([noun @ .., "list"], _)
            if looks_like_id(refused) && parent.find_subcommand("show").is_some() =>
        {
            Some(format!("{} show {}", noun.join(" "), shell_quote(refused)))
        }
        ([.., "list"], _) if !refused.is_empty() && has_option(command, "text") => {
            let list = path.join(" ");
            Some(format!("{list} --text {}", shell_quote(refused)))
        }
        _ => None,
    }
}
