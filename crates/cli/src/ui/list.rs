//! Lists in every output format.

use wsdb_app::views::ListRecord;
use wsdb_core::{Json, Page, escape_control_chars};

use super::format::Format;
use super::json::{ListJson, escape_json};
use super::{Style, Ui, format_count};
use crate::error::UsageError;
use crate::table::{Column, render_table};

/// The part of a list that is printed, and the number of records.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ListCounts {
    pub(crate) page: Page,
    /// Number of records on all pages.
    pub(crate) total: u64,
    /// Number of finished records that are left out, if the list leaves them out.
    pub(crate) hidden: Option<u64>,
}

impl Ui {
    /// Prints a list in the requested format.
    pub(crate) fn list<V: ListRecord>(
        &self,
        name: &str,
        records: &[V],
        page: Page,
        total: u64,
        columns: &[Column<V>],
    ) -> anyhow::Result<()> {
        let counts = ListCounts {
            page,
            total,
            hidden: None,
        };
        self.list_counted(name, records, counts, columns)
    }

    /// Prints a list in the requested format, with the number of finished records that it leaves out.
    pub(crate) fn list_counted<V: ListRecord>(
        &self,
        name: &str,
        records: &[V],
        counts: ListCounts,
        columns: &[Column<V>],
    ) -> anyhow::Result<()> {
        let ListCounts {
            page,
            total,
            hidden,
        } = counts;
        let text = match self.format {
            Format::Json => {
                return self.print_json(&ListJson {
                    name,
                    records,
                    total,
                    hidden,
                });
            }
            Format::Jsonl => {
                let lines: Result<Vec<String>, _> =
                    records.iter().map(serde_json::to_string).collect();
                escape_json(lines?.join("\n"))
            }
            Format::Csv => self.csv(records)?,
            Format::Md => self.markdown(records, columns),
            Format::Dot | Format::Mermaid => {
                let only = "the formats dot and mermaid are only for 'wsdb task graph'";
                return Err(UsageError(only.to_owned()).into());
            }
            Format::Table => {
                let (mut text, more) = if records.is_empty() {
                    (empty_message(name, page, total), None)
                } else {
                    let more = page_note(name, records.len() as u64, page, total);
                    (self.table(records, columns), more)
                };
                for note in more.into_iter().chain(hidden_note(name, hidden)) {
                    text.push_str(&self.paint(Style::Faint, &format!("\n{note}")));
                }
                text
            }
        };
        if self.format != Format::Table
            && let Some(note) = hidden_note(name, hidden)
        {
            self.print_note(&note);
        }
        self.print(&text)
    }

    /// Formats records as a table without borders, as wide as needed or as the terminal.
    pub(crate) fn table<V>(&self, records: &[V], columns: &[Column<V>]) -> String {
        render_table(self, records, columns)
    }

    /// Formats records as CSV with the keys of JSON as header.
    fn csv<V: ListRecord>(&self, records: &[V]) -> anyhow::Result<String> {
        let keys = V::keys();
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&keys)?;
        for record in records {
            let record = Json::encode(record)?;
            let cell = |key: &&str| {
                let value = record.as_object().and_then(|fields| fields.get(key));
                let text = value.map(csv_cell).unwrap_or_default();
                if self.is_terminal {
                    escape_control_chars(&text)
                } else {
                    text
                }
            };
            writer.write_record(keys.iter().map(cell))?;
        }
        Ok(String::from_utf8(writer.into_inner()?)?)
    }

    /// Formats records as a Markdown table.
    pub(crate) fn markdown<V>(&self, records: &[V], columns: &[Column<V>]) -> String {
        let escape = |text: String| escape_control_chars(&text).replace('|', "\\|");
        let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
        let rule = vec!["---"; columns.len()].join(" | ");
        let mut lines = vec![format!("| {} |", names.join(" | ")), format!("| {rule} |")];
        for record in records {
            let cells = columns.iter().map(|column| (column.text)(record, self));
            let cells: Vec<String> = cells.map(escape).collect();
            lines.push(format!("| {} |", cells.join(" | ")));
        }
        lines.join("\n")
    }
}

/// Formats a value as a cell of CSV: a text as it is, lists and objects as JSON.
fn csv_cell(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// Returns the word for a list's records where it differs from the JSON key.
fn item_name(name: &str) -> &str {
    match name {
        "configuration_changes" | "history" => "changes",
        "configuration_snapshots" => "snapshots",
        "session_links" => "links",
        name => name,
    }
}

/// Describes how many finished records a list leaves out; `None` if it leaves out none.
fn hidden_note(name: &str, hidden: Option<u64>) -> Option<String> {
    let hidden = hidden.filter(|hidden| *hidden > 0)?;
    let noun = match name {
        "issues" => "resolved or closed issue",
        "detections" => "resolved or ignored detection",
        "goals" => "finished goal",
        _ => "finished task",
    };
    let count = format_count(hidden, noun);
    let whom = if hidden == 1 { "it" } else { "them" };
    Some(format!("{count} hidden; --all shows {whom}"))
}

/// Explains why a list is empty.
fn empty_message(name: &str, page: Page, total: u64) -> String {
    let name = item_name(name);
    match (total, page.offset) {
        (0, _) => format!("No {name} found"),
        (total, 0) => format!("Showing 0 of {total} {name}; use --limit N to show more"),
        (total, _) => {
            format!("No {name} after the first {total}")
        }
    }
}

/// Describes which part of a list is shown; `None` if all of it is.
pub(crate) fn page_note(name: &str, shown: u64, page: Page, total: u64) -> Option<String> {
    let name = item_name(name);
    let last = page.offset + shown;
    match page.offset {
        0 if shown < total => Some(format!(
            "Showing {shown} of {total} {name}; use --limit N to show more"
        )),
        0 => None,
        offset => {
            let more = if last < total {
                format!("; use --offset {last} to continue")
            } else {
                String::new()
            };
            Some(format!(
                "Showing {} to {last} of {total} {name}{more}",
                offset + 1
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_names_are_readable() {
        let empty = |name| empty_message(name, Page::default(), 0);
        assert_eq!(empty("configuration_snapshots"), "No snapshots found");
        assert_eq!(empty("configuration_changes"), "No changes found");
        assert_eq!(empty("visits"), "No visits found");
        assert_eq!(empty("session_links"), "No links found");
        assert_eq!(empty("tasks"), "No tasks found");
        assert_eq!(empty("history"), "No changes found");
        let more = page_note("configuration_snapshots", 2, Page::default(), 3);
        assert_eq!(
            more.as_deref(),
            Some("Showing 2 of 3 snapshots; use --limit N to show more")
        );
    }
}
