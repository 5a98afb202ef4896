//! The error of reading JSON.

use std::borrow::Cow;
use std::fmt;

/// A text is not valid JSON, or is JSON of another type than expected.
///
/// Has the same messages and positions as errors of `serde_json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    pub(super) message: Cow<'static, str>,
    pub(super) position: Option<(usize, usize)>,
    pub(super) duplicate_key: Option<String>,
}

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
            duplicate_key: None,
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

    /// Returns the key if the error is a duplicate key.
    pub fn duplicate_key(&self) -> Option<&str> {
        self.duplicate_key.as_deref()
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
            duplicate_key: None,
        }
    }
}
