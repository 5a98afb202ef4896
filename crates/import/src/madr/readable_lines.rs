//! Reads the lines of front matter that is not valid.

use std::collections::{HashMap, HashSet};

use wsdb_core::{Json, JsonObject};

use crate::configuration_file::read_toml_with_lines;
use crate::yaml;

/// The keys that can be read, and the index of the line of each.
#[derive(Debug, Default, PartialEq)]
pub(super) struct ReadableLines {
    pub(super) front: JsonObject,
    pub(super) lines: HashMap<String, usize>,
}

/// Reads each line such as `status: accepted` by itself. A key that occurs several times, or whose value
/// continues on the next line, is left out. `first` is the index of the first line.
pub(super) fn read_lines(lines: &[&str], first: usize, is_toml: bool) -> ReadableLines {
    let separator = if is_toml { '=' } else { ':' };
    let mut result = ReadableLines::default();
    let mut seen = HashSet::new();
    let written = lines.iter().enumerate();
    let mut written = written
        .filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        .peekable();
    let indentation = written.peek().map_or("", |(_, line)| {
        &line[..line.len() - line.trim_start().len()]
    });
    while let Some((index, line)) = written.next() {
        // What follows belongs to a table.
        if is_toml && line.trim_start().starts_with('[') {
            break;
        }
        let line = line.strip_prefix(indentation);
        let Some(line) = line.filter(|line| is_key(line, separator)) else {
            continue;
        };
        let next = written
            .peek()
            .and_then(|(_, next)| next.strip_prefix(indentation));
        let is_continued = !is_toml && next.is_some_and(continues_value);
        let read = if is_toml {
            read_toml(line)
        } else {
            read_yaml(line)
        };
        let Some((key, value)) = read else {
            continue;
        };
        let lower = key.to_lowercase();
        if !seen.insert(lower.clone()) {
            result.front.retain(|key, _| key.to_lowercase() != lower);
            result.lines.retain(|key, _| key.to_lowercase() != lower);
        } else if !is_continued {
            result.lines.insert(key.clone(), first + index);
            result.front.insert(key, value);
        }
    }
    result
}

/// Returns the number of lines of front matter without an end: up to a blank line, or one that has no
/// key.
pub(super) fn count_front_lines(lines: &[&str]) -> usize {
    if !lines.first().is_some_and(|line| is_key(line, ':')) {
        return 0;
    }
    let is_front = |line: &&&str| is_key(line, ':') || continues_value(line);
    lines.iter().take_while(is_front).count()
}

/// Whether lines contain headings of Markdown, so that the end of the front matter is not theirs.
pub(super) fn contains_heading(lines: &[&str]) -> bool {
    let is_blank = |line: Option<&&str>| line.is_none_or(|line| line.trim().is_empty());
    lines.iter().enumerate().any(|(at, line)| {
        let is_title = line.starts_with("# ") && at > 0;
        let is_apart = is_title && is_blank(lines.get(at - 1)) && is_blank(lines.get(at + 1));
        is_apart || line.starts_with("## ")
    })
}

/// Whether wsdb wrote a part of the front matter.
pub(super) fn contains_wsdb_fields(lines: &[&str]) -> bool {
    lines.iter().any(|line| {
        let name = line.trim_start_matches(['[', '"', '\'', ' ', '\t']);
        let rest = name.strip_prefix("wsdb");
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-'))
    })
}

/// Maximum number of words in a key: sentences are not front matter.
const MAX_KEY_WORDS: usize = 3;

/// Whether a line begins with a key.
fn is_key(line: &str, separator: char) -> bool {
    let Some((key, value)) = line.split_once(separator) else {
        return false;
    };
    let is_apart = separator == '=' || value.is_empty() || value.starts_with([' ', '\t']);
    is_apart
        && key.split_whitespace().count() <= MAX_KEY_WORDS
        && key.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '"' | '\'' | '_'))
}

/// Whether a line belongs to the value above it.
fn continues_value(line: &str) -> bool {
    line.starts_with([' ', '\t', ']', '}']) && !line.trim().is_empty()
        || line == "-"
        || line.starts_with("- ")
}

fn read_toml(line: &str) -> Option<(String, Json)> {
    let (front, _) = read_toml_with_lines(line).ok()?;
    front.into_iter().next()
}

fn read_yaml(line: &str) -> Option<(String, Json)> {
    if let Ok(document) = yaml::parse(line)
        && let Json::Object(front) = document.value
    {
        return front.into_iter().next();
    }
    // `title: Use Redis: the cache`
    let (key, value) = line.split_once(':')?;
    let value = value.strip_prefix([' ', '\t'])?;
    let value = value.split(" #").next().unwrap_or_default().trim();
    let text = value.trim_matches(['"', '\'']).trim();
    let is_text = text.starts_with(|c: char| !"[]{},&*!|>%@`#-?:".contains(c));
    is_text.then(|| (key.trim_matches(['"', '\'', ' ']).to_owned(), text.into()))
}

#[cfg(test)]
mod tests {
    use wsdb_core::json;

    use super::*;

    fn read(text: &str, is_toml: bool) -> Json {
        let lines: Vec<&str> = text.lines().collect();
        Json::Object(read_lines(&lines, 1, is_toml).front)
    }

    #[test]
    fn each_line_is_read_by_itself() {
        for (text, front) in [
            (
                "title: Use Redis: the cache\nstatus: accepted # yes: it is\n",
                json!({"title": "Use Redis: the cache", "status": "accepted"}),
            ),
            (
                "title: \"Use \"Redis\"\nstatus:\taccepted\n",
                json!({"title": "Use \"Redis", "status": "accepted"}),
            ),
            (
                "\ttitle: a: b\n\tstatus: accepted\n\t\tby: x\n\tdate: 2021-03-05\n",
                json!({"title": "a: b", "date": "2021-03-05"}),
            ),
            (
                "tags:\n- a: b: c\nstatus: [accepted\n  , b]\nnote: |\n  status: x\ndate: 2021-03-05",
                json!({"date": "2021-03-05"}),
            ),
            ("status: accepted\nStatus: rejected\ntitle: @x\n", json!({})),
            ("status: accepted\nstatus: accepted: yes\n", json!({})),
            ("<b>\nx\n", json!({})),
        ] {
            assert_eq!(read(text, false), front, "{text}");
        }
        let toml = "title = Redis\nstatus = \"accepted\"\n[params]\ndate = 2021-03-05\n";
        assert_eq!(read(toml, true), json!({"status": "accepted"}));
    }

    #[test]
    fn front_matter_without_an_end_ends_before_the_text() {
        for (text, count) in [
            ("title: x\nstatus: y\n\n# x\n", 2),
            ("title: x\ntags:\n  - a\n- b\n# x\n", 4),
            ("\nSome: text\n", 0),
            ("# x\na: b\n", 0),
            ("We had a long talk: all of us\n", 0),
            ("https://example.com\n", 0),
        ] {
            let lines: Vec<&str> = text.lines().collect();
            assert_eq!(count_front_lines(&lines), count, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn reading_never_panics(text in "[-a:=\"' \t\n#\\[{é]{0,40}") {
            let lines: Vec<&str> = text.split('\n').collect();
            let _ = (read_lines(&lines, 1, false), read_lines(&lines, 1, true));
            let _ = (count_front_lines(&lines), contains_heading(&lines));
        }
    }
}
