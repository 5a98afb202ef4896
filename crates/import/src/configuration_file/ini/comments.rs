//! Comments that begin within a line of an INI file.

use std::path::Path;

/// Where comments begin within a line, besides those in Git's own files.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct InlineComments {
    /// The characters that begin a comment, unless they are in a quoted value.
    starts: &'static [char],
    /// Whether only a character after whitespace begins one.
    needs_space: bool,
}

impl InlineComments {
    pub(super) fn of(file: &Path) -> Self {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let name = name.to_lowercase();
        let (starts, needs_space): (&[char], bool) = match name.as_str() {
            ".npmrc" | "npmrc" => (&['#', ';'], false),
            name if is_mysql(name) => (&['#'], false),
            name if is_php(name) => (&[';'], false),
            "supervisord.conf" => (&['#', ';'], true),
            _ => (&[], false),
        };
        InlineComments {
            starts,
            needs_space,
        }
    }

    /// Returns a line or a value without its comment. Characters in quotes, or after a backslash, do not
    /// begin one.
    pub(super) fn strip(self, text: &str) -> &str {
        let mut quote = None;
        let mut before = ' ';
        for (at, letter) in text.char_indices() {
            let is_escaped = before == '\\';
            match quote {
                Some(open) if letter == open && !is_escaped => quote = None,
                Some(_) => {}
                None if matches!(letter, '"' | '\'') && text[..at].trim().is_empty() => {
                    quote = Some(letter);
                }
                None if self.starts.contains(&letter)
                    && !is_escaped
                    && (before.is_whitespace() || !self.needs_space) =>
                {
                    return text[..at].trim_end();
                }
                None => {}
            }
            before = if is_escaped { ' ' } else { letter };
        }
        text
    }
}

/// Whether a file in lowercase is an option file of MySQL or MariaDB. OpenSSL has such names too, and
/// other rules.
pub(super) fn is_mysql(name: &str) -> bool {
    name.ends_with(".cnf") && !name.contains("ssl")
}

pub(super) fn is_php(name: &str) -> bool {
    name == "php.ini" || name.starts_with("php.ini-") || name == ".user.ini"
}
