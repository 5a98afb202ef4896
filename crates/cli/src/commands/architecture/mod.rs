//! `wsdb architecture`

mod compare;
mod show;

use clap::Subcommand;

use crate::context::Context;

#[derive(Debug, Subcommand)]
pub(crate) enum Architecture {
    /// Show the components and goals of a state, or a summary of all states
    Show(show::ShowArchitecture),
    /// Compare two states: missing, moved, changed and removed components
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
