//! `wsdb session`

mod activity;
mod current;
mod edit;
mod end;
mod fields;
mod link;
mod links;
mod list;
mod log;
mod rm;
mod show;
mod start;
mod stats;
mod unlink;

use clap::Subcommand;

use crate::context::Context;

#[derive(Debug, Subcommand)]
pub(crate) enum Session {
    /// Start a session for your changes
    Start(start::Start),
    /// Log an activity
    Log(log::Log),
    /// Manage logged activities
    #[command(
        subcommand,
        visible_alias = "activities",
        after_help = "Examples:
  wsdb session activity list --since 7d
  wsdb session activity show 2025-11-20-session-001-log-001"
    )]
    Activity(activity::Activity),
    /// Link a session to decisions made and issues found in it
    Link(link::Link),
    /// Remove links from a session
    Unlink(unlink::Unlink),
    /// List the links of sessions to decisions and issues
    Links(links::Links),
    /// End a session, with handoff notes for the next one
    End(end::End),
    /// Show your current session
    #[command(after_help = "Example:\n  wsdb session current")]
    Current,
    /// List sessions, oldest first
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show a session with its activities, decisions and issues
    Show(show::Show),
    /// Edit a session
    Edit(edit::Edit),
    /// Delete sessions and their activities
    #[command(visible_aliases = ["remove", "delete"])]
    Rm(rm::Rm),
    /// Count sessions by status
    #[command(after_help = "Example:\n  wsdb session stats")]
    Stats,
}

impl Session {
    /// Returns whether this command may create a missing database.
    pub(crate) fn may_create_database(&self) -> bool {
        matches!(
            self,
            Session::Start(_)
                | Session::Log(_)
                | Session::Link(_)
                | Session::End(_)
                | Session::Edit(_)
        )
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        match self {
            Session::Start(command) => command.run(context).await,
            Session::Log(command) => command.run(context).await,
            Session::Activity(command) => command.run(context).await,
            Session::Link(command) => command.run(context).await,
            Session::Unlink(command) => command.run(context).await,
            Session::Links(command) => command.run(context).await,
            Session::End(command) => command.run(context).await,
            Session::Current => current::run(context).await,
            Session::List(command) => command.run(context).await,
            Session::Show(command) => command.run(context).await,
            Session::Edit(command) => command.run(context).await,
            Session::Rm(command) => command.run(context).await,
            Session::Stats => stats::run(context).await,
        }
    }
}
