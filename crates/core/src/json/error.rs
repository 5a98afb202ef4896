//! The error of reading JSON.

use std::borrow::Cow;
use std::fmt;

/// A text is not valid JSON, or is JSON of another type than expected.
///
/// Errors in the text have the same messages and positions as those of `serde_json`; errors about
/// the type of a value have messages of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    pub(super) message: Cow<'static, str>,
    pub(super) position: Option<(usize, usize)>,
    pub(super) kind: JsonErrorKind,
}

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonErrorKind {
    /// The text ends within a value.
    UnexpectedEnd,
    /// Arrays and objects are nested too deeply.
    TooDeep,
    /// An object has this key twice.
    DuplicateKey(String),
    /// Anything else, which only the message describes.
    Other,
}

/// The message for a text that ends where a value is expected or incomplete.
pub(super) const EOF_IN_VALUE: &str = "EOF while parsing a value";

impl JsonError {
    /// Creates an error at the byte `index` of a text.
    pub(super) fn at(text: &[u8], index: usize, message: impl Into<Cow<'static, str>>) -> Self {
        let before = &text[..index.min(text.len())];
        let line_start = before.iter().rposition(|byte| *byte == b'\n');
        let line_start = line_start.map_or(0, |at| at + 1);
        let lines = before.iter().filter(|byte| **byte == b'\n').count();
        JsonError {
            message: message.into(),
            position: Some((lines + 1, before.len() - line_start)),
            kind: JsonErrorKind::Other,
        }
    }

    /// Creates an error at the end of a text that ends too early.
    pub(super) fn at_end(text: &[u8], message: &'static str) -> Self {
        JsonError {
            kind: JsonErrorKind::UnexpectedEnd,
            ..JsonError::at(text, text.len(), message)
        }
    }

    /// Returns the message without the position.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the line, counted from 1, and the column in bytes, 0 at the start of the line; `None`
    /// if the value was not read from a text.
    pub fn position(&self) -> Option<(usize, usize)> {
        self.position
    }

    /// Returns what is wrong.
    pub fn kind(&self) -> &JsonErrorKind {
        &self.kind
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match self.position {
            Some((line, column)) => write!(f, " at line {line} column {column}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for JsonError {}

/// Drops the position, which is useless for a text that was serialized from a value.
impl From<serde_json::Error> for JsonError {
    fn from(error: serde_json::Error) -> Self {
        let text = error.to_string();
        let message = text
            .rsplit_once(" at line ")
            .map_or(&*text, |(message, _)| message);
        JsonError {
            message: message.to_owned().into(),
            position: None,
            kind: JsonErrorKind::Other,
        }
    }
}
