//! Values of options: names, words of vocabularies, texts and JSON.

use std::ffi::OsStr;
use std::io::Read;

use clap::ValueEnum;
use clap::builder::{PossibleValue, TypedValueParser};
use wsdb_core::{Vocabulary, Word};

use crate::error::Usage;

/// A name: one that is empty names nothing.
pub(crate) fn name(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("a name is not empty".to_owned()),
        _ => Ok(text.to_owned()),
    }
}

/// A path in a repo: one that leaves it is refused.
pub(crate) fn path_in_repo(text: &str) -> Result<String, String> {
    match wsdb_core::normal_path(text).split('/').next() {
        Some("..") => Err("the path leaves the repo".to_owned()),
        _ => name(text),
    }
}

/// Reads a word of a closed vocabulary, also by its aliases; help and completions show the words.
pub(crate) fn known<V: Vocabulary + Send + Sync>() -> Words<V> {
    Words {
        words: V::WORDS,
        read: |text| text.parse::<V>().map_err(|error| error.to_string()),
    }
}

/// Reads a word of an open vocabulary; completions offer those that are usual.
pub(crate) fn suggested(words: &'static [&'static str]) -> Words<Word> {
    Words {
        words,
        read: |text| text.parse::<Word>().map_err(|error| error.to_string()),
    }
}

/// Usual types of issues.
pub(crate) const ISSUE_TYPES: &[&str] = &[
    "code_creep",
    "governance",
    "task_tracking",
    "missing_component",
];

/// Usual states of an architecture state of the older shape.
pub(crate) const STATE_STATUS: &[&str] = &["draft", "active", "reached", "dropped"];

/// Usual types of activities.
pub(crate) const ACTIVITY_TYPES: &[&str] = &["note", "implementation", "analysis", "documentation"];

/// Usual ways to find drift.
pub(crate) const DRIFT_DETECTED_BY: &[&str] = &["manual", "drift-scan", "ci_cd"];

/// Usual ways to find an issue.
pub(crate) const DETECTED_BY: &[&str] = &["manual-review", "drift-scan"];

/// See [`known`] and [`suggested`].
#[derive(Debug, Clone)]
pub(crate) struct Words<V> {
    words: &'static [&'static str],
    read: fn(&str) -> Result<V, String>,
}

impl<V: Clone + Send + Sync + 'static> TypedValueParser for Words<V> {
    type Value = V;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<V, clap::Error> {
        TypedValueParser::parse_ref(&self.read, command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.words.iter().map(PossibleValue::new)))
    }
}

/// Whether an edit says something, and nothing twice: fields that are given a value, and fields
/// that are emptied.
pub(crate) fn check_edit<F: ValueEnum + Copy>(
    gives: bool,
    clears: &[F],
    is_given: impl Fn(F) -> bool,
) -> Result<(), Usage> {
    if !gives && clears.is_empty() {
        let nothing = "nothing to change: name a field with its new value, or --clear FIELD";
        return Err(Usage(nothing.to_owned()));
    }
    let both: Vec<String> = clears
        .iter()
        .filter(|field| is_given(**field))
        .filter_map(|field| Some(field.to_possible_value()?.get_name().to_owned()))
        .collect();
    match both.is_empty() {
        true => Ok(()),
        false => Err(Usage(format!(
            "{} can't be given a value and be cleared at once",
            both.join(", ")
        ))),
    }
}

/// The words of a text filter.
pub(crate) fn words(text: &[String]) -> Vec<String> {
    text.iter()
        .flat_map(|text| text.split_whitespace())
        .map(str::to_owned)
        .collect()
}

/// A text from the command line; `-` reads stdin.
pub(crate) fn text_or_stdin(text: Option<String>) -> anyhow::Result<Option<String>> {
    if text.as_deref() != Some("-") {
        return Ok(text);
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|error| Usage(format!("stdin can't be read: {error}")))?;
    let text = String::from_utf8(bytes)
        .map_err(|error| Usage(format!("stdin is no UTF-8 text: {}", error.utf8_error())))?;
    Ok(Some(text.trim_end().to_owned()))
}

/// JSON from the command line: as it stands, from the file that is named, or from stdin with `-`.
pub(crate) fn json_or_file(given: &str) -> anyhow::Result<serde_json::Value> {
    let (place, text) = match given.trim_start().chars().next() {
        Some('{' | '[' | '"') => ("the JSON".to_owned(), given.to_owned()),
        _ if given == "-" => {
            let text = text_or_stdin(Some(given.to_owned()))?.unwrap_or_default();
            ("stdin".to_owned(), text)
        }
        _ => match std::fs::read_to_string(given) {
            Ok(text) => (given.to_owned(), text),
            Err(error) => {
                let wrong = format!("{given} is no JSON, and as a file it can't be read: {error}");
                return Err(Usage(wrong).into());
            }
        },
    };
    let read = serde_json::from_str(&text);
    Ok(read.map_err(|error| Usage(format!("{place} can't be read: {error}")))?)
}
