//! `wsdb task release`

use clap::Args;
use wsdb_app::release_claims;

use crate::args::Ids;
use crate::commands::Context;

#[derive(Debug, Args)]
#[command(
    after_help = "A task that is in_progress is again what it was before it was claimed: its status, whom it is
assigned to, and when it was begun. What was moved to another status since stays there.

Examples:
  wsdb task release 7
  wsdb task release 7 --force       the holder is gone, and its lease is long"
)]
pub(crate) struct Release {
    #[command(flatten)]
    ids: Ids,
    /// End the claim only: the task stays in_progress, and assigned
    #[arg(long)]
    keep_status: bool,
    /// Also a claim that somebody else holds
    #[arg(long, short)]
    force: bool,
}

impl Release {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let (workspace, actor) = (&context.workspace, &context.actor);
        let (ids, force) = (&self.ids.ids, self.force);
        let tasks = release_claims(workspace, actor, ids, self.keep_status, force).await?;
        context.ui.changes("tasks", &tasks, |task| {
            format!(
                "released {}, which is {}  {}",
                task.id, task.status, task.title
            )
        })
    }
}
