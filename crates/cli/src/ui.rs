//! What goes to stdout: tables, records and JSON; colour only where a person looks on.

mod list;

use std::io::{IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;
use wsdb_core::{Timestamp, is_hidden};

pub(crate) use wsdb_core::visible;

use self::list::Listed;
pub(crate) use self::list::part;
use crate::args::{Format, Global};
use crate::error::{BrokenPipe, Unwritten};
use crate::table::{self, Column};
use crate::time::{clock, local, relative};

/// How a text stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Strong,
    Faint,
    Good,
    Warn,
    Bad,
}

/// Shows results.
#[derive(Debug)]
pub(crate) struct Ui {
    pub(crate) json: bool,
    pub(crate) format: Format,
    pub(crate) now: Timestamp,
    /// A terminal's width; elsewhere text is never wrapped.
    pub(crate) width: Option<u16>,
    pub(crate) terminal: bool,
    pub(crate) color: bool,
    color_stderr: bool,
}

/// `1 file`, `2 files`.
pub(crate) fn count(number: u64, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        number => format!("{number} {}", plural(noun)),
    }
}

pub(crate) fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if noun.ends_with("ch") => format!("{noun}es"),
        None => format!("{noun}s"),
    }
}

/// A value as JSON, with what could move the cursor or turn the direction of writing escaped:
/// outside of texts JSON has no such characters.
pub(crate) fn json(value: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string_pretty(value).map(escaped)
}

pub(crate) fn escaped(json: String) -> String {
    // The others below U+0020 are escaped already; a line break stands between texts.
    let hidden = |c: char| c > '~' && is_hidden(c);
    if !json.contains(hidden) {
        return json;
    }
    let mut shown = String::with_capacity(json.len() + 8);
    for character in json.chars() {
        match hidden(character) {
            true => shown.push_str(&format!("\\u{:04x}", u32::from(character))),
            false => shown.push(character),
        }
    }
    shown
}

/// As [`visible`], but lines stay lines.
pub(crate) fn visible_lines(text: &str, indent: &str) -> String {
    let lines: Vec<String> = text.lines().map(visible).collect();
    lines.join(&format!("\n{indent}"))
}

impl Ui {
    pub(crate) fn new(global: &Global, now: Timestamp) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let width = terminal_size::terminal_size().map(|(width, _)| width.0);
        Ui {
            json: global.json || global.format == Format::Json,
            format: if global.json {
                Format::Json
            } else {
                global.format
            },
            now,
            width: width.filter(|_| terminal),
            terminal,
            color: global.color.is_colored(terminal),
            color_stderr: global.color.is_colored(std::io::stderr().is_terminal()),
        }
    }

    /// For tests: without colour.
    #[cfg(test)]
    pub(crate) fn plain(width: Option<u16>) -> Self {
        Ui {
            json: false,
            format: Format::Table,
            now: crate::time::now(),
            width,
            terminal: false,
            color: false,
            color_stderr: false,
        }
    }

    /// Whether a list is for programs, or for people at another time.
    fn is_kept(&self) -> bool {
        matches!(self.format, Format::Csv | Format::Md)
    }

    /// A time in a list: relative where people look on, in UTC where the list is kept.
    pub(crate) fn ago(&self, time: Timestamp) -> String {
        match self.is_kept() {
            true => time.to_string(),
            false => relative(time, self.now),
        }
    }

    /// As [`Ui::ago`]; for people, local time.
    pub(crate) fn local(&self, time: Timestamp) -> String {
        match self.is_kept() {
            true => time.to_string(),
            false => local(time),
        }
    }

    /// As [`Ui::local`], for people without today's date.
    pub(crate) fn clock(&self, time: Timestamp) -> String {
        match self.is_kept() {
            true => time.to_string(),
            false => clock(time, self.now),
        }
    }

    /// Writes text to stdout.
    pub(crate) fn print(&self, text: &str) -> anyhow::Result<()> {
        self.write(text, false)
    }

    /// Writes text about a change that has been made to stdout.
    pub(crate) fn print_changed(&self, text: &str) -> anyhow::Result<()> {
        self.write(text, true)
    }

    fn write(&self, text: &str, changed: bool) -> anyhow::Result<()> {
        let mut stdout = std::io::stdout().lock();
        let end = if text.is_empty() || text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        let done = write!(stdout, "{text}{end}").and_then(|()| stdout.flush());
        match done {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Err(BrokenPipe.into()),
            Err(error) => Err(Unwritten { error, changed }.into()),
            Ok(()) => Ok(()),
        }
    }

    /// Writes a value as one JSON document.
    pub(crate) fn print_json(&self, value: &impl Serialize) -> anyhow::Result<()> {
        self.print(&json(value)?)
    }

    /// Writes a value about a change that has been made as one JSON document.
    pub(crate) fn print_changed_json(&self, value: &impl Serialize) -> anyhow::Result<()> {
        self.print_changed(&json(value)?)
    }

    /// A change: the record as it is now, or a line about it.
    pub(crate) fn change(&self, value: &impl Serialize, line: &str) -> anyhow::Result<()> {
        if self.json {
            self.print_changed_json(value)
        } else {
            self.print_changed(&visible(line))
        }
    }

    /// Changes of several records: the record if it is one, else a list.
    pub(crate) fn changes<V: Serialize>(
        &self,
        name: &str,
        records: &[V],
        line: impl Fn(&V) -> String,
    ) -> anyhow::Result<()> {
        match records {
            [record] => self.change(record, &line(record)),
            records if self.json => {
                let total = records.len() as u64;
                self.print_changed_json(&Listed {
                    name,
                    records,
                    total,
                })
            }
            records => {
                let lines: Vec<String> = records.iter().map(|r| visible(&line(r))).collect();
                self.print_changed(&lines.join("\n"))
            }
        }
    }

    /// Deleted records.
    pub(crate) fn deleted(&self, noun: &str, ids: &[impl AsRef<str>]) -> anyhow::Result<()> {
        let ids: Vec<&str> = ids.iter().map(AsRef::as_ref).collect();
        if self.json {
            return self.print_changed_json(&serde_json::json!({ "deleted": ids }));
        }
        self.print_changed(&format!("deleted {noun} {}", visible(&ids.join(", "))))
    }

    /// A table without lines, as wide as it needs to be or as the terminal is.
    pub(crate) fn table<V>(&self, records: &[V], columns: &[Column<V>]) -> String {
        table::draw(self, records, columns)
    }

    /// A text that stands out, if there is colour.
    pub(crate) fn paint(&self, tone: Tone, text: &str) -> String {
        let style = match tone {
            Tone::Plain => return text.to_owned(),
            Tone::Strong => Style::new().bold(),
            Tone::Faint => Style::new().dimmed(),
            Tone::Good => AnsiColor::Green.on_default(),
            Tone::Warn => AnsiColor::Yellow.on_default(),
            Tone::Bad => AnsiColor::Red.on_default(),
        };
        match self.color {
            true => format!("{style}{text}{style:#}"),
            false => text.to_owned(),
        }
    }

    /// The first word of a remark on stderr.
    pub(crate) fn paint_stderr(&self, what: &str) -> String {
        let style = AnsiColor::Yellow.on_default();
        match self.color_stderr {
            true => format!("{style}{what}{style:#}"),
            false => what.to_owned(),
        }
    }

    /// A remark for people on stderr; programs, which asked for JSON, get none.
    pub(crate) fn note(&self, note: &str) {
        if !self.json {
            eprintln!("{}: {}", self.paint_stderr("note"), visible(note));
        }
    }

    /// A line, in as many as the terminal needs for it; those after the first are indented.
    pub(crate) fn wrapped(&self, line: &str, indent: &str) -> Vec<String> {
        let width = self.width.map_or(usize::MAX, usize::from);
        let options = textwrap::Options::new(width)
            .subsequent_indent(indent)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        let lines = textwrap::wrap(line, options).into_iter();
        lines.map(std::borrow::Cow::into_owned).collect()
    }

    /// Names and values below each other; values that are empty are left out.
    pub(crate) fn pairs(&self, pairs: &[(&str, String)]) -> String {
        let pairs: Vec<_> = pairs
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let width = pairs
            .iter()
            .map(|(name, _)| name.width())
            .max()
            .unwrap_or(0);
        let indent = " ".repeat(width + 2);
        let lines: Vec<String> = pairs
            .iter()
            .map(|(name, value)| {
                let space = " ".repeat(width + 2 - name.width());
                let name = self.paint(Tone::Faint, name);
                format!("{name}{space}{}", visible_lines(value, &indent))
            })
            .collect();
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_wrapped_where_a_terminal_ends() {
        let ui = Ui::plain(Some(20));
        let line = "task  WS-TASK-002 waits for WS-TASK-001";
        let wrapped = ["task  WS-TASK-002", "  waits for", "  WS-TASK-001"];
        assert_eq!(ui.wrapped(line, "  "), wrapped);
        assert_eq!(Ui::plain(None).wrapped(line, "  "), [line]);
    }

    #[test]
    fn nothing_moves_the_cursor() {
        assert_eq!(
            visible("a\u{1b}[2Jb\u{202e}c\nd"),
            "a\\u{1b}[2Jb\\u{202e}c⏎d"
        );
        assert_eq!(visible_lines("a\nb\u{7}", "  "), "a\n  b\\u{7}");
        assert_eq!(visible("„Äpfel“ 🍐"), "„Äpfel“ 🍐");
        let text = "a\u{1b}\u{7f}\u{9b}2J\u{202e}„Ä“\n\u{2069}\u{200f}";
        let shown = json(&[text]).expect("JSON");
        assert_eq!(
            shown,
            "[\n  \"a\\u001b\\u007f\\u009b2J\\u202e„Ä“\\n\\u2069\\u200f\"\n]"
        );
        let read: Vec<String> = serde_json::from_str(&shown).expect("JSON");
        assert_eq!(read, [text]);
    }
}
