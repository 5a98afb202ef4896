//! Splits a Markdown page into front matter, title and sections. It works line by line, so that
//! anything else stays as it was written.

use std::collections::HashMap;
use std::path::Path;

use wsdb_core::{Json, JsonObject};

use crate::error::{ParseError, Position};
use crate::yaml;

/// The marks around text that wsdb generates for readers and skips when reading.
pub(super) const BEGIN: &str = "<!-- wsdb -->";
pub(super) const END: &str = "<!-- /wsdb -->";

/// A section with its heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    /// Two, or three within the outcome.
    pub(super) level: usize,
    pub(super) heading: String,
    pub(super) text: String,
    pub(super) line: usize,
}

/// A page.
#[derive(Debug, Clone, Default)]
pub(super) struct Page {
    pub(super) front: JsonObject,
    /// The line of the file for each key of the front matter.
    pub(super) lines: HashMap<String, usize>,
    /// The first line after the front matter.
    pub(super) body: usize,
    pub(super) title: Option<String>,
    /// The text before the first section, each line with its number.
    pub(super) preamble: Vec<(usize, String)>,
    pub(super) sections: Vec<Section>,
}

/// Tracks code blocks, in which nothing is a heading.
#[derive(Debug, Default)]
pub(super) struct Fence(Option<(char, usize)>);

impl Fence {
    /// Whether a line belongs to a code block.
    pub(super) fn contains_line(&mut self, line: &str) -> bool {
        let inner = line.trim_start_matches(' ');
        let is_indented = line.len() - inner.len() > 3;
        let mark = inner.chars().next().filter(|c| matches!(c, '`' | '~'));
        let count = mark.map_or(0, |mark| inner.chars().take_while(|c| *c == mark).count());
        match (self.0, mark) {
            (None, Some(mark)) if count >= 3 && !is_indented => {
                // Inline code in backticks does not open a block.
                let opens = mark == '~' || !inner[count..].contains('`');
                self.0 = opens.then_some((mark, count));
                opens
            }
            (None, _) => false,
            (Some((open, least)), mark) => {
                let ends = mark == Some(open) && count >= least && !is_indented;
                if ends && inner[count..].trim().is_empty() {
                    self.0 = None;
                }
                true
            }
        }
    }
}

/// Returns level and text of a heading such as `## Context`.
pub(super) fn parse_heading(line: &str) -> Option<(usize, &str)> {
    let inner = line.trim_start_matches(' ');
    let level = inner.chars().take_while(|c| *c == '#').count();
    let rest = &inner[level..];
    let is_heading = (1..=6).contains(&level)
        && line.len() - inner.len() <= 3
        && (rest.is_empty() || rest.starts_with([' ', '\t']));
    is_heading.then(|| (level, rest.trim()))
}

/// Returns the level of heading that a line such as `-----` makes of the line above it.
fn parse_underline(line: &str) -> Option<usize> {
    let inner = line.trim_start_matches(' ');
    let marks = inner.trim_end();
    let all = |mark: char| marks.len() > 1 && marks.chars().all(|c| c == mark);
    if line.len() - inner.len() > 3 {
        None
    } else if all('=') {
        Some(1)
    } else {
        all('-').then_some(2)
    }
}

/// Returns level and text of a heading at a line, if the next line underlines it. Paragraphs of
/// several lines, list items, quotes and tables are not headings.
fn parse_underlined_heading<'a>(lines: &[&'a str], at: usize) -> Option<(usize, &'a str)> {
    let line = *lines.get(at)?;
    let level = parse_underline(lines.get(at + 1)?)?;
    let text = line.trim();
    let is_text = !text.is_empty()
        && !line.starts_with("    ")
        && !text.starts_with(['#', '\\', '-', '*', '+', '>', '|', '<', '`', '~', '=']);
    let starts_paragraph =
        at == 0 || lines[at - 1].trim().is_empty() || parse_heading(lines[at - 1]).is_some();
    (is_text && starts_paragraph).then_some((level, text))
}

/// Whether a heading starts the section with the outcome.
pub(super) fn is_outcome(heading: &str) -> bool {
    let plain = heading.split("<!--").next().unwrap_or_default().trim();
    let plain = plain.trim_end_matches('#').trim();
    plain.eq_ignore_ascii_case("decision outcome") || plain.eq_ignore_ascii_case("decision")
}

/// Joins lines without the empty ones at the beginning and end.
pub(super) fn trim_blank_lines(lines: &[&str]) -> String {
    let first = lines.iter().position(|line| !line.trim().is_empty());
    let last = lines.iter().rposition(|line| !line.trim().is_empty());
    match first.zip(last) {
        Some((first, last)) => lines[first..=last].join("\n"),
        None => String::new(),
    }
}

/// Returns for each line whether it is between the marks of generated text.
fn find_generated_lines(lines: &[&str]) -> Vec<bool> {
    let mut marked = vec![false; lines.len()];
    let mut from = 0;
    while let Some(begin) = lines[from..].iter().position(|line| *line == BEGIN) {
        let begin = from + begin;
        let Some(end) = lines[begin..].iter().position(|line| *line == END) else {
            break;
        };
        marked[begin..=begin + end].fill(true);
        from = begin + end + 1;
    }
    marked
}

/// Returns a text without its generated parts, and whether there were any.
pub(super) fn without_generated(text: &str) -> (String, bool) {
    let lines: Vec<&str> = text.split('\n').collect();
    let marked = find_generated_lines(&lines);
    let written = lines.iter().zip(&marked).filter(|(_, marked)| !**marked);
    let written: Vec<&str> = written.map(|(line, _)| *line).collect();
    (trim_blank_lines(&written), marked.contains(&true))
}

/// Splits a page.
pub(super) fn parse(file: &Path, text: &str) -> Result<Page, ParseError> {
    let text = text.replace("\r\n", "\n");
    let all: Vec<&str> = text.split('\n').collect();
    let mut page = Page::default();
    let mut start = 0;
    if all.first().is_some_and(|line| line.trim_end() == "---") {
        let end = all.iter().skip(1).position(|line| line.trim_end() == "---");
        let Some(end) = end.map(|end| end + 1) else {
            return Err(error_at_line(
                file,
                1,
                "front matter has no closing '---' line",
            ));
        };
        let read = yaml::parse(&all[1..end].join("\n"))
            .map_err(|error| error_at_line(file, error.line + 1, error.reason))?;
        page.front = match read.value {
            Json::Null => JsonObject::new(),
            Json::Object(front) => front,
            _ => return Err(error_at_line(file, 2, "front matter is not a mapping")),
        };
        let lines = read.lines.into_iter();
        page.lines = lines.map(|(key, line)| (key, line + 1)).collect();
        start = end + 1;
    }
    page.body = (start + 1).min(all.len());
    split_section(&all[start..], start, &mut page);
    Ok(page)
}

pub(super) fn error_at_line(file: &Path, line: usize, reason: impl Into<String>) -> ParseError {
    ParseError {
        file: file.to_owned(),
        position: Some(Position::Line(line, 1)),
        reason: reason.into(),
    }
}

/// A section whose end has not been found yet.
struct OpenSection<'a> {
    level: usize,
    heading: &'a str,
    line: usize,
    lines: Vec<&'a str>,
}

impl OpenSection<'_> {
    fn close(self) -> Section {
        Section {
            level: self.level,
            heading: self.heading.to_owned(),
            text: trim_blank_lines(&self.lines),
            line: self.line,
        }
    }
}

/// Splits the lines after the front matter.
fn split_section(lines: &[&str], before: usize, page: &mut Page) {
    let mut fence = Fence::default();
    let mut open: Option<OpenSection<'_>> = None;
    let mut in_outcome = false;
    let generated = find_generated_lines(lines);
    let mut is_underline = false;
    for (index, (line, is_generated)) in lines.iter().zip(generated).enumerate() {
        if std::mem::take(&mut is_underline) {
            continue;
        }
        let number = before + index + 1;
        let heading = if is_generated || fence.contains_line(line) {
            None
        } else {
            parse_heading(line).or_else(|| {
                let heading = parse_underlined_heading(lines, index);
                is_underline = heading.is_some();
                heading
            })
        };
        match heading {
            Some((1, title))
                if page.title.is_none() && page.sections.is_empty() && open.is_none() =>
            {
                page.title = Some(title.to_owned());
            }
            Some((level, heading)) if level <= 2 || (level == 3 && in_outcome) => {
                page.sections.extend(open.take().map(OpenSection::close));
                if level <= 2 {
                    in_outcome = level == 2 && is_outcome(heading);
                }
                open = Some(OpenSection {
                    level,
                    heading,
                    line: number,
                    lines: Vec::new(),
                });
            }
            _ => match &mut open {
                Some(section) => section.lines.push(line),
                None if is_generated => {}
                None => page.preamble.push((number, (*line).to_owned())),
            },
        }
    }
    page.sections.extend(open.map(OpenSection::close));
}

/// Encodes a text for a section: lines that would start another section are escaped.
pub(super) fn encode_markers(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.split('\n').collect();
    let text = trim_blank_lines(&lines);
    let mut fence = Fence::default();
    let lines = text.split('\n').map(|line| {
        if fence.contains_line(line) {
            line.to_owned()
        } else {
            match find_heading_mark(line) {
                Some(at) => format!("{}\\{}", &line[..at], &line[at..]),
                None => line.to_owned(),
            }
        }
    });
    let encoded = lines.collect::<Vec<_>>().join("\n");
    if survives_round_trip(&encoded) {
        encoded
    } else {
        // As a code block, in which nothing has a meaning.
        let lines = text.split('\n').map(|line| match line {
            "" => String::new(),
            line => format!("    {line}"),
        });
        let lines: Vec<String> = lines.collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        trim_blank_lines(&lines)
    }
}

/// Reverses [`encode_markers`].
pub(super) fn decode_markers(text: &str) -> String {
    let mut fence = Fence::default();
    let lines = text.split('\n').map(|line| {
        if fence.contains_line(line) {
            line.to_owned()
        } else {
            match find_heading_mark(line) {
                Some(at) if line[at..].starts_with('\\') => {
                    format!("{}{}", &line[..at], &line[at + 1..])
                }
                _ => line.to_owned(),
            }
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns the position of `#`, or `\#`, if the line would start a section within the outcome.
fn find_heading_mark(line: &str) -> Option<usize> {
    let inner = line.trim_start_matches(' ');
    let hashes = inner.trim_start_matches('\\');
    let at = line.len() - inner.len();
    let (level, _) = parse_heading(hashes)?;
    (at <= 3 && level <= 3).then_some(at)
}

/// Whether a text is read back unchanged as the text of a section.
pub(super) fn survives_round_trip(text: &str) -> bool {
    let page_text = format!("## Decision Outcome\n\n{text}\n\n## X\n\nx\n");
    let mut page = Page::default();
    let lines: Vec<&str> = page_text.split('\n').collect();
    split_section(&lines, 0, &mut page);
    page.sections.len() == 2
        && page.sections[0].text == text
        && !text.split('\n').any(|line| line == BEGIN || line == END)
        && !text.contains('\0')
}
