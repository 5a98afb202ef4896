//! The date of a decision in the line of its status.

use super::date::{FoundDate, find_date};
use super::inexact_date::{has_only_inexact_dates, is_inexact};
use super::markup::{is_letter, mask_struck};
use super::status_words::phrases;

/// Words before a date that lies ahead, or is not that of the decision: `valid until 2025-06-30`.
const DEADLINE_WORDS: &str = "until; till; through; by; before; due; deadline; expires; expire; expiring; expiry; \
    expiration; review; reviewed; revisit; revisited; reassess; valid; target; targeted; eta; bis; \
    spätestens; fällig; überprüfung; gültig; hasta; até; jusqu'au; fino; tot";

/// Words in front of another document, as in `see the minutes of 2020-01-01`.
const REFERENCE_WORDS: &str = "see; cf; refer; siehe; vgl; voir; véase; zie; vedi";

/// Words between one of these and the date.
const FILLERS: &str = "on; at; in; is; to; the; date; again; of; as; from; al; am; ab; \
    den; zum; o; au; le";

/// Words in front of `review` if it is a step of the decision: `under review since …`.
const BEFORE_STEP: &str = "in; under; after; during; following; peer; since";

/// Finds the first date in a text that is exact and not struck out, and not one from or until which the
/// decision is valid, when it is reviewed, or of another document.
pub(super) fn find_decision_date(text: &str) -> Option<FoundDate> {
    let text = mask_struck(text);
    let mut at = 0;
    while let Some(found) = find_date(&text[at..]) {
        let range = at + found.range.start..at + found.range.end;
        if !is_other_date(&text[at..range.start]) && !is_inexact(&text, &range) {
            return Some(FoundDate {
                date: found.date,
                range,
            });
        }
        at = range.end;
    }
    None
}

/// Returns a date in a status that may mean two days, such as `03/04/2021`, or the whole text if its dates
/// are not exact.
pub(super) fn find_unclear_date(text: &str) -> Option<String> {
    let text = mask_struck(text);
    if has_only_inexact_dates(&text) {
        return Some(text.trim().to_owned());
    }
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '/' | '-' | '‑' | '–');
    let mut words = text.split(|c: char| !is_part(c));
    let found = words.find(|word| {
        let parts: Vec<&str> = word.split(|c: char| !c.is_ascii_digit()).collect();
        let is_number = |part: &str, max: usize| {
            let number = part.parse().ok();
            number.is_some_and(|number| (1..=max).contains(&number)) && part.len() <= 2
        };
        let [first, second, year] = parts[..] else {
            return false;
        };
        let is_year = year.len() == 4 || year.len() == 2 && word.contains('/');
        is_number(first, 31) && is_number(second, 31) && is_year && find_date(word).is_none()
    })?;
    let before = text.split(found).next().unwrap_or_default();
    (!is_other_date(before)).then(|| found.to_owned())
}

/// Whether the clause before a date ends with words such as `to be decided by`, or names another document.
fn is_other_date(before: &str) -> bool {
    let clause = before.trim_end_matches(|c: char| !is_letter(c));
    let clause = clause.rsplit([',', ';', '.', '(', '>']).next();
    let clause = clause.unwrap_or_default().to_lowercase();
    let is_one_of = |word: &str, list: &str| phrases(list).any(|known| known == word);
    let words = clause.split(|c: char| !is_letter(c) && c != '\'');
    let words = words.filter(|word| !word.is_empty());
    if words.clone().any(|word| is_one_of(word, REFERENCE_WORDS)) {
        return true;
    }
    let mut words = words.rev();
    let last = words.find(|word| !is_one_of(word, FILLERS));
    last.is_some_and(|last| {
        let is_step = last.starts_with("review")
            && words
                .next()
                .is_some_and(|word| is_one_of(word, BEFORE_STEP));
        is_one_of(last, DEADLINE_WORDS) && !is_step
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Option<String> {
        find_decision_date(text).map(|found| found.date.to_string()[..10].to_owned())
    }

    #[test]
    fn date_that_lies_ahead_is_not_that_of_the_decision() {
        for text in [
            "Approved, review on 2027-01-31",
            "Approved, expires 2027-01-31",
            "Proposed, to be decided by 2027-01-31",
            "Approved until 2023-01-09",
            "Approved (valid until 2025-06-30)",
            "Approved (valid to 30 June 2025)",
            "Approved. Next review: 2027-01-31",
            "Approved, review date: **2027-01-31**",
            "Approved; review is due on 2027-01-31",
            "Angenommen, gültig bis zum 31.01.2027",
            "Angenommen (gültig ab 31.01.2027)",
            "Approved, valid from 2021-02-03",
            "Approved (valid as of 2021-02-03)",
            "Approved (target: 2030-01-01)",
            "Approved, target date 2030-01-01",
            "Approved, see minutes of 2020-01-01",
            "Approved (see 2020-01-01 minutes)",
            "<s>Draft 2021-01-01</s> Approved",
            "~~Draft 2021-01-01~~ Approved",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn other_dates_of_a_status_are_that_of_the_decision() {
        for text in [
            "Approved on 2021-02-03",
            "Approved by Jo on 2021-02-03",
            "Approved by: Jo, 2021-02-03",
            "In review since 2021-02-03",
            "Under review: 2021-02-03",
            "Accepted after review on 2021-02-03",
            "Accepted from 2021-02-03",
            "Accepted in the meeting of 2021-02-03",
            "Accepted 2021-02-03, see minutes of 2020-01-01",
            "Accepted 2021-02-03, review on 2027-01-31",
            "Valid until 2027-01-31, accepted on 2021-02-03",
            "~~Draft 2021-01-01~~ Approved 2021-02-03",
        ] {
            assert_eq!(date(text).as_deref(), Some("2021-02-03"), "{text}");
        }
    }

    #[test]
    fn day_and_month_that_could_be_exchanged_are_unclear() {
        for (text, expected) in [
            ("Accepted on 03/04/2021", Some("03/04/2021")),
            ("Accepted (3/4/21)", Some("3/4/21")),
            ("Accepted 03-04-2021", Some("03-04-2021")),
            ("Accepted on 13/04/2021", None),
            ("Accepted on 03.04.2021", None),
            ("Accepted until 03/04/2021", None),
            ("Accepted ~~03/04/2021~~", None),
            ("Accepted, supersedes [1](../01/02/2021-x.md)", None),
            ("Accepted by 1/2 of the team", None),
            (
                "Accepted around 2021-04-03",
                Some("Accepted around 2021-04-03"),
            ),
        ] {
            assert_eq!(find_unclear_date(text).as_deref(), expected, "{text}");
        }
    }
}
