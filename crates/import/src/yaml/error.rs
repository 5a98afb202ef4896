//! Syntax errors of YAML.

use saphyr_parser::Span;

/// A syntax error and its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct YamlError {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) reason: String,
}

impl YamlError {
    pub(super) fn at(span: &Span, reason: impl Into<String>) -> Self {
        YamlError {
            line: span.start.line(),
            column: span.start.col() + 1,
            reason: reason.into(),
        }
    }

    /// Whether the error is the indentation of a line of a list or mapping in brackets. In blocks, less
    /// indentation ends the block.
    pub(super) fn is_in_brackets(&self) -> bool {
        [
            "invalid indentation",
            "invalid indentation in flow construct",
        ]
        .contains(&self.reason.as_str())
    }
}
