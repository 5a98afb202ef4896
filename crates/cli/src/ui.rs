//! Output: tables, records and JSON on stdout, with color only in a terminal.

pub(crate) mod counts;
pub(crate) mod format;
pub(crate) mod json;
pub(crate) mod list;
pub(crate) mod output;

use std::cell::Cell;
use std::io::{IsTerminal, Write};

use anstyle::{AnsiColor, Style as AnsiStyle};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;
use wsdb_app::noun_text;
use wsdb_core::{Moment, Timestamp};

pub(crate) use wsdb_core::escape_control_chars;

use self::format::{ColorChoice, Format};
use self::json::{ListJson, to_json};
use self::output::{BrokenPipe, OutputError};
use crate::command_format::{CommandFormatter, TypedOptions};
use crate::redact::redact_urls;
use crate::time::{format_clock, format_lease_end, format_local, format_relative, today};

/// How a text is highlighted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    Strong,
    Faint,
    Good,
    Warn,
    Bad,
}

/// Prints results in the requested format.
#[derive(Debug)]
pub(crate) struct Ui {
    pub(crate) format: Format,
    pub(crate) now: Timestamp,
    /// Width of the terminal; `None` if stdout is not a terminal, where text is never wrapped.
    pub(crate) width: Option<u16>,
    pub(crate) is_terminal: bool,
    pub(crate) color: bool,
    color_stderr: bool,
    /// For commands in notes and results.
    pub(crate) commands: CommandFormatter,
    has_printed_change: Cell<bool>,
}

/// Formats a number of things: `1 file`, `2 files`.
pub(crate) fn format_count(number: u64, noun: &str) -> String {
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

/// Like [`escape_control_chars`], but keeps line breaks.
pub(crate) fn visible_lines(text: &str, indent: &str) -> String {
    let lines: Vec<String> = text.lines().map(escape_control_chars).collect();
    lines.join(&format!("\n{indent}"))
}

impl Ui {
    pub(crate) fn new(
        json: bool,
        format: Format,
        color: ColorChoice,
        now: Timestamp,
        typed: TypedOptions,
    ) -> Self {
        let is_terminal = std::io::stdout().is_terminal();
        let width = terminal_size::terminal_size().map(|(width, _)| width.0);
        Ui {
            format: if json { Format::Json } else { format },
            now,
            width: width.filter(|_| is_terminal),
            is_terminal,
            color: color.is_colored(is_terminal),
            color_stderr: color.is_colored(std::io::stderr().is_terminal()),
            commands: CommandFormatter::new(typed),
            has_printed_change: Cell::new(false),
        }
    }

    /// Returns the current time and local day.
    pub(crate) fn moment(&self) -> Moment {
        Moment {
            at: self.now,
            day: today(self.now),
        }
    }

    /// Returns a `Ui` without color, for tests.
    #[cfg(test)]
    pub(crate) fn for_test(width: Option<u16>) -> Self {
        Ui {
            format: Format::Table,
            now: crate::time::now(),
            width,
            is_terminal: false,
            color: false,
            color_stderr: false,
            commands: CommandFormatter::default(),
            has_printed_change: Cell::new(false),
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Returns whether the output is likely to be stored: such lists have absolute times.
    fn uses_absolute_times(&self) -> bool {
        self.format == Format::Md
    }

    /// Formats a time in a list: relative for people, in UTC for output that is stored.
    pub(crate) fn format_age(&self, time: Timestamp) -> String {
        if self.uses_absolute_times() {
            time.to_string()
        } else {
            format_relative(time, self.now)
        }
    }

    /// Like [`Ui::format_age`], but local time for people.
    pub(crate) fn format_local(&self, time: Timestamp) -> String {
        if self.uses_absolute_times() {
            time.to_string()
        } else {
            format_local(time)
        }
    }

    /// Like [`Ui::format_local`], but without the date if it is today.
    pub(crate) fn format_clock(&self, time: Timestamp) -> String {
        if self.uses_absolute_times() {
            time.to_string()
        } else {
            format_clock(time, self.now)
        }
    }

    /// Like [`Ui::format_clock`], for the end of a lease.
    pub(crate) fn format_lease_end(&self, time: Timestamp) -> String {
        if self.uses_absolute_times() {
            time.to_string()
        } else {
            format_lease_end(time, self.now)
        }
    }

    /// Returns whether a change was reported.
    pub(crate) fn has_printed_change(&self) -> bool {
        self.has_printed_change.get()
    }

    /// Prints text to stdout.
    pub(crate) fn print(&self, text: &str) -> anyhow::Result<()> {
        self.write(text, false)
    }

    /// Prints text that reports a change; see [`OutputError::changed`].
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
        self.has_printed_change
            .set(self.has_printed_change.get() || changed);
        let done = write!(stdout, "{text}{end}").and_then(|()| stdout.flush());
        match done {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Err(BrokenPipe.into()),
            Err(error) => Err(OutputError { error, changed }.into()),
            Ok(()) => Ok(()),
        }
    }

    /// Prints a value as one JSON document.
    pub(crate) fn print_json(&self, value: &impl Serialize) -> anyhow::Result<()> {
        self.print(&to_json(value)?)
    }

    /// Prints a value that reports a change as one JSON document.
    pub(crate) fn print_changed_json(&self, value: &impl Serialize) -> anyhow::Result<()> {
        self.print_changed(&to_json(value)?)
    }

    /// Prints a change: the record as JSON, or a line of text.
    pub(crate) fn print_record(&self, value: &impl Serialize, line: &str) -> anyhow::Result<()> {
        if self.is_json() {
            self.print_changed_json(value)
        } else {
            self.print_changed(&escape_control_chars(line))
        }
    }

    /// Prints changes of several records: a single record by itself, several as a list.
    pub(crate) fn print_records<V: Serialize>(
        &self,
        name: &str,
        records: &[V],
        line: impl Fn(&V) -> String,
    ) -> anyhow::Result<()> {
        match records {
            [record] => self.print_record(record, &line(record)),
            records if self.is_json() => {
                let total = records.len() as u64;
                self.print_changed_json(&ListJson {
                    name,
                    records,
                    total,
                    hidden: None,
                })
            }
            records => {
                let lines: Vec<String> = records
                    .iter()
                    .map(|r| escape_control_chars(&line(r)))
                    .collect();
                self.print_changed(&lines.join("\n"))
            }
        }
    }

    /// Prints which records were deleted.
    pub(crate) fn print_deleted(&self, noun: &str, ids: &[impl AsRef<str>]) -> anyhow::Result<()> {
        let ids: Vec<&str> = ids.iter().map(AsRef::as_ref).collect();
        if self.is_json() {
            return self.print_changed_json(&wsdb_core::json!({ "deleted": ids }));
        }
        let noun = match ids.len() {
            1 => noun_text(noun).to_owned(),
            _ => plural(noun_text(noun)),
        };
        self.print_changed(&format!(
            "Deleted {noun} {}",
            escape_control_chars(&ids.join(", "))
        ))
    }

    /// Highlights a text, if color is on.
    pub(crate) fn paint(&self, tone: Style, text: &str) -> String {
        let style = match tone {
            Style::Plain => return text.to_owned(),
            Style::Strong => AnsiStyle::new().bold(),
            Style::Faint => AnsiStyle::new().dimmed(),
            Style::Good => AnsiColor::Green.on_default(),
            Style::Warn => AnsiColor::Yellow.on_default(),
            Style::Bad => AnsiColor::Red.on_default(),
        };
        if self.color {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// Highlights the prefix of a message on stderr.
    pub(crate) fn paint_stderr(&self, what: &str) -> String {
        let style = AnsiColor::Yellow.on_default();
        if self.color_stderr {
            format!("{style}{what}{style:#}")
        } else {
            what.to_owned()
        }
    }

    /// Prints a note to stderr, unless JSON was requested.
    pub(crate) fn print_note(&self, note: &str) {
        if !self.is_json() {
            self.print_labeled("note", note);
        }
    }

    /// Prints a warning to stderr.
    pub(crate) fn print_warning(&self, warning: &str) {
        self.print_labeled("warning", warning);
    }

    /// Prints a message after a label, such as `warning`, to stderr.
    pub(crate) fn print_labeled(&self, label: &str, message: &str) {
        let message = redact_urls(message);
        print_to_stderr(&format!(
            "{}: {}",
            self.paint_stderr(label),
            escape_control_chars(&message)
        ));
    }

    /// Wraps a line at the width of the terminal; all lines but the first are indented.
    pub(crate) fn wrap(&self, line: &str, indent: &str) -> Vec<String> {
        let width = self.width.map_or(usize::MAX, usize::from);
        let options = textwrap::Options::new(width)
            .subsequent_indent(indent)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        let lines = textwrap::wrap(line, options).into_iter();
        lines.map(std::borrow::Cow::into_owned).collect()
    }

    /// Formats names and values, one pair per line; empty values are left out.
    pub(crate) fn format_pairs(&self, pairs: &[(&str, String)]) -> String {
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
                let name = self.paint(Style::Faint, name);
                format!("{name}{space}{}", visible_lines(value, &indent))
            })
            .collect();
        lines.join("\n")
    }
}

/// Prints a line to stderr. Where that is closed or full, the command goes on: it may have made its
/// change already.
pub(crate) fn print_to_stderr(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_wrapped_at_the_terminal_width() {
        let ui = Ui::for_test(Some(20));
        let line = "task  WS-TASK-002 blocked by WS-TASK-001";
        let wrapped = ["task  WS-TASK-002", "  blocked by", "  WS-TASK-001"];
        assert_eq!(ui.wrap(line, "  "), wrapped);
        assert_eq!(Ui::for_test(None).wrap(line, "  "), [line]);
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(
            escape_control_chars("a\u{1b}[2Jb\u{202e}c\nd"),
            "a\\u{1b}[2Jb\\u{202e}c⏎d"
        );
        assert_eq!(visible_lines("a\nb\u{7}", "  "), "a\n  b\\u{7}");
        assert_eq!(escape_control_chars("„Äpfel“ 🍐"), "„Äpfel“ 🍐");
        let text = "a\u{1b}\u{7f}\u{9b}2J\u{202e}„Ä“\n\u{2069}\u{200f}";
        let shown = to_json(&[text]).expect("JSON");
        assert_eq!(
            shown,
            "[\n  \"a\\u001b\\u007f\\u009b2J\\u202e„Ä“\\n\\u2069\\u200f\"\n]"
        );
        let read: Vec<String> = serde_json::from_str(&shown).expect("JSON");
        assert_eq!(read, [text]);
    }
}
