//! Lines that may hold a value, and places within them.

use std::ops::Range;

use super::date::FoundDate;
use super::page::Page;

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The index of the line.
    pub(super) line: usize,
    /// The bytes within the line.
    pub(super) range: Range<usize>,
}

/// A line of text, or the part of it that may hold a value.
#[derive(Debug, Clone)]
pub(super) struct ValueLine<'a> {
    pub(super) line: usize,
    pub(super) start: usize,
    pub(super) text: &'a str,
    /// The date in another cell of the row, with its bytes within the line.
    pub(super) row_date: Option<FoundDate>,
}

impl<'a> ValueLine<'a> {
    pub(super) fn new(page: &'a Page, line: usize, range: Range<usize>) -> Self {
        ValueLine {
            line,
            start: range.start,
            text: &page.unstruck[line][range],
            row_date: None,
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
}
