//! Finds status, date and links of a page: in the front matter, in lines such as `* Status: accepted`,
//! in tables, and in sections such as `## Status`.

use std::ops::Range;

use wsdb_core::{DecisionStatus, Json, Timestamp};

use super::date::{FoundDate, find_date};
use super::date_of_status::{StatusDate, find_status_date};
use super::decision_date::{find_decision_date, find_unclear_date};
use super::labels::{
    LabeledValue, bold_heading, column_values, has_column_names, history_row, is_in_data_table,
    is_table_rule, labeled_values,
};
use super::markup::{mask_struck, plain_name, skip_markup, starts_with_phrase};
use super::names::{PageField, is_metadata_section, page_field};
use super::page::{Heading, Page};
use super::reference::Reference;
use super::statement::find_statement;
use super::status::{LineStatus, find_status};
use super::status_history::{CurrentStatus, find_current_status};
use super::status_lines::{
    PageStatus, keep_understood, section_lines, stands_alone, status_of_lines, text_lines,
};
use super::status_links::{StatusLinks, find_links, parse_status_links};
use super::status_remarks::starts_sentence;
use super::status_words::phrases;
use super::value_line::{Place, ValueLine};

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
            let texts = all.iter().filter_map(|value| match value {
                Json::String(text) => Some(text.clone()),
                Json::Number(number) => Some(number.to_string()),
                _ => None,
            });
            texts.collect::<Vec<_>>().join(", ")
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
        let text = &page.unstruck[line];
        let next = page.all.get(line + 1);
        let is_head = next.is_some_and(|next| is_table_rule(next)) && has_column_names(text);
        let mut values = column_values(page, line);
        if !is_head {
            let unstruck = mask_struck(text);
            let labeled = labeled_values(text).into_iter();
            // `~~Status: Draft~~`
            let is_struck = |value: &LabeledValue| is_blank(&unstruck[..value.range.start]);
            values.extend(labeled.filter(|value| !is_struck(value)));
        }
        let before = |heading: &&Heading| heading.line < line;
        let target = match page.headings.iter().rev().find(before) {
            None => &mut in_preamble,
            Some(heading) => {
                let is_marked = text
                    .trim_start()
                    .starts_with(['|', '*', '-', '+', '_', '>']);
                if !is_about_page(heading) || !is_top_level(page, heading) {
                    continue;
                }
                // Lines below the status may have its date.
                if !is_marked {
                    if page_field(&heading.text).is_some() {
                        values.retain(|value| value.field == PageField::Date);
                    } else {
                        values.clear();
                    }
                }
                &mut elsewhere
            }
        };
        target.extend(values.into_iter().map(|value| (line, value)));
    }
    (in_preamble, elsewhere)
}

fn is_blank(text: &str) -> bool {
    !text.contains(char::is_alphanumeric)
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
    let later = match &fields.status {
        Some(status) => find_banner(page, status.status, &preamble)
            .or_else(|| find_successor_section(page, status)),
        // Without a status, only a sentence that names the successor is one.
        None => find_banner(page, DecisionStatus::Maintained, &preamble)
            .filter(|later| later.status == DecisionStatus::Superseded),
    };
    if later.is_some() {
        fields.status = later;
        fields.repeated_status = None;
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
            PageField::SupersededBy => links.superseded_by = find_links(&text, true),
            PageField::Supersedes => links.supersedes = find_links(&text, false),
            _ => {}
        }
        fields.links.extend(links);
    }
    fields
}

/// Finds a paragraph above the first section that contradicts a status, such as `> Superseded by ADR-2`.
fn find_banner(page: &Page, status: DecisionStatus, labeled: &[LabeledLine]) -> Option<PageStatus> {
    // The lines below `Status:` are the status itself.
    let is_label =
        |(_, value): &LabeledLine| value.field == PageField::Status && value.range.is_empty();
    let label = labeled.iter().find(|value| is_label(value));
    let end = label.map_or(page.all.len(), |(line, _)| *line);
    let is_labeled = |line: usize| labeled.iter().any(|(labeled, _)| *labeled == line);
    let starts_paragraph = |line: &ValueLine<'_>| {
        let before = line.line.checked_sub(1);
        let before =
            before.filter(|before| *before >= page.body && Some(*before) != page.title_line);
        let before = before.map_or("", |before| page.all[before].trim_start());
        line.is_list_item()
            || is_blank(before)
            || is_labeled(line.line.saturating_sub(1))
            || before.starts_with("> [!")
    };
    let lines = page.preamble.iter().map(|(line, _)| *line);
    let lines = lines
        .filter(|line| *line < end && !is_labeled(*line))
        .flat_map(|line| text_lines(page, line..line + 1));
    let mut lines = lines.filter(starts_paragraph);
    lines.find_map(|line| {
        let statement = find_statement(line.text, status)?;
        let before = &line.text[..statement.range.start];
        let first = plain_name(before);
        let is_start = !before.contains(['.', ';', '|'])
            && !["it", "that", "which"]
                .iter()
                .any(|word| starts_with_phrase(&first, word).is_some());
        is_start.then(|| later_status(&line, statement.range, statement.successors))
    })
}

/// Finds a section with the heading `Superseded by`.
fn find_successor_section(page: &Page, status: &PageStatus) -> Option<PageStatus> {
    if matches!(
        status.status,
        DecisionStatus::Superseded | DecisionStatus::Unknown
    ) {
        return None;
    }
    let headings = page.headings.iter();
    let mut headings = headings.filter(|heading| {
        page_field(&heading.text) == Some(PageField::SupersededBy) && is_top_level(page, heading)
    });
    headings.find_map(|heading| {
        let lines = section_lines(page, heading);
        let line = lines.first()?;
        let start = skip_list_marks(line.text);
        let mut successors = find_links(&line.text[start..], true);
        successors.retain(Reference::is_explicit);
        let range = start..line.text.len();
        (!successors.is_empty()).then(|| later_status(line, range, successors))
    })
}

fn skip_list_marks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '*', '-', '+', '>']).len()
}

/// Returns the status of a page whose own status is not the current one. It is unknown unless the decisions
/// that supersede this one are named.
fn later_status(
    line: &ValueLine<'_>,
    range: Range<usize>,
    successors: Vec<Reference>,
) -> PageStatus {
    let is_superseded = !successors.is_empty();
    PageStatus {
        status: if is_superseded {
            DecisionStatus::Superseded
        } else {
            DecisionStatus::Unknown
        },
        text: line.text.trim().to_owned(),
        place: line.place(&range),
        is_understood: false,
        value: line.start..line.start + line.text.len(),
        front_lines: None,
        check_boxes: Vec::new(),
        links: StatusLinks {
            superseded_by: successors,
            supersedes: Vec::new(),
        },
        date: None,
        heading: None,
        is_ambiguous: !is_superseded,
    }
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
            status_of_lines(&lines_below(page, *line))
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
            status_of_lines(&read_tables(page, section_lines(page, heading)))
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

/// Returns the lines of the value below a label such as `Status:`.
fn lines_below(page: &Page, label: usize) -> Vec<ValueLine<'_>> {
    let next = page.headings.iter().find(|heading| heading.line > label);
    let last = next.map_or(page.all.len(), |heading| heading.line);
    let mut lines = text_lines(page, label + 1..last);
    let is_label = |line: &ValueLine<'_>| {
        !labeled_values(line.text).is_empty() || bold_heading(line.text).is_some()
    };
    if let Some(end) = lines.iter().position(is_label) {
        lines.truncate(end);
    }
    lines
}

/// Returns the value in a heading such as `## Status: accepted`.
fn heading_value<'a>(page: &'a Page, heading: &Heading, field: PageField) -> Option<ValueLine<'a>> {
    let line = &page.all[heading.line];
    let text = line.trim_start_matches(['#', ' ', '\t']);
    let start = line.len() - text.len();
    let values = labeled_values(text);
    let value = values
        .into_iter()
        .find(|value| value.field == field && !value.range.is_empty());
    let range = match value {
        Some(value) => value.range,
        None => separated_value(text, field)?,
    };
    let range = start + range.start..start + range.end;
    Some(ValueLine::new(page, heading.line, range))
}

/// Returns the value in a heading such as `Status - Accepted` or `Status (Accepted)`.
fn separated_value(text: &str, field: PageField) -> Option<Range<usize>> {
    let separators = [" - ", " – ", " — ", "—", " ("].into_iter();
    let found = separators.filter_map(|mark| Some((text.find(mark)?, mark)));
    let (at, mark) = found.min_by_key(|(at, _)| *at)?;
    if page_field(&text[..at]) != Some(field) {
        return None;
    }
    let start = at + mark.len();
    let value = text[start..].trim_end_matches(['#', ' ', '\t']);
    let value = value
        .strip_suffix(')')
        .filter(|_| mark == " (")
        .unwrap_or(value);
    let is_value = match field {
        PageField::Status => find_status(value).is_some(),
        _ => find_date(value).is_some(),
    };
    is_value.then_some(start..start + value.len())
}

/// Leaves out the rows of tables with data or labels, except those of a table with the history of the
/// status.
fn read_tables<'a>(page: &'a Page, lines: Vec<ValueLine<'a>>) -> Vec<ValueLine<'a>> {
    let lines = lines.into_iter();
    let lines = lines.filter_map(|line| {
        if !is_in_data_table(page, line.line) {
            return Some(line);
        }
        let row = history_row(page, line.line)?;
        let date = find_date(&page.all[line.line][row.date.clone()])?;
        let start = row.date.start;
        Some(ValueLine {
            row_date: Some(FoundDate {
                date: date.date,
                range: start + date.range.start..start + date.range.end,
            }),
            ..ValueLine::new(page, line.line, row.status)
        })
    });
    lines.collect()
}

fn front_status(page: &Page, key: &str, text: &str) -> PageStatus {
    let (line, range) = front_place(page, key).unwrap_or((page.body, 0..0));
    let raw = page.all.get(line).map_or("", |all| &all[range.clone()]);
    let CurrentStatus {
        found,
        is_ambiguous,
    } = find_current_status(text);
    let status = found
        .as_ref()
        .map_or(DecisionStatus::Unknown, |found| found.status);
    let words = find_current_status(raw).found;
    let words = words.filter(|words| found.is_some() && words.status == status);
    let lines = front_lines(page, line);
    // A list, or a text on several lines. An anchor could have aliases.
    let is_plain_text = !raw.starts_with(['&', '*', '!']);
    let is_replaced_whole = lines.len() > 1 || raw.starts_with('[');
    let is_alone = |text: &str, found: Option<&LineStatus>| {
        found.is_some_and(|found| stands_alone(text, &found.range))
    };
    let is_understood = is_plain_text
        && (is_alone(raw, words.as_ref()) || is_replaced_whole && is_alone(text, found.as_ref()));
    let is_over = matches!(
        status,
        DecisionStatus::Superseded | DecisionStatus::Deprecated
    );
    let date = find_decision_date(raw).filter(|_| words.is_some() && !is_over);
    let date = date.map(|date| FoundDate {
        date: date.date,
        range: range.start + date.range.start..range.start + date.range.end,
    });
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
        date,
        heading: None,
        is_ambiguous,
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
    let mut candidates: Vec<(Vec<ValueLine<'_>>, Option<usize>)> = Vec::new();
    for key in front_keys(page, PageField::Date, "date") {
        if front_text(&page.front[&key]).is_some()
            && let Some((line, range)) = front_place(page, &key)
        {
            candidates.push((vec![ValueLine::new(page, line, range)], None));
        }
    }
    let is_date = |value: &&LabeledLine| value.1.field == PageField::Date;
    for (line, value) in preamble.iter().filter(is_date) {
        if value.range.is_empty() {
            candidates.push((lines_below(page, *line), None));
        } else {
            let line = ValueLine::new(page, *line, value.range.clone());
            candidates.push((vec![line], None));
        }
    }
    let headings = page.headings.iter();
    for heading in headings.filter(|heading| is_top_level(page, heading)) {
        if page_field(&heading.text) == Some(PageField::Date) {
            candidates.push((section_lines(page, heading), Some(heading.line)));
        } else if let Some(line) = heading_value(page, heading, PageField::Date) {
            candidates.push((vec![line], Some(heading.line)));
        }
    }
    for (line, value) in elsewhere.iter().filter(is_date) {
        let line = ValueLine::new(page, *line, value.range.clone());
        candidates.push((vec![line], None));
    }
    let status = fields.status.as_ref().map(|status| status.status);
    for (lines, heading) in &candidates {
        let found = match find_status_date(lines, status) {
            StatusDate::None => lines.first().and_then(find_plain_date),
            StatusDate::Other => None,
            StatusDate::Found(place, date) => Some((place, date)),
        };
        match found {
            Some((place, date)) => {
                fields.date = Some(PageDate {
                    date,
                    place,
                    heading: *heading,
                });
                return;
            }
            None if fields.odd_date.is_none() => {
                let mut texts = lines.iter().map(|line| line.text.trim());
                fields.odd_date = texts.find(|text| !text.is_empty()).map(str::to_owned);
            }
            None => {}
        }
    }
    // A line with nothing but a date below the title, or a date in the status.
    let bare = page.preamble.iter().find_map(|(line, text)| {
        let found = find_decision_date(&page.unstruck[*line]).filter(|_| page.is_text[*line])?;
        let rest = format!("{}{}", &text[..found.range.start], &text[found.range.end..]);
        let is_bare = !rest.chars().any(char::is_alphanumeric);
        is_bare.then_some((*line, found))
    });
    let status = fields.status.as_ref();
    let in_status = || status.and_then(|status| Some((status.place.line, status.date.clone()?)));
    let below_status = || status.and_then(|status| find_date_below_status(page, status));
    if let Some((line, found)) = bare.or_else(in_status).or_else(below_status) {
        fields.date = Some(PageDate {
            date: found.date,
            place: Place {
                line,
                range: found.range,
            },
            heading: None,
        });
    } else if fields.odd_date.is_none() {
        let dated = status.filter(|status| !has_other_date(status.status));
        fields.odd_date = dated.and_then(|status| find_unclear_date(&status.text));
    }
}

/// Whether a date beside this status is not that of the decision.
fn has_other_date(status: DecisionStatus) -> bool {
    matches!(
        status,
        DecisionStatus::Superseded | DecisionStatus::Deprecated | DecisionStatus::Unknown
    )
}

/// Finds the date that a line begins with. A sentence that contains a date is not one.
fn find_plain_date(line: &ValueLine<'_>) -> Option<(Place, Timestamp)> {
    let found = find_decision_date(line.text)?;
    let is_date = skip_markup(line.text, 0) + 24 > found.range.start
        && !starts_sentence(&line.text[found.range.end..]);
    is_date.then(|| (line.place(&found.range), found.date))
}

/// Words before a date that make a line of their own with it.
const BEFORE_DATE: &str = "on; since; from; as of; effective; am; vom; seit; le; depuis; el; desde; em; dal; op; \
    sinds; den";

/// Finds the date in a line of its own in the section with the status, such as `Decided on 2021-03-05`.
fn find_date_below_status(page: &Page, status: &PageStatus) -> Option<(usize, FoundDate)> {
    let heading = page
        .headings
        .iter()
        .find(|heading| Some(heading.line) == status.heading)?;
    let lines = section_lines(page, heading).into_iter();
    let dates = lines.filter_map(|line| {
        let found = find_decision_date(line.text)?;
        let before = plain_name(&line.text[..found.range.start]);
        let is_alone = before.is_empty()
            || phrases(BEFORE_DATE).any(|known| known == before)
            || page_field(&before) == Some(PageField::Date);
        let other = find_status(line.text);
        let is_other = other.is_some_and(|other| other.status != status.status);
        let is_sentence = starts_sentence(&line.text[found.range.end..]);
        (is_alone && !is_other && !is_sentence).then(|| {
            let place = line.place(&found.range);
            (
                place.line,
                FoundDate {
                    range: place.range,
                    ..found
                },
            )
        })
    });
    let dates: Vec<_> = dates.collect();
    let [date] = dates.as_slice() else {
        return None;
    };
    (!has_other_date(status.status)).then(|| date.clone())
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
