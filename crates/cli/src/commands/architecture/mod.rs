//! `wsdb architecture`

mod compare;
mod show;

use clap::Subcommand;

use super::Context;

#[derive(Debug, Subcommand)]
pub(crate) enum Architecture {
    /// Show what is in a state: its components and goals; without one, every state with its counts
    Show(show::ShowArchitecture),
    /// Tell what lies between two states: what is missing, moved, changed, gone, and who works on it
    #[command(visible_alias = "diff")]
    Compare(compare::Compare),
}

impl Architecture {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        match self {
            Architecture::Show(command) => command.run(context).await,
            Architecture::Compare(command) => command.run(context).await,
        }
    }
}
