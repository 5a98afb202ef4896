//! Templates of commands, such as `task edit ID --assign NAME`, filled with what was typed.

use clap::error::{ContextKind, ContextValue};
use clap::{Arg, Command};
use wsdb_app::shell_quote;

/// Placeholders for a text, which may be several words without quotes.
const TEXTS: [&str; 6] = ["TITLE", "TEXT", "DESCRIPTION", "DECISION", "GOAL", "QUERY"];

/// Returns the template of a command with what it requires. `path` is the command without `wsdb`.
pub(crate) fn usage(command: &Command, path: &str) -> String {
    let mut words = vec![path.to_owned()];
    let required = |arg: &&Arg| arg.is_required_set();
    words.extend(command.get_positionals().filter(required).map(placeholder));
    for option in command.get_opts().filter(required) {
        words.extend(option.get_long().map(|name| format!("--{name}")));
        words.push(placeholder(option));
    }
    words.join(" ")
}

/// Returns the placeholder for the value of an argument.
fn placeholder(arg: &Arg) -> String {
    let name = arg.get_value_names().and_then(|names| names.first());
    let name = name.map_or_else(|| arg.get_id().as_str(), |name| name.as_str());
    // Such as `FILE|-`.
    let name = name.split('|').next().unwrap_or_default();
    name.to_uppercase()
}

/// Fills a template with what was typed after the verb. What does not fit is left out, so that the result
/// is a valid command, apart from its placeholders.
pub(crate) fn fill(template: &str, typed: &[&str], root: &Command) -> String {
    let is_value = |word: &&&str| !word.starts_with('-');
    let (values, options) = typed.split_at(typed.iter().take_while(is_value).count());
    let mut candidates = Vec::new();
    if !options.is_empty() {
        // The options of the template are replaced by those that were typed.
        let plain = template.split(" --").next().unwrap_or(template);
        let (words, left) = fill_values(plain, values);
        candidates.push([words, left, to_strings(options)].concat());
    }
    let (words, left) = fill_values(template, values);
    if left.iter().all(|word| looks_like_id(word)) {
        candidates.push([words.clone(), left].concat());
    }
    candidates.push(words);
    let first_id = values.iter().take(1).filter(|word| looks_like_id(word));
    let first_id: Vec<&str> = first_id.copied().collect();
    candidates.push(fill_values(template, &first_id).0);
    let mut valid = candidates.into_iter().filter(|words| is_valid(root, words));
    let words = valid.next().unwrap_or_else(|| fill_values(template, &[]).0);
    let words = words.iter().map(|word| shell_quote(word));
    words.collect::<Vec<_>>().join(" ")
}

/// Replaces the placeholders of a template by values, and returns its words and the remaining values.
fn fill_values(template: &str, values: &[&str]) -> (Vec<String>, Vec<String>) {
    let mut left = to_strings(values);
    let has_word = |expected: &str| template.split(' ').any(|word| word == expected);
    let is_comment = has_word("TEXT") && !has_word("ID");
    if is_comment
        && left
            .first()
            .is_some_and(|first| ["add", "new", "create"].contains(&first.as_str()))
    {
        // The verb of a command such as `note add TEXT`.
        left.remove(0);
    }
    if is_comment && left.first().is_some_and(|first| looks_like_id(first)) {
        // The record that the comment is about.
        left.remove(0);
    }
    let mut words = Vec::new();
    for word in template.split(' ') {
        let is_typed = match left.first() {
            Some(value) if word == "ID" => looks_like_id(value),
            first => is_placeholder(word) && first.is_some(),
        };
        words.push(if !is_typed {
            word.to_owned()
        } else if TEXTS.contains(&word) {
            std::mem::take(&mut left).join(" ")
        } else {
            left.remove(0)
        });
    }
    (words, left)
}

fn to_strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

pub(super) fn has_option(command: &Command, name: &str) -> bool {
    let mut options = command.get_opts();
    options.any(|option| option.get_long() == Some(name))
}

/// Returns whether a word of a template stands for a value.
fn is_placeholder(word: &str) -> bool {
    word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Returns whether a word is likely to be an ID: nearly all of them contain a digit.
pub(crate) fn looks_like_id(word: &str) -> bool {
    !word.starts_with('-')
        && !word.contains(char::is_whitespace)
        && word.contains(|c: char| c.is_ascii_digit())
}

/// Returns whether a word is likely to be a typo or the beginning of a name, or begins with it.
pub(crate) fn is_similar(typed: &str, name: &str) -> bool {
    let max_distance = (typed.chars().count() / 4).max(1);
    let is_prefix = |short: &str, long: &str| short.len() > 2 && long.starts_with(short);
    strsim::osa_distance(typed, name) <= max_distance
        || is_prefix(typed, name)
        || is_prefix(name, typed)
}

/// Returns whether a command line without `wsdb` is valid, apart from its placeholders.
pub(crate) fn is_valid(root: &Command, words: &[String]) -> bool {
    let args = std::iter::once("wsdb").chain(words.iter().map(String::as_str));
    match root.clone().try_get_matches_from(args) {
        Ok(_) => true,
        Err(error) if !error.use_stderr() => true,
        Err(error) => match error.get(ContextKind::InvalidValue) {
            Some(ContextValue::String(value)) => is_placeholder(value),
            _ => false,
        },
    }
}
