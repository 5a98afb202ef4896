//! `wsdb state`

mod add;
mod fields;
pub(crate) mod list;

use clap::Subcommand;
use wsdb_core::ArchitectureState;

use super::edit::Edit;
use super::rm::Rm;
use super::show::Show;
use crate::context::Context;
use crate::render::architecture;

#[derive(Debug, Subcommand)]
pub(crate) enum State {
    /// Add a state
    #[command(visible_alias = "new")]
    Add(add::Add),
    /// List states
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show a state
    #[command(
        before_help = "To show the components and goals of a state, use 'wsdb architecture show'.",
        after_help = "Example:
  wsdb state show target --history"
    )]
    Show(Show),
    /// Edit states
    #[command(after_help = "Example:
  wsdb state edit target --type current --clear target-date")]
    Edit(Edit<ArchitectureState>),
    /// Delete states
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb state rm 2"
    )]
    Rm(Rm),
}

impl State {
    /// Returns whether this command may create a missing database.
    pub(crate) fn may_create_database(&self) -> bool {
        matches!(self, State::Add(_) | State::Edit(_))
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        match self {
            State::Add(command) => command.run(context).await,
            State::List(command) => command.run(context).await,
            State::Show(command) => {
                command
                    .run::<ArchitectureState>(context, architecture::render_state)
                    .await
            }
            State::Edit(command) => {
                command
                    .run(context, "state edit", "states", |state| {
                        format!("{}  {}", state.id, state.state_name)
                    })
                    .await
            }
            State::Rm(command) => command.run::<ArchitectureState>(context, "state").await,
        }
    }
}
