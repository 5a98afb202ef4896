//! `wsdb context`

mod back;
mod edit;
mod end;
mod list;
mod switch;
mod time;

use clap::{Args, Subcommand};
use wsdb_app::{Error, current_context};
use wsdb_core::ContextSwitch;

use super::Context;
use super::rm::Rm;
use super::show::Show;
use crate::render;

#[derive(Debug, Args)]
#[command(
    after_help = "Contexts are of the actor: --actor, WSDB_ACTOR or the user's name. Nobody ends a stay of another
person, but for `wsdb context end ID --force` and `wsdb context edit`.

Examples:
  wsdb context                        where you are
  wsdb context switch orchard-web
  wsdb context back                   and once more: where you came from
  wsdb context time --since 7d --by day",
    args_conflicts_with_subcommands = true
)]
pub(crate) struct ContextArgs {
    #[command(subcommand)]
    command: Option<Contexts>,
}

#[derive(Debug, Subcommand)]
enum Contexts {
    /// Go to a repo
    Switch(switch::Switch),
    /// Go back to where you were before
    Back(back::Back),
    /// Be in no repo any more
    #[command(visible_alias = "leave")]
    End(end::End),
    /// List stays
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show a stay
    #[command(after_help = "Example:\n  wsdb context show 7 --history")]
    Show(Show),
    /// Change fields of stays
    Edit(edit::Edit),
    /// Delete stays
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb context rm 7"
    )]
    Rm(Rm),
    /// How long you, and others, were in each repo
    Time(time::Time),
}

impl ContextArgs {
    /// Whether it writes records, and not only what is there already.
    pub(crate) fn makes(&self) -> bool {
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
                    .run::<ContextSwitch>(context, render::context::context)
                    .await
            }
            Some(Contexts::Edit(command)) => command.run(context).await,
            Some(Contexts::Rm(command)) => command.run::<ContextSwitch>(context, "context").await,
            Some(Contexts::Time(command)) => command.run(context).await,
        }
    }
}

async fn current(context: &Context) -> anyhow::Result<()> {
    let (ui, actor) = (&context.ui, &context.actor);
    let Some(current) = current_context(&context.workspace, actor).await? else {
        let why = format!("{} is in no repo", actor.name);
        return Err(Error::Invalid(why).into());
    };
    match ui.json {
        true => ui.print_json(&current),
        false => ui.print(&render::context::current(&current, ui)),
    }
}
