//! Reads INI files: sections of `key = value` lines.
//!
//! Programs disagree about the details, so some depend on the name of the file. Values are never
//! interpreted, except in Git's own files, whose quotes, escapes, comments and names are those of
//! `git config`.

mod comments;
#[cfg(test)]
mod tests;

use std::path::Path;

use wsdb_core::{Json, JsonObject};

use super::fields::add_value;
use super::format::{is_git_config, is_systemd_unit};
use super::syntax_error::SyntaxError;
use comments::{InlineComments, is_mysql, is_php};

/// Which rules a file follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    /// As Python reads it: `=` or `:`, and a line that is indented more than its key continues the
    /// value.
    Python,
    /// Only `=`, and indentation has no meaning: `.npmrc`, `.editorconfig`, `my.cnf` and `php.ini`.
    Plain,
    /// Like `Plain`; a backslash at the end continues a line: units of systemd.
    Systemd,
    /// Git's configuration. The case of sections and keys has no meaning, that of subsections in
    /// quotes has one.
    Git,
}

impl Dialect {
    fn of(file: &Path) -> Self {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let name = name.to_lowercase();
        match name.as_str() {
            ".npmrc" | ".editorconfig" => Dialect::Plain,
            name if is_mysql(name) || is_php(name) => Dialect::Plain,
            name if is_git_config(file, name) => Dialect::Git,
            _ if is_systemd_unit(&name) => Dialect::Systemd,
            _ => Dialect::Python,
        }
    }

    fn is_continued(self, line: &str) -> bool {
        let backslashes = line.bytes().rev().take_while(|byte| *byte == b'\\');
        matches!(self, Dialect::Systemd | Dialect::Git) && backslashes.count() % 2 == 1
    }
}

/// Parses INI text. Keys before the first section become siblings of the sections. A key without a
/// value is `true`. Several values of one key become a list, and a section that occurs again is
/// continued.
pub(super) fn read_ini(file: &Path, text: &str) -> Result<Json, SyntaxError> {
    let dialect = Dialect::of(file);
    let mut reader = Reader {
        comments: InlineComments::of(file),
        ..Reader::default()
    };
    let mut lines = (1..).zip(text.lines());
    while let Some((number, line)) = lines.next() {
        let mut line = line.to_owned();
        while dialect.is_continued(&line)
            && !line.trim_start().starts_with(['#', ';'])
            && let Some((_, next)) = lines.next()
        {
            line.pop();
            let next = match dialect {
                Dialect::Git => next,
                _ => next.trim_start(),
            };
            line.push_str(next);
        }
        let result = reader.read_line(dialect, &line);
        result.map_err(|reason| SyntaxError::in_line(number, reason))?;
    }
    Ok(reader.whole.into())
}

#[derive(Default)]
struct Reader {
    whole: JsonObject,
    /// The keys that lead to the current section.
    section: Vec<String>,
    last: Option<Last>,
    comments: InlineComments,
}

/// The last key with a value.
struct Last {
    key: String,
    indentation: usize,
}

impl Reader {
    fn read_line(&mut self, dialect: Dialect, line: &str) -> Result<(), String> {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            return Ok(());
        }
        let indentation = line.len() - line.trim_start().len();
        if dialect == Dialect::Python
            && let Some(last) = &self.last
            && indentation > last.indentation
        {
            let key = last.key.clone();
            let value = self.fields()?.get_mut(&key);
            let value = match value {
                Some(Json::Array(list)) => list.last_mut(),
                value => value,
            };
            if let Some(Json::String(value)) = value {
                value.push('\n');
                value.push_str(trimmed);
            }
            return Ok(());
        }
        let Some(header) = trimmed.strip_prefix('[') else {
            return self.read_key(dialect, trimmed, indentation);
        };
        let (name, rest) =
            split_header(header, dialect).ok_or("expected ] after the section name")?;
        self.begin_section(name.trim(), dialect)?;
        match rest.trim() {
            "" => Ok(()),
            rest => self.read_key(dialect, rest, indentation),
        }
    }

    fn begin_section(&mut self, name: &str, dialect: Dialect) -> Result<(), String> {
        self.last = None;
        self.section = vec![name.to_owned()];
        if dialect == Dialect::Git {
            let (section, subsection) = split_git_section(name);
            let is_free = match (self.whole.get(&section), &subsection) {
                (None, _) => true,
                (Some(Json::Object(fields)), Some(subsection)) => {
                    fields.get(subsection).is_none_or(|value| value.is_object())
                }
                (Some(_), _) => false,
            };
            self.section = match subsection {
                // A key with the name of the subsection keeps its place.
                Some(subsection) if !is_free => vec![format!("{section} \"{subsection}\"")],
                subsection => [section].into_iter().chain(subsection).collect(),
            };
        }
        self.fields().map(|_| ())
    }

    /// Returns the fields of the current section.
    fn fields(&mut self) -> Result<&mut JsonObject, String> {
        let mut fields = &mut self.whole;
        for name in &self.section {
            match fields.get_or_insert_with(name.as_str(), || JsonObject::new().into()) {
                Json::Object(within) => fields = within,
                _ => return Err(format!("{name:?} is both a key and a section")),
            }
        }
        Ok(fields)
    }

    fn read_key(&mut self, dialect: Dialect, line: &str, indentation: usize) -> Result<(), String> {
        let delimiters: &[char] = match dialect {
            Dialect::Python => &['=', ':'],
            Dialect::Plain | Dialect::Systemd | Dialect::Git => &['='],
        };
        let (key, value) = match line.split_once(delimiters) {
            Some((key, value)) if dialect == Dialect::Git => (key, git_value(value)?.into()),
            Some((key, value)) => (key, self.comments.strip(value.trim()).into()),
            None if dialect == Dialect::Git => {
                let end = line.find(['#', ';']).unwrap_or(line.len());
                (&line[..end], Json::Bool(true))
            }
            None => (self.comments.strip(line), Json::Bool(true)),
        };
        let key = key.trim();
        let key = match dialect {
            Dialect::Git => key.to_ascii_lowercase(),
            _ => key.to_owned(),
        };
        if key.is_empty() {
            return Err("expected a key before the value".to_owned());
        }
        self.last = value.as_str().map(|_| Last {
            key: key.clone(),
            indentation,
        });
        add_value(self.fields()?, &key, value);
        Ok(())
    }
}

/// Splits a section header, after its `[`, into the name and what follows it. Comments are dropped;
/// Git accepts a key on the same line.
fn split_header(header: &str, dialect: Dialect) -> Option<(&str, &str)> {
    let ends = header.match_indices(']');
    let mut splits = ends.map(|(at, _)| (&header[..at], &header[at + 1..]));
    let is_end = |(_, rest): &(&str, &str)| {
        let rest = rest.trim_start();
        rest.is_empty() || rest.starts_with(['#', ';'])
    };
    match splits.clone().find(is_end) {
        Some((name, _)) => Some((name, "")),
        None if dialect == Dialect::Git => splits.next(),
        None => None,
    }
}

/// Splits the header of a section of Git's configuration into section and subsection. `[a.B]` is the
/// older form of `[a "b"]`.
fn split_git_section(name: &str) -> (String, Option<String>) {
    let (section, rest) = name.split_once(char::is_whitespace).unwrap_or((name, ""));
    if let Some(quoted) = rest.trim().strip_prefix('"') {
        let quoted = quoted.strip_suffix('"').unwrap_or(quoted);
        let subsection = unescape_subsection(quoted);
        return (section.to_ascii_lowercase(), Some(subsection));
    }
    let name = name.to_ascii_lowercase();
    match name.split_once('.') {
        Some((section, subsection)) => (section.to_owned(), Some(subsection.to_owned())),
        None => (name, None),
    }
}

fn unescape_subsection(name: &str) -> String {
    let mut letters = name.chars();
    let mut unescaped = String::new();
    while let Some(letter) = letters.next() {
        unescaped.extend(match letter {
            '\\' => letters.next(),
            letter => Some(letter),
        });
    }
    unescaped
}

/// Parses a value of Git's configuration: without quotes, escapes and a comment.
fn git_value(text: &str) -> Result<String, String> {
    let mut value = String::new();
    // Blanks at the end are dropped unless they are quoted.
    let mut kept = 0;
    let mut is_quoted = false;
    let mut letters = text.trim().chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => is_quoted = !is_quoted,
            '#' | ';' if !is_quoted => break,
            '\\' => value.push(match letters.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('b') => '\u{8}',
                Some(letter @ ('\\' | '"')) => letter,
                Some(letter) => return Err(format!("unknown escape \\{letter}")),
                None => '\\',
            }),
            letter => value.push(letter),
        }
        if is_quoted || !letter.is_whitespace() {
            kept = value.len();
        }
    }
    if is_quoted {
        return Err("expected \" at the end of the value".to_owned());
    }
    value.truncate(kept);
    Ok(value)
}
