//! The decisions that a page refers to: `[5. Use pears](0005-use-pears.md)`, `ADR-5`, `[[0005-use-pears]]`.

use std::fmt::{self, Display, Formatter};

use super::file_names::{begins_with_date, is_markdown_name, is_number_of};
use super::markup::plain_name;

/// A decision as a page refers to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reference {
    /// The path of a file, relative to the folder of the page.
    File(String),
    /// An id, a number such as `ADR-5`, or the name of a file.
    Name(String),
    /// Other words; a title at best.
    Words(String),
}

/// What a decision can be referred to by.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReferenceTarget<'a> {
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    /// The folder and the name of its file.
    pub(super) file: Option<(&'a str, &'a str)>,
}

/// The rank of a decision that a reference may mean, but that it does not name: its file begins with a date,
/// whose year is the number of the reference.
pub(super) const GUESS: u8 = 4;

impl Reference {
    /// Returns how exactly a reference in a page of `folder` is to a decision, where 0 is exact; `None` if
    /// it is to another one.
    pub(super) fn rank(&self, folder: &str, target: &ReferenceTarget<'_>) -> Option<u8> {
        let text = match self {
            Reference::File(path) => {
                let (to, file) = target.file?;
                return is_path_of(path, folder, to, file).then(|| u8::from(!path.ends_with(file)));
            }
            Reference::Name(text) | Reference::Words(text) => text,
        };
        if text.eq_ignore_ascii_case(target.id) {
            return Some(0);
        }
        let (_, file) = target.file.filter(|(to, _)| *to == folder)?;
        if is_same_file(text, file) {
            return Some(1);
        }
        let title = plain_name(target.title);
        if !title.is_empty() && plain_name(text) == title {
            return Some(2);
        }
        // `0004-use-memcached` is not `0004-use-redis.md`.
        if let Some(words) = words_after_number(text)
            && words_after_number(stem(file)).is_none_or(|own| own != words)
        {
            return None;
        }
        let is_numbered = matches!(self, Reference::Name(_)) || is_prefixed_number(text);
        let rank = if begins_with_date(file) { GUESS } else { 3 };
        (is_numbered && is_number_of(text, file)).then_some(rank)
    }

    /// Whether it has a form that only decisions have.
    pub(super) fn is_explicit(&self) -> bool {
        match self {
            Reference::File(path) => is_markdown_name(path),
            Reference::Name(_) => true,
            Reference::Words(_) => false,
        }
    }
}

impl Display for Reference {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let (Reference::File(text) | Reference::Name(text) | Reference::Words(text)) = self;
        formatter.write_str(text)
    }
}

/// Whether a path in a page of `folder` leads to a file in the folder `to`. A path from the root is
/// that of the repository.
fn is_path_of(path: &str, folder: &str, to: &str, file: &str) -> bool {
    let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
    if !is_same_file(name, file) {
        return false;
    }
    match parent.strip_prefix('/') {
        Some(parent) => to == folder && std::path::Path::new(to).ends_with(parent),
        None if path.starts_with('/') => to == folder,
        None => join_folder(folder, parent) == join_folder(to, ""),
    }
}

/// Returns the parts of the folder at a relative path.
fn join_folder<'a>(folder: &'a str, path: &'a str) -> Vec<&'a str> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts
}

/// Whether a name is that of a file, with or without its extension, or with that of its web page.
fn is_same_file(name: &str, file: &str) -> bool {
    name == file || stem(name) == stem(file)
}

fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, "md" | "markdown" | "mdx" | "html" | "htm")) => stem,
        _ => name,
    }
}

/// Returns the words after the number in the name of a file, such as `use-pears` in `0005-use-pears`;
/// `None` if there are none, or if it is a title.
fn words_after_number(name: &str) -> Option<String> {
    if name.contains(char::is_whitespace) {
        return None;
    }
    let start = name.find(|c: char| c.is_ascii_digit())?;
    let words = name[start..].trim_start_matches(|c: char| c.is_ascii_digit());
    let is_name = words.starts_with(['-', '_']) && words.contains(char::is_alphabetic);
    let words = words.trim_start_matches(['-', '_']);
    is_name.then(|| words.replace('_', "-").to_lowercase())
}

/// Whether a text is nothing but a number with a word in front of it: `RFC 0002`.
fn is_prefixed_number(text: &str) -> bool {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_digit());
    digits.len() < text.len() && digits.starts_with(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reference_is_resolved_within_its_folder() {
        let target = ReferenceTarget {
            id: "DEC-004",
            title: "2. Use pears",
            file: Some(("core/adr", "0002-use-pears.md")),
        };
        let rank = |reference: Reference, folder: &str| reference.rank(folder, &target);
        let file = |path: &str| Reference::File(path.to_owned());
        let name = |text: &str| Reference::Name(text.to_owned());
        for path in [
            "0002-use-pears.md",
            "./0002-use-pears",
            "../adr/0002-use-pears.html",
            "/docs/../adr/0002-use-pears.md",
        ] {
            let is_found = rank(file(path), "core/adr").is_some();
            assert_eq!(is_found, !path.starts_with('/'), "{path}");
        }
        assert_eq!(rank(file("/adr/0002-use-pears.md"), "core/adr"), Some(0));
        assert_eq!(
            rank(file("../../core/adr/0002-use-pears.md"), "web/adr"),
            Some(0)
        );
        assert_eq!(rank(file("0002-use-pears.md"), "web/adr"), None);
        assert_eq!(rank(file("0002-other.md"), "core/adr"), None);
        assert_eq!(rank(name("DEC-004"), "web/adr"), Some(0));
        assert_eq!(rank(name("use pears"), "core/adr"), Some(2));
        assert_eq!(rank(name("ADR-2"), "core/adr"), Some(3));
        assert_eq!(rank(name("ADR-2-Use-Pears"), "core/adr"), Some(3));
        assert_eq!(rank(name("2. Use plums"), "core/adr"), Some(3));
        assert_eq!(rank(name("0002-use-plums"), "core/adr"), None);
        assert_eq!(rank(name("adr-0002_plums"), "core/adr"), None);
        assert_eq!(rank(name("RFC-2"), "core/adr"), None);
        assert_eq!(rank(name("0002"), "web/adr"), None);
        assert_eq!(
            rank(Reference::Words("2 crons".to_owned()), "core/adr"),
            None
        );
    }
}
