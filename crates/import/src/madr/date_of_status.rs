//! The date of a status in a list of dates such as `draft 2021-01-01, accepted 2021-03-05`.

use wsdb_core::{DecisionStatus, Timestamp};

use super::decision_date::find_decision_date;
use super::status::find_status;
use super::value_line::{Place, ValueLine};

/// The date of the status of a page.
#[derive(Debug)]
pub(super) enum StatusDate {
    /// The lines are not several dates with statuses.
    None,
    /// None of the dates is that of the status.
    Other,
    Found(Place, Timestamp),
}

/// A date with the status beside it.
struct DatedStatus {
    place: Place,
    date: Timestamp,
    status: Option<DecisionStatus>,
}

/// Finds the date beside the status of the page, or, if it is not named, the date without a status.
pub(super) fn find_status_date(
    lines: &[ValueLine<'_>],
    status: Option<DecisionStatus>,
) -> StatusDate {
    let dates: Vec<DatedStatus> = lines.iter().flat_map(split_dates).collect();
    if dates.len() < 2 || dates.iter().all(|date| date.status.is_none()) {
        return StatusDate::None;
    }
    let is_known = status.is_some_and(|status| status != DecisionStatus::Unknown);
    let wanted = |date: &&DatedStatus| is_known && date.status == status;
    // The latest one, if a decision was accepted twice.
    let found = dates.iter().filter(wanted).max_by_key(|date| date.date);
    let found = found.or_else(|| dates.iter().find(|date| date.status.is_none()));
    match found {
        Some(found) => StatusDate::Found(found.place.clone(), found.date),
        None => StatusDate::Other,
    }
}

/// Finds the dates of a line, each with the status before it, or, if the line begins with a date, after
/// it.
fn split_dates(line: &ValueLine<'_>) -> Vec<DatedStatus> {
    let mut dates = Vec::new();
    let mut at = 0;
    while let Some(found) = find_decision_date(&line.text[at..]) {
        dates.push((at + found.range.start..at + found.range.end, found.date));
        at += found.range.end;
    }
    let is_blank = |text: &str| !text.contains(char::is_alphanumeric);
    let status_of = |text: &str| {
        let text = text.trim_matches(|c: char| !c.is_alphanumeric());
        find_status(text).map(|found| found.status)
    };
    let is_first = dates
        .first()
        .zip(dates.last())
        .is_some_and(|(first, last)| {
            is_blank(&line.text[..first.0.start]) && status_of(&line.text[last.0.end..]).is_some()
        });
    let words = |index: usize| {
        let before = match index {
            0 => 0,
            index => dates[index - 1].0.end,
        };
        let after = dates
            .get(index + 1)
            .map_or(line.text.len(), |(next, _)| next.start);
        let (range, _) = &dates[index];
        if is_first {
            &line.text[range.end..after]
        } else {
            &line.text[before..range.start]
        }
    };
    let dates = dates
        .iter()
        .enumerate()
        .map(|(index, (range, date))| DatedStatus {
            place: line.place(range),
            date: *date,
            status: status_of(words(index)),
        });
    dates.collect()
}
