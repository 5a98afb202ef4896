//! Reads Rust source files: their comments and string literals.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::project;

/// What a text in a source file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextKind {
    /// A string literal outside tests, including help in attributes.
    Literal,
    /// A doc comment; on clap types, these are help.
    DocComment,
    /// An ordinary comment on lines of its own.
    Comment,
}

/// A text in a source file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SourceText {
    pub(crate) kind: TextKind,
    /// Line of the first character, starting at 1.
    pub(crate) line: usize,
    pub(crate) text: String,
}

/// Returns the files below some folders of the project that have this extension, sorted. Folders
/// named `target` and hidden ones are skipped.
///
/// # Errors
/// A folder cannot be read.
pub(crate) fn find_files(folders: &[&str], extension: &str) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut pending: Vec<PathBuf> = folders.iter().map(|f| project::root().join(f)).collect();
    while let Some(path) = pending.pop() {
        if path.is_file() {
            if path.extension().is_some_and(|found| found == extension) {
                files.push(path);
            }
            continue;
        }
        let entries = fs::read_dir(&path);
        for entry in entries.with_context(|| format!("cannot read {}", path.display()))? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name != "target" && !name.starts_with('.') {
                pending.push(entry.path());
            }
        }
    }
    files.sort();
    files.dedup();
    Ok(files)
}

/// Returns a path relative to the root of the project, with `/` between its parts.
pub(crate) fn relative(path: &Path) -> String {
    let path = path.strip_prefix(project::root()).unwrap_or(path);
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

/// Returns whether a file holds only tests.
pub(crate) fn is_test_file(path: &str) -> bool {
    path.starts_with("tests/tests/") || path.ends_with("/tests.rs") || path.contains("/src/tests/")
}

/// Returns the comments and string literals of a source file in order of their lines. Items with
/// `#[cfg(test)]` or `#[test]` are left out.
///
/// This reads characters rather than syn's tokens, which have no lines and no ordinary comments.
pub(crate) fn read_texts(source: &str) -> Vec<SourceText> {
    let mut scanner = Scanner {
        rest: source,
        line: 1,
        is_line_start: true,
        texts: Vec::new(),
    };
    let mut depth: usize = 0;
    let mut skipped: Option<SkippedItem> = None;
    let mut kept = 0;
    while let Some(character) = scanner.rest.chars().next() {
        if scanner.skip_text() {
            continue;
        }
        if skipped.is_none()
            && ["#[cfg(test)]", "#[test]", "#[tokio::test"]
                .iter()
                .any(|start| scanner.rest.starts_with(start))
        {
            skipped = Some(SkippedItem {
                depth,
                is_entered: false,
            });
            kept = scanner.texts.len();
        }
        match character {
            '{' => {
                depth += 1;
                if let Some(item) = &mut skipped {
                    item.is_entered |= depth == item.depth + 1;
                }
            }
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let is_item_end = skipped.as_ref().is_some_and(|item| {
            let end = if item.is_entered { '}' } else { ';' };
            character == end && depth == item.depth
        });
        if is_item_end {
            skipped = None;
            scanner.texts.truncate(kept);
        }
        scanner.advance(character.len_utf8());
    }
    join_lines(scanner.texts)
}

/// A test item, whose texts are skipped.
struct SkippedItem {
    /// Number of open braces before the item.
    depth: usize,
    /// Whether the body of the item has started.
    is_entered: bool,
}

/// Joins the lines of a comment, so that a phrase is found across them.
fn join_lines(texts: Vec<SourceText>) -> Vec<SourceText> {
    let mut joined: Vec<SourceText> = Vec::with_capacity(texts.len());
    for text in texts {
        match joined.last_mut() {
            Some(last)
                if last.kind == text.kind
                    && text.kind != TextKind::Literal
                    && last.line + last.text.lines().count().max(1) == text.line =>
            {
                last.text.push('\n');
                last.text.push_str(&text.text);
            }
            _ => joined.push(text),
        }
    }
    joined
}

struct Scanner<'a> {
    rest: &'a str,
    line: usize,
    /// Whether only white space precedes the position on its line.
    is_line_start: bool,
    texts: Vec<SourceText>,
}

impl Scanner<'_> {
    fn advance(&mut self, length: usize) {
        let (passed, rest) = self.rest.split_at(length);
        for character in passed.chars() {
            match character {
                '\n' => {
                    self.line += 1;
                    self.is_line_start = true;
                }
                character => self.is_line_start &= character.is_whitespace(),
            }
        }
        self.rest = rest;
    }

    fn push(&mut self, kind: TextKind, text: String, length: usize) {
        self.texts.push(SourceText {
            kind,
            line: self.line,
            text,
        });
        self.advance(length);
    }

    /// Moves past a comment, a literal or a word, if there is one here.
    fn skip_text(&mut self) -> bool {
        let rest = self.rest;
        if rest.starts_with("//") {
            let line = rest.lines().next().unwrap_or_default();
            let doc = line.strip_prefix("//!");
            let doc = doc.or_else(|| {
                line.strip_prefix("///")
                    .filter(|rest| !rest.starts_with('/'))
            });
            match doc {
                Some(doc) => self.push(TextKind::DocComment, doc.to_owned(), line.len()),
                None if self.is_line_start => {
                    self.push(TextKind::Comment, line[2..].to_owned(), line.len());
                }
                None => self.advance(line.len()),
            }
            return true;
        }
        if rest.starts_with("/*") {
            self.advance(rest.find("*/").map_or(rest.len(), |end| end + 2));
            return true;
        }
        // A literal may follow a prefix; a word must not be taken for one.
        let word = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let after = &rest[word..];
        let prefix = &rest[..word];
        let hashes = after.len() - after.trim_start_matches('#').len();
        let is_raw = matches!(prefix, "r" | "br" | "cr") && after[hashes..].starts_with('"');
        if is_raw {
            let end = format!("\"{}", "#".repeat(hashes));
            let start = word + hashes + 1;
            let length = rest[start..].find(&end).unwrap_or(rest.len() - start);
            let text = rest[start..start + length].to_owned();
            let whole = (start + length + end.len()).min(rest.len());
            self.push(TextKind::Literal, text, whole);
            return true;
        }
        if after.starts_with('"') && matches!(prefix, "" | "b" | "c") {
            let literal = unescape(&after[1..]);
            let length = word + 1 + literal.source_len;
            self.push(TextKind::Literal, literal.value, length);
            return true;
        }
        if after.starts_with('\'') && matches!(prefix, "" | "b") {
            // A character such as '"', or the start of a lifetime.
            let mut characters = after[1..].char_indices();
            let length = match (characters.next(), characters.next()) {
                (Some((_, '\\')), Some((at, _))) => {
                    let escaped = at + 1;
                    let end = after[1 + escaped..].find('\'').unwrap_or(0);
                    1 + escaped + end + 1
                }
                (Some(_), Some((at, '\''))) => 1 + at + 1,
                _ => 1,
            };
            self.advance(word + length);
            return true;
        }
        if word > 0 {
            self.advance(word);
        }
        word > 0
    }
}

/// A string literal that is not raw.
struct Literal {
    value: String,
    /// Length from the first character up to and including the closing quote, in bytes.
    source_len: usize,
}

/// Reads a string literal from its first character after the quote.
fn unescape(source: &str) -> Literal {
    let mut value = String::new();
    let mut characters = source.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => {
                let source_len = at + 1;
                return Literal { value, source_len };
            }
            '\\' => match characters.next() {
                Some((_, '\n')) => {
                    while characters.next_if(|(_, c)| c.is_whitespace()).is_some() {}
                }
                Some((_, 'n')) => value.push('\n'),
                Some((_, 't')) => value.push('\t'),
                Some((_, other)) => value.push(other),
                None => {}
            },
            character => value.push(character),
        }
    }
    Literal {
        value,
        source_len: source.len(),
    }
}

/// Returns whether these attributes leave an item out of normal builds.
pub(crate) fn is_test_only(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        let last = path
            .segments
            .last()
            .map(|segment| segment.ident.to_string());
        match &attribute.meta {
            syn::Meta::List(list) if path.is_ident("cfg") => list.tokens.to_string() == "test",
            _ => last.as_deref() == Some("test"),
        }
    })
}

/// Returns the attributes of an item.
pub(crate) fn item_attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::ExternCrate(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::ForeignMod(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::TraitAlias(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Union(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_comments_and_literals_but_not_those_of_tests() {
        let source = r#"
//! About
//! the module.

/// A function.
#[command(after_help = "Examples")]
fn run() {
    // A comment
    // on two lines.
    println!("{} \"done\"", name('"', r"x \y")); // Not a comment on a line of its own.
}

entities! {
    /// In a macro.
    pub struct X;
}

#[cfg(test)]
mod tests {
    const TEXT: &str = "in a test";
}

const LAST: &str = "the last";
"#;
        let texts = read_texts(source);
        let texts: Vec<_> = texts
            .iter()
            .map(|text| (text.kind, text.line, text.text.as_str()))
            .collect();
        assert_eq!(
            texts,
            [
                (TextKind::DocComment, 2, " About\n the module."),
                (TextKind::DocComment, 5, " A function."),
                (TextKind::Literal, 6, "Examples"),
                (TextKind::Comment, 8, " A comment\n on two lines."),
                (TextKind::Literal, 10, "{} \"done\""),
                (TextKind::Literal, 10, "x \\y"),
                (TextKind::DocComment, 14, " In a macro."),
                (TextKind::Literal, 23, "the last"),
            ]
        );
    }
}
