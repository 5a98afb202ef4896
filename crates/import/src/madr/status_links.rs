//! The decisions that a status refers to: `Superseded by [ADR-0005](0005-….md)`.

use super::date::find_date;
use super::date_before_by::mask_date_before_by;
use super::markup::{is_letter, mask_struck, starts_with_phrase};
use super::reference::Reference;
use super::reference_list::find_references;
use super::status_remarks::{is_limited, is_negative, skip_marks};
use super::status_words::{SUPERSEDED_BY, SUPERSEDES, phrases};

/// Words between a phrase and a decision that is superseded in part, as in `supersedes parts of ADR-5`.
const PARTS: &str =
    "part; parts; partially; partly; teil; teile; teilweise; partie; parties; parte; partes";

/// The same in front of a superseded decision.
const PARTS_OF: &str = "of; von; section; sections; portion; portions; some; aspect; aspects";

/// Words that limit the phrase after them.
const LIMITS: &[&str] = &[
    "partially",
    "partly",
    "not",
    "non",
    "teilweise",
    "partiellement",
    "parcialmente",
];

/// The decisions that a status refers to.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct StatusLinks {
    pub(super) superseded_by: Vec<Reference>,
    pub(super) supersedes: Vec<Reference>,
}

impl StatusLinks {
    pub(super) fn extend(&mut self, other: StatusLinks) {
        for (all, more) in [
            (&mut self.superseded_by, other.superseded_by),
            (&mut self.supersedes, other.supersedes),
        ] {
            for reference in more {
                if !all.contains(&reference) {
                    all.push(reference);
                }
            }
        }
    }
}

/// Returns the references in a line of a status.
pub(super) fn parse_status_links(text: &str) -> StatusLinks {
    let text = &*mask_struck(text);
    let text = &*mask_date_before_by(text);
    let mut links = StatusLinks::default();
    let mut marks: Vec<(usize, usize, bool)> = Vec::new();
    let mut previous: Option<char> = None;
    let mut word_before: &str = "";
    for (at, c) in text.char_indices() {
        let starts_word = is_letter(c) && !previous.is_some_and(is_letter);
        previous = Some(c);
        if !starts_word || marks.last().is_some_and(|(_, end, _)| at < *end) {
            continue;
        }
        let rest = &text[at..];
        let longest = |list: &str| {
            let lengths = phrases(list).filter_map(|phrase| starts_with_phrase(rest, phrase));
            lengths.max()
        };
        let by = longest(SUPERSEDED_BY);
        let mark = match (by, longest(SUPERSEDES)) {
            (Some(length), _) => Some((length, true)),
            (None, Some(length)) => Some((length, false)),
            (None, None) => None,
        };
        if let Some((length, is_by)) = mark {
            let is_limited = LIMITS
                .iter()
                .any(|limit| word_before.eq_ignore_ascii_case(limit));
            if !is_limited {
                marks.push((at, at + length, is_by));
            }
        }
        word_before = rest
            .split(|c: char| !is_letter(c))
            .next()
            .unwrap_or_default();
    }
    for (index, (_, end, is_by)) in marks.iter().enumerate() {
        let until = marks
            .get(index + 1)
            .map_or(text.len(), |(next, _, _)| *next);
        let found = find_links(&text[*end..until], *is_by);
        if *is_by {
            links.superseded_by.extend(found);
        } else {
            links.supersedes.extend(found);
        }
    }
    // In Chinese and Japanese, the decision is in front of the verb.
    let is_superseded = ["取代", "替代", "替换", "置き換え", "置換", "대체"]
        .iter()
        .any(|word| text.contains(word));
    if marks.is_empty() && is_superseded {
        let is_passive = ["被", "由", "によって", "により", "に置", "已", "済", "됨"]
            .iter()
            .any(|word| text.contains(word));
        let references = find_references(text).map_or(Vec::new(), |list| list.references);
        if is_passive {
            links.superseded_by = references;
        } else {
            links.supersedes = references;
        }
    }
    links
}

/// Returns the decisions that follow a phrase such as `superseded by`, or that are the value of a
/// label. `is_by` is whether they supersede the decision of the page. One that is superseded in part
/// stays valid.
pub(super) fn find_links(text: &str, is_by: bool) -> Vec<Reference> {
    let text = &text[skip_marks(text, &[':', '：'])..];
    if is_negative(text) {
        return Vec::new();
    }
    if let Some(list) = find_references(text) {
        let (before, after) = (&text[..list.range.start], &text[list.range.end..]);
        let is_partial = has_word(before, PARTS) || !is_by && has_word(before, PARTS_OF);
        return if is_partial || is_limited(after) {
            Vec::new()
        } else {
            list.references
        };
    }
    let end = [";", "\n", " (", ", ", ". ", "<"].into_iter();
    let end = end.filter_map(|mark| text.find(mark)).min();
    let words =
        text[..end.unwrap_or(text.len())].trim_matches(|c: char| !c.is_alphanumeric() && c != '#');
    // `superseded in 2021`
    let is_date =
        find_date(words).is_some() || words.chars().all(|c| c.is_ascii_digit()) && words.len() == 4;
    let is_named = words.contains(char::is_alphanumeric) && !is_date && !has_word(words, PARTS);
    let words = is_named.then(|| Reference::Words(words.to_owned()));
    words.into_iter().collect()
}

/// Whether a text contains one of some words.
fn has_word(text: &str, words: &str) -> bool {
    let mut all = text.split(|c: char| !is_letter(c));
    all.any(|word| phrases(words).any(|known| word.eq_ignore_ascii_case(known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(references: &[Reference]) -> Vec<String> {
        references.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn references_are_found() {
        let by = |text: &str| texts(&parse_status_links(text).superseded_by);
        assert_eq!(
            by("superseded by [ADR-5](../x/0005-y.md#z)"),
            ["../x/0005-y.md"]
        );
        assert_eq!(by("Superseded by ADR 5 on 2021-02-03"), ["ADR 5"]);
        assert_eq!(
            by("Replaced by ADR-0007 and ADR-0008"),
            ["ADR-0007", "ADR-0008"]
        );
        assert_eq!(by("已被 ADR-5 取代"), ["ADR-5"]);
        assert_eq!(by("Partially superseded by ADR-5"), [""; 0]);
        assert_eq!(by("Superseded by ADR-5 in part"), [""; 0]);
        assert_eq!(by("Superseded in 2021"), [""; 0]);
        assert_eq!(by("Superseded in version 2"), ["version 2"]);
        assert_eq!(by("Superseded by #2 (a pull request)"), ["#2"]);
        assert_eq!(
            by("Superseded by https://example.org/0002-x.md"),
            ["https://example.org/0002-x.md"]
        );
        let both = parse_status_links("Supersedes 1, superseded by 3");
        assert_eq!(texts(&both.supersedes), ["1"]);
        assert_eq!(texts(&both.superseded_by), ["3"]);
    }

    #[test]
    fn other_relations_are_not_supersession() {
        for (text, expected) in [
            ("Supersedes [1](1.md), amended by [4](4.md)", &["1.md"][..]),
            ("Supersedes [1](1.md) Amends [2](2.md)", &["1.md"]),
            ("Supersedes [1](1.md); related to ADR-4", &["1.md"]),
            ("Amends [2](2.md), replaces ADR-1", &["ADR-1"]),
            ("Supersedes part of [3](3.md)", &[]),
            ("Supersedes section 2 of ADR-3", &[]),
            ("Supersedes [3](3.md) partially", &[]),
            ("Amended by [4](4.md)", &[]),
            ("Clarifies ADR-4", &[]),
        ] {
            let links = parse_status_links(text);
            assert_eq!(texts(&links.supersedes), expected, "{text}");
            assert!(links.superseded_by.is_empty(), "{text}");
        }
    }
}
