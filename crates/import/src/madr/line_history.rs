//! Several statuses on one line: `Draft on 2022-05-01. Approved on 2022-06-01.`

use std::ops::Range;

use wsdb_core::DecisionStatus;

use super::date::find_date;
use super::decision_date::find_decision_date;
use super::markup::{is_letter, mask_struck};
use super::status::{
    LineStatus, end_of_successors, find_status, first_phrase, is_list_of_statuses, last_arrow,
    phrase_at,
};
use super::status_remarks::parse_remark;
use super::status_words::phrases;

/// Words before a later status.
const LATER_WORDS: &str = "and; but; later; then; now; since; currently; subsequently; finally; eventually; \
    been; und; aber; dann; später; et; mais; puis; y; pero; luego; e; mas; ma; poi; en; maar; och; \
    men; og";

/// Words before a later status that has a date.
const DATED_WORDS: &str = "was; were; is; wurde; a été; fue; foi";

/// What separates a status from the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    /// The end of a sentence, a line break, or a date.
    End,
    /// A word such as `later`.
    Word,
    /// A comma or a dash: what follows may be a remark.
    Weak,
    /// A word such as `was`.
    DatedWord,
}

/// Returns the parts of a line with one status each; the line as a whole unless it is a history. Of
/// `Proposed -> Accepted`, only the last status is returned.
pub(super) fn split_line(text: &str) -> Vec<Range<usize>> {
    let whole = 0..text.len();
    if let Some(start) = last_arrow(text) {
        // The date of `2021-05-01: Proposed -> Accepted` is that of the last status.
        let first = find_decision_date(text).map(|date| date.range.start);
        let is_date_of_line = first.is_some_and(|first| !text[..first].contains(is_letter))
            && find_decision_date(&text[start..]).is_none();
        let status = if is_date_of_line {
            whole
        } else {
            start..text.len()
        };
        return vec![status];
    }
    let parts = find_parts(text).unwrap_or_default();
    if parts.len() < 2 {
        return vec![whole];
    }
    let starts = parts.iter().skip(1).map(|part| part.start);
    let starts: Vec<usize> = std::iter::once(0).chain(starts).collect();
    let ends = parts.iter().skip(1).map(|part| part.end_before);
    let ends = ends.chain([text.len()]);
    let ranges: Vec<Range<usize>> = starts
        .iter()
        .zip(ends)
        .map(|(start, end)| *start..end)
        .collect();
    let is_dated = |range: &Range<usize>| find_decision_date(&text[range.clone()]).is_some();
    if ranges.iter().all(is_dated) {
        return ranges;
    }
    // A decision in effect is accepted as well as implemented.
    let first = &parts[0];
    let is_in_effect = parts.iter().all(|part| is_in_effect(part.status));
    let is_superseded =
        find_status(text).is_some_and(|found| found.status == DecisionStatus::Superseded);
    let is_superseded = is_superseded && first.status != DecisionStatus::Superseded;
    if is_in_effect || is_superseded || is_list_of_statuses(text) {
        return vec![whole];
    }
    ranges
}

/// A status within a line.
#[derive(Debug)]
struct StatusPart {
    status: DecisionStatus,
    start: usize,
    /// The end of the part before it; a word such as `currently` belongs to neither.
    end_before: usize,
}

fn is_in_effect(status: DecisionStatus) -> bool {
    matches!(
        status,
        DecisionStatus::Maintained | DecisionStatus::Implemented | DecisionStatus::InProgress
    )
}

fn find_parts(text: &str) -> Option<Vec<StatusPart>> {
    let text = &*mask_struck(text);
    let first = first_phrase(text, 0)?;
    parse_remark(text, &first.range)?;
    let has_dates_first = find_date(text).is_some_and(|date| date.range.end <= first.range.start);
    let mut end = first.range.end;
    let mut parts = vec![StatusPart {
        status: first.status,
        start: 0,
        end_before: 0,
    }];
    let mut depth = 0_usize;
    let mut previous = ' ';
    for (at, c) in text.char_indices() {
        let is_word = is_letter(c) && !is_letter(previous);
        let is_link = previous == '[' && depth == 1;
        previous = c;
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if !is_word || at < end || depth > 0 && !is_link {
            continue;
        }
        let last = parts.last()?.status;
        let Some(found) = phrase_at(text, at).filter(|found| found.status != last) else {
            continue;
        };
        let Some((separator, start)) = find_separator(&text[end..at]) else {
            continue;
        };
        if !is_status(text, &found, separator) {
            continue;
        }
        let date = last_date(&text[end..at]).filter(|_| has_dates_first);
        let start = end + date.unwrap_or(start);
        let last_word = match separator {
            Separator::Word => text[..start].rsplit(|c| !is_letter(c)).next(),
            _ => None,
        };
        parts.push(StatusPart {
            status: found.status,
            start,
            end_before: start - last_word.map_or(0, str::len),
        });
        end = found.range.end;
    }
    Some(parts)
}

/// Returns the separator at the end of a text, and where what follows it begins.
fn find_separator(before: &str) -> Option<(Separator, usize)> {
    let mut kept = before;
    loop {
        kept = kept.trim_end_matches(|c: char| {
            !is_letter(c)
                && !matches!(
                    c,
                    '.' | ';' | ',' | '，' | '。' | '；' | '–' | '—' | '-' | '>'
                )
        });
        let Some(tag) = kept.strip_suffix('>').and_then(|rest| rest.rfind('<')) else {
            break;
        };
        if kept[tag..].to_lowercase().starts_with("<br") {
            return Some((Separator::End, kept.len()));
        }
        kept = &kept[..tag];
    }
    let last = kept.chars().next_back()?;
    let start = kept.len();
    let inner = kept.trim_end_matches(|c: char| !is_letter(c));
    if matches!(last, '.' | ';' | '。' | '；') || ends_in_date(inner) {
        return Some((Separator::End, start));
    }
    if !is_letter(last) {
        return Some((Separator::Weak, start));
    }
    let word = kept.rsplit(|c: char| !is_letter(c)).next()?.to_lowercase();
    let is_one_of = |list: &str| phrases(list).any(|known| known == word);
    if is_one_of(LATER_WORDS) {
        Some((Separator::Word, start))
    } else {
        is_one_of(DATED_WORDS).then_some((Separator::DatedWord, start))
    }
}

/// Whether a text ends in a date or a year, which may be that of another country: `1/2/2021`.
fn ends_in_date(text: &str) -> bool {
    let mut words = text.rsplit(|c: char| c.is_whitespace() || matches!(c, '>' | '('));
    let word = words.next().unwrap_or_default();
    let marks = word.matches(['/', '.', '-']).count();
    let is_year = word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    let is_number = word
        .trim_start_matches(|c: char| !c.is_ascii_digit())
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '/' | '.' | '-'));
    word.ends_with(|c: char| c.is_ascii_digit()) && is_number && (is_year || marks == 2)
}

/// Returns the start of a date at the end of a text.
fn last_date(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut last = None;
    while let Some(found) = find_date(&text[at..]) {
        last = Some(at + found.range.start..at + found.range.end);
        at += found.range.end;
    }
    let last = last?;
    (!text[last.end..].contains(is_letter)).then_some(last.start)
}

/// Whether a phrase is a status of its own, not a remark or the beginning of a sentence.
fn is_status(text: &str, found: &LineStatus, separator: Separator) -> bool {
    let after = &text[found.range.end..];
    if found.status == DecisionStatus::Superseded
        && end_of_successors(text, found.range.end).is_none()
    {
        return false;
    }
    let Some(remark) = parse_remark(text, &found.range) else {
        return false;
    };
    let clause = after.split([',', ';']).next().unwrap_or_default();
    let is_dated = find_date(clause).is_some();
    let next = after.trim_start_matches(['*', '_', '`', ' ', ']']);
    match separator {
        Separator::Word => true,
        // `Rejected: apples, because they are red`
        Separator::End => is_dated || !remark.is_long || !next.starts_with(':'),
        Separator::Weak => {
            is_dated || next.is_empty() || next.starts_with([',', ';', '.', '-', '–', '—'])
        }
        Separator::DatedWord => is_dated,
    }
}
