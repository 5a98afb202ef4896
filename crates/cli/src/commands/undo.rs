//! `wsdb undo`

use clap::Args;
use wsdb_app::Undo as What;
use wsdb_core::ActionId;

use super::Context;
use crate::changes::taken_back;

#[derive(Debug, Args)]
#[command(
    after_help = "A change is taken back as a whole: what was added goes, what was deleted comes back with its links,
fields get the values that they had. Where something newer would be lost it is refused, and the
newer change is named. `undo` again takes the change before that one back; taking an undo back by
its number does the change again.

The last change is meant whoever made it. Where that was someone else (--actor), it has to be named
by its number.

Examples:
  wsdb undo                 the last change
  wsdb undo --last 3        the last three, or none of them
  wsdb undo 12 --dry-run    only tell what would happen"
)]
pub(crate) struct Undo {
    /// The change, by its number: 12 or '#12' [default: the last one that stands]
    #[arg(value_name = "CHANGE")]
    change: Option<ActionId>,
    /// The last so many changes
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        conflicts_with = "change",
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    last: u64,
    /// Only tell what would happen; change nothing
    #[arg(long)]
    dry_run: bool,
}

impl Undo {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let what = match self.change {
            Some(change) => What::Change(change),
            None => What::Last(self.last),
        };
        let undone = wsdb_app::undo(&context.workspace, &context.actor, what, self.dry_run).await?;
        context.ui.changes("undone", &undone, taken_back)
    }
}
