//! The decisions that a status refers to: `Superseded by [ADR-0005](0005-….md)`.

use super::date::find_date;
use super::markup::{is_letter, starts_with_phrase};
use super::status_words::{SUPERSEDED_BY, SUPERSEDES, phrases};

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
    pub(super) superseded_by: Vec<String>,
    pub(super) supersedes: Vec<String>,
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
        let found = find_references(&text[*end..until]);
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
        let references = find_references(text);
        if is_passive {
            links.superseded_by = references;
        } else {
            links.supersedes = references;
        }
    }
    links
}

/// Returns the files and ids in a text: `[ADR-0005](0005-example.md)`, `ADR-0005`, `DEC-005`.
pub(super) fn find_references(text: &str) -> Vec<String> {
    let mut references = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        let end = rest[at..].find(')').map_or(rest.len(), |end| at + end);
        let target = &rest[at + 2..end];
        let target = target.split(['#', '?', ' ']).next().unwrap_or(target);
        let name = target
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or(target);
        // A link within the page has no file; its text names the decision.
        let label = rest[..at].rsplit('[').next().unwrap_or_default();
        let name = if name.is_empty() { label } else { name };
        if !name.is_empty() {
            references.push(name.replace("%20", " "));
        }
        rest = &rest[end..];
    }
    if references.is_empty() {
        let mut text = text.to_owned();
        while let Some(date) = find_date(&text) {
            text.replace_range(date.range, " ");
        }
        let words = text.split([',', ' ', ';', '，', '、']).map(|word| {
            word.trim_matches([
                '.', '[', ']', '(', ')', '*', '_', '`', '"', '\'', ':', '|', '>', '<', '。',
            ])
        });
        let words = words.filter(|word| word.contains(|c: char| c.is_ascii_digit()));
        references.extend(words.map(str::to_owned));
    }
    references
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found() {
        let by = |text: &str| parse_status_links(text).superseded_by;
        assert_eq!(by("superseded by [ADR-5](../x/0005-y.md#z)"), ["0005-y.md"]);
        assert_eq!(by("Superseded by ADR 5 on 2021-02-03"), ["5"]);
        assert_eq!(
            by("Replaced by ADR-0007 and ADR-0008"),
            ["ADR-0007", "ADR-0008"]
        );
        assert_eq!(by("已被 ADR-5 取代"), ["ADR-5"]);
        assert_eq!(by("Partially superseded by ADR-5"), [""; 0]);
        let both = parse_status_links("Supersedes 1, superseded by 3");
        assert_eq!(
            (both.supersedes, both.superseded_by),
            (vec!["1".to_owned()], vec!["3".to_owned()])
        );
    }
}
