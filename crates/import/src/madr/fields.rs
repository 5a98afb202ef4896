//! Finds status, date and links of a page: in the front matter, in lines such as `* Status: accepted`,
//! in tables, and in sections such as `## Status`.

use std::ops::Range;

use wsdb_core::{DecisionStatus, Json, Timestamp};

use super::date::{FoundDate, find_date};
use super::markup::{plain_name, skip_markup};
use super::names::{PageField, page_field};
use super::page::{Heading, Page};
use super::status::{LineStatus, StatusLinks, find_references, find_status, parse_status_links};

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
    /// The beginning of the text that contains the words.
    pub(super) start: usize,
    pub(super) check_boxes: Vec<CheckBox>,
    pub(super) links: StatusLinks,
    date: Option<FoundDate>,
    /// The heading of the section with the status.
    pub(super) heading: Option<usize>,
}

/// The date of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PageDate {
    pub(super) date: Timestamp,
    pub(super) place: Place,
    /// The heading of the section with the date.
    pub(super) heading: Option<usize>,
}

/// The fields of a page.
#[derive(Debug, Clone, Default)]
pub(super) struct PageFields {
    pub(super) status: Option<PageStatus>,
    pub(super) date: Option<PageDate>,
    pub(super) links: StatusLinks,
    /// A date that is not understood.
    pub(super) odd_date: Option<String>,
}

/// A labeled value within a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LabeledValue {
    pub(super) field: PageField,
    pub(super) range: Range<usize>,
}

/// Returns the labeled values of a line, such as `* Status: accepted` or `| Date | 2021-01-01 |`.
pub(super) fn labeled_values(line: &str) -> Vec<LabeledValue> {
    if line.trim_start().starts_with('|') {
        return labeled_cells(line);
    }
    let segment_starts = |line: &str| {
        let mut starts = vec![0];
        for separator in [" | ", " · ", " • ", " / ", "; ", "  ", ", "] {
            starts.extend(line.match_indices(separator).map(|(at, s)| at + s.len()));
        }
        starts.sort_unstable();
        starts.dedup();
        starts
    };
    let labeled = |start: usize| {
        let rest = &line[start..];
        let colon = rest.find([':', '：'])?;
        let label = &rest[..colon];
        // A sentence is not a label.
        let field = page_field(label).filter(|_| label.chars().count() <= 40)?;
        let mark = rest[colon..].chars().next().map_or(1, char::len_utf8);
        Some((start, field, start + colon + mark))
    };
    let found = segment_starts(line).into_iter().filter_map(labeled);
    let mut found: Vec<(usize, PageField, usize)> = found.collect();
    // The line has to begin with a label.
    if found
        .first()
        .is_none_or(|(start, _, _)| *start > 0 && !line[..*start].trim().is_empty())
    {
        return Vec::new();
    }
    // Two positions before the same label are one.
    found.dedup_by(|later, earlier| later.2 == earlier.2);
    let mut values = Vec::new();
    for (index, (_, field, start)) in found.iter().enumerate() {
        let end = found
            .get(index + 1)
            .map_or(line.len(), |(next, _, _)| *next);
        values.push(LabeledValue {
            field: *field,
            range: trim_value(line, *start..end),
        });
    }
    values
}

/// Returns the labeled values of a row of a table: pairs of cells, but not the names of columns.
fn labeled_cells(line: &str) -> Vec<LabeledValue> {
    let cells = table_cells(line);
    let mut values = Vec::new();
    for pair in cells.chunks_exact(2) {
        let Some(field) = page_field(&line[pair[0].clone()]) else {
            continue;
        };
        if page_field(&line[pair[1].clone()]).is_some() {
            return Vec::new();
        }
        values.push(LabeledValue {
            field,
            range: trim_value(line, pair[1].clone()),
        });
    }
    values
}

/// Whether the first row of a table names its columns: `| Status | Author |`.
fn has_column_names(head: &str) -> bool {
    let is_value = |value: &LabeledValue| {
        let text = &head[value.range.clone()];
        match value.field {
            PageField::Status => find_status(text).is_some(),
            PageField::Date => find_date(text).is_some(),
            _ => true,
        }
    };
    !labeled_cells(head).iter().any(is_value)
}

/// Whether a line is between the first row of a table and the others.
fn is_table_rule(line: &str) -> bool {
    line.contains('|')
        && line.contains('-')
        && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

fn table_cells(line: &str) -> Vec<Range<usize>> {
    let marks: Vec<usize> = line.match_indices('|').map(|(at, _)| at).collect();
    let mut cells: Vec<Range<usize>> = Vec::new();
    for (index, mark) in marks.iter().enumerate() {
        let end = marks.get(index + 1).copied().unwrap_or(line.len());
        if index + 1 < marks.len() || !line[mark + 1..end].trim().is_empty() {
            cells.push(mark + 1..end);
        }
    }
    cells
}

/// Removes comments, spaces and the marks of a bold label from a value.
fn trim_value(line: &str, range: Range<usize>) -> Range<usize> {
    let text = &line[range.clone()];
    let end = text.find("<!--").unwrap_or(text.len());
    let text = text[..end].trim_end_matches([' ', '\t', '|', ';', ',', '\\']);
    let inner = text.trim_start_matches([' ', '\t', '*', '_']);
    // `**Date:** **2021-01-01**` keeps the marks at its end.
    let start = range.start + text.len() - inner.len();
    start..start + inner.len()
}

/// A line of text, or the part of it that may hold a value.
#[derive(Debug, Clone)]
struct ValueLine<'a> {
    line: usize,
    start: usize,
    text: &'a str,
}

impl<'a> ValueLine<'a> {
    fn new(page: &'a Page, line: usize, range: Range<usize>) -> Self {
        ValueLine {
            line,
            start: range.start,
            text: &page.all[line][range],
        }
    }

    fn place(&self, range: &Range<usize>) -> Place {
        Place {
            line: self.line,
            range: self.start + range.start..self.start + range.end,
        }
    }

    fn is_list_item(&self) -> bool {
        let text = self.text.trim_start();
        ["* ", "- ", "+ "].iter().any(|mark| text.starts_with(mark))
    }

    /// Returns the position of the mark in a check box, and whether it is set.
    fn check_box(&self) -> Option<(usize, bool)> {
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
fn section_lines<'a>(page: &'a Page, heading: &Heading) -> Vec<ValueLine<'a>> {
    let next = page.headings.iter().find(|next| next.line > heading.line);
    let end = next.map_or(page.all.len(), |next| next.line);
    text_lines(page, heading.content..end)
}

fn text_lines(page: &Page, lines: Range<usize>) -> Vec<ValueLine<'_>> {
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
fn status_of_lines(lines: &[ValueLine<'_>]) -> Option<PageStatus> {
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
        start: line.start,
        check_boxes,
        links,
        date,
        heading: None,
    })
}

/// Leaves out the successors of a decision that is not superseded, and those of examples.
fn keep_understood(links: &mut StatusLinks, status: DecisionStatus) {
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

/// Returns the place of a value of the front matter.
fn front_place(page: &Page, key: &str) -> Option<(usize, Range<usize>)> {
    let line = *page.lines.get(key)?;
    let text = page.all.get(line)?;
    let colon = text.find(':')? + 1;
    let value = &text[colon..];
    let value = value.find(" #").map_or(value, |at| &value[..at]);
    let inner = value.trim_start();
    let start = colon + value.len() - inner.len();
    Some((line, start..start + inner.trim_end().len()))
}

/// Returns a value of the front matter as text; `None` if it is empty.
fn front_text(value: &Json) -> Option<String> {
    let text = match value {
        Json::Null => return None,
        Json::String(text) => text.trim().to_owned(),
        Json::Array(all) => {
            let texts: Vec<&str> = all.iter().filter_map(Json::as_str).collect();
            texts.join(", ")
        }
        other => other.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

/// Returns the keys of the front matter for a field, the one with the plain name first.
fn front_keys(page: &Page, field: PageField, plain: &str) -> Vec<String> {
    let keys = page
        .front
        .keys()
        .filter(|key| page_field(key) == Some(field));
    let mut keys: Vec<String> = keys.cloned().collect();
    keys.sort_by_key(|key| !key.eq_ignore_ascii_case(plain));
    keys
}

/// Returns the labeled values of the preamble, and of lists and tables elsewhere.
fn labeled_lines(page: &Page) -> (Vec<(usize, LabeledValue)>, Vec<(usize, LabeledValue)>) {
    let mut in_preamble = Vec::new();
    let mut elsewhere = Vec::new();
    let preamble: Vec<usize> = page.preamble.iter().map(|(line, _)| *line).collect();
    for line in page.body..page.all.len() {
        if !page.is_text[line] || page.headings.iter().any(|heading| heading.line == line) {
            continue;
        }
        let text = &page.all[line];
        let next = page.all.get(line + 1);
        let is_head = next.is_some_and(|next| is_table_rule(next)) && has_column_names(text);
        let mut values = column_values(page, line);
        if !is_head {
            values.extend(labeled_values(text));
        }
        let is_preamble = preamble.contains(&line);
        let is_marked = text
            .trim_start()
            .starts_with(['|', '*', '-', '+', '_', '>']);
        let target = if is_preamble {
            &mut in_preamble
        } else if is_marked {
            &mut elsewhere
        } else {
            continue;
        };
        target.extend(values.into_iter().map(|value| (line, value)));
    }
    (in_preamble, elsewhere)
}

/// Returns the values of a row below the head of a table, by their columns.
fn column_values(page: &Page, line: usize) -> Vec<LabeledValue> {
    let text = &page.all[line];
    if line < page.body + 2 || !text.trim_start().starts_with('|') {
        return Vec::new();
    }
    let (head, rule) = (&page.all[line - 2], &page.all[line - 1]);
    if !is_table_rule(rule) || !has_column_names(head) {
        return Vec::new();
    }
    let heads = table_cells(head);
    let cells = table_cells(text);
    let columns = heads.into_iter().zip(cells);
    columns
        .filter_map(|(head, cell)| {
            let field = page_field(&page.all[line - 2][head])?;
            let range = trim_value(text, cell);
            Some(LabeledValue { field, range })
        })
        .collect()
}

/// Finds the fields of a page.
pub(super) fn find_fields(page: &Page) -> PageFields {
    let mut fields = PageFields::default();
    let (preamble, elsewhere) = labeled_lines(page);
    fields.status = find_page_status(page, &preamble, &elsewhere);
    find_page_date(page, &preamble, &elsewhere, &mut fields);
    if let Some(status) = &fields.status {
        fields.links.extend(status.links.clone());
    }
    let mut references: Vec<(PageField, String)> = Vec::new();
    for (key, value) in page.front.iter() {
        if let (Some(field), Some(text)) = (page_field(key), front_text(value)) {
            references.push((field, text));
        }
    }
    for (line, value) in &preamble {
        references.push((value.field, page.all[*line][value.range.clone()].to_owned()));
    }
    for (field, text) in references {
        let mut links = StatusLinks::default();
        match field {
            PageField::SupersededBy => links.superseded_by = find_references(&text),
            PageField::Supersedes => links.supersedes = find_references(&text),
            _ => {}
        }
        fields.links.extend(links);
    }
    fields
}

fn find_page_status(
    page: &Page,
    preamble: &[(usize, LabeledValue)],
    elsewhere: &[(usize, LabeledValue)],
) -> Option<PageStatus> {
    for key in front_keys(page, PageField::Status, "status") {
        if let Some(text) = front_text(&page.front[&key]) {
            return Some(front_status(page, &key, &text));
        }
    }
    let is_status = |value: &&(usize, LabeledValue)| value.1.field == PageField::Status;
    for (line, value) in preamble.iter().filter(is_status) {
        let value = if value.range.is_empty() {
            // `Status:` with the value below.
            let preamble = page.preamble.iter().map(|(line, _)| *line);
            let last = preamble.max().unwrap_or(*line);
            let lines = text_lines(page, line + 1..last + 1);
            let end = lines
                .iter()
                .position(|line| !labeled_values(line.text).is_empty());
            status_of_lines(&lines[..end.unwrap_or(lines.len())])
        } else {
            status_of_lines(&[ValueLine::new(page, *line, value.range.clone())])
        };
        if value.is_some() {
            return value;
        }
    }
    for heading in &page.headings {
        let status = if page_field(&heading.text) == Some(PageField::Status) {
            status_of_lines(&section_lines(page, heading))
        } else {
            // `## Status: accepted`
            heading_value(page, heading, PageField::Status)
                .and_then(|line| status_of_lines(&[line]))
        };
        if let Some(mut status) = status {
            status.heading = Some(heading.line);
            return Some(status);
        }
    }
    let others = elsewhere.iter().filter(is_status);
    let mut others = others.filter_map(|(line, value)| {
        status_of_lines(&[ValueLine::new(page, *line, value.range.clone())])
    });
    others.find(|status| status.status != DecisionStatus::Unknown)
}

/// Returns the value in a heading such as `## Status: accepted`.
fn heading_value<'a>(page: &'a Page, heading: &Heading, field: PageField) -> Option<ValueLine<'a>> {
    let line = &page.all[heading.line];
    let text = line.trim_start_matches(['#', ' ', '\t']);
    let start = line.len() - text.len();
    let values = labeled_values(text);
    let value = values
        .into_iter()
        .find(|value| value.field == field && !value.range.is_empty())?;
    let range = start + value.range.start..start + value.range.end;
    Some(ValueLine::new(page, heading.line, range))
}

fn front_status(page: &Page, key: &str, text: &str) -> PageStatus {
    let (line, range) = front_place(page, key).unwrap_or((page.body, 0..0));
    let raw = page.all.get(line).map_or("", |all| &all[range.clone()]);
    let found = find_status(text);
    let status = found.map_or(DecisionStatus::Unknown, |found| found.status);
    let words = find_status(raw).filter(|found| found.status == status);
    let words = words.map_or(range.clone(), |found| {
        range.start + found.range.start..range.start + found.range.end
    });
    let mut links = parse_status_links(text);
    keep_understood(&mut links, status);
    PageStatus {
        status,
        text: text.to_owned(),
        place: Place { line, range: words },
        start: range.start,
        check_boxes: Vec::new(),
        links,
        date: None,
        heading: None,
    }
}

fn find_page_date(
    page: &Page,
    preamble: &[(usize, LabeledValue)],
    elsewhere: &[(usize, LabeledValue)],
    fields: &mut PageFields,
) {
    let mut candidates: Vec<(ValueLine<'_>, Option<usize>)> = Vec::new();
    for key in front_keys(page, PageField::Date, "date") {
        if front_text(&page.front[&key]).is_some()
            && let Some((line, range)) = front_place(page, &key)
        {
            candidates.push((ValueLine::new(page, line, range), None));
        }
    }
    let is_date = |value: &&(usize, LabeledValue)| value.1.field == PageField::Date;
    for (line, value) in preamble.iter().filter(is_date) {
        candidates.push((ValueLine::new(page, *line, value.range.clone()), None));
    }
    for heading in &page.headings {
        if page_field(&heading.text) == Some(PageField::Date) {
            let lines = section_lines(page, heading).into_iter();
            candidates.extend(lines.take(1).map(|line| (line, Some(heading.line))));
        } else if let Some(line) = heading_value(page, heading, PageField::Date) {
            candidates.push((line, Some(heading.line)));
        }
    }
    for (line, value) in elsewhere.iter().filter(is_date) {
        candidates.push((ValueLine::new(page, *line, value.range.clone()), None));
    }
    for (line, heading) in &candidates {
        // A sentence that contains a date is not one.
        let found = find_date(line.text);
        match found.filter(|found| skip_markup(line.text, 0) + 24 > found.range.start) {
            Some(found) => {
                fields.date = Some(PageDate {
                    date: found.date,
                    place: line.place(&found.range),
                    heading: *heading,
                });
                return;
            }
            None if fields.odd_date.is_none() && !line.text.trim().is_empty() => {
                fields.odd_date = Some(line.text.trim().to_owned());
            }
            None => {}
        }
    }
    // A line with nothing but a date below the title, or a date in the status.
    let bare = page.preamble.iter().find_map(|(line, text)| {
        let found = find_date(text).filter(|_| page.is_text[*line])?;
        let rest = format!("{}{}", &text[..found.range.start], &text[found.range.end..]);
        let is_bare = !rest.chars().any(char::is_alphanumeric);
        is_bare.then(|| (*line, found))
    });
    let status = fields.status.as_ref();
    let in_status = || status.and_then(|status| Some((status.place.line, status.date.clone()?)));
    if let Some((line, found)) = bare.or_else(in_status) {
        fields.date = Some(PageDate {
            date: found.date,
            place: Place {
                line,
                range: found.range,
            },
            heading: None,
        });
    }
}

/// Whether a heading is that of a section with the status or the date.
pub(super) fn is_field_section(heading: &str) -> bool {
    matches!(
        page_field(&plain_name(heading)),
        Some(PageField::Status | PageField::Date)
    )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::page;
    use super::super::status::status_word;
    use super::*;

    /// Returns status and date of a page.
    fn fields(text: &str) -> (String, String) {
        let page = page::parse(Path::new("x.md"), text).expect("readable page");
        let fields = find_fields(&page);
        let status = fields
            .status
            .map_or("none", |status| status_word(status.status));
        let date = fields
            .date
            .map(|found| found.date.to_string()[..10].to_owned());
        (status.to_owned(), date.unwrap_or_default())
    }

    #[test]
    fn fields_are_found_where_people_write_them() {
        for text in [
            "---\nstatus: accepted\ndate: 2016-02-13\n---\n# x\n",
            "---\nStatus: \"✅ Accepted\"\ncreation-date: 2016-2-13 # first\n---\n# x\n",
            "# x\n\n* Status: accepted\n* Date: 2016-02-13\n",
            "# x\n\n- **Status:** Accepted\n- **Date:** 13 Feb 2016\n",
            "# x\n\n**Status**: **Accepted**\n**Date**: 13.02.2016\n",
            "# x\n\nStatus: Accepted | Date: 2016-02-13\n",
            "# x\n\n**Status:** Accepted  **Date:** 2016-02-13\n",
            "# x\n\n| Status | Accepted |\n|---|---|\n| Date | 2016-02-13 |\n",
            "# x\n\n| | |\n|---|---|\n| **Status** | ✅ Accepted |\n| **Date** | 2016-02-13 |\n",
            "# x\n\n| Status | Date |\n|---|---|\n| Accepted | 2016-02-13 |\n",
            "# x\n\n| Status | Author | Date | Team |\n|:-|-|-|-|\n| Accepted | Jo | 2016-02-13 | A |\n",
            "# x\n\n| Status | Accepted |\n|---|---|\n| Owner | Jo |\n| Date | 2016-02-13 |\n",
            "# x\n\n## Status\n\nAccepted\n\n## Date\n\n2016-02-13\n\n## Decision\n\ny\n",
            "# x\n\n## 1. Status\n\n**Accepted** (2016-02-13)\n",
            "# x\n\n## Status: Accepted\n\n## Date: 13 Feb 2016\n",
            "# x\n\nDate: 2016-02-13\n\n## Status\n\n- [ ] Proposed\n- [x] Accepted\n- [ ] Rejected\n",
            "# x\n\n2016-02-13\n\n### Status\n\n> Accepted\n",
            "# x\n\n## Status\n\n* Proposed 2016-02-01\n* Accepted 2016-02-13\n",
            "# x\n\nStatus:\n\n* accepted\n\nDate: 2016-02-13\n",
            "# x\n\n状态：已接受\n日期：2016年2月13日\n",
            "# x\n\n## Statut\n\nAccepté\n\n## Date\n\n13 février 2016\n",
            "# x\n\n## Metadata\n\n- Status: accepted\n- Date: 2016-02-13\n",
            "x\n=\n\nDate: 2016-02-13\n\nStatus\n------\n\nAccepted\n",
        ] {
            assert_eq!(
                fields(text),
                ("accepted".to_owned(), "2016-02-13".to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn fields_are_not_invented() {
        for text in [
            "# x\n",
            "# x\n\n## Context\n\nThe status is accepted since 2016-02-13.\n",
            "---\nstatus:\ndate:\n---\n# x\n",
            "# x\n\n```\nStatus: accepted\n```\n",
            "# x\n\n<!--\nStatus: accepted\nDate: 2016-02-13\n-->\n",
            "# x\n\n## Data\n\nWe store everything in tables that were made on 2016-02-13.\n",
        ] {
            assert_eq!(fields(text), ("none".to_owned(), String::new()), "{text}");
        }
        for text in [
            "# x\n\n## Status\n\n{proposed | rejected | accepted}\n",
            "# x\n\n## Status\n\n- Proposed\n- Accepted\n- Rejected\n",
            "# x\n\nStatus: Perhaps\n",
        ] {
            assert_eq!(fields(text).0, "unknown", "{text}");
        }
    }

    #[test]
    fn later_status_counts() {
        for (text, word) in [
            ("Accepted\n\nSupersedes [1](0001-x.md)", "accepted"),
            ("Accepted\n\nSuperseded by [5](0005-x.md)", "superseded"),
            (
                "Accepted\n\nPartially superseded by [5](0005-x.md)",
                "accepted",
            ),
            ("Proposed\n\nRejected after discussion", "rejected"),
            ("Accepted\n\nAmended by [5](0005-x.md)", "accepted"),
        ] {
            assert_eq!(
                fields(&format!("# x\n\n## Status\n\n{text}\n")).0,
                word,
                "{text}"
            );
        }
    }
}
