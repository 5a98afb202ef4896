//! Reads the tokens of lock files in HCL and Elixir, which have much in common.

use super::syntax_error::SyntaxError;

/// Maximum depth of nested values; real files have 5 levels.
pub(super) const MAX_DEPTH: usize = 20;

/// A position in a text.
#[derive(Debug)]
pub(super) struct Scanner<'t> {
    text: &'t str,
    at: usize,
    /// What begins a comment, which extends to the end of the line.
    comments: &'static [&'static str],
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str, comments: &'static [&'static str]) -> Self {
        Scanner {
            text,
            at: 0,
            comments,
        }
    }

    /// Returns the text after blanks and comments.
    pub(super) fn rest(&mut self) -> &'t str {
        loop {
            let rest = &self.text[self.at..];
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            if !self.comments.iter().any(|mark| trimmed.starts_with(mark)) {
                return trimmed;
            }
            self.at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    /// Skips a token if it is next, and returns whether it was.
    pub(super) fn skip(&mut self, token: &str) -> bool {
        let is_next = self.rest().starts_with(token);
        if is_next {
            self.at += token.len();
        }
        is_next
    }

    /// Skips a token, which must be next.
    pub(super) fn expect(&mut self, token: &str) -> Result<(), SyntaxError> {
        if self.skip(token) {
            Ok(())
        } else {
            Err(self.error(format!("expected {token}")))
        }
    }

    /// Returns the letters, digits and underscores that are next, with these characters.
    pub(super) fn word(&mut self, more: &[char]) -> &'t str {
        let rest = self.rest();
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || more.contains(&c);
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// Returns the text between double quotes.
    pub(super) fn string(&mut self) -> Result<String, SyntaxError> {
        self.expect("\"")?;
        let start = self.at;
        let mut string = String::new();
        let mut characters = self.text[start..].char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    self.at = start + at + 1;
                    return Ok(string);
                }
                '\n' => break,
                '\\' => match characters.next() {
                    Some((_, 'n')) => string.push('\n'),
                    Some((_, 'r')) => string.push('\r'),
                    Some((_, 't')) => string.push('\t'),
                    Some((_, other @ ('"' | '\\'))) => string.push(other),
                    _ => {
                        self.at = start + at;
                        return Err(self.error("unknown escape"));
                    }
                },
                // Neither lock file has any.
                '$' | '#' | '%' if self.text[start + at + 1..].starts_with('{') => {
                    self.at = start + at;
                    return Err(self.error("interpolation is not supported"));
                }
                other => string.push(other),
            }
        }
        Err(self.error("expected \" at the end of the string"))
    }

    pub(super) fn error(&self, reason: impl Into<String>) -> SyntaxError {
        SyntaxError::at(self.text, self.at, reason)
    }
}
