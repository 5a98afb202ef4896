//! `wsdb goal`

mod add;
mod edit;
mod list;
mod set_status;

use clap::{Args, Subcommand};
use wsdb_app::{resolve_component, resolve_or_accept_new};
use wsdb_core::{
    ArchitectureGoal, ArchitectureState, ComponentPlacement, Priority, StateId, TaskStatus,
};

use super::rm::Rm;
use super::show::Show;
use super::task::set;
use super::{Context, warn_missing};
use crate::args::{Targets, name, vocabulary_parser};
use crate::render::architecture;

#[derive(Debug, Subcommand)]
pub(crate) enum Goal {
    /// Add a goal: a task that brings a component into a state
    #[command(visible_alias = "new")]
    Add(add::Add),
    /// List goals
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show a goal
    #[command(after_help = "Example:\n  wsdb goal show 7 --history")]
    Show(Show),
    /// Edit goals
    Edit(edit::Edit),
    /// Start goals (status in_progress)
    #[command(after_help = "Example:\n  wsdb goal start 7")]
    Start(Targets),
    /// Complete goals (status completed)
    #[command(
        visible_alias = "complete",
        after_help = "Example:\n  wsdb goal done 7"
    )]
    Done(Targets),
    /// Reopen goals (status pending)
    #[command(after_help = "Example:\n  wsdb goal reopen 7")]
    Reopen(Targets),
    /// Set the status of goals
    Status(set_status::SetStatus),
    /// Delete goals
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb goal rm 7"
    )]
    Rm(Rm),
}

impl Goal {
    /// Returns whether this command may create a missing database.
    pub(crate) fn creates_records(&self) -> bool {
        !matches!(self, Goal::List(_) | Goal::Show(_) | Goal::Rm(_))
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let (targets, status) = match self {
            Goal::Add(command) => return command.run(context).await,
            Goal::List(command) => return command.run(context).await,
            Goal::Show(command) => {
                let goal = architecture::goal;
                return command.run::<ArchitectureGoal>(context, goal).await;
            }
            Goal::Edit(command) => return command.run(context).await,
            Goal::Rm(command) => return command.run::<ArchitectureGoal>(context, "goal").await,
            Goal::Status(command) => (command.targets, command.to),
            Goal::Start(targets) => (targets, TaskStatus::InProgress),
            Goal::Done(targets) => (targets, TaskStatus::Completed),
            Goal::Reopen(targets) => (targets, TaskStatus::Pending),
        };
        set_status::run(context, &targets, status).await
    }
}

/// The fields of a goal besides its text and its task.
#[derive(Debug, Default, PartialEq, Args)]
pub(super) struct FieldArgs {
    /// State, by id, number or name (may not exist yet)
    #[arg(long, short, value_name = "STATE", value_parser = name)]
    state: Option<String>,
    /// Component, by its name in the state or its placement's id
    #[arg(long, short, value_name = "COMPONENT", value_parser = name)]
    component: Option<String>,
    /// Milestone
    #[arg(long, short, value_parser = name)]
    milestone: Option<String>,
    /// Priority
    #[arg(long, short, value_parser = vocabulary_parser::<Priority>())]
    priority: Option<Priority>,
}

/// Resolves a state, or keeps the id of one that does not exist yet.
pub(super) async fn resolve_state(
    context: &Context,
    word: Option<String>,
) -> anyhow::Result<Option<StateId>> {
    let states = context.workspace.store.architecture().states();
    Ok(resolve_or_accept_new(&states, word.as_slice()).await?.pop())
}

impl FieldArgs {
    /// Resolves ids and returns a function that sets the given fields.
    async fn resolve(
        self,
        context: &Context,
    ) -> anyhow::Result<impl Fn(&mut ArchitectureGoal) + use<>> {
        let state = resolve_state(context, self.state).await?;
        warn_missing::<ArchitectureState>(context, state.as_slice()).await?;
        let component = match &self.component {
            Some(word) => {
                let store = &context.workspace.store;
                Some(resolve_component(store, word, state.as_ref()).await?)
            }
            None => None,
        };
        warn_missing::<ComponentPlacement>(context, component.as_slice()).await?;
        Ok(move |goal: &mut ArchitectureGoal| {
            set(&mut goal.architecture_state_id, &state);
            set(&mut goal.component_id, &component);
            set(&mut goal.milestone, &self.milestone);
            set(&mut goal.priority, &self.priority);
        })
    }
}
