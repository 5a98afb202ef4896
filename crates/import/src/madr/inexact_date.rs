//! Tells dates that name one day from those that do not: `around 2020-03-05`, `2020-03-05?`, and ranges such
//! as `2020-01-01 – 2020-03-01`.

use std::ops::Range;

use super::date::{find_date, is_month};
use super::markup::is_letter;
use super::status_words::phrases;

/// Words in front of a date that is only about right.
const APPROXIMATE_WORDS: &str = "around; about; approx; approximately; roughly; circa; ca; mid; early; late; probably; \
    maybe; perhaps; possibly; presumably; likely; sometime; near; after; estimated; guessed; \
    etwa; ungefähr; zirka; vermutlich; wahrscheinlich; rund; gegen; um; nach; vor; geschätzt; \
    environ; vers; autour; approximativement; probablement; peut-être; avant; après; \
    aproximadamente; aprox; alrededor; hacia; probablemente; quizás; antes; después; \
    cerca; provavelmente; talvez; depois; verso; probabilmente; forse; dopo; \
    ongeveer; rond; waarschijnlijk; voor; około; prawdopodobnie; przed; \
    около; примерно; приблизительно; вероятно; до; после; \
    omkring; cirka; ungefär; troligen; noin; 約; 约; 大约; 大概";

/// Words between one of these and the date.
const FILLERS: &str = "on; the; of; at; am; de; du; le; den; dem; el; del; il";

/// What follows a date that is only about right.
const APPROXIMATE_ENDS: &str = "or so; or thereabouts; ish; approx; approximately; estimated; estimate; guess; guessed; \
    unsure; unclear; uncertain; circa; ca; roughly; probably; ungefähr; geschätzt; environ; aprox; \
    頃; ごろ; くらい; 前後; 左右; 前后; 쯤; 경";

/// Words between the two dates of a range, or of a choice.
const BETWEEN_DATES: &str = "to; until; till; through; thru; and; or; bis; und; oder; au; à; et; ou; hasta; al; a; y; e; o; \
    até; fino; tot; t/m; en; of; do; по; och; till; til";

/// Ends of a range that has not ended.
const OPEN_ENDS: &str = "present; now; today; ongoing; heute; aujourd'hui; hoy; oggi; vandaag";

/// Whether a date in a text, at these bytes, does not name one day.
pub(super) fn is_inexact(text: &str, range: &Range<usize>) -> bool {
    let (before, after) = (&text[..range.start], &text[range.end..]);
    is_approximate_start(before, after)
        || is_approximate_end(after)
        || begins_range(after)
        || ends_range(before, &text[range.clone()])
}

/// Whether a text has a date, and no date of it names one day.
pub(super) fn has_only_inexact_dates(text: &str) -> bool {
    let mut at = 0;
    let mut has_date = false;
    while let Some(found) = find_date(&text[at..]) {
        let range = at + found.range.start..at + found.range.end;
        if !is_inexact(text, &range) {
            return false;
        }
        has_date = true;
        at = range.end;
    }
    has_date
}

fn is_one_of(word: &str, list: &str) -> bool {
    phrases(list).any(|known| known == word)
}

fn is_approximate_start(before: &str, after: &str) -> bool {
    let marks = before.trim_end();
    if marks.ends_with(['≈', '≃', '≤', '≥', '±', '~'])
        || before.ends_with('<') && !after.starts_with('>')
    {
        return true;
    }
    let clause = before.trim_end_matches(|c: char| !is_letter(c));
    let gap = &before[clause.len()..];
    if gap.contains([',', ';', ':', '/', '|', '-', '–', '—']) {
        return false;
    }
    let clause = clause.to_lowercase();
    let words = clause.split(|c: char| !is_letter(c) && !matches!(c, '\'' | '-'));
    let mut words = words.rev().filter(|word| !word.is_empty());
    let word = words.find(|word| !is_one_of(word, FILLERS));
    word.is_some_and(|word| {
        is_one_of(word, APPROXIMATE_WORDS) || word == "c" && gap.starts_with('.')
    })
}

fn is_approximate_end(after: &str) -> bool {
    let is_digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    if let Some(next) = after.strip_prefix('+') {
        return !is_digit(next);
    }
    let text = after.trim_start_matches([' ', '(', '[', '-', '\u{a0}']);
    // A question mark at the end of a sentence is none about the date.
    if text.starts_with(['?', '±']) {
        return true;
    }
    let text = text.to_lowercase();
    phrases(APPROXIMATE_ENDS).any(|end| {
        let is_word = |rest: &str| !end.is_ascii() || !rest.starts_with(is_letter);
        text.strip_prefix(end).is_some_and(is_word)
    })
}

/// Returns what follows the mark or word between two dates.
fn skip_separator(text: &str) -> Option<&str> {
    let text = text.trim_start();
    for mark in [
        "...", "..", "->", "--", "-", "–", "—", "‑", "/", "…", "→", "&",
    ] {
        if let Some(rest) = text.strip_prefix(mark) {
            return Some(rest.trim_start());
        }
    }
    let end = text.find(char::is_whitespace)?;
    let word = text[..end].to_lowercase();
    is_one_of(&word, BETWEEN_DATES).then(|| text[end..].trim_start())
}

/// Whether another date follows as the end of a range: `2020-01-01 – 2020-03-01`, `2020-03-05/07`.
fn begins_range(after: &str) -> bool {
    let Some(next) = skip_separator(after) else {
        return false;
    };
    if find_date(next).is_some_and(|date| date.range.start == 0) {
        return true;
    }
    let word = next.split(|c: char| !is_letter(c) && c != '\'').next();
    if word.is_some_and(|word| is_one_of(&word.to_lowercase(), OPEN_ENDS)) {
        return true;
    }
    let number = next.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_short = (1..=2).contains(&(next.len() - number.len()));
    let rest = number.trim_start();
    is_short && (rest.is_empty() || rest.starts_with([',', ';', ')']))
}

/// Whether a date is the end of a range: `2020-01-01 – 2020-03-01`, `5–7 March 2020`.
fn ends_range(before: &str, date: &str) -> bool {
    let Some(start) = strip_separator(before) else {
        return false;
    };
    // An earlier date.
    let mut at = 0;
    while let Some(found) = find_date(&start[at..]) {
        at += found.range.end;
        if at == start.len() {
            return true;
        }
    }
    let start = start.trim_end_matches('.');
    let words = start.rsplit(|c: char| c.is_whitespace() || c == '(');
    let words: Vec<&str> = words.take(2).collect();
    let last = words.first().copied().unwrap_or_default();
    if is_month(last) {
        return true;
    }
    // In `ADR 12 - 2020-03-05`, the number is not a day.
    let is_written_year_first = date.split(|c: char| !c.is_ascii_digit()).next();
    let is_year_first = is_written_year_first.is_some_and(|year| year.len() == 4);
    let digits = last.trim_end_matches(|c: char| c.is_alphabetic());
    let is_day = digits.parse().is_ok_and(|day: u32| (1..=31).contains(&day));
    let word = words.get(1).copied().unwrap_or_default().to_lowercase();
    const BEFORE_RANGE: &str = "; on; from; between; vom; zwischen; du; entre; del; dal; van; den";
    is_day && !is_year_first && (word.is_empty() || is_one_of(&word, BEFORE_RANGE))
}

/// Returns what is in front of the mark or word between two dates.
fn strip_separator(text: &str) -> Option<&str> {
    let text = text.trim_end();
    for mark in ["..", "->", "--", "-", "–", "—", "‑", "/", "…", "→", "&"] {
        if let Some(rest) = text.strip_suffix(mark) {
            return Some(rest.trim_end_matches(['.', ' ', '-', '\u{a0}']));
        }
    }
    let start = text.rfind(char::is_whitespace)?;
    let word = text[start..].trim_start().to_lowercase();
    is_one_of(&word, BETWEEN_DATES).then(|| text[..start].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_exact(text: &str) -> bool {
        assert!(find_date(text).is_some(), "{text}");
        !has_only_inexact_dates(text)
    }

    #[test]
    fn date_that_is_about_right_is_inexact() {
        for text in [
            "around 2020-03-05",
            "Around the 5th of March 2020",
            "ca. 2020-03-05",
            "c. 5 March 2020",
            "~2020-03-05",
            "≈ 2020-03-05",
            "(approximately) 2020-03-05",
            "Accepted (probably on 2020-03-05)",
            "mid 2020-03-05",
            "after 2020-03-05",
            "<2020-03-05",
            "2020-03-05?",
            "2020-03-05 (?)",
            "2020-03-05 (approx.)",
            "2020-03-05 or so",
            "2020-03-05-ish",
            "2020-03-05+",
            "etwa am 5. März 2020",
            "ungefähr 05.03.2020",
            "vers le 5 mars 2020",
            "alrededor del 5 de marzo de 2020",
            "около 5 марта 2020",
            "2020年3月5日頃",
        ] {
            assert!(!is_exact(text), "{text}");
        }
    }

    #[test]
    fn range_is_inexact() {
        for text in [
            "2020-01-01 – 2020-03-01",
            "2020-01-01 - 2020-03-01",
            "2020-01-01 to 2020-03-01",
            "2020-01-01..2020-03-01",
            "2020-01-01/2020-03-01",
            "2020-01-01 → 2020-03-01",
            "from 2020-01-01 until 2020-03-01",
            "between 2020-01-01 and 2020-03-01",
            "2020-01-01 or 2020-03-01",
            "2020-01-01 – present",
            "2020-03-05/07",
            "2020-03-05 – 07",
            "5–7 March 2020",
            "1st to 3rd March 2020",
            "28 Feb – 3 March 2020",
            "05.-07.03.2020",
            "vom 5. bis 7. März 2020",
            "01.02.2020 bis 03.02.2020",
            "du 5 au 7 mars 2020",
        ] {
            assert!(!is_exact(text), "{text}");
        }
    }

    #[test]
    fn other_dates_are_exact() {
        for text in [
            "2020-03-05",
            "on 2020-03-05.",
            "> 2020-03-05",
            "<2020-03-05>",
            "2020-03-05, 2020-03-09",
            "2020-03-05 (updated 2020-03-09)",
            "2020-03-05 - 10:00",
            "2020-03-05+01:00",
            "2020-03-05 - Accepted",
            "Proposed 2020-01-01 - Accepted 2020-03-01",
            "ADR-12 - 2020-03-05",
            "Meeting 12 - 2020-03-05",
            "Superseded by ADR-2 - 3 March 2020",
            "Accepted after review on 2020-03-05",
            "Accepted, late: 2020-03-05",
            "Jo to Ann, 5 March 2020",
        ] {
            assert!(is_exact(text), "{text}");
        }
    }
}
