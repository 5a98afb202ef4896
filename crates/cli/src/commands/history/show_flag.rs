//! The option `--history` of every `show` command.

use clap::Args;
use serde::Serialize;
use wsdb_app::history_details;
use wsdb_app::views::ActionDetails;
use wsdb_core::HistoryFilter;

use crate::context::Context;
use crate::render::history::render_details;
use crate::ui::Style;

/// The `--history` option.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct HistoryFlag {
    /// Also show the history of the record, oldest change first
    #[arg(long)]
    history: bool,
}

#[derive(Serialize)]
struct WithHistory<'a, V> {
    #[serde(flatten)]
    record: &'a V,
    history: Vec<ActionDetails>,
}

/// Prints a record, with its history if `--history` was given.
pub(crate) async fn show<V: Serialize>(
    context: &Context,
    shown: HistoryFlag,
    id: &str,
    record: &V,
    text: impl FnOnce() -> String,
) -> anyhow::Result<()> {
    let ui = &context.ui;
    if !shown.history {
        return if ui.is_json() {
            ui.print_json(record)
        } else {
            ui.print(&text())
        };
    }
    let filter = HistoryFilter {
        record: Some(id.to_owned()),
        oldest_first: true,
        ..HistoryFilter::default()
    };
    let history = history_details(&context.workspace.store, &filter)
        .await?
        .records;
    if ui.is_json() {
        return ui.print_json(&WithHistory { record, history });
    }
    let title = ui.paint(Style::Strong, "History");
    let history = if history.is_empty() {
        "No changes recorded".to_owned()
    } else {
        render_details(&history, ui)
    };
    ui.print(&format!("{}\n\n{title}\n{history}", text()))
}
