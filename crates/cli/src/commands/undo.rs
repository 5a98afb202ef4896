//! `wsdb undo`

use clap::Args;
use wsdb_app::UndoSelection;
use wsdb_core::ActionId;

use crate::args::number_from;
use crate::context::Context;
use crate::render::history::format_undo_summary;

#[derive(Debug, Args)]
#[command(
    before_help = "A change is undone completely or not at all: added records are deleted,
deleted records are restored with their links, and fields return to their
previous values. If undoing would overwrite a newer change, nothing is undone
and the newer change is reported.

To undo the change before the one just undone, run 'wsdb undo' again. To redo a
change, undo the undo by its number. To undo a change by another actor, give its
number. Changes made by 'wsdb task heartbeat' are skipped unless their number is
given.",
    after_help = "Examples:
  wsdb undo
  wsdb undo --last 3
  wsdb undo 12 --dry-run"
)]
pub(crate) struct Undo {
    /// Number of the change, such as 12 or '#12' [default: the last one]
    #[arg(value_name = "CHANGE")]
    change: Option<ActionId>,
    /// Number of changes to undo, newest first
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        conflicts_with = "change",
        value_parser = number_from(1)
    )]
    last: u64,
    /// Print what would be undone without changing anything
    #[arg(long)]
    dry_run: bool,
}

impl Undo {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let selection = match self.change {
            Some(change) => UndoSelection::Change(change),
            None => UndoSelection::Last(self.last),
        };
        let undone =
            wsdb_app::undo(&context.workspace, &context.actor, selection, self.dry_run).await?;
        context.ui.print_records("undone", &undone, |undone| {
            format_undo_summary(undone, &context.ui)
        })
    }
}
