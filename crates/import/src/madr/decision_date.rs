//! The date of a decision in the line of its status.

use super::date::{FoundDate, find_date};
use super::markup::{is_letter, mask_struck};
use super::status_words::phrases;

/// Words before a date that lies ahead, as in `valid until 2025-06-30`.
const DEADLINE_WORDS: &str = "until; till; through; by; before; due; deadline; expires; expire; expiring; expiry; \
    expiration; review; reviewed; revisit; revisited; reassess; valid; bis; spätestens; fällig; \
    überprüfung; hasta; até; jusqu'au; fino; tot";

/// Words between one of these and the date.
const FILLERS: &str = "on; at; in; is; to; the; date; again; of; al; am; den; zum; o; au; le";

/// Words in front of `review` if it is a step of the decision: `under review since …`.
const BEFORE_STEP: &str = "in; under; after; during; following; peer; since";

/// Finds the first date in a text that is not struck out, and not one until which the decision is valid,
/// or when it is reviewed.
pub(super) fn find_decision_date(text: &str) -> Option<FoundDate> {
    let text = mask_struck(text);
    let mut at = 0;
    while let Some(found) = find_date(&text[at..]) {
        let range = at + found.range.start..at + found.range.end;
        if !ends_in_deadline(&text[at..range.start]) {
            return Some(FoundDate {
                date: found.date,
                range,
            });
        }
        at = range.end;
    }
    None
}

/// Whether the clause before a date ends with words such as `to be decided by`.
fn ends_in_deadline(before: &str) -> bool {
    let clause = before.trim_end_matches(|c: char| !is_letter(c));
    let clause = clause.rsplit([',', ';', '.', '(', '>']).next();
    let clause = clause.unwrap_or_default().to_lowercase();
    let is_one_of = |word: &str, list: &str| phrases(list).any(|known| known == word);
    let words = clause.split(|c: char| !is_letter(c) && c != '\'');
    let mut words = words.filter(|word| !word.is_empty()).rev();
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
            "Accepted, valid from 2021-02-03",
            "Accepted 2021-02-03, review on 2027-01-31",
            "Valid until 2027-01-31, accepted on 2021-02-03",
            "~~Draft 2021-01-01~~ Approved 2021-02-03",
        ] {
            assert_eq!(date(text).as_deref(), Some("2021-02-03"), "{text}");
        }
    }
}
