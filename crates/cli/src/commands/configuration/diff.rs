//! `wsdb config diff`

use clap::Args;
use wsdb_app::views::{DiffView, DifferenceView};
use wsdb_app::{diff_snapshots, record_differences};
use wsdb_core::{ChangeType, Json, Page, REDACTED};

use super::redaction::note_redacted;
use crate::args::name;
use crate::context::Context;
use crate::render::configuration::change_tone;
use crate::render::format_json;
use crate::table::Column;
use crate::ui::format::Format;
use crate::ui::{Style, Ui, escape_control_chars, format_count};

#[derive(Debug, Args)]
#[command(
    before_help = "With two snapshots, compares them. With one snapshot, compares it with the
one before it. With a repo, compares its last two snapshots. An incremental
snapshot is combined with the snapshots before it.

List entries are matched by name, id or key, or otherwise by content. An added
or removed entry of a list or an object counts as one difference, and so does a
change in the order of a list. In a key such as package[serde].version, the
brackets contain the name of the list entry.",
    after_help = "Examples:
  wsdb config diff 3 4
  wsdb config diff orchard-core
  wsdb config diff orchard-core --record --commit 1a2b3c4"
)]
pub(crate) struct Diff {
    /// Snapshot (the older one if two are given), or a repo
    #[arg(value_name = "SNAPSHOT|REPO")]
    first: String,
    /// Newer snapshot
    #[arg(value_name = "SNAPSHOT")]
    second: Option<String>,
    /// Record the differences as changes, except those already recorded
    #[arg(long)]
    record: bool,
    /// Commit of the recorded changes
    #[arg(long, value_name = "HASH", value_parser = name, requires = "record")]
    commit: Option<String>,
    /// Show values that look like secrets
    #[arg(long)]
    show_secrets: bool,
}

const DIFFERENCES: &[Column<DifferenceView>] = &[
    Column::new("file", |d: &DifferenceView, _| d.file_path.clone()),
    Column::new("key", |d: &DifferenceView, _| d.key_path.clone()),
    Column::new("change", |d: &DifferenceView, _| d.change_type.to_string())
        .tone(|d| change_tone(d.change_type)),
    Column::new("old", |d: &DifferenceView, _| format_json(d.old.as_ref())),
    Column::new("new", |d: &DifferenceView, _| format_json(d.new.as_ref())),
];

impl Diff {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let (first, second) = (self.first.as_str(), self.second.as_deref());
        let diff = if self.record {
            let (workspace, actor) = (&context.workspace, &context.actor);
            let (secrets, commit) = (self.show_secrets, self.commit.as_deref());
            record_differences(workspace, actor, first, second, secrets, commit).await?
        } else {
            let store = &context.workspace.store;
            diff_snapshots(store, first, second, self.show_secrets).await?
        };
        let ui = &context.ui;
        let redacted = diff.differences.iter().filter(|d| d.redacted).count();
        match ui.format {
            Format::Json if self.record => ui.print_changed_json(&diff),
            Format::Json => ui.print_json(&diff),
            Format::Table => {
                let text = render(&diff, self.record, ui);
                if self.record {
                    ui.print_changed(&text)?
                } else {
                    ui.print(&text)?
                }
                note_redacted(context, redacted);
                Ok(())
            }
            _ => {
                let total = diff.total as u64;
                ui.list(
                    "differences",
                    &diff.differences,
                    Page::default(),
                    total,
                    DIFFERENCES,
                )
            }
        }
    }
}

/// Renders the differences, grouped by file.
fn render(diff: &DiffView, recorded: bool, ui: &Ui) -> String {
    let mut lines = vec![format!("{} -> {}", diff.from, diff.to)];
    for of_file in diff.differences.chunk_by(|a, b| a.file_path == b.file_path) {
        lines.push(ui.paint(Style::Strong, &escape_control_chars(&of_file[0].file_path)));
        lines.extend(of_file.iter().map(|difference| line(difference, ui)));
    }
    let number = |change| {
        let same = diff.differences.iter().filter(|d| d.change_type == change);
        same.count()
    };
    let counts = [ChangeType::Added, ChangeType::Removed, ChangeType::Modified]
        .map(|change| (number(change), change))
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, change)| format!("{number} {change}"));
    let counts: Vec<String> = counts.collect();
    let mut end = if counts.is_empty() {
        "No differences".to_owned()
    } else {
        format!(
            "{}: {}",
            format_count(diff.total as u64, "difference"),
            counts.join(", ")
        )
    };
    if recorded {
        end.push_str(&match diff.configuration_changes.len() as u64 {
            0 if diff.total > 0 => "; already recorded".to_owned(),
            changes => format!("; {} recorded", format_count(changes, "change")),
        });
    }
    lines.push(end);
    lines.join("\n")
}

fn line(difference: &DifferenceView, ui: &Ui) -> String {
    let format = |value: Option<&Json>| match value.and_then(Json::as_str) {
        Some(REDACTED) if difference.redacted => REDACTED.to_owned(),
        _ => format_json(value),
    };
    let (old, new) = (
        format(difference.old.as_ref()),
        format(difference.new.as_ref()),
    );
    let (sign, values) = match difference.change_type {
        ChangeType::Added => ("+", new),
        ChangeType::Removed => ("-", old),
        // Only the secrets differ.
        ChangeType::Modified if old == new => ("~", new),
        ChangeType::Modified => ("~", format!("{old} -> {new}")),
    };
    let key = match difference.key_path.as_str() {
        "" => "(entire file)",
        key => key,
    };
    let text = format!(
        "{sign} {}  {}",
        escape_control_chars(key),
        escape_control_chars(&values)
    );
    format!("  {}", ui.paint(change_tone(difference.change_type), &text))
}
