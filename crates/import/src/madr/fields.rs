//! Finds status, date and links of a page: in the front matter, in lines such as `* Status: accepted`,
//! in tables, and in sections such as `## Status`.

use std::ops::Range;

use wsdb_core::{DecisionStatus, Json, Timestamp};

use super::date::{FoundDate, find_date};
use super::labels::{
    LabeledValue, column_values, has_column_names, is_in_data_table, is_table_rule, labeled_values,
};
use super::markup::{plain_name, skip_markup};
use super::names::{PageField, is_metadata_section, page_field};
use super::page::{Heading, Page};
use super::status::find_status;
use super::status_lines::{
    PageStatus, Place, ValueLine, keep_understood, section_lines, status_of_lines, text_lines,
};
use super::status_links::{StatusLinks, find_references, parse_status_links};
use super::status_remarks::starts_sentence;

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
    /// The same status in the text of a page that has it in the front matter as well.
    pub(super) repeated_status: Option<PageStatus>,
    pub(super) date: Option<PageDate>,
    pub(super) links: StatusLinks,
    /// A date that is not understood.
    pub(super) odd_date: Option<String>,
}

impl PageFields {
    /// Returns the places at which the page has its status.
    pub(super) fn statuses(&self) -> impl Iterator<Item = &PageStatus> {
        self.status.iter().chain(&self.repeated_status)
    }
}

/// Returns the place of a value of the front matter.
fn front_place(page: &Page, key: &str) -> Option<(usize, Range<usize>)> {
    let line = *page.lines.get(key)?;
    let text = page.all.get(line)?;
    let start = text.find(page.separator())? + 1;
    let value = &text[start..];
    let value = value.find(" #").map_or(value, |at| &value[..at]);
    let inner = value.trim_start();
    let start = start + value.len() - inner.len();
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

/// A labeled value with its line.
type LabeledLine = (usize, LabeledValue);

/// Returns the labeled values before the first section, and of lists and tables in sections about the
/// page itself. Other sections have data of their own.
fn labeled_lines(page: &Page) -> (Vec<LabeledLine>, Vec<LabeledLine>) {
    let mut in_preamble = Vec::new();
    let mut elsewhere = Vec::new();
    for line in page.body..page.all.len() {
        let is_heading = page.headings.iter().any(|heading| heading.line == line);
        if !page.is_text[line] || is_heading || Some(line) == page.title_line {
            continue;
        }
        let text = &page.all[line];
        let next = page.all.get(line + 1);
        let is_head = next.is_some_and(|next| is_table_rule(next)) && has_column_names(text);
        let mut values = column_values(page, line);
        if !is_head {
            values.extend(labeled_values(text));
        }
        let before = |heading: &&Heading| heading.line < line;
        let target = match page.headings.iter().rev().find(before) {
            None => &mut in_preamble,
            Some(heading) => {
                let is_marked = text
                    .trim_start()
                    .starts_with(['|', '*', '-', '+', '_', '>']);
                if !is_marked || !is_about_page(heading) || !is_top_level(page, heading) {
                    continue;
                }
                &mut elsewhere
            }
        };
        target.extend(values.into_iter().map(|value| (line, value)));
    }
    (in_preamble, elsewhere)
}

/// Whether a heading is that of a section about the page itself.
fn is_about_page(heading: &Heading) -> bool {
    let field = page_field(&heading.text);
    matches!(field, Some(PageField::Status | PageField::Date)) || is_metadata_section(&heading.text)
}

/// Whether a section is not within a section about something else.
fn is_top_level(page: &Page, heading: &Heading) -> bool {
    let mut level = heading.level;
    let before = page.headings.iter().rev();
    for above in before.filter(|above| above.line < heading.line) {
        if above.level < level {
            if !is_about_page(above) {
                return false;
            }
            level = above.level;
        }
    }
    true
}

/// Finds the fields of a page.
pub(super) fn find_fields(page: &Page) -> PageFields {
    let mut fields = PageFields::default();
    let (preamble, elsewhere) = labeled_lines(page);
    let in_text = find_status_in_text(page, &preamble, &elsewhere);
    match find_front_status(page) {
        Some(status) => {
            let is_same = |other: &PageStatus| {
                other.status == status.status && other.status != DecisionStatus::Unknown
            };
            fields.repeated_status = in_text.filter(is_same);
            fields.status = Some(status);
        }
        None => fields.status = in_text,
    }
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

fn find_front_status(page: &Page) -> Option<PageStatus> {
    let keys = front_keys(page, PageField::Status, "status");
    keys.iter().find_map(|key| {
        let text = front_text(&page.front[key])?;
        Some(front_status(page, key, &text))
    })
}

fn find_status_in_text(
    page: &Page,
    preamble: &[LabeledLine],
    elsewhere: &[LabeledLine],
) -> Option<PageStatus> {
    let is_status = |value: &&LabeledLine| value.1.field == PageField::Status;
    for (line, value) in preamble.iter().filter(is_status) {
        let value = if value.range.is_empty() {
            // `Status:` with the value below.
            let next = page.headings.iter().find(|heading| heading.line > *line);
            let last = next.map_or(page.all.len(), |heading| heading.line);
            let lines = text_lines(page, line + 1..last);
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
    let headings = page.headings.iter();
    for heading in headings.filter(|heading| is_top_level(page, heading)) {
        let status = if page_field(&heading.text) == Some(PageField::Status) {
            status_of_lines(&without_tables(page, section_lines(page, heading)))
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

/// Leaves out the rows of tables with data or labels.
fn without_tables<'a>(page: &Page, lines: Vec<ValueLine<'a>>) -> Vec<ValueLine<'a>> {
    let lines = lines.into_iter();
    lines
        .filter(|line| !is_in_data_table(page, line.line))
        .collect()
}

fn front_status(page: &Page, key: &str, text: &str) -> PageStatus {
    let (line, range) = front_place(page, key).unwrap_or((page.body, 0..0));
    let raw = page.all.get(line).map_or("", |all| &all[range.clone()]);
    let found = find_status(text);
    let status = found
        .as_ref()
        .map_or(DecisionStatus::Unknown, |found| found.status);
    let words = find_status(raw).filter(|words| found.is_some() && words.status == status);
    let lines = front_lines(page, line);
    // A list, or a text on several lines. An anchor could have aliases.
    let is_plain_text = !raw.starts_with(['&', '*', '!']);
    let is_replaced_whole = lines.len() > 1 || raw.starts_with('[');
    let is_understood = found.is_some() && is_plain_text && (words.is_some() || is_replaced_whole);
    let words = words.map_or(range.clone(), |found| {
        range.start + found.range.start..range.start + found.range.end
    });
    let mut links = parse_status_links(text);
    keep_understood(&mut links, status);
    PageStatus {
        status,
        text: text.to_owned(),
        place: Place { line, range: words },
        is_understood,
        value: range,
        front_lines: is_replaced_whole.then_some(lines),
        check_boxes: Vec::new(),
        links,
        date: None,
        heading: None,
    }
}

/// Returns the lines of a key of the front matter and its value, without comments below it.
pub(super) fn front_lines(page: &Page, line: usize) -> Range<usize> {
    let next = page.lines.values().filter(|next| **next > line).min();
    let end = next.copied().unwrap_or(page.body.saturating_sub(1));
    let is_value = |text: &String| !text.trim().is_empty() && !text.starts_with('#');
    let lines = page.all.get(line + 1..end).unwrap_or_default();
    let count = lines.iter().rposition(is_value).map_or(0, |last| last + 1);
    line..line + 1 + count
}

fn find_page_date(
    page: &Page,
    preamble: &[LabeledLine],
    elsewhere: &[LabeledLine],
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
    let is_date = |value: &&LabeledLine| value.1.field == PageField::Date;
    for (line, value) in preamble.iter().filter(is_date) {
        candidates.push((ValueLine::new(page, *line, value.range.clone()), None));
    }
    let headings = page.headings.iter();
    for heading in headings.filter(|heading| is_top_level(page, heading)) {
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
        let is_date = |found: &FoundDate| {
            skip_markup(line.text, 0) + 24 > found.range.start
                && !starts_sentence(&line.text[found.range.end..])
        };
        match found.filter(is_date) {
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
        is_bare.then_some((*line, found))
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
mod tests;
