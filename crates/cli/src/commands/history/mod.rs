//! `wsdb history`

mod list;
mod prune;
pub(crate) mod show_flag;

use clap::{Args, Subcommand};

use crate::context::Context;

#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    before_help = "Every command that changes records is recorded as one numbered change, even an
import of many records. Only 'wsdb undo --last' records several: one for each
change that it undoes. Changes are listed newest first.",
    after_help = "Examples:
  wsdb history
  wsdb history WS-TASK-007
  wsdb history '#12'
  wsdb history --since 2h --by mira
  wsdb history prune --before 90d"
)]
pub(crate) struct History {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    list: list::List,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Delete old changes from the history
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
