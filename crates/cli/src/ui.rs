//! What goes to stdout: tables, records and JSON; colour only where a person looks on.

use std::io::{IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use serde::ser::{Serialize, SerializeMap, Serializer};
use unicode_width::UnicodeWidthStr;
use wsdb_core::Timestamp;

use crate::args::{ColorChoice, Format, Global};
use crate::error::{BrokenPipe, Usage};
use crate::table::{self, Column};

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
    pub(crate) color: bool,
}

/// Text with control characters made visible, so that it can't move the cursor, colour the
/// screen or turn the direction of writing.
pub(crate) fn visible(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    if !text.contains(hidden) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\n' => shown.push('⏎'),
            '\t' => shown.push('→'),
            c if hidden(c) => shown.push_str(&c.escape_unicode().to_string()),
            c => shown.push(c),
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
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let color = match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !plain,
        };
        let width = terminal_size::terminal_size().map(|(width, _)| width.0);
        Ui {
            json: global.json,
            format: if global.json {
                Format::Json
            } else {
                global.format
            },
            now,
            width: width.filter(|_| terminal),
            color,
        }
    }

    /// Writes text to stdout.
    pub(crate) fn print(&self, text: &str) -> anyhow::Result<()> {
        let mut stdout = std::io::stdout().lock();
        let end = if text.is_empty() || text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        let done = write!(stdout, "{text}{end}").and_then(|()| stdout.flush());
        match done {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Err(BrokenPipe.into()),
            done => Ok(done?),
        }
    }

    /// Writes a value as one JSON document.
    pub(crate) fn print_json(&self, value: &impl Serialize) -> anyhow::Result<()> {
        self.print(&serde_json::to_string_pretty(value)?)
    }

    /// A change: the record as it is now, or a line about it.
    pub(crate) fn change(&self, value: &impl Serialize, line: &str) -> anyhow::Result<()> {
        if self.json {
            self.print_json(value)
        } else {
            self.print(&visible(line))
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
                self.print_json(&Listed {
                    name,
                    records,
                    total,
                })
            }
            records => {
                let lines: Vec<String> = records.iter().map(|r| visible(&line(r))).collect();
                self.print(&lines.join("\n"))
            }
        }
    }

    /// Deleted records.
    pub(crate) fn deleted(&self, noun: &str, ids: &[impl AsRef<str>]) -> anyhow::Result<()> {
        let ids: Vec<&str> = ids.iter().map(AsRef::as_ref).collect();
        if self.json {
            return self.print_json(&serde_json::json!({ "deleted": ids }));
        }
        self.print(&format!("deleted {noun} {}", visible(&ids.join(", "))))
    }

    /// A list, in the format that was asked for.
    pub(crate) fn list<V: Serialize>(
        &self,
        name: &str,
        records: &[V],
        total: u64,
        columns: &[Column<V>],
    ) -> anyhow::Result<()> {
        let cells = |record: &V| -> Vec<String> {
            columns
                .iter()
                .map(|column| (column.text)(record, self))
                .collect()
        };
        let text = match self.format {
            Format::Json => {
                return self.print_json(&Listed {
                    name,
                    records,
                    total,
                });
            }
            Format::Jsonl => {
                let lines: Result<Vec<String>, _> =
                    records.iter().map(serde_json::to_string).collect();
                lines?.join("\n")
            }
            Format::Csv => {
                let mut writer = csv::Writer::from_writer(Vec::new());
                writer.write_record(columns.iter().map(|column| column.name))?;
                for record in records {
                    writer.write_record(cells(record))?;
                }
                String::from_utf8(writer.into_inner()?)?
            }
            Format::Md => {
                let escape = |text: String| visible(&text).replace('|', "\\|");
                let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
                let rule = vec!["---"; columns.len()].join(" | ");
                let mut lines = vec![format!("| {} |", names.join(" | ")), format!("| {rule} |")];
                for record in records {
                    let cells: Vec<String> = cells(record).into_iter().map(escape).collect();
                    lines.push(format!("| {} |", cells.join(" | ")));
                }
                lines.join("\n")
            }
            Format::Dot | Format::Mermaid => {
                let only = "dot and mermaid are for `wsdb task graph`";
                return Err(Usage(only.to_owned()).into());
            }
            Format::Table if records.is_empty() => format!("no {name}"),
            Format::Table => {
                let mut text = self.table(records, columns);
                let shown = records.len() as u64;
                if shown < total {
                    let many = match name {
                        "history" => "changes",
                        name => name,
                    };
                    let more = format!("\n{shown} of {total} {many}; --limit N shows more");
                    text.push_str(&self.paint(Tone::Faint, &more));
                }
                text
            }
        };
        self.print(&text)
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
        match self.color && std::io::stderr().is_terminal() {
            true => self.paint(Tone::Warn, what),
            false => what.to_owned(),
        }
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

/// A list as JSON: `{"tasks": […], "total": N}`.
struct Listed<'a, V> {
    name: &'a str,
    records: &'a [V],
    total: u64,
}

impl<V: Serialize> Serialize for Listed<'_, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry(self.name, self.records)?;
        map.serialize_entry("total", &self.total)?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_the_cursor() {
        assert_eq!(
            visible("a\u{1b}[2Jb\u{202e}c\nd"),
            "a\\u{1b}[2Jb\\u{202e}c⏎d"
        );
        assert_eq!(visible_lines("a\nb\u{7}", "  "), "a\n  b\\u{7}");
        assert_eq!(visible("„Äpfel“ 🍐"), "„Äpfel“ 🍐");
    }
}
