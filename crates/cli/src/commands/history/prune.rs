//! `wsdb history prune`

use clap::{ArgGroup, Args};
use wsdb_app::{Keep, prune_history};
use wsdb_core::Timestamp;

use crate::commands::Context;
use crate::error::Usage;
use crate::time::parse_since;

#[derive(Debug, Args)]
#[command(
    group(ArgGroup::new("which").required(true).args(["before", "keep"])),
    after_help = "History grows with every change, and never shrinks by itself. What is forgotten can't be taken
back any more; that it was forgotten is a change itself. The records stay as they are.

Examples:
  wsdb history prune --before 90d --dry-run
  wsdb history prune --keep 1000"
)]
pub(crate) struct Prune {
    /// Forget what was done before: a span such as 90d, or a time
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    before: Option<Timestamp>,
    /// Keep the newest so many changes, and forget the others
    #[arg(long, value_name = "N")]
    keep: Option<u64>,
    /// Only tell what would be forgotten; forget nothing
    #[arg(long)]
    dry_run: bool,
}

impl Prune {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        if self.before.is_some_and(|before| before > context.ui.now) {
            let to_come = "--before is still to come: --keep 0 forgets everything";
            return Err(Usage(to_come.to_owned()).into());
        }
        let keep = match (self.before, self.keep) {
            (Some(time), _) => Keep::Since(time),
            (None, count) => Keep::Newest(count.unwrap_or(u64::MAX)),
        };
        let (workspace, actor) = (&context.workspace, &context.actor);
        let pruned = prune_history(workspace, actor, keep, self.dry_run).await?;
        let changes = match pruned.forgotten {
            1 => "1 change".to_owned(),
            count => format!("{count} changes"),
        };
        let kept = pruned.kept;
        if self.dry_run {
            let line = format!("a dry run: {changes} would be forgotten, {kept} still remembered");
            return match context.ui.json {
                true => context.ui.print_json(&pruned),
                false => context.ui.print(&line),
            };
        }
        let line = format!("forgot {changes}; {kept} are still remembered");
        context.ui.change(&pruned, &line)
    }
}
