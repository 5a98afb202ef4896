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

    /// Returns a message for people, without the position.
    pub fn reason(&self) -> String {
        match &self.kind {
            JsonErrorKind::DuplicateKey(key) => format!("duplicate key {key:?}"),
            JsonErrorKind::UnexpectedEnd => "unexpected end of the JSON".to_owned(),
            JsonErrorKind::TooDeep => "lists and objects are nested too deeply".to_owned(),
            JsonErrorKind::Other => match &*self.message {
                "expected value" => {
                    "expected a value, such as a string in double quotes".to_owned()
                }
                "key must be a string" => "expected a key in double quotes".to_owned(),
                "trailing comma" => "unexpected comma after the last entry".to_owned(),
                "trailing characters" => "unexpected text after the end of the JSON".to_owned(),
                message if message.starts_with("control character") => {
                    r"a string contains a control character; write it as an escape such as \n or \t"
                        .to_owned()
                }
                "lone leading surrogate in hex escape" | "unexpected end of hex escape" => {
                    r"a \u escape is one half of a surrogate pair without the other".to_owned()
                }
                message => message.replace('`', "'"),
            },
        }
    }

    /// Returns the line and the column for people, both counted from 1.
    pub fn line_and_column(&self) -> Option<(usize, usize)> {
        // At the end of a line, the parser counts no column.
        let (line, column) = self.position?;
        Some((line, column.max(1)))
    }

    /// Returns a message for people, with the position.
    pub fn reason_with_position(&self) -> String {
        let reason = self.reason();
        match self.line_and_column() {
            Some((line, column)) => format!("line {line}, column {column}: {reason}"),
            None => reason,
        }
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
