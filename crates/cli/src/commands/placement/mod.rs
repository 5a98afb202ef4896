//! `wsdb placement`

mod add;
mod fields;
mod list;
mod rule_args;
mod rules;

use clap::Subcommand;
use wsdb_core::ComponentPlacement;

use super::edit::Edit;
use super::rm::Rm;
use super::show::Show;
use crate::context::Context;
use crate::render::architecture::{self, describe_location};

#[derive(Debug, Subcommand)]
pub(crate) enum Placement {
    /// Add a placement: where a component belongs, with its rules
    #[command(visible_alias = "new")]
    Add(add::Add),
    /// List placements
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show a placement and problems with its rules
    #[command(after_help = "Example:\n  wsdb placement show 7 --history")]
    Show(Show),
    /// Edit placements and their rules
    #[command(
        before_help = "Each option replaces the complete value of its field; --clear removes values.
Each rule option replaces one part of the rules and keeps the others; --rules
replaces all rules.",
        after_help = "Example:
  wsdb placement edit 3 --forbid pandas,numpy --clear rationale"
    )]
    Edit(Edit<ComponentPlacement>),
    /// List the rules of placements, or print their JSON Schema
    Rules(rules::Rules),
    /// Delete placements
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb placement rm 7"
    )]
    Rm(Rm),
}

impl Placement {
    /// Returns whether this command may create a missing database.
    pub(crate) fn may_create_database(&self) -> bool {
        matches!(self, Placement::Add(_) | Placement::Edit(_))
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        match self {
            Placement::Add(command) => command.run(context).await,
            Placement::List(command) => command.run(context).await,
            Placement::Show(command) => {
                command
                    .run::<ComponentPlacement>(context, architecture::render_placement)
                    .await
            }
            Placement::Edit(command) => {
                command
                    .run(context, "placement edit", "placements", |placement| {
                        format!("{}  {}", placement.id, describe_location(placement))
                    })
                    .await
            }
            Placement::Rules(command) => command.run(context).await,
            Placement::Rm(command) => {
                command
                    .run::<ComponentPlacement>(context, "placement")
                    .await
            }
        }
    }
}
