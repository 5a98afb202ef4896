//! What the words of a superseded status contain beside links: `Superseded by this team after the outage`.

use super::markup::{is_letter, starts_with_phrase};
use super::reference_list::find_references;
use super::status::first_phrase;
use super::status_words::{SUPERSEDED_BY, phrases};

/// Words between an earlier status and a later one.
const CONJUNCTIONS: &str = "and; but; now; later; then; since; und; aber; et; mais; y; e; en";

/// What the words of a status contain beside links to the decisions that supersede this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WordsBesideLinks {
    None,
    /// Words instead of a link: the title of a decision, or anything else.
    Successor,
    /// A remark, or another status.
    Other,
}

/// Returns what a text such as `Superseded by ADR-5` contains beside links.
pub(super) fn find_words_beside_links(text: &str) -> WordsBesideLinks {
    let is_empty = |text: &str| !text.contains(is_letter);
    let starts = text.char_indices().filter(|(at, c)| {
        let before = text[..*at].chars().next_back();
        is_letter(*c) && !before.is_some_and(is_letter)
    });
    let mut marks = starts.filter_map(|(at, _)| {
        let lengths = phrases(SUPERSEDED_BY).filter_map(|by| starts_with_phrase(&text[at..], by));
        Some((at, at + lengths.max()?))
    });
    let (start, end) = match marks.next() {
        Some(mark) => mark,
        // `superseded`, `replaced`
        None => match first_phrase(text, 0) {
            Some(found) => (found.range.start, found.range.end),
            None => return WordsBesideLinks::Other,
        },
    };
    let before = &text[..start];
    let is_status = first_phrase(before, 0).is_some_and(|found| {
        let rest = before[found.range.end..].trim_matches(|c: char| !is_letter(c));
        before[..found.range.start].find(is_letter).is_none()
            && (rest.is_empty()
                || phrases(CONJUNCTIONS).any(|word| rest.eq_ignore_ascii_case(word)))
    });
    if !is_empty(before) && !is_status {
        return WordsBesideLinks::Other;
    }
    let after = &text[end..];
    match find_references(after) {
        Some(list) => {
            let beside = [&after[..list.range.start], &after[list.range.end..]];
            if beside.into_iter().all(is_empty) {
                WordsBesideLinks::None
            } else {
                WordsBesideLinks::Other
            }
        }
        None if is_empty(after) => WordsBesideLinks::None,
        None => WordsBesideLinks::Successor,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_beside_links_are_found() {
        use WordsBesideLinks::{None, Other, Successor};
        for (text, expected) in [
            ("Superseded", None),
            ("Superseded by [5](0005-x.md)", None),
            ("Superseded by ADR-5 and ADR-6", None),
            ("Accepted, superseded by 0002", None),
            ("Superseded by the new policy", Successor),
            ("Accepted by Jo, superseded by 0002", Other),
            ("Superseded by the great ADR-5", Other),
        ] {
            assert_eq!(find_words_beside_links(text), expected, "{text}");
        }
    }
}
