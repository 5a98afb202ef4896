//! The name in a text of a list, such as `flask` in `flask==3.0` or `PORT` in `PORT=80`.

use crate::Json;

/// Returns the name of an entry that is a text with a name, a separator and a value.
pub(super) fn text_name(entry: &Json) -> Option<&str> {
    let text = entry.as_str()?.trim();
    let start = text.len() - text.trim_start_matches('-').len();
    let rest = &text[start..];
    let scope = usize::from(rest.starts_with('@'));
    if !rest[scope..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return None;
    }
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let end = rest[scope..].find(|c| !is_name(c)).map(|end| end + scope)?;
    let (name, rest) = (&text[..start + end], &rest[end..]);
    // The extras of a Python package.
    let rest = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((_, rest)) => rest,
        None => rest,
    };
    let spaced = rest.trim_start();
    let value = spaced.trim_start_matches(['=', '<', '>', '~', '!', '^']);
    let separator = &spaced[..spaced.len() - value.len()];
    let is_version = |text: &str| {
        let text = text.trim_start_matches(['^', '~', '=', '<', '>', 'v']);
        text.starts_with(|c: char| c.is_ascii_digit() || c == '*')
    };
    let is_named = match (separator, spaced.chars().next()) {
        // A direct reference of Python: `name @ https://...`.
        ("", Some('@')) if spaced.starts_with("@ ") => rest != spaced,
        ("", Some('@')) => {
            let version = &spaced[1..];
            let is_word = !version.is_empty() && !version.contains('.');
            rest == spaced && (is_version(version) || name.contains('/') || is_word)
        }
        // Images and packages of Maven: the last part is the version.
        ("", Some(':')) => {
            let (_, version) = spaced.rsplit_once(':')?;
            let name = text.get(..text.len() - version.len() - 1)?;
            let is_address = spaced.starts_with("://") || text.contains(char::is_whitespace);
            return (is_version(version) && !is_address).then_some(name);
        }
        ("" | "!" | "~" | "^", _) => false,
        _ => !value.trim().is_empty() || rest == spaced && separator == "=",
    };
    is_named.then_some(name)
}

/// Returns the name in a text, or the complete text if it has none.
pub(super) fn name_or_text(entry: &Json) -> Option<&str> {
    text_name(entry).or_else(|| entry.as_str().map(str::trim))
}
