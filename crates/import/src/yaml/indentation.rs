//! Indentation that YAML forbids but most programs accept: of the lines of a quoted text, and of those of a
//! list or mapping in brackets.

use super::error::YamlError;

/// The error of the parser for a line of a quoted text that is not indented. YAML forbids it, but most
/// programs read it, and people write it.
pub(super) const UNINDENTED: &str = "invalid indentation in quoted scalar";

/// Maximum number of such lines: each takes another run.
const MAX_UNINDENTED: usize = 100;

/// Maximum number of bytes that are parsed again because of the indentation of lines in brackets; each
/// such line needs another pass.
const MAX_INDENTED_SIZE: usize = 50_000_000;
/// Deeper than any block may be.
const INDENTATION: &str = "                                                                \
                                                                                          ";

/// Returns where a line starts, counted from 1.
fn line_start(text: &str, line: usize) -> usize {
    let bytes = text.as_bytes();
    let ends = (0..bytes.len()).filter(|at| match bytes[*at] {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    match line.checked_sub(2) {
        Some(before) => ends.map(|at| at + 1).nth(before).unwrap_or(text.len()),
        None => 0,
    }
}

/// Parses a text, in which the lines of a quoted text may lack their indentation.
pub(super) fn parse_leniently<T>(
    text: &str,
    parse: fn(&str) -> Result<T, YamlError>,
) -> Result<T, YamlError> {
    let mut result = parse_brackets(text, parse);
    let mut lines: Vec<String> = Vec::new();
    for _ in 0..MAX_UNINDENTED {
        let Some(error) = result.as_ref().err().filter(|e| e.reason == UNINDENTED) else {
            break;
        };
        if lines.is_empty() {
            lines.extend(text.split('\n').map(str::to_owned));
        }
        if !indent_quoted(&mut lines, error.line) {
            break;
        }
        result = parse_brackets(&lines.join("\n"), parse);
    }
    result
}

/// Indents the first line of a quoted text that is not, and returns whether there is one. The text begins at
/// `line`, counted from 1. Indentation does not belong to the text.
fn indent_quoted(lines: &mut [String], line: usize) -> bool {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let Some(first) = line.checked_sub(1).and_then(|at| lines.get(at)) else {
        return false;
    };
    let least = indent(first) + 1;
    let mut below = lines[line..].iter_mut();
    let found = below.find(|line| !line.trim().is_empty() && indent(line) < least);
    // The quote at the end of a text may be missing.
    let is_key = |line: &str| {
        let name = line.split(':').next().unwrap_or_default();
        name.len() < line.trim_end().len() && !name.trim().contains(' ') || line.starts_with("- ")
    };
    match found.filter(|line| !is_key(line)) {
        Some(line) => {
            line.insert_str(0, &" ".repeat(least));
            true
        }
        None => false,
    }
}

/// Parses a text, in which the lines of a list or mapping in brackets may have any indentation.
fn parse_brackets<T>(text: &str, parse: fn(&str) -> Result<T, YamlError>) -> Result<T, YamlError> {
    let first = match parse(text) {
        Err(error) if error.is_in_brackets() => error,
        result => return result,
    };
    let mut text = text.to_owned();
    let mut error = first.clone();
    for _ in 0..MAX_INDENTED_SIZE / text.len().max(1) {
        let start = line_start(&text, error.line);
        text.insert_str(start, INDENTATION);
        match parse(&text) {
            Err(next) if next.is_in_brackets() && next.line > error.line => error = next,
            Ok(document) => return Ok(document),
            // An error in an earlier line than the last, which an unclosed bracket reaches.
            Err(next) if next.line < text.lines().count() => {
                let column = next.column.checked_sub(INDENTATION.len());
                let column = column.filter(|column| *column > 0);
                let column = column.unwrap_or(next.column);
                return Err(YamlError { column, ..next });
            }
            Err(_) => break,
        }
    }
    Err(first)
}
