//! A date between the two words of a phrase: `Superseded on 2024-03-01 by ADR-1`.

use std::borrow::Cow;

use super::date::is_month;
use super::markup::{is_letter, starts_with_phrase};
use super::status_words::{SUPERSEDED_BY, phrases};

/// Words of a date, and in front of it.
const DATE_WORDS: &str = "on; in; since; as; of; at; the; dated; am; vom; seit; im; le; en; du; depuis; el; de; \
    em; desde; il; dal; nel; op; sinds; den; dnia; od";

/// Returns a text with spaces in place of the dates between words such as `superseded` and `by`; all other
/// bytes keep their positions.
pub(super) fn mask_date_before_by(text: &str) -> Cow<'_, str> {
    let mut masked = Cow::Borrowed(text);
    let starts = text.char_indices().filter(|(at, c)| {
        let before = text[..*at].chars().next_back();
        is_letter(*c) && !before.is_some_and(is_letter)
    });
    for (start, _) in starts {
        for phrase in phrases(SUPERSEDED_BY) {
            let Some((verb, by)) = phrase.rsplit_once(' ') else {
                continue;
            };
            let verb_end = starts_with_phrase(&text[start..], verb).map(|length| start + length);
            let by_start = verb_end.and_then(|end| Some(end + date_length(&text[end..], by)?));
            if let (Some(end), Some(by)) = (verb_end, by_start) {
                let spaces = " ".repeat(by - end);
                masked.to_mut().replace_range(end..by, &spaces);
                break;
            }
        }
    }
    masked
}

/// Returns the length of a date and the marks around it, if a word follows.
fn date_length(text: &str, word: &str) -> Option<usize> {
    let mut has_number = false;
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let is_mark = |c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    '(' | ')'
                        | '['
                        | ']'
                        | ','
                        | '.'
                        | '/'
                        | ':'
                        | '-'
                        | '–'
                        | '—'
                        | '*'
                        | '_'
                        | '`'
                        | '\''
                )
        };
        at += rest.len() - rest.trim_start_matches(is_mark).len();
        let rest = &text[at..];
        if starts_with_phrase(rest, word).is_some() && has_number {
            return Some(at);
        }
        let token = rest.split(|c| !is_letter(c)).next().unwrap_or_default();
        let is_number = token.starts_with(|c: char| c.is_ascii_digit()) && token.len() <= 5;
        let is_word = phrases(DATE_WORDS).any(|known| token.eq_ignore_ascii_case(known));
        if token.is_empty() || !is_number && !is_word && !is_month(token) {
            return None;
        }
        has_number |= is_number;
        at += token.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_between_the_words_is_masked() {
        for (text, expected) in [
            (
                "Superseded on 2024-03-01 by ADR-1",
                "Superseded               by ADR-1",
            ),
            (
                "Superseded (2024-03-01) by [1](x)",
                "Superseded              by [1](x)",
            ),
            (
                "superseded, 1 March 2024, by 1",
                "superseded                by 1",
            ),
            ("Ersetzt (2024) durch ADR-1", "Ersetzt        durch ADR-1"),
            (
                "Superseded by ADR-1 on 2024-03-01",
                "Superseded by ADR-1 on 2024-03-01",
            ),
            (
                "Superseded 2024. Accepted by Jo",
                "Superseded 2024. Accepted by Jo",
            ),
            ("Superseded ADR-1 by ADR-2", "Superseded ADR-1 by ADR-2"),
        ] {
            assert_eq!(mask_date_before_by(text), expected, "{text}");
        }
    }
}
