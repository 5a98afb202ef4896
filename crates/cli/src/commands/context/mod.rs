//! `wsdb context`

mod back;
mod edit;
mod end;
mod fields;
mod list;
mod switch;
mod time;

use clap::{Args, Subcommand};
use wsdb_app::{Error as AppError, current_context};
use wsdb_core::ContextSwitch;

use super::edit::Edit;
use super::rm::Rm;
use super::show::Show;
use crate::context::Context;
use crate::render;

#[derive(Debug, Args)]
#[command(
    before_help = "Without a command, prints your current repo. Each period that you spend in a
repo is recorded as a visit by the actor: --actor, WSDB_ACTOR or the OS user.
Only 'wsdb context end ID --force' and 'wsdb context edit' can end another
actor's visit.",
    after_help = "Examples:
  wsdb context
  wsdb context switch orchard-web
  wsdb context back
  wsdb context time --since 7d --by day",
    args_conflicts_with_subcommands = true
)]
pub(crate) struct ContextArgs {
    #[command(subcommand)]
    command: Option<Contexts>,
}

#[derive(Debug, Subcommand)]
enum Contexts {
    /// Switch to a repo
    Switch(switch::Switch),
    /// Switch back to the previous repo
    Back(back::Back),
    /// Leave the current repo
    #[command(visible_alias = "leave")]
    End(end::End),
    /// List visits to repos, oldest first
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show a visit
    #[command(after_help = "Example:\n  wsdb context show 7 --history")]
    Show(Show),
    /// Edit visits
    #[command(
        before_help = "Each option replaces the complete value of its field; --clear removes values.
The duration is computed from start and end.",
        after_help = "Example:
  wsdb context edit 3 --end 2025-11-20T17:30:00Z --notes 'Forgot to leave'"
    )]
    Edit(Edit<ContextSwitch>),
    /// Delete visits
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb context rm 7"
    )]
    Rm(Rm),
    /// Show the time spent in each repo
    Time(time::Time),
}

impl ContextArgs {
    /// Returns whether this command may create a missing database.
    pub(crate) fn may_create_database(&self) -> bool {
        matches!(self.command, Some(Contexts::Switch(_)))
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        match self.command {
            None => current(context).await,
            Some(Contexts::Switch(command)) => command.run(context).await,
            Some(Contexts::Back(command)) => command.run(context).await,
            Some(Contexts::End(command)) => command.run(context).await,
            Some(Contexts::List(command)) => command.run(context).await,
            Some(Contexts::Show(command)) => {
                command
                    .run::<ContextSwitch>(context, render::context::render_context)
                    .await
            }
            Some(Contexts::Edit(command)) => edit::run(command, context).await,
            Some(Contexts::Rm(command)) => command.run::<ContextSwitch>(context, "context").await,
            Some(Contexts::Time(command)) => command.run(context).await,
        }
    }
}

async fn current(context: &Context) -> anyhow::Result<()> {
    let (ui, actor) = (&context.ui, &context.actor);
    let Some(current) = current_context(&context.workspace, actor).await? else {
        return Err(AppError::NotInRepo(actor.name.clone()).into());
    };
    if ui.is_json() {
        ui.print_json(&current)
    } else {
        ui.print(&render::context::render_current_context(&current, ui))
    }
}
