//! `wsdb task release`

use clap::Args;
use wsdb_app::release_claims;

use crate::args::Ids;
use crate::context::Context;

#[derive(Debug, Args)]
#[command(
    before_help = "An in_progress task returns to the status, assignee and start time it had
before the claim. If its status has changed since then, the new status is
kept. Use --force to end the claim of somebody who is no longer working on
the task.",
    after_help = "Examples:
  wsdb task release 7
  wsdb task release 7 --force"
)]
pub(crate) struct Release {
    #[command(flatten)]
    ids: Ids,
    /// Only end the claim; the task stays in_progress and assigned
    #[arg(long)]
    keep_status: bool,
    /// Also release claims held by others
    #[arg(long, short)]
    force: bool,
}

impl Release {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let (workspace, actor) = (&context.workspace, &context.actor);
        let (ids, force) = (&self.ids.ids, self.force);
        let tasks = release_claims(workspace, actor, ids, self.keep_status, force).await?;
        context.ui.print_records("tasks", &tasks, |task| {
            format!("Released {}, now {}: {}", task.id, task.status, task.title)
        })
    }
}
