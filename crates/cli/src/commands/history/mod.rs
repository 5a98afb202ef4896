//! `wsdb history`

mod list;
mod prune;
mod shown;

use clap::{Args, Subcommand};

use super::Context;

pub(crate) use shown::{Shown, show};

#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Every command that changes records, and every import, is one change with a number; an import is
one, however many records it brings. With an ID the fields are shown as they were and became.

Examples:
  wsdb history                          what was done last
  wsdb history 7                        how task 7 changed (or any record with that number)
  wsdb history '#12'                    everything that change 12 did
  wsdb history --since 2h --by mira
  wsdb history prune --before 90d       forget what is older"
)]
pub(crate) struct History {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    list: list::List,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Forget what was done long ago; the records stay as they are
    Prune(prune::Prune),
}

impl History {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        match self.command {
            Some(Command::Prune(command)) => command.run(context).await,
            None => self.list.run(context).await,
        }
    }
}
