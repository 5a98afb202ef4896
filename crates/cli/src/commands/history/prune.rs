//! `wsdb history prune`

use clap::{ArgGroup, Args};
use wsdb_app::views::PrunedCounts;
use wsdb_app::{Retention, prune_history};
use wsdb_core::Timestamp;

use crate::args::number;
use crate::context::Context;
use crate::error::UsageError;
use crate::time::parse_start;
use crate::ui::format_count;

#[derive(Debug, Args)]
#[command(
    group(ArgGroup::new("which").required(true).args(["before", "keep"])),
    before_help = "The history grows with every change and is never shortened automatically.
Deleted changes can no longer be undone. The records themselves do not
change. Pruning is recorded as a change.",
    after_help = "Examples:
  wsdb history prune --before 90d --dry-run
  wsdb history prune --keep 1000"
)]
pub(crate) struct Prune {
    /// Delete changes made before this time, such as 90d (ago) or 2025-11-20
    #[arg(long, value_parser = parse_start, value_name = "WHEN")]
    before: Option<Timestamp>,
    /// Number of newest changes to keep, including the pruning itself
    #[arg(long, value_name = "N", value_parser = number::<u64>)]
    keep: Option<u64>,
    /// Print what would be deleted without deleting anything
    #[arg(long)]
    dry_run: bool,
}

impl Prune {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        if self.before.is_some_and(|before| before > context.ui.now) {
            let to_come = "--before is in the future; expected a time in the past, such as 90d";
            return Err(UsageError(to_come.to_owned()).into());
        }
        let keep = match (self.before, self.keep) {
            (Some(time), _) => Retention::Since(time),
            (None, count) => Retention::Newest(count.unwrap_or(u64::MAX)),
        };
        let (workspace, actor) = (&context.workspace, &context.actor);
        let pruned = prune_history(workspace, actor, keep, self.dry_run).await?;
        let PrunedCounts { deleted, kept } = pruned.counts;
        let changes = format_count(deleted, "change");
        if self.dry_run {
            let line = format!("Dry run: would delete {changes} from the history and keep {kept}");
            return if context.ui.is_json() {
                context.ui.print_json(&pruned)
            } else {
                context.ui.print(&line)
            };
        }
        let line = format!("Deleted {changes} from the history, kept {kept}");
        context.ui.print_record(&pruned, &line)
    }
}
