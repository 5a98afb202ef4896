//! The history of a status: which of several statuses is the current one.

use wsdb_core::{DecisionStatus, Timestamp};

use super::check_box::{check_boxes, has_choice, split_choices, without_other_choices};
use super::contradiction::is_contradicted;
use super::decision_date::find_decision_date;
use super::line_history::split_line;
use super::statement::find_statement;
use super::status::{LineStatus, find_status};
use super::value_line::ValueLine;

/// One of the statuses of a page.
#[derive(Debug)]
pub(super) struct StatusEntry<'a> {
    pub(super) line: &'a ValueLine<'a>,
    pub(super) found: LineStatus,
    pub(super) date: Option<Timestamp>,
    /// Whether it is an entry of a history: it has its date in front, or in a column.
    pub(super) is_history: bool,
}

impl<'a> StatusEntry<'a> {
    /// Reads a line; `None` if it is no status.
    pub(super) fn new(line: &'a ValueLine<'a>) -> Option<Self> {
        let is_row = line.row_date.is_some();
        let found = find_status(line.text).or_else(|| {
            is_row.then_some(LineStatus {
                status: DecisionStatus::Unknown,
                range: 0..line.text.len(),
                has_long_remark: false,
            })
        })?;
        let date = find_decision_date(line.text);
        let is_first = date
            .as_ref()
            .is_some_and(|date| date.range.end <= found.range.start);
        let date = line.row_date.clone().or(date).map(|date| date.date);
        Some(StatusEntry {
            line,
            found,
            date,
            is_history: is_row || is_first,
        })
    }

    /// Reads a sentence that names the decisions that supersede that of the page.
    pub(super) fn of_statement(line: &'a ValueLine<'a>) -> Option<Self> {
        let statement = find_statement(line.text, DecisionStatus::Maintained)?;
        let found = LineStatus {
            status: DecisionStatus::Superseded,
            range: statement.range,
            has_long_remark: false,
        };
        (!statement.successors.is_empty()).then(|| StatusEntry {
            line,
            found,
            date: find_decision_date(line.text).map(|date| date.date),
            is_history: false,
        })
    }

    /// Whether its own line contradicts it.
    pub(super) fn is_contradicted(&self) -> bool {
        is_contradicted(self.line.text, &self.found)
    }

    fn is_superseded(&self) -> bool {
        self.found.status == DecisionStatus::Superseded
    }

    /// Whether a decision with the status is in effect.
    pub(super) fn is_valid(&self) -> bool {
        matches!(
            self.found.status,
            DecisionStatus::Maintained | DecisionStatus::Implemented | DecisionStatus::InProgress
        )
    }

    /// Whether it is marked as the current status.
    fn is_current(&self) -> bool {
        let mut words = self.line.text.split(|c: char| !c.is_alphabetic());
        words.any(|word| {
            ["current", "currently"]
                .iter()
                .any(|known| word.eq_ignore_ascii_case(known))
        })
    }
}

/// Splits lines with several statuses: `Proposed 2021-05-01, accepted 2021-06-01`. Of
/// `Proposed -> Accepted`, only the last status is left.
pub(super) fn split_histories<'a>(lines: &[ValueLine<'a>]) -> Vec<ValueLine<'a>> {
    let lines = lines.iter().flat_map(|line| {
        let parts = match split_choices(line.text) {
            _ if line.row_date.is_some() => return vec![line.clone()],
            Some(parts) => parts,
            None if has_choice(line.text) => return vec![line.clone()],
            None => split_line(line.text),
        };
        let parts = parts.into_iter().map(|range| ValueLine {
            start: line.start + range.start,
            text: &line.text[range],
            ..line.clone()
        });
        parts.collect()
    });
    lines.collect()
}

/// The status that counts of a text on one line.
#[derive(Debug)]
pub(super) struct CurrentStatus {
    pub(super) found: Option<LineStatus>,
    /// Whether there are several statuses, and it is not clear which one is the current one.
    pub(super) is_ambiguous: bool,
}

/// Finds the status that counts in a text on one line.
pub(super) fn find_current_status(text: &str) -> CurrentStatus {
    let line = ValueLine {
        line: 0,
        start: 0,
        text,
        row_date: None,
    };
    let parts = split_histories(&[line]);
    if parts.len() < 2 {
        let found = find_status(text);
        let is_contradicted = found.as_ref().is_some_and(|f| is_contradicted(text, f));
        return CurrentStatus {
            found: found.filter(|_| !is_contradicted),
            is_ambiguous: is_contradicted,
        };
    }
    let candidates = without_other_choices(&parts, &check_boxes(&parts)).into_iter();
    let entries: Vec<_> = candidates.filter_map(StatusEntry::new).collect();
    let found = choose_status(&entries).filter(|entry| !entry.is_contradicted());
    let found = found.map(|entry| {
        let (start, range) = (entry.line.start, &entry.found.range);
        LineStatus {
            range: start + range.start..start + range.end,
            ..entry.found.clone()
        }
    });
    CurrentStatus {
        is_ambiguous: found.is_none(),
        found,
    }
}

/// Chooses the status that counts: the latest one if they have dates. That a decision was superseded or
/// rejected is added below its earlier status, and a list has the latest one last. Returns `None` if it
/// is not clear which one is the current one.
pub(super) fn choose_status<'a, 'b>(entries: &'b [StatusEntry<'a>]) -> Option<&'b StatusEntry<'a>> {
    let mut current = entries.iter().filter(|entry| entry.is_current());
    if let (Some(entry), None) = (current.next(), current.next()) {
        return Some(entry);
    }
    // `Approved. Later withdrawn.`
    let is_unclear = |entry: &StatusEntry<'_>| {
        let is_beside = |other: &StatusEntry<'_>| {
            other.line.line == entry.line.line && other.found.status != entry.found.status
        };
        entry.date.is_none() && entries.iter().any(is_beside)
    };
    if entries.iter().any(is_unclear) {
        return None;
    }
    let superseded = entries.iter().find(|entry| entry.is_superseded());
    let latest = entries
        .iter()
        .filter(|entry| entry.date.is_some())
        .max_by_key(|entry| entry.date);
    let undated: Vec<&StatusEntry<'_>> = entries.iter().filter(|e| e.date.is_none()).collect();
    if let Some(latest) = latest {
        if undated.is_empty() {
            return Some(latest);
        }
        if superseded.is_some_and(|entry| !entry.is_history) {
            return superseded;
        }
        if entries.iter().any(|entry| entry.is_history) {
            return choose_beside_history(entries, &undated, latest);
        }
    }
    let items: Vec<_> = entries.iter().filter(|e| e.line.is_list_item()).collect();
    if items.len() > 1 {
        let mut distinct: Vec<DecisionStatus> = items.iter().map(|e| e.found.status).collect();
        distinct.sort_unstable();
        distinct.dedup();
        let last = items.last().copied();
        if items.len() == entries.len() {
            if distinct.len() > 2 {
                // All statuses that a page may have.
                return None;
            }
            return superseded.or(last);
        }
        let first = entries.first();
        let is_same = first.map(|e| e.found.status) == last.map(|e| e.found.status);
        return superseded.or(first.filter(|_| is_same));
    }
    let is_end = |entry: &&StatusEntry<'_>| {
        matches!(
            entry.found.status,
            DecisionStatus::Deprecated | DecisionStatus::Rejected
        )
    };
    let end = entries.iter().position(|entry| is_end(&entry));
    // Accepted after all, or the other way round.
    let is_valid_again = |at: usize| entries[at..].iter().any(StatusEntry::is_valid);
    if superseded.is_none() && end.is_some_and(is_valid_again) {
        return None;
    }
    let end = end.map(|at| &entries[at]);
    superseded.or(end).or(last_of_steps(entries))
}

/// Returns the last of statuses that follow each other, such as `Proposed` and `Accepted`.
fn last_of_steps<'a, 'b>(entries: &'b [StatusEntry<'a>]) -> Option<&'b StatusEntry<'a>> {
    let first = entries.first()?;
    if entries
        .iter()
        .all(|entry| entry.found.status == first.found.status)
    {
        return Some(first);
    }
    let is_planned = |entry: &StatusEntry<'_>| entry.found.status == DecisionStatus::Planned;
    let mut later = entries.iter().skip_while(|entry| is_planned(entry));
    later.all(StatusEntry::is_valid).then(|| entries.last())?
}

/// Chooses between the latest status of a history and those without a date beside it.
fn choose_beside_history<'a, 'b>(
    entries: &'b [StatusEntry<'a>],
    undated: &[&'b StatusEntry<'a>],
    latest: &'b StatusEntry<'a>,
) -> Option<&'b StatusEntry<'a>> {
    let is_same = |entry: &&&StatusEntry<'_>| entry.found.status == latest.found.status;
    if undated.iter().all(|entry| is_same(&entry)) {
        return undated.first().copied();
    }
    // The last line was added last.
    let last = entries.last().filter(|last| last.date.is_none());
    if let Some(last) = last.filter(|_| undated.len() == 1) {
        return Some(last);
    }
    let is_planned = |entry: &&StatusEntry<'_>| entry.found.status == DecisionStatus::Planned;
    let was_planned = entries.iter().take_while(|e| e.date.is_none()).count() == undated.len()
        && undated.iter().all(is_planned);
    was_planned.then_some(latest)
}
