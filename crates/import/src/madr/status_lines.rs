//! The status of a page, from the lines that describe it.

use std::ops::Range;

use wsdb_core::DecisionStatus;

use super::check_box::{check_boxes, without_other_choices};
use super::contradiction::{begins_with_reversal, names_replacement};
use super::date::FoundDate;
use super::decision_date::find_decision_date;
use super::markup::{
    emoji_code_length, is_letter, is_status_emoji, mask_struck, plain_name, skip_markup,
    starts_with_phrase,
};
use super::page::{Heading, Page};
use super::statement::find_statement;
use super::status::find_status;
use super::status_history::{StatusEntry, choose_status, split_histories};
use super::status_links::{StatusLinks, find_links, parse_status_links};
use super::status_words::{SUPERSEDED_BY, SUPERSEDES, phrases, status_phrases};
use super::value_line::{Place, ValueLine};

/// A check box with a status, as in `- [x] Accepted`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CheckBox {
    /// The box, such as `[x]` or `☑`.
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
    /// Whether there are several statuses, and it is not clear which one is the current one.
    pub(super) is_ambiguous: bool,
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
        let text = &page.unstruck[line];
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
pub(super) fn status_of_lines(given: &[ValueLine<'_>]) -> Option<PageStatus> {
    let first = given.first()?;
    let lines = split_histories(given);
    let boxes = check_boxes(&lines);
    let check_boxes = lines.iter().zip(&boxes).filter_map(|(line, mark)| {
        let mark = mark.as_ref()?;
        let status = find_status(line.text)?.status;
        let mark = line.place(&mark.range);
        Some(CheckBox { mark, status })
    });
    let check_boxes: Vec<CheckBox> = check_boxes.collect();

    let candidates = without_other_choices(&lines, &boxes);
    // Below the first line, only a line that is nothing but a status is one; the items of a list are a
    // history.
    let is_status = |entry: &StatusEntry<'_>| {
        let is_item = first.is_list_item() && entry.line.is_list_item();
        let is_first = entry.line.line == first.line;
        !entry.found.has_long_remark || is_first || is_item || entry.is_history
    };
    let read = |line| {
        let entry = StatusEntry::new(line).filter(is_status);
        entry.or_else(|| StatusEntry::of_statement(line))
    };
    let (mut entries, mut others) = (Vec::new(), Vec::new());
    for line in candidates {
        match read(line) {
            Some(entry) => entries.push(entry),
            None => others.push(line),
        }
    }
    let chosen = choose_status(&entries);
    // `Accepted, then reverted`
    let is_contradicted = chosen.is_some_and(|entry| {
        let mut below = others.iter().filter(|line| line.line > entry.line.line);
        entry.is_contradicted()
            || below.any(|line| {
                entry.is_valid()
                    && (begins_with_reversal(line.text) || names_replacement(line.text))
                    || find_statement(line.text, entry.found.status).is_some()
            })
    });
    let chosen = chosen.filter(|_| !is_contradicted);
    let (line, status, range) = match chosen {
        Some(entry) => (entry.line, entry.found.status, entry.found.range.clone()),
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
    for (line, mark) in lines.iter().zip(&boxes) {
        if mark.as_ref().is_none_or(|mark| mark.is_set) {
            links.extend(parse_status_links(line.text));
        }
    }
    let listed = find_listed_links(&lines);
    let successors = listed
        .first_successor
        .filter(|_| status != DecisionStatus::Superseded);
    links.extend(listed.links);
    let (line, status, range) = match successors {
        Some(label) => (label, DecisionStatus::Superseded, 0..label.text.len()),
        None => (line, status, range),
    };
    keep_understood(&mut links, status);
    let is_over = matches!(
        status,
        DecisionStatus::Superseded | DecisionStatus::Deprecated
    );
    let date = find_decision_date(line.text).map(|date| FoundDate {
        date: date.date,
        range: line.place(&date.range).range,
    });
    let date = line.row_date.clone().or(date);
    let date = date.filter(|_| !is_over && chosen.is_some());
    // Another status in the place of an entry would be wrong about the past.
    let dated = entries.iter().filter(|entry| entry.date.is_some());
    // `Proposed (2024-01-02) → Accepted (2024-02-03)`
    let has_date_before = given.iter().any(|whole| {
        let is_part = whole.line == line.line && whole.start < line.start;
        is_part && find_decision_date(&whole.text[..line.start - whole.start]).is_some()
    });
    let is_in_history =
        (dated.count() > 1 || has_date_before) && chosen.is_some_and(|entry| entry.date.is_some());
    // One of several check boxes on a line has words of its own.
    let whole = given
        .iter()
        .find(|whole| whole.line == line.line && check_boxes.is_empty())
        .filter(|whole| whole.start <= line.start)
        .unwrap_or(line);
    let start = line.start - whole.start;
    let is_alone = stands_alone(whole.text, &(start + range.start..start + range.end));
    Some(PageStatus {
        status,
        text: line.text.trim().to_owned(),
        place: line.place(&range),
        is_understood: chosen.is_some()
            && successors.is_none()
            && line.row_date.is_none()
            && is_alone
            && !is_in_history,
        value: line.start..line.start + line.text.len(),
        front_lines: None,
        check_boxes,
        links,
        date,
        heading: None,
        is_ambiguous: chosen.is_none()
            && successors.is_none()
            && (is_contradicted || entries.len() > 1),
    })
}

/// Whether a text contains nothing beside the words of a status but marks: beside other words, such as a date or
/// who accepted it, another status would be wrong. In an image, only a part would change.
pub(super) fn stands_alone(text: &str, words: &Range<usize>) -> bool {
    let text = &*mask_struck(text);
    let (Some(before), Some(mut after)) = (text.get(..words.start), text.get(words.end..)) else {
        return false;
    };
    if before.contains("![") || skip_markup(text, 0) < words.start || names_status(before) {
        return false;
    }
    while let Some(c) = after.chars().next() {
        // The end of a link or a tag. Its address may name the status as well.
        let mark = match c {
            ']' if after.starts_with("](") => after.find(')'),
            '<' => after.find('>'),
            _ => None,
        };
        let length = mark.map_or(c.len_utf8(), |end| end + 1);
        let is_other = match mark {
            Some(_) => names_status(&after[..length]),
            None => is_letter(c) || is_status_emoji(c) || emoji_code_length(after).is_some(),
        };
        if is_other {
            return false;
        }
        after = &after[length..];
    }
    true
}

/// Whether a text contains a word for a status, or an emoji code such as `:white_check_mark:`.
fn names_status(text: &str) -> bool {
    text.char_indices().any(|(at, c)| {
        let before = text[..at].chars().next_back();
        let rest = &text[at..];
        let starts_word = is_letter(c) && !before.is_some_and(is_letter);
        emoji_code_length(rest).is_some()
            || starts_word
                && status_phrases().any(|(_, word)| starts_with_phrase(rest, word).is_some())
    })
}

/// The links in lists below lines such as `Superseded by:`.
#[derive(Debug, Default)]
struct ListedLinks<'a> {
    links: StatusLinks,
    /// The line above the successors.
    first_successor: Option<&'a ValueLine<'a>>,
}

fn find_listed_links<'a>(lines: &'a [ValueLine<'a>]) -> ListedLinks<'a> {
    let mut found = ListedLinks::default();
    for (index, line) in lines.iter().enumerate() {
        let label = plain_name(line.text);
        let is_by = phrases(SUPERSEDED_BY).any(|phrase| phrase == label);
        if !is_by && !phrases(SUPERSEDES).any(|phrase| phrase == label) {
            continue;
        }
        let items = lines[index + 1..]
            .iter()
            .take_while(|line| line.is_list_item());
        let items = items
            .flat_map(|line| find_links(line.text.trim_start_matches([' ', '*', '-', '+']), is_by));
        let items: Vec<_> = items.collect();
        if is_by && !items.is_empty() {
            found.first_successor.get_or_insert(line);
        }
        found.links.extend(if is_by {
            StatusLinks {
                superseded_by: items,
                supersedes: Vec::new(),
            }
        } else {
            StatusLinks {
                superseded_by: Vec::new(),
                supersedes: items,
            }
        });
    }
    found
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
