//! `wsdb session`

mod activity;
mod current;
mod edit;
mod end;
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

use super::Context;

#[derive(Debug, Subcommand)]
pub(crate) enum Session {
    /// Begin a session: what you do from now on belongs to it
    Start(start::Start),
    /// Log something that was done
    Log(log::Log),
    /// Activities: what was logged in sessions
    #[command(subcommand, visible_alias = "activities")]
    Activity(activity::Activity),
    /// Link a session to decisions that were made and issues that were found in it
    Link(link::Link),
    /// Take links of a session away
    Unlink(unlink::Unlink),
    /// List the links of sessions to decisions and issues
    Links(links::Links),
    /// End a session, with what the next one must know
    End(end::End),
    /// Show the session that is open
    Current,
    /// List sessions
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show a session, with what was done, decided and found in it
    Show(show::Show),
    /// Change fields of a session
    Edit(edit::Edit),
    /// Delete sessions, with what was logged in them
    #[command(visible_aliases = ["remove", "delete"])]
    Rm(rm::Rm),
    /// Count sessions by status
    Stats,
}

impl Session {
    /// Whether it writes records, and not only what is there already.
    pub(crate) fn makes(&self) -> bool {
        !matches!(
            self,
            Session::List(_)
                | Session::Show(_)
                | Session::Current
                | Session::Activity(_)
                | Session::Links(_)
                | Session::Unlink(_)
                | Session::Rm(_)
                | Session::Stats
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
