//! Syntax errors of configuration files.

use wsdb_core::JsonError;

use crate::json;

/// A syntax error, with its line and column from 1.
#[derive(Debug)]
pub(crate) struct SyntaxError {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) reason: String,
}

impl SyntaxError {
    /// Creates an error at an offset in bytes.
    pub(super) fn at(text: &str, offset: usize, reason: impl Into<String>) -> Self {
        let before = text.get(..offset).unwrap_or_default();
        SyntaxError {
            line: before.matches('\n').count() + 1,
            column: before.chars().rev().take_while(|c| *c != '\n').count() + 1,
            reason: reason.into(),
        }
    }

    pub(super) fn in_line(line: usize, reason: impl Into<String>) -> Self {
        SyntaxError {
            line,
            column: 1,
            reason: reason.into(),
        }
    }

    pub(super) fn from_json(error: &JsonError) -> Self {
        let (line, column) = error.position().unwrap_or((1, 1));
        SyntaxError {
            line,
            // At the end of a line, the parser counts no column.
            column: column.max(1),
            reason: json::syntax_reason(error),
        }
    }

    pub(super) fn is_after(&self, other: &SyntaxError) -> bool {
        (self.line, self.column) > (other.line, other.column)
    }
}
