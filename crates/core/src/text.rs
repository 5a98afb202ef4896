//! Free text within limits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Json, JsonKind};

/// Returns the name of a value's JSON type for messages, such as `a string` or `a list`.
pub fn json_kind(value: &Json) -> &'static str {
    let kind = match value {
        Json::Null => JsonKind::Null,
        Json::Bool(_) => JsonKind::Bool,
        Json::Number(_) => JsonKind::Number,
        Json::String(_) => JsonKind::String,
        Json::Array(_) => JsonKind::Array,
        Json::Object(_) => JsonKind::Object,
    };
    kind.text()
}

/// Returns the message for a value of an unexpected type, such as `expected a list, found null`.
pub fn type_mismatch(expected: &str, found: &Json) -> String {
    format!("expected {expected}, found {}", json_kind(found))
}

/// A value of an open-ended vocabulary, such as an issue's or an activity's type.
///
/// One line of 1 to 100 characters without surrounding whitespace.
///
/// ```
/// use wsdb_core::Label;
/// assert_eq!("code_creep".parse::<Label>()?.as_str(), "code_creep");
/// assert!("".parse::<Label>().is_err());
/// # Ok::<(), wsdb_core::LabelError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Label(String);

/// A text that is not a valid [`Label`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected one line of 1 to 100 characters without surrounding whitespace, found {0:?}")]
pub struct LabelError(String);

impl Label {
    /// Creates a label from a text.
    ///
    /// # Errors
    /// Returns [`LabelError`] if the text is empty, too long, padded, or contains control
    /// characters.
    pub fn new(text: impl Into<String>) -> Result<Self, LabelError> {
        let text = text.into();
        let is_valid = (1..=100).contains(&text.chars().count())
            && text.trim() == text
            && !text.chars().any(char::is_control);
        if is_valid {
            Ok(Self(text))
        } else {
            Err(LabelError(text.chars().take(120).collect()))
        }
    }

    /// Returns the word as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Label {
    type Err = LabelError;
    fn from_str(text: &str) -> Result<Self, LabelError> {
        Self::new(text)
    }
}

impl TryFrom<String> for Label {
    type Error = LabelError;
    fn try_from(text: String) -> Result<Self, LabelError> {
        Self::new(text)
    }
}

impl From<Label> for String {
    fn from(word: Label) -> String {
        word.0
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Escapes control characters, so that a text cannot move the cursor, change colors or reverse the
/// direction of writing in a terminal.
///
/// ```
/// assert_eq!(wsdb_core::escape_control_chars("a\u{1b}[2J\nb"), "a\\u{1b}[2J⏎b");
/// ```
pub fn escape_control_chars(text: &str) -> String {
    if !text.contains(is_control_or_bidi) {
        return text.to_owned();
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\n' => escaped.push('⏎'),
            '\t' => escaped.push('→'),
            c if is_control_or_bidi(c) => escaped.push_str(&c.escape_unicode().to_string()),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Whether a character can move the cursor or change the direction of writing.
pub fn is_control_or_bidi(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}
