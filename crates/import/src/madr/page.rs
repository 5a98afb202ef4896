//! Splits a Markdown page into front matter, title and sections. It works line by line, so that
//! anything else stays as it was written.

use std::collections::HashMap;
use std::path::Path;

use wsdb_core::{Json, JsonObject};

use super::markup::mask_struck_lines;
use super::names::{is_usual_section, outcome_rank};
use super::own_number::{mask_own_number, own_numbers};
use super::readable_lines::{
    contains_heading, contains_wsdb_fields, count_front_lines, read_lines,
};
use crate::configuration_file::read_toml_with_lines;
use crate::error::{ParseError, Position};
use crate::yaml;

/// The marks around text that wsdb generates for readers and skips when reading.
pub(super) const BEGIN: &str = "<!-- wsdb -->";
pub(super) const END: &str = "<!-- /wsdb -->";

/// A section with its heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) level: usize,
    pub(super) heading: String,
    pub(super) text: String,
    /// The index of the line with the heading.
    pub(super) line: usize,
}

/// A heading of any level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    pub(super) level: usize,
    pub(super) text: String,
    /// The index of its line.
    pub(super) line: usize,
    /// The index of the first line below it.
    pub(super) content: usize,
}

/// A page. Lines are counted from 0.
#[derive(Debug, Clone, Default)]
pub(super) struct Page {
    pub(super) front: JsonObject,
    /// Whether the front matter is TOML, between lines with `+++`, and not YAML.
    pub(super) is_toml: bool,
    /// What is wrong with the front matter.
    pub(super) odd_front: Option<String>,
    /// The line that ends the front matter at the beginning of the page.
    pub(super) front_end: Option<usize>,
    /// The number of lines at the beginning that stay as they are: front matter that is not valid.
    pub(super) locked: usize,
    /// The line of each key of the front matter.
    pub(super) lines: HashMap<String, usize>,
    /// The lines of the page, without line ends.
    pub(super) all: Vec<String>,
    /// The same lines with spaces in place of what is struck out across several lines, and of the number of
    /// the page in sentences about itself.
    pub(super) unstruck: Vec<String>,
    /// The first line after the front matter.
    pub(super) body: usize,
    pub(super) title: Option<String>,
    /// The line with the title, unless it is in the front matter.
    pub(super) title_line: Option<usize>,
    /// The text before the first section, each line with its index.
    pub(super) preamble: Vec<(usize, String)>,
    pub(super) sections: Vec<Section>,
    /// All headings but the title.
    pub(super) headings: Vec<Heading>,
    /// The level of the sections.
    pub(super) level: usize,
    /// For each line whether it is text: not in the front matter, a code block or a comment.
    pub(super) is_text: Vec<bool>,
}

impl Page {
    /// Returns what separates a key of the front matter from its value.
    pub(super) fn separator(&self) -> char {
        if self.is_toml { '=' } else { ':' }
    }
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

/// Returns the first line with one of git's conflict markers. `=======` is one only where it does not
/// underline a title.
pub(super) fn find_conflict_marker(text: &str) -> Option<usize> {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let is_front = lines.first() == Some(&"---");
    let front_end = lines.iter().skip(1).position(|line| is_front_end(line));
    let body = front_end.filter(|_| is_front).map_or(0, |end| end + 2);
    let mut fence = Fence::default();
    let is_marker = |at: usize, line: &str| {
        let rest = ["<<<<<<<", ">>>>>>>", "|||||||"].iter();
        let mut rest = rest.filter_map(|mark| line.strip_prefix(mark));
        rest.any(|rest| rest.is_empty() || rest.starts_with(' '))
            || line == SEPARATOR && (at < body || !belongs_to_heading(&lines, at))
    };
    let mut numbered = lines.iter().enumerate();
    let found = numbered.find(|(at, line)| {
        let is_code = *at >= body && fence.contains_line(line);
        !is_code && is_marker(*at, line)
    });
    found.map(|(at, _)| at)
}

/// The conflict marker between the two versions.
const SEPARATOR: &str = "=======";

/// Whether a line such as `=======` is below a paragraph, or above a title that is underlined as well.
fn belongs_to_heading(lines: &[&str], at: usize) -> bool {
    let is_text = |line: &&&str| {
        !line.is_empty()
            && parse_heading(line).is_none()
            && !line.starts_with(['|', '>', '=', '<'])
            && !["- ", "* ", "+ ", "```", "~~~"]
                .iter()
                .any(|mark| line.trim_start().starts_with(mark))
    };
    let is_below = at > 0 && lines.get(at - 1).filter(is_text).is_some();
    let is_above = lines.get(at + 1).filter(is_text).is_some()
        && lines.get(at + 2).is_some_and(|line| *line == SEPARATOR);
    is_below || is_above
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

/// Returns the text of a heading without hashes at its end: `Context` for `## Context ##`.
fn without_closing_hashes(text: &str) -> &str {
    let inner = text.trim_end_matches('#');
    if inner.ends_with([' ', '\t']) {
        inner.trim_end()
    } else {
        text
    }
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

/// Returns the lines that wsdb generated.
pub(super) fn generated_lines(lines: &[String]) -> impl Iterator<Item = &str> {
    let all: Vec<&str> = lines.iter().map(String::as_str).collect();
    let marked = find_generated_lines(&all);
    let lines = all.into_iter().zip(marked);
    lines.filter(|(_, marked)| *marked).map(|(line, _)| line)
}

/// Whether the lines of a text end as those of classic Mac OS.
pub(super) fn uses_carriage_returns(text: &str) -> bool {
    text.contains('\r') && !text.contains('\n')
}

/// Splits a page.
pub(super) fn parse(file: &Path, text: &str) -> Result<Page, ParseError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = if uses_carriage_returns(text) {
        text.replace('\r', "\n")
    } else {
        text.replace("\r\n", "\n")
    };
    let all: Vec<&str> = text.split('\n').collect();
    let mut page = Page::default();
    read_front(file, &all, 0, &mut page)?;
    if page.front.len() == 1 && page.front.contains_key("wsdb") {
        // An export adds the fields of wsdb above front matter that is not valid.
        let is_text = |line: &&str| !line.trim().is_empty();
        let below = all[page.body..].iter().position(is_text);
        if let Some(below) = below {
            read_front(file, &all, page.body + below, &mut page)?;
        }
    }
    page.body = page.body.min(all.len());
    page.all = all.iter().map(|line| (*line).to_owned()).collect();
    split_sections(&all, &mut page);
    page.unstruck = mask_struck_lines(&page.all, &page.is_text);
    let own = own_numbers(file, page.title.as_deref());
    for line in page.unstruck.iter_mut().filter(|_| !own.is_empty()) {
        mask_own_number(line, &own);
    }
    Ok(page)
}

/// Why front matter is not valid.
struct FrontProblem {
    line: usize,
    reason: String,
}

/// Reads the front matter that begins at a line, if there is any. Of front matter that is not valid, the
/// lines that are valid by themselves are read, unless wsdb wrote a part of it.
fn read_front(file: &Path, all: &[&str], start: usize, page: &mut Page) -> Result<(), ParseError> {
    let is_first = start == 0;
    let first = start + 1;
    let (is_toml, end) = match all.get(start).map(|line| line.trim_end()) {
        Some("---") => (
            false,
            all.iter()
                .skip(first)
                .position(|l| is_front_end(l.trim_end())),
        ),
        Some("+++") => (
            true,
            all.iter().skip(first).position(|l| l.trim_end() == "+++"),
        ),
        _ => return Ok(()),
    };
    let problem = match end.map(|count| first + count) {
        None if is_toml => return Ok(()),
        None => FrontProblem {
            line: start,
            reason: "it has no closing '---' line".to_owned(),
        },
        Some(end) => match parse_front(&all[first..end], is_toml) {
            Ok(Some((front, lines))) => {
                page.front.extend(front);
                let lines = lines.into_iter().map(|(key, line)| (key, start + line));
                page.lines.extend(lines);
                (page.is_toml, page.body) = (is_toml, end + 1);
                page.front_end = page.front_end.or(is_first.then_some(end));
                return Ok(());
            }
            // Text between two lines.
            Ok(None) => {
                let line = start + 1;
                let odd = || {
                    format!("line {line}: front matter is not a mapping, so it was read as text")
                };
                page.odd_front = is_first.then(odd);
                return Ok(());
            }
            Err((line, reason)) => FrontProblem {
                line: start + line,
                reason,
            },
        },
    };
    let end = end.map(|count| first + count);
    let end = end.filter(|end| !contains_heading(&all[first..*end]));
    let (last, body) = match end {
        Some(end) => (end, end + 1),
        // A line that only separates has no keys below it.
        None => {
            let last = first + count_front_lines(&all[first..]);
            (last, last)
        }
    };
    if contains_wsdb_fields(&all[first..last]) {
        let reason = format!("front matter is not valid: {}", problem.reason);
        return Err(error_at_line(file, problem.line, reason));
    }
    let is_text = last == first;
    let consequence = if is_text {
        "it was read as text"
    } else {
        "only lines such as 'status: accepted' were read, and exports leave the front matter unchanged"
    };
    let (line, reason) = (problem.line + 1, problem.reason);
    page.odd_front = Some(format!(
        "line {line}: front matter is not valid: {reason}; {consequence}"
    ));
    if is_text {
        return Ok(());
    }
    let read = read_lines(&all[first..last], first, is_toml);
    page.front.extend(read.front);
    page.lines.extend(read.lines);
    (page.is_toml, page.body, page.locked) = (is_toml, body, body);
    Ok(())
}

/// The keys of front matter, and the line of each, counted from 1.
type Front = (JsonObject, HashMap<String, usize>);

/// Parses front matter; `None` if it is not a mapping. The line of an error is counted from 1.
fn parse_front(lines: &[&str], is_toml: bool) -> Result<Option<Front>, (usize, String)> {
    let text = lines.join("\n");
    if is_toml {
        let (front, lines) =
            read_toml_with_lines(&text).map_err(|error| (error.line, error.reason))?;
        let lines = lines.into_iter().map(|(key, line)| (key, line + 1));
        return Ok(Some((front, lines.collect())));
    }
    let read = yaml::parse(&text).map_err(|error| (error.line, error.reason))?;
    Ok(match read.value {
        Json::Null => Some(Front::default()),
        Json::Object(front) => Some((front, read.lines)),
        _ => None,
    })
}

/// Whether a line ends front matter: YAML ends a document with `...` as well.
fn is_front_end(line: &str) -> bool {
    matches!(line, "---" | "...")
}

/// Returns an error at a line that is counted from 0.
pub(super) fn error_at_line(file: &Path, line: usize, reason: impl Into<String>) -> ParseError {
    ParseError {
        file: file.to_owned(),
        position: Some(Position::Line(line + 1, 1)),
        reason: reason.into(),
    }
}

/// Returns for each line whether it is within a comment of several lines.
fn find_comment_lines(lines: &[&str]) -> Vec<bool> {
    let mut marked = vec![false; lines.len()];
    let mut index = 0;
    while index < lines.len() {
        let opened = lines[index].trim_start().strip_prefix("<!--");
        if opened.is_some_and(|rest| !rest.contains("-->"))
            && let Some(length) = lines[index..].iter().position(|line| line.contains("-->"))
        {
            marked[index..=index + length].fill(true);
            index += length;
        }
        index += 1;
    }
    marked
}

/// Finds the headings after the front matter, and notes which lines are text.
fn find_headings(lines: &[&str], page: &mut Page) -> Vec<Heading> {
    let body = &lines[page.body..];
    let mut fence = Fence::default();
    let generated = find_generated_lines(body);
    let comments = find_comment_lines(body);
    page.is_text = vec![false; page.body];
    let mut headings = Vec::new();
    let mut is_underline = false;
    for (index, line) in body.iter().enumerate() {
        let is_hidden = generated[index] || comments[index];
        let is_text = !is_hidden && !fence.contains_line(line);
        page.is_text.push(is_text);
        if std::mem::take(&mut is_underline) || !is_text {
            continue;
        }
        let heading = parse_heading(line).or_else(|| {
            let heading = parse_underlined_heading(body, index);
            is_underline = heading.is_some();
            heading
        });
        if let Some((level, text)) = heading {
            let line = page.body + index;
            headings.push(Heading {
                level,
                text: text.to_owned(),
                line,
                content: line + 1 + usize::from(is_underline),
            });
        }
    }
    headings
}

/// Returns the index of the heading that is the title: the first one of level 1, or, without one, a
/// first heading that is not one of the usual sections.
fn find_title(headings: &[Heading], has_front_title: bool) -> Option<usize> {
    let first = headings.iter().position(|heading| heading.level <= 2)?;
    if headings[first].level == 1 {
        let is_title = !has_front_title || !is_usual_section(&headings[first].text);
        return is_title.then_some(first);
    }
    let is_title = !has_front_title && first == 0 && !is_usual_section(&headings[0].text);
    is_title.then_some(first)
}

/// Splits the lines after the front matter into title, preamble and sections.
fn split_sections(lines: &[&str], page: &mut Page) {
    let mut headings = find_headings(lines, page);
    let front_title = page.front.iter().find(|(key, value)| {
        key.eq_ignore_ascii_case("title")
            && value.as_str().is_some_and(|text| !text.trim().is_empty())
    });
    let front_title = front_title.and_then(|(_, value)| value.as_str());
    page.title = front_title.map(|title| title.trim().to_owned());
    let mut start = page.body;
    let mut before_title = Vec::new();
    if let Some(index) = find_title(&headings, front_title.is_some()) {
        let heading = headings.remove(index);
        before_title = (start..heading.line).collect();
        start = heading.content;
        page.title_line = Some(heading.line);
        page.title = Some(heading.text);
        headings.drain(..index);
    }
    let highest = headings.iter().map(|heading| heading.level).min();
    page.level = highest.unwrap_or(2).max(2);

    let mut opening: Vec<&Heading> = Vec::new();
    let mut in_outcome = false;
    for heading in &headings {
        if heading.level <= page.level || (in_outcome && heading.level == page.level + 1) {
            if heading.level <= page.level {
                in_outcome = outcome_rank(&heading.text).is_some();
            }
            opening.push(heading);
        }
    }
    let generated = find_generated_lines(&lines[page.body..]);
    let end = opening.first().map_or(lines.len(), |heading| heading.line);
    let preamble = before_title.into_iter().chain(start..end);
    let preamble = preamble.filter(|line| !generated[line - page.body]);
    page.preamble = preamble
        .map(|line| (line, lines[line].to_owned()))
        .collect();
    for (index, heading) in opening.iter().enumerate() {
        let end = opening.get(index + 1).map_or(lines.len(), |next| next.line);
        page.sections.push(Section {
            level: heading.level,
            heading: without_closing_hashes(&heading.text).to_owned(),
            text: trim_blank_lines(&lines[heading.content..end]),
            line: heading.line,
        });
    }
    page.headings = headings;
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
    split_sections(&lines, &mut page);
    page.sections.len() == 2
        && page.sections[0].text == text
        && !text.split('\n').any(|line| line == BEGIN || line == END)
        && !text.contains('\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conflict_markers_are_told_from_underlined_titles() {
        for (text, line) in [
            ("# x\n\na\n=======\nb\n>>>>>>> other\n", Some(5)),
            ("# x\n\n<<<<<<< HEAD\na\n=======\nb\n", Some(2)),
            ("# x\n\na\n||||||| base\nb\n", Some(3)),
            ("# x\n\na\n\n=======\n\nb\n", Some(4)),
            ("# x\n\n## Status\n=======\nRejected\n", Some(3)),
            ("# x\n\n* a\n=======\n* b\n", Some(3)),
            ("# x\r\n\r\n=======\r\n", Some(2)),
            (
                "---\nstatus: accepted\n=======\nstatus: draft\n---\n# x\n",
                Some(2),
            ),
            ("Title x\n=======\n\na\n", None),
            ("---\na: b\n---\nTitle x\n=======\n\na\n", None),
            ("=======\nTitle x\n=======\n\na\n", None),
            ("# x\n\n```\n=======\n```\n", None),
            ("# x\n\n========\n", None),
            ("# x\n\n  =======\n", None),
        ] {
            assert_eq!(find_conflict_marker(text), line, "{text}");
        }
    }
}
