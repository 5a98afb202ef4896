//! `wsdb repo`

mod list;
mod rename;

use clap::Subcommand;

use crate::context::Context;

#[derive(Debug, Subcommand)]
pub(crate) enum Repo {
    /// List the repos of the workspace
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Rename a repo in all records
    Rename(rename::Rename),
}

impl Repo {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        match self {
            Repo::List(command) => command.run(context).await,
            Repo::Rename(command) => command.run(context).await,
        }
    }
}
