//! Parsers for option values: names, vocabularies, numbers, durations, texts and JSON.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{ErrorKind, Read};
use std::path::{Component, Path};
use std::str::FromStr;
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use wsdb_core::{Label, Lifecycle, OPEN, StatusChoice, Vocabulary, format_read_error};

use crate::error::{UsageError, unreadable};

/// Parses a name; an empty one is an error.
pub(crate) fn name(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("must not be empty".to_owned()),
        _ => Ok(text.to_owned()),
    }
}

/// Parses the name of a person or agent, which is printed within lines.
pub(crate) fn person_name(text: &str) -> Result<String, String> {
    if text.chars().any(char::is_control) {
        return Err("must not contain a line break or another control character".to_owned());
    }
    name(text)
}

thread_local! {
    /// The repos that paths on the command line lead to; `None` until the workspace is known.
    static REPO_PATHS: RefCell<Option<BTreeMap<String, String>>> = const { RefCell::new(None) };
}

/// Sets the repos that paths on the command line lead to. From now on, [`repo_name`] refuses all other
/// paths.
pub(crate) fn set_repo_paths(repos: BTreeMap<String, String>) {
    REPO_PATHS.set(Some(repos));
}

/// Returns whether a text is a path that cannot be the name of a repo.
pub(crate) fn is_path(text: &str) -> bool {
    let is_inside = |part| matches!(part, Component::Normal(_));
    !Path::new(text).components().all(is_inside)
}

/// Parses the name of a repo, or the path of its folder; `core/`, as a shell completes it, is `core`.
pub(crate) fn repo_name(text: &str) -> Result<String, String> {
    let text = trim_folder(text);
    let repo = REPO_PATHS.with_borrow(|repos| {
        let repos = repos.as_ref()?;
        Some(repos.get(text).cloned())
    });
    match repo {
        Some(Some(repo)) => Ok(repo),
        None if is_path(text) => Ok(text.to_owned()),
        Some(None) if is_path(text) => {
            Err("expected the name of a repo, or the path of a known repo's folder".to_owned())
        }
        _ => new_repo_name(text),
    }
}

/// Parses the name of a repo in records, as it is or as the path of its folder in the workspace.
pub(crate) fn old_repo_name(text: &str) -> Result<String, String> {
    name(trim_folder(text))
}

/// Parses the new name of a repo.
pub(crate) fn new_repo_name(text: &str) -> Result<String, String> {
    let text = trim_folder(text);
    if text.contains(',') || text.chars().any(char::is_control) {
        return Err("must not contain a comma or a line break".to_owned());
    }
    if is_path(text) {
        return Err("expected the name of a repo, not a path".to_owned());
    }
    name(text)
}

/// Removes what a shell adds when it completes the name of a folder.
fn trim_folder(text: &str) -> &str {
    let text = text.trim();
    let inside = text.strip_prefix("./").unwrap_or(text);
    match inside.trim_end_matches('/') {
        "" if text.starts_with('.') => ".",
        "" if !inside.is_empty() => "/",
        inside => inside,
    }
}

/// Parses a path in a repo; a path outside of the repo is an error. A path that begins with `..` may
/// lead from the current folder to the repo if it exists.
pub(crate) fn path_in_repo(text: &str) -> Result<String, String> {
    match wsdb_core::normalize_file_path(text).split('/').next() {
        Some("..") if !Path::new(text).exists() => Err("the path is outside the repo".to_owned()),
        _ => name(text),
    }
}

/// Parses a whole number.
pub(crate) fn number<N: FromStr>(text: &str) -> Result<N, String> {
    text.parse().map_err(|_| {
        // A search escapes words that begin with a hyphen by a blank.
        let text = text.trim_start();
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let reason = if !is_number {
            "not a number"
        } else if text.starts_with('-') {
            "must not be negative"
        } else {
            "too large"
        };
        reason.to_owned()
    })
}

/// Returns a parser of numbers that are at least `min`.
pub(crate) fn number_from(
    min: u64,
) -> impl Fn(&str) -> Result<u64, String> + Clone + Send + Sync + 'static {
    move |text| match number(text)? {
        number if number >= min => Ok(number),
        _ => Err(format!("must be at least {min}")),
    }
}

/// Parses a duration such as `30min`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text).map_err(|_| "expected a duration such as 30min".to_owned())
}

/// Parses a time to wait for other writers. SQLite counts it in milliseconds of 31 bits.
pub(crate) fn busy_timeout(text: &str) -> Result<Duration, String> {
    const MAX: Duration = Duration::from_secs(24 * 24 * 60 * 60);
    match duration(text)? {
        timeout if timeout <= MAX => Ok(timeout),
        _ => Err("the maximum is 24d".to_owned()),
    }
}

/// Parses a value of a closed vocabulary, or an alias of one; help and completions list the values.
pub(crate) fn vocabulary_parser<V: Vocabulary + Send + Sync>() -> VocabularyParser<V> {
    VocabularyParser {
        words: V::NAMES.to_vec(),
        read: |text| {
            let parsed = text.parse::<V>();
            parsed.map_err(|error| format!("expected one of: {}", error.known.join(", ")))
        },
    }
}

/// Parses a value of an open vocabulary; completions suggest the usual values.
pub(crate) fn label_parser(words: &'static [&'static str]) -> VocabularyParser<Label> {
    VocabularyParser {
        words: words.to_vec(),
        read: |text| text.parse::<Label>().map_err(|error| error.to_string()),
    }
}

/// Usual types of issues.
pub(crate) const ISSUE_TYPES: &[&str] = &[
    "code_creep",
    "governance",
    "task_tracking",
    "missing_component",
];

/// Usual statuses of an architecture state in the older document format.
pub(crate) const STATE_STATUS: &[&str] = &["draft", "active", "reached", "dropped"];

/// Usual types of activities.
pub(crate) const ACTIVITY_TYPES: &[&str] = &["note", "implementation", "analysis", "documentation"];

/// Usual ways to find drift.
pub(crate) const DRIFT_DETECTED_BY: &[&str] = &["manual", "drift-scan", "ci_cd"];

/// Usual ways to find an issue.
pub(crate) const DETECTED_BY: &[&str] = &["manual-review", "drift-scan"];

/// Parses a status to filter by, or `open` for every open status; help and completions list them.
pub(crate) fn status_parser<V>() -> VocabularyParser<StatusChoice<V>>
where
    V: Lifecycle + Send + Sync,
{
    VocabularyParser {
        words: words_with_open::<V>(),
        read: |text| {
            let parsed = text.parse::<StatusChoice<V>>();
            let words = words_with_open::<V>().join(", ");
            parsed.map_err(|_| format!("expected one of: {words}"))
        },
    }
}

/// Returns the statuses to filter by, as people write them.
fn words_with_open<V: Vocabulary>() -> Vec<&'static str> {
    let mut words = V::NAMES.to_vec();
    if !words.contains(&OPEN) {
        words.insert(0, OPEN);
    }
    words
}

/// Value parser returned by [`vocabulary_parser`], [`status_parser`] and [`label_parser`].
#[derive(Debug, Clone)]
pub(crate) struct VocabularyParser<V> {
    words: Vec<&'static str>,
    read: fn(&str) -> Result<V, String>,
}

impl<V: Clone + Send + Sync + 'static> TypedValueParser for VocabularyParser<V> {
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
        Some(Box::new(self.words.iter().copied().map(PossibleValue::new)))
    }
}

/// Parses the name of a sort order; help and completions list the names.
pub(crate) fn sort_parser<S: Copy + Send + Sync + 'static>(
    orders: &'static [(&'static str, S)],
) -> impl TypedValueParser<Value = S> {
    let names = PossibleValuesParser::new(orders.iter().map(|(name, _)| *name));
    names.try_map(|word| {
        let order = orders.iter().find(|(name, _)| *name == word);
        order.map(|(_, order)| *order).ok_or("unknown sort order")
    })
}

/// Splits the values of a text filter into words.
pub(crate) fn split_words(text: &[String]) -> Vec<String> {
    text.iter()
        .flat_map(|text| text.split_whitespace())
        .map(str::to_owned)
        .collect()
}

/// Returns a text argument; `-` reads stdin.
pub(crate) fn text_or_stdin(text: Option<String>) -> anyhow::Result<Option<String>> {
    if text.as_deref() != Some("-") {
        return Ok(text);
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(Path::new("stdin"), format_read_error(&error)))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let byte = error.as_bytes()[error.utf8_error().valid_up_to()];
        let reason = format!("not valid UTF-8: invalid byte 0x{byte:02X}");
        unreadable(Path::new("stdin"), reason)
    })?;
    Ok(Some(text.trim_end().to_owned()))
}

/// Reads JSON given inline, as the name of a file, or as `-` for stdin.
pub(crate) fn json_or_file(given: &str) -> anyhow::Result<wsdb_core::Json> {
    if given.trim_start().starts_with(['{', '[', '"']) {
        let read = given.parse();
        return Ok(read.map_err(|error: wsdb_core::JsonError| {
            UsageError(format!(
                "cannot parse the JSON: {}",
                error.reason_with_position()
            ))
        })?);
    }
    let (source, text) = if given == "-" {
        let text = text_or_stdin(Some(given.to_owned()))?.unwrap_or_default();
        (Path::new("stdin"), text)
    } else {
        let file = Path::new(given);
        let text = std::fs::read_to_string(file);
        let text = text.map_err(|error| {
            let reason = match error.kind() {
                ErrorKind::NotFound => "neither JSON nor the path of a file".to_owned(),
                _ => format_read_error(&error),
            };
            unreadable(file, reason)
        })?;
        (file, text)
    };
    let read = text.parse();
    Ok(read.map_err(|error: wsdb_core::JsonError| {
        unreadable(
            source,
            format!("not valid JSON: {}", error.reason_with_position()),
        )
    })?)
}
