//! Finds the decisions that a text refers to.

use std::ops::Range;

use super::file_names::{is_markdown_name, number};
use super::markup::starts_with_phrase;
use super::reference::Reference;
use super::status_words::phrases;

/// The references in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReferenceList {
    pub(super) references: Vec<Reference>,
    /// The bytes from the first reference to the last one.
    pub(super) range: Range<usize>,
}

/// Maximum number of words before the first reference, as in `the new decision ADR-5`.
const MAX_WORDS_BEFORE: usize = 3;

/// Words that a decision is called by, in front of its number.
const DECISION_WORDS: &str = "adr; adrs; madr; dec; decision; decisions; record; records; no; nr; number; architecture; \
    architectural; entscheidung; décision; decisión; decisão; decisione; besluit; beslutning; \
    beslut; решение";

/// Words after a number that do not belong to what is counted.
const WORDS_AFTER_NUMBER: &str = "and; or; on; since; as; because; but; see; und; oder; am; seit; et; ou; le; depuis; y; o; \
    e; en; desde; och; og; i";

/// Words between two references.
const CONJUNCTIONS: &str = "and; or; plus; as well as; und; sowie; et; y; e; en; och; og; i; oraz";

/// Finds the decisions that a text names at its beginning, after a few words.
pub(super) fn find_references(text: &str) -> Option<ReferenceList> {
    let mut at = 0;
    let mut found = None;
    for index in 0..=MAX_WORDS_BEFORE {
        at += skip_spaces(&text[at..]);
        if let Some((reference, length)) = read_reference(&text[at..], index == 0) {
            found = Some((reference, at, at + length));
            break;
        }
        let word = text[at..].split_whitespace().next()?;
        let is_end = word.ends_with(['.', ',', ';', ')', '，', '。']) || word.contains(['(', '|']);
        if is_end || starts_with_phrase(word, "see").is_some() {
            return None;
        }
        at += word.len();
    }
    let (first, start, mut end) = found?;
    let mut references = vec![first];
    loop {
        let next = end + skip_separators(&text[end..]);
        let Some((reference, length)) = read_reference(&text[next..], next > end) else {
            break;
        };
        // Other words in brackets are not one more decision.
        if matches!(reference, Reference::Words(_)) {
            break;
        }
        if !references.contains(&reference) {
            references.push(reference);
        }
        end = next + length;
    }
    Some(ReferenceList {
        references,
        range: start..end,
    })
}

fn skip_spaces(text: &str) -> usize {
    let is_mark =
        |c: char| c.is_whitespace() || matches!(c, '*' | '_' | '`' | '"' | '\'' | ':' | '：' | '~');
    text.len() - text.trim_start_matches(is_mark).len()
}

fn skip_separators(text: &str) -> usize {
    let skip = |text: &str| {
        let is_mark = |c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    ',' | ';' | '/' | '&' | '+' | '，' | '、' | '；' | '*' | '_' | '`' | '"' | '\''
                )
        };
        text.len() - text.trim_start_matches(is_mark).len()
    };
    let at = skip(text);
    let word = phrases(CONJUNCTIONS).filter_map(|word| starts_with_phrase(&text[at..], word));
    match word.max() {
        Some(length) => at + length + skip(&text[at + length..]),
        None => at,
    }
}

/// Returns the reference with which a text begins, and its length. A number alone is one only if
/// `is_list`: at the beginning of a list of decisions, or between others.
fn read_reference(text: &str, is_list: bool) -> Option<(Reference, usize)> {
    if let Some(inner) = text.strip_prefix("[[") {
        let end = inner.find("]]")?;
        let name = inner[..end].split(['|', '#']).next().unwrap_or_default();
        return Some((reference_from_label(name.trim())?, end + 4));
    }
    if text.starts_with('[') {
        return read_brackets(text);
    }
    // `par l'ADR 5`
    let elided = ["l'", "l’", "d'", "d’"]
        .iter()
        .find_map(|article| text.strip_prefix(article));
    if let Some(rest) = elided {
        let (reference, length) = read_reference(rest, is_list)?;
        return Some((reference, text.len() - rest.len() + length));
    }
    let mut at = 0;
    while let Some(length) = phrases(DECISION_WORDS)
        .filter_map(|word| starts_with_phrase(&text[at..], word))
        .max()
    {
        let rest = &text[at + length..];
        let is_gap = |c: char| c.is_whitespace() || matches!(c, '#' | '.' | ':');
        let gap = rest.len() - rest.trim_start_matches(is_gap).len();
        if gap == 0 {
            break;
        }
        at += length + gap;
    }
    if at > 0 {
        let rest = &text[at..];
        if rest.starts_with('[') {
            let (reference, length) = read_brackets(rest)?;
            return Some((reference, at + length));
        }
        let word = read_word(rest);
        if !word.is_empty() && word.chars().all(|c| c.is_ascii_digit()) {
            let end = at + word.len();
            let is_known = number(&text[..end]).is_some();
            let name = if is_known { &text[..end] } else { word };
            return Some((Reference::Name(name.to_owned()), end));
        }
        let (reference, length) = read_reference_word(rest, false)?;
        return Some((reference, at + length));
    }
    read_reference_word(text, is_list)
}

fn read_word(text: &str) -> &str {
    let is_end = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ';'
                    | '('
                    | ')'
                    | '['
                    | ']'
                    | '|'
                    | '"'
                    | '\''
                    | '<'
                    | '>'
                    | '*'
                    | '`'
                    | '，'
                    | '、'
                    | '。'
                    | '；'
            )
    };
    let word = &text[..text.find(is_end).unwrap_or(text.len())];
    word.trim_end_matches(['.', ':', '_', '!'])
}

fn read_reference_word(text: &str, is_list: bool) -> Option<(Reference, usize)> {
    let word = read_word(text);
    if word.contains("://") {
        return Some((Reference::Words(word.to_owned()), word.len()));
    }
    if is_markdown_name(word) {
        return Some((Reference::File(word.to_owned()), word.len()));
    }
    // `ADR-5/ADR-6`
    let word = word.split('/').next().unwrap_or_default();
    let name = || (Reference::Name(word.to_owned()), word.len());
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    if !word.chars().all(is_part) || !word.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if !word.chars().all(|c| c.is_ascii_digit()) {
        // `ADR-5`, `ADR5`, `0005-use-pears`
        let letters = word.trim_start_matches(char::is_alphabetic);
        let prefix = &word[..word.len() - letters.len()];
        let is_adr = phrases(DECISION_WORDS).any(|known| prefix.eq_ignore_ascii_case(known));
        let has_gap = word.contains(['-', '_']) && !word.ends_with(['-', '_']);
        let is_number = letters.chars().all(|c| c.is_ascii_digit());
        return (is_number && is_adr || has_gap).then(name);
    }
    if !is_list {
        return None;
    }
    if word.len() > 1 && word.starts_with('0') {
        return Some(name());
    }
    // `supersedes 2 crons`, `2.0`, `2021`
    let rest = &text[word.len()..];
    let is_decimal = rest
        .strip_prefix('.')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let next = rest.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, '*' | '_' | '`' | '"' | '\'')
    });
    let is_last = next.is_empty()
        || next.starts_with(|c: char| !c.is_alphanumeric() && !matches!(c, '%' | '[' | '€' | '$'))
        || phrases(WORDS_AFTER_NUMBER).any(|word| starts_with_phrase(next, word).is_some());
    (word.len() < 4 && !is_decimal && is_last).then(name)
}

/// Reads `[label](target)`, `[label][definition]` or `[label]`.
fn read_brackets(text: &str) -> Option<(Reference, usize)> {
    let close = find_closing(text, '[', ']')?;
    let label = text[1..close].trim();
    let rest = &text[close + 1..];
    if rest.starts_with('(') {
        let end = find_closing(rest, '(', ')')?;
        let reference = reference_from_target(rest[1..end].trim(), label)?;
        return Some((reference, close + 1 + end + 1));
    }
    let definition = if rest.starts_with('[') {
        find_closing(rest, '[', ']').map_or(0, |end| end + 1)
    } else {
        0
    };
    // A footnote or a check box is not a name.
    if label.starts_with('^') || matches!(label, "x" | "X") {
        return None;
    }
    Some((reference_from_label(label)?, close + 1 + definition))
}

/// Returns the position of the bracket that closes the first one.
fn find_closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

fn reference_from_target(target: &str, label: &str) -> Option<Reference> {
    let target = match target
        .strip_prefix('<')
        .and_then(|rest| rest.split_once('>'))
    {
        Some((target, _)) => target,
        None => target.split_whitespace().next().unwrap_or_default(),
    };
    if target.contains("://") || target.starts_with("mailto:") || target.starts_with("//") {
        return Some(Reference::Words(target.to_owned()));
    }
    let path = target.split(['#', '?']).next().unwrap_or(target);
    let path = path.trim_end_matches('/');
    // A link within the page has no file; its text names the decision.
    if path.is_empty() {
        return reference_from_label(label);
    }
    Some(Reference::File(decode_percents(path)))
}

fn reference_from_label(label: &str) -> Option<Reference> {
    if !label.contains(char::is_alphanumeric) {
        return None;
    }
    if label.contains('/') || is_markdown_name(label) {
        return Some(Reference::File(label.to_owned()));
    }
    // `2`, `0002`, `ADR-2: Use pears`, `2. Use pears`
    let word = read_word(label);
    let is_number = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
    let rest = &label[word.len()..];
    let is_whole = rest.trim().is_empty() || rest.starts_with(['.', ':']) || word.starts_with('0');
    let is_name = if is_number {
        is_whole
    } else {
        read_reference(label, false).is_some_and(|(found, _)| matches!(found, Reference::Name(_)))
    };
    Some(if is_name {
        Reference::Name(label.to_owned())
    } else {
        Reference::Words(label.to_owned())
    })
}

/// Decodes `%20` and the like in a path.
fn decode_percents(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let code = code.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code.filter(|_| *first == b'%') {
            Some(code) => {
                bytes.push(code);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let list = find_references(text);
        let references = list.map_or(Vec::new(), |list| list.references);
        references.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn forms_that_name_a_decision_are_references() {
        for (text, expected) in [
            ("[ADR-5](../x/0005-y.md#z)", &["../x/0005-y.md"][..]),
            ("[5. Use pears](<0005 use.md> \"x\")", &["0005 use.md"]),
            (
                "[5](0005-y.md) and [6](0006-z.md).",
                &["0005-y.md", "0006-z.md"],
            ),
            (
                "[5](0005-y.md) and ADR-6, 0007",
                &["0005-y.md", "ADR-6", "0007"],
            ),
            ("[2] and [3]", &["2", "3"]),
            ("[2. Use pears]", &["2. Use pears"]),
            ("[[0005-use-pears|pears]]", &["0005-use-pears"]),
            ("0005-use-pears", &["0005-use-pears"]),
            ("0005-use-pears.md", &["0005-use-pears.md"]),
            ("ADR-0007 and ADR-0008", &["ADR-0007", "ADR-0008"]),
            ("ADR-7/ADR-8", &["ADR-7", "ADR-8"]),
            ("ADR 5 on 2021-02-03", &["ADR 5"]),
            ("ADR #5", &["ADR #5"]),
            ("l'ADR 5", &["ADR 5"]),
            ("the decision DEC-002", &["DEC-002"]),
            ("0002", &["0002"]),
            ("3", &["3"]),
            ("3 and 4", &["3", "4"]),
            ("[5](#five)", &["5"]),
            ("[5](x.md), as [Jo](z) said", &["x.md"]),
            ("[5](x.md), amended by [6](y.md)", &["x.md"]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn other_numbers_are_not_references() {
        for text in [
            "version 2",
            "RFC 0002",
            "issue 2",
            "#2",
            "v2",
            "2.0",
            "2021",
            "2 old crons",
            "the 2 old crons",
            "[^2]",
            "the notes, see [2](0002-x.md)",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
