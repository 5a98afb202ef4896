//! `wsdb issue`

mod add;
mod fields;
mod list;
mod set_status;
mod stats;

use clap::Subcommand;
use wsdb_core::IssueStatus;

use super::edit::Edit;
use super::rm::Rm;
use super::show::Show;
use crate::context::Context;
use crate::render;

#[derive(Debug, Subcommand)]
pub(crate) enum Issue {
    /// Add an issue
    #[command(visible_alias = "new")]
    Add(add::Add),
    /// List issues, oldest first
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show an issue
    #[command(after_help = "Example:\n  wsdb issue show 7 --history")]
    Show(Show),
    /// Edit issues
    #[command(after_help = "Example:
  wsdb issue edit 1 --severity CRITICAL --assign jo")]
    Edit(Edit<wsdb_core::Issue>),
    /// Mark issues as resolved
    #[command(after_help = "Example:\n  wsdb issue resolve 1 --notes 'Moved to orchard-web'")]
    Resolve(set_status::SetStatus),
    /// Close issues without resolving them
    #[command(after_help = "Example:\n  wsdb issue close 1 --notes 'Works as intended'")]
    Close(set_status::SetStatus),
    /// Reopen issues
    #[command(after_help = "Example:\n  wsdb issue reopen 1 --notes 'It is still there'")]
    Reopen(set_status::SetStatus),
    /// Delete issues
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb issue rm 7"
    )]
    Rm(Rm),
    /// Count issues by status and severity
    #[command(after_help = "Example:\n  wsdb issue stats")]
    Stats,
}

impl Issue {
    /// Returns whether this command may create a missing database.
    pub(crate) fn may_create_database(&self) -> bool {
        matches!(
            self,
            Issue::Add(_) | Issue::Edit(_) | Issue::Resolve(_) | Issue::Close(_) | Issue::Reopen(_)
        )
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        match self {
            Issue::Add(command) => command.run(context).await,
            Issue::List(command) => command.run(context).await,
            Issue::Show(command) => {
                command
                    .run::<wsdb_core::Issue>(context, render::issue::render_issue)
                    .await
            }
            Issue::Edit(command) => {
                command
                    .run(context, "issue edit", "issues", |issue| {
                        format!("{}  {}", issue.id, issue.title)
                    })
                    .await
            }
            Issue::Resolve(command) => command.run(context, IssueStatus::Resolved).await,
            Issue::Close(command) => command.run(context, IssueStatus::Closed).await,
            Issue::Reopen(command) => command.run(context, IssueStatus::Open).await,
            Issue::Rm(command) => command.run::<wsdb_core::Issue>(context, "issue").await,
            Issue::Stats => stats::run(context).await,
        }
    }
}
