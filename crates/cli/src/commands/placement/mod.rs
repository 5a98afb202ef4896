//! `wsdb placement`

mod add;
mod edit;
mod given;
mod list;
mod rules;

use clap::{Args, Subcommand};
use wsdb_app::resolve_or_accept_new;
use wsdb_core::{ArchitectureState, ComponentPlacement};

use self::given::RuleArgs;
use super::rm::Rm;
use super::show::Show;
use super::task::set;
use super::{Context, warn_missing};
use crate::args::{name, path_in_repo, text_or_stdin};
use crate::render::architecture;

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
    Edit(edit::Edit),
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
    pub(crate) fn creates_records(&self) -> bool {
        matches!(self, Placement::Add(_) | Placement::Edit(_))
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        match self {
            Placement::Add(command) => command.run(context).await,
            Placement::List(command) => command.run(context).await,
            Placement::Show(command) => {
                command
                    .run::<ComponentPlacement>(context, architecture::placement)
                    .await
            }
            Placement::Edit(command) => command.run(context).await,
            Placement::Rules(command) => command.run(context).await,
            Placement::Rm(command) => {
                command
                    .run::<ComponentPlacement>(context, "placement")
                    .await
            }
        }
    }
}

/// The fields of a placement besides component, type and repo.
#[derive(Debug, Default, PartialEq, Args)]
pub(super) struct FieldArgs {
    /// Path in the repo, such as src/pricing.py
    #[arg(long, short, value_name = "PATH", value_parser = path_in_repo)]
    location: Option<String>,
    /// State, by id, number or name (may not exist yet)
    #[arg(long, short, value_name = "STATE", value_parser = name)]
    state: Option<String>,
    /// Rationale (- reads stdin)
    #[arg(long, value_name = "TEXT")]
    rationale: Option<String>,
    #[command(flatten)]
    rules: RuleArgs,
}

impl FieldArgs {
    /// Reads stdin and files, resolves ids and returns a function that sets the given fields.
    async fn resolve(
        self,
        context: &Context,
    ) -> anyhow::Result<impl Fn(&mut ComponentPlacement) + use<>> {
        if self.rationale.as_deref() == Some("-") && self.rules.reads_stdin() {
            let both = "only one of --rationale and --rules can read stdin";
            return Err(crate::error::UsageError(both.to_owned()).into());
        }
        let rationale = text_or_stdin(self.rationale)?;
        let states = context.workspace.store.architecture().states();
        let state = resolve_or_accept_new(&states, self.state.as_slice()).await?;
        warn_missing::<ArchitectureState>(context, &state).await?;
        let state = state.into_iter().next();
        let rules = self.rules.resolve(context).await?;
        Ok(move |placement: &mut ComponentPlacement| {
            set(&mut placement.correct_location, &self.location);
            set(&mut placement.architecture_state_id, &state);
            set(&mut placement.rationale, &rationale);
            rules(placement);
        })
    }
}

/// Returns a line about where a component belongs.
fn describe_location(placement: &wsdb_app::views::PlacementView) -> String {
    let repo = format!(
        "{} belongs in {}",
        placement.component_name, placement.correct_repo
    );
    match &placement.correct_location {
        Some(location) => format!("{repo}: {location}"),
        None => repo,
    }
}
