//! Lists, in every format.

use serde::ser::{Serialize, SerializeMap, Serializer};
use wsdb_core::{Page, visible};

use super::{Tone, Ui, escaped};
use crate::args::Format;
use crate::error::Usage;
use crate::table::Column;

impl Ui {
    /// A list, in the format that was asked for.
    pub(crate) fn list<V: Serialize>(
        &self,
        name: &str,
        records: &[V],
        (page, total): (Page, u64),
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
                escaped(lines?.join("\n"))
            }
            Format::Csv => {
                let mut writer = csv::Writer::from_writer(Vec::new());
                writer.write_record(columns.iter().map(|column| column.name))?;
                for record in records {
                    let cells = cells(record).into_iter();
                    writer.write_record(cells.map(|cell| match self.terminal {
                        true => visible(&cell),
                        false => cell,
                    }))?;
                }
                String::from_utf8(writer.into_inner()?)?
            }
            Format::Md => self.markdown(records, columns),
            Format::Dot | Format::Mermaid => {
                let only = "dot and mermaid are for `wsdb task graph`";
                return Err(Usage(only.to_owned()).into());
            }
            Format::Table if records.is_empty() => nothing(name, page, total),
            Format::Table => {
                let mut text = self.table(records, columns);
                if let Some(more) = part(name, records.len() as u64, page, total) {
                    text.push_str(&self.paint(Tone::Faint, &format!("\n{more}")));
                }
                text
            }
        };
        self.print(&text)
    }

    /// A table of Markdown.
    pub(crate) fn markdown<V>(&self, records: &[V], columns: &[Column<V>]) -> String {
        let escape = |text: String| visible(&text).replace('|', "\\|");
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

/// What people call a list's records, where that isn't the list's own name.
fn of_list(name: &str) -> &str {
    match name {
        "configuration_changes" | "history" => "changes",
        "configuration_snapshots" => "snapshots",
        "contexts" => "context switches",
        "session_links" => "links",
        name => name,
    }
}

/// Why a list is empty.
fn nothing(name: &str, page: Page, total: u64) -> String {
    if (name, total) == ("history", 0) {
        return "no history".to_owned();
    }
    let name = of_list(name);
    match (total, page.offset) {
        (0, _) => format!("no {name}"),
        (total, 0) => format!("0 of {total} {name}; --limit N shows more"),
        (total, offset) => format!("no {name} after the first {offset}: there are {total}"),
    }
}

/// Which part of a list is shown; `None` where it is all of it.
pub(crate) fn part(name: &str, shown: u64, page: Page, total: u64) -> Option<String> {
    let name = of_list(name);
    let last = page.offset + shown;
    match page.offset {
        0 if shown < total => Some(format!("{shown} of {total} {name}; --limit N shows more")),
        0 => None,
        offset => {
            let more = match last < total {
                true => format!("; --offset {last} shows those after them"),
                false => String::new(),
            };
            Some(format!("{} to {last} of {total} {name}{more}", offset + 1))
        }
    }
}

/// A list as JSON: `{"tasks": […], "total": N}`.
pub(super) struct Listed<'a, V> {
    pub(super) name: &'a str,
    pub(super) records: &'a [V],
    pub(super) total: u64,
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
    fn lists_go_by_the_words_of_people() {
        let empty = |name| nothing(name, Page::default(), 0);
        assert_eq!(empty("configuration_snapshots"), "no snapshots");
        assert_eq!(empty("configuration_changes"), "no changes");
        assert_eq!(empty("contexts"), "no context switches");
        assert_eq!(empty("session_links"), "no links");
        assert_eq!(empty("tasks"), "no tasks");
        assert_eq!(empty("history"), "no history");
        let more = part("configuration_snapshots", 2, Page::default(), 3);
        assert_eq!(
            more.as_deref(),
            Some("2 of 3 snapshots; --limit N shows more")
        );
    }
}
