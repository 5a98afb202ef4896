//! `wsdb goal`

mod add;
mod fields;
mod list;
mod set_status;

use clap::Subcommand;
use wsdb_core::{ArchitectureGoal, TaskStatus};

use super::edit::Edit;
use super::rm::Rm;
use super::show::Show;
use crate::args::Targets;
use crate::context::Context;
use crate::render::architecture;

#[derive(Debug, Subcommand)]
pub(crate) enum Goal {
    /// Add a goal: what a task should achieve in an architecture state
    #[command(visible_alias = "new")]
    Add(add::Add),
    /// List goals
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show a goal
    #[command(after_help = "Example:\n  wsdb goal show 7 --history")]
    Show(Show),
    /// Edit goals
    #[command(after_help = "Example:
  wsdb goal edit 2 --milestone M2 --clear component")]
    Edit(Edit<ArchitectureGoal>),
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
    pub(crate) fn may_create_database(&self) -> bool {
        matches!(
            self,
            Goal::Add(_)
                | Goal::Edit(_)
                | Goal::Start(_)
                | Goal::Done(_)
                | Goal::Reopen(_)
                | Goal::Status(_)
        )
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let (targets, status) = match self {
            Goal::Add(command) => return command.run(context).await,
            Goal::List(command) => return command.run(context).await,
            Goal::Show(command) => {
                let goal = architecture::render_goal;
                return command.run::<ArchitectureGoal>(context, goal).await;
            }
            Goal::Edit(command) => {
                let edited = command.run(context, "goal edit", "goals", |goal| {
                    let text = goal.architectural_goal.as_deref().unwrap_or_default();
                    format!("{}  {text}", goal.id)
                });
                return edited.await;
            }
            Goal::Rm(command) => return command.run::<ArchitectureGoal>(context, "goal").await,
            Goal::Status(command) => (command.targets, command.to),
            Goal::Start(targets) => (targets, TaskStatus::InProgress),
            Goal::Done(targets) => (targets, TaskStatus::Completed),
            Goal::Reopen(targets) => (targets, TaskStatus::Pending),
        };
        set_status::run(context, &targets, status).await
    }
}
