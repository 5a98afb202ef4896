//! The status of a page, from the lines that describe it.

use std::ops::Range;

use wsdb_core::DecisionStatus;

use super::date::{FoundDate, find_date};
use super::markup::skip_markup;
use super::page::{Heading, Page};
use super::status::{LineStatus, find_status};
use super::status_links::{StatusLinks, parse_status_links};

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The index of the line.
    pub(super) line: usize,
    /// The bytes within the line.
    pub(super) range: Range<usize>,
}

/// A check box with a status, as in `- [x] Accepted`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CheckBox {
    /// The character between the brackets.
    pub(super) mark: Place,
    pub(super) status: DecisionStatus,
}

/// The status of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PageStatus {
    /// [`DecisionStatus::Unknown`] if the text is not understood.
    pub(super) status: DecisionStatus,
    /// The line with the status, as it was written.
    pub(super) text: String,
    /// The words of the status.
    pub(super) place: Place,
    /// Whether the words can be replaced by those of another status; other text stays as it is.
    pub(super) is_understood: bool,
    /// The bytes of the text that contains the words.
    pub(super) value: Range<usize>,
    /// The lines of the key and its value in the front matter, if they are replaced together.
    pub(super) front_lines: Option<Range<usize>>,
    pub(super) check_boxes: Vec<CheckBox>,
    pub(super) links: StatusLinks,
    pub(super) date: Option<FoundDate>,
    /// The heading of the section with the status.
    pub(super) heading: Option<usize>,
}

/// A line of text, or the part of it that may hold a value.
#[derive(Debug, Clone)]
pub(super) struct ValueLine<'a> {
    pub(super) line: usize,
    pub(super) start: usize,
    pub(super) text: &'a str,
}

impl<'a> ValueLine<'a> {
    pub(super) fn new(page: &'a Page, line: usize, range: Range<usize>) -> Self {
        ValueLine {
            line,
            start: range.start,
            text: &page.all[line][range],
        }
    }

    pub(super) fn place(&self, range: &Range<usize>) -> Place {
        Place {
            line: self.line,
            range: self.start + range.start..self.start + range.end,
        }
    }

    pub(super) fn is_list_item(&self) -> bool {
        let text = self.text.trim_start();
        ["* ", "- ", "+ "].iter().any(|mark| text.starts_with(mark))
    }

    /// Returns the position of the mark in a check box, and whether it is set.
    pub(super) fn check_box(&self) -> Option<(usize, bool)> {
        let text = self
            .text
            .trim_start_matches([' ', '\t', '*', '-', '+', '>']);
        let at = self.text.len() - text.len();
        let is_set = match text.get(..3)? {
            "[x]" | "[X]" => true,
            "[ ]" => false,
            _ => return None,
        };
        Some((at + 1, is_set))
    }
}

/// Returns the lines of a section that are text and not empty.
pub(super) fn section_lines<'a>(page: &'a Page, heading: &Heading) -> Vec<ValueLine<'a>> {
    let next = page.headings.iter().find(|next| next.line > heading.line);
    let end = next.map_or(page.all.len(), |next| next.line);
    text_lines(page, heading.content..end)
}

pub(super) fn text_lines(page: &Page, lines: Range<usize>) -> Vec<ValueLine<'_>> {
    let lines = lines.filter(|line| page.is_text[*line]);
    let lines = lines.map(|line| {
        let text = &page.all[line];
        let end = text.find("<!--").unwrap_or(text.len());
        ValueLine::new(page, line, 0..end)
    });
    let is_separator = |text: &str| {
        text.chars()
            .all(|c| matches!(c, '|' | '-' | ':' | ' ' | '=' | '*' | '_'))
    };
    lines
        .filter(|line| !line.text.trim().is_empty() && !is_separator(line.text))
        .collect()
}

/// Determines the status from the lines that describe it.
pub(super) fn status_of_lines(lines: &[ValueLine<'_>]) -> Option<PageStatus> {
    let first = lines.first()?;
    let boxes: Vec<(&ValueLine<'_>, usize, bool)> = lines
        .iter()
        .filter_map(|line| line.check_box().map(|(at, is_set)| (line, at, is_set)))
        .collect();
    let has_choice = boxes.iter().any(|(_, _, is_set)| *is_set);
    let check_boxes = boxes.iter().filter_map(|(line, at, _)| {
        let status = find_status(&line.text[at + 2..])?.status;
        let mark = line.place(&(*at..at + 1));
        Some(CheckBox { mark, status })
    });
    let check_boxes: Vec<CheckBox> = check_boxes.collect();

    let is_candidate = |line: &ValueLine<'_>| match line.check_box() {
        Some((_, is_set)) => is_set,
        None => !has_choice,
    };
    let candidates = lines.iter().filter(|line| is_candidate(line));
    let found: Vec<(&ValueLine<'_>, LineStatus)> = candidates
        .filter_map(|line| find_status(line.text).map(|found| (line, found)))
        // Below the first line, only a line that is nothing but a status is one; the items of a list
        // are a history.
        .filter(|(line, found)| {
            let is_item = first.is_list_item() && line.is_list_item();
            !found.has_long_remark || line.line == first.line || is_item
        })
        .collect();
    let chosen = choose_status(&found);
    let (line, status, range) = match chosen {
        Some((line, found)) => (*line, found.status, found.range.clone()),
        None => {
            let start = skip_markup(first.text, 0).min(first.text.len());
            let rest = first.text[start..].trim_end_matches(|c: char| !c.is_alphanumeric());
            let range = if rest.is_empty() {
                0..first.text.trim_end().len()
            } else {
                start..start + rest.len()
            };
            (first, DecisionStatus::Unknown, range)
        }
    };
    let mut links = StatusLinks::default();
    for line in lines {
        links.extend(parse_status_links(line.text));
    }
    keep_understood(&mut links, status);
    let is_over = matches!(
        status,
        DecisionStatus::Superseded | DecisionStatus::Deprecated
    );
    let date = find_date(line.text).filter(|_| !is_over && chosen.is_some());
    let date = date.map(|date| FoundDate {
        date: date.date,
        range: line.place(&date.range).range,
    });
    Some(PageStatus {
        status,
        text: line.text.trim().to_owned(),
        place: line.place(&range),
        is_understood: chosen.is_some(),
        value: line.start..line.start + line.text.len(),
        front_lines: None,
        check_boxes,
        links,
        date,
        heading: None,
    })
}

/// Leaves out the successors of a decision that is not superseded, and those of examples.
pub(super) fn keep_understood(links: &mut StatusLinks, status: DecisionStatus) {
    if status != DecisionStatus::Superseded {
        links.superseded_by.clear();
    }
    if status == DecisionStatus::Unknown {
        links.supersedes.clear();
    }
}

/// Chooses the status that counts: that a decision was superseded or rejected is added below its
/// earlier status, and a list has the latest one last.
fn choose_status<'a, 'b>(
    found: &'b [(&'a ValueLine<'a>, LineStatus)],
) -> Option<&'b (&'a ValueLine<'a>, LineStatus)> {
    let is_superseded =
        |(_, found): &&(&ValueLine<'_>, LineStatus)| found.status == DecisionStatus::Superseded;
    let items: Vec<_> = found
        .iter()
        .filter(|(line, _)| line.is_list_item())
        .collect();
    if items.len() > 1 && items.len() == found.len() {
        let dates: Vec<_> = items
            .iter()
            .filter_map(|(line, _)| find_date(line.text))
            .collect();
        if dates.len() == items.len() {
            let latest = dates.iter().map(|date| date.date).max();
            return items
                .into_iter()
                .zip(&dates)
                .rev()
                .find(|(_, date)| Some(date.date) == latest)
                .map(|(item, _)| item);
        }
        let mut distinct: Vec<DecisionStatus> =
            items.iter().map(|(_, found)| found.status).collect();
        distinct.sort_unstable();
        distinct.dedup();
        if distinct.len() > 2 {
            // All statuses that a page may have.
            return None;
        }
        return found.iter().find(is_superseded).or(items.last().copied());
    }
    let is_end = |(_, found): &&(&ValueLine<'_>, LineStatus)| {
        matches!(
            found.status,
            DecisionStatus::Superseded | DecisionStatus::Deprecated | DecisionStatus::Rejected
        )
    };
    let superseded = found.iter().find(is_superseded);
    superseded
        .or_else(|| found.iter().find(is_end))
        .or(found.first())
}
