//! Labeled values in the lines and tables of a page.

use std::ops::Range;

use super::date::find_date;
use super::names::{PageField, page_field};
use super::page::Page;
use super::status::find_status;

/// A labeled value within a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LabeledValue {
    pub(super) field: PageField,
    pub(super) range: Range<usize>,
}

/// Returns the text of a line that is bold as a whole, as a heading may be written: `**Status**`.
pub(super) fn bold_heading(line: &str) -> Option<&str> {
    let text = line.trim();
    let inner = ["**", "__"]
        .iter()
        .find_map(|mark| text.strip_prefix(mark)?.strip_suffix(mark))?;
    (!inner.is_empty() && !inner.contains(['*', '_', ':'])).then_some(inner)
}

/// Returns the labeled values of a line, such as `* Status: accepted` or `| Date | 2021-01-01 |`. The value
/// of `**Status**` is in the lines below it.
pub(super) fn labeled_values(line: &str) -> Vec<LabeledValue> {
    if line.trim_start().starts_with('|') {
        return labeled_cells(line);
    }
    if let Some(field) = bold_heading(line).and_then(page_field) {
        return vec![LabeledValue {
            field,
            range: line.len()..line.len(),
        }];
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
pub(super) fn has_column_names(head: &str) -> bool {
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
pub(super) fn is_table_rule(line: &str) -> bool {
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

/// Whether a line is a row.
fn is_row(line: &str) -> bool {
    line.trim_start().starts_with('|')
}

/// Whether a line belongs to a table with labels, named columns or several rows of data. Such a row
/// is not a status as a whole.
pub(super) fn is_in_data_table(page: &Page, line: usize) -> bool {
    if !is_row(&page.all[line]) {
        return false;
    }
    let above = page.all[page.body..line].iter().rev();
    let first = line - above.take_while(|line| is_row(line)).count();
    let rows: Vec<&String> = page.all[first..]
        .iter()
        .take_while(|line| is_row(line))
        .collect();
    let has_field = |row: &&String| {
        table_cells(row).into_iter().any(|cell| {
            let field = page_field(&row[cell]);
            matches!(field, Some(PageField::Status | PageField::Date))
        })
    };
    let data = rows.iter().skip(1).filter(|row| !is_table_rule(row));
    data.count() > 1 || rows.iter().any(has_field)
}

/// The cells of a row in a table with the history of a status.
pub(super) struct HistoryRow {
    pub(super) status: Range<usize>,
    pub(super) date: Range<usize>,
}

/// Returns the cells of a row, if its table has the columns `Status` and `Date`.
pub(super) fn history_row(page: &Page, line: usize) -> Option<HistoryRow> {
    let above = page.all[page.body..line].iter().rev();
    let head = line - above.take_while(|line| is_row(line)).count();
    let is_table = line > head + 1 && is_table_rule(&page.all[head + 1]);
    if !is_table || !has_column_names(&page.all[head]) {
        return None;
    }
    let (head, row) = (&page.all[head], &page.all[line]);
    let columns: Vec<_> = table_cells(head)
        .into_iter()
        .zip(table_cells(row))
        .collect();
    let cell = |field: PageField| {
        let mut columns = columns.iter();
        let (_, cell) = columns.find(|(name, _)| page_field(&head[name.clone()]) == Some(field))?;
        Some(trim_value(row, cell.clone()))
    };
    Some(HistoryRow {
        status: cell(PageField::Status)?,
        date: cell(PageField::Date)?,
    })
}

/// Returns the values of the only row below the head of a table, by their columns. Several rows are
/// a history, or data.
pub(super) fn column_values(page: &Page, line: usize) -> Vec<LabeledValue> {
    let text = &page.all[line];
    let next = page.all.get(line + 1);
    if line < page.body + 2 || !is_row(text) || next.is_some_and(|next| is_row(next)) {
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
