//! `wsdb history prune`

use clap::Args;
use wsdb_app::{Keep, prune_history};
use wsdb_core::Timestamp;

use crate::commands::Context;
use crate::time::parse_since;

#[derive(Debug, Args)]
#[command(
    after_help = "History grows with every change, and never shrinks by itself. What is forgotten can't be taken
back any more; that it was forgotten is a change itself. The records stay as they are.

Examples:
  wsdb history prune --before 90d
  wsdb history prune --keep 1000"
)]
pub(crate) struct Prune {
    /// Forget what was done before: a span such as 90d, or a time
    #[arg(long, value_parser = parse_since, value_name = "WHEN", required_unless_present = "keep")]
    before: Option<Timestamp>,
    /// Keep the newest so many changes, and forget the others
    #[arg(long, value_name = "N", conflicts_with = "before")]
    keep: Option<u64>,
}

impl Prune {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let keep = match (self.before, self.keep) {
            (Some(time), _) => Keep::Since(time),
            (None, count) => Keep::Newest(count.unwrap_or(u64::MAX)),
        };
        let pruned = prune_history(&context.workspace, &context.actor, keep).await?;
        let changes = match pruned.forgotten {
            1 => "1 change".to_owned(),
            count => format!("{count} changes"),
        };
        let line = format!("forgot {changes}; {} are still remembered", pruned.kept);
        context.ui.change(&pruned, &line)
    }
}
