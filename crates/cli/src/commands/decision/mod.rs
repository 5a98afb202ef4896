//! `wsdb decision`

mod add;
mod export;
mod fields;
mod import;
mod link;
mod links;
mod list;
mod set_status;
mod show;
mod stats;
mod supersede;
mod unlink;

use clap::Subcommand;

use super::edit::Edit;
use super::rm::Rm;
use crate::context::Context;

#[derive(Debug, Subcommand)]
pub(crate) enum Decision {
    /// Add a decision
    #[command(visible_alias = "new")]
    Add(add::Add),
    /// List decisions, oldest first
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show a decision
    Show(show::Show),
    /// Edit decisions
    #[command(after_help = "Example:
  wsdb decision edit 2 --rationale 'Only one caller left' --clear impact")]
    Edit(Edit<wsdb_core::Decision>),
    /// Supersede decisions with a newer one
    Supersede(supersede::Supersede),
    /// Link a decision to tasks, components, drift and superseded decisions
    Link(link::Link),
    /// Remove links from a decision
    Unlink(unlink::Unlink),
    /// Export decisions as Markdown files
    Export(export::Export),
    /// Import decisions from Markdown files
    Import(import::Import),
    /// Set the status of decisions
    Status(set_status::SetStatus),
    /// Delete decisions
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb decision rm 7"
    )]
    Rm(Rm),
    /// Count decisions by status
    #[command(after_help = "Example:\n  wsdb decision stats")]
    Stats,
}

impl Decision {
    /// Returns whether this command may create a missing database.
    pub(crate) fn may_create_database(&self) -> bool {
        matches!(
            self,
            Decision::Add(_)
                | Decision::Edit(_)
                | Decision::Supersede(_)
                | Decision::Link(_)
                | Decision::Unlink(_)
                | Decision::Import(_)
                | Decision::Status(_)
        )
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        match self {
            Decision::Add(command) => command.run(context).await,
            Decision::List(command) => command.run(context).await,
            Decision::Show(command) => command.run(context).await,
            Decision::Edit(command) => {
                command
                    .run(context, "decision edit", "decisions", |decision| {
                        format!("{}  {}", decision.id, decision.decision)
                    })
                    .await
            }
            Decision::Export(command) => command.run(context).await,
            Decision::Import(command) => command.run(context).await,
            Decision::Supersede(command) => command.run(context).await,
            Decision::Link(command) => command.run(context).await,
            Decision::Unlink(command) => command.run(context).await,
            Decision::Status(command) => command.run(context).await,
            Decision::Rm(command) => {
                command
                    .run::<wsdb_core::Decision>(context, "decision")
                    .await
            }
            Decision::Stats => stats::run(context).await,
        }
    }
}
