//! `wsdb task status`, and the verbs that stand for one status each.

use clap::Args;
use wsdb_app::set_task_status;
use wsdb_core::TaskStatus;

use crate::args::Ids;
use crate::commands::Context;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb task status 7 8 --to planning")]
pub(crate) struct SetStatus {
    #[command(flatten)]
    pub(crate) ids: Ids,
    /// The status they move to
    #[arg(long, value_name = "STATUS")]
    pub(crate) to: TaskStatus,
}

pub(crate) async fn run(context: &Context, ids: &[String], to: TaskStatus) -> anyhow::Result<()> {
    let tasks = set_task_status(&context.workspace, &context.actor, ids, to).await?;
    context.ui.changes("tasks", &tasks, |task| {
        format!("{} is {}  {}", task.id, task.status, task.title)
    })
}
