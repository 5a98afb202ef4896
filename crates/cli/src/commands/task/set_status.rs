//! `wsdb task status`, and the commands that set one status.

use clap::Args;
use wsdb_app::set_task_status;
use wsdb_core::TaskStatus;

use crate::args::{Targets, vocabulary_parser};
use crate::context::Context;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb task status 7 8 --to planning")]
pub(crate) struct SetStatus {
    #[command(flatten)]
    pub(crate) targets: Targets,
    /// New status
    #[arg(long, value_name = "STATUS", value_parser = vocabulary_parser::<TaskStatus>())]
    pub(crate) to: TaskStatus,
}

pub(crate) async fn run(
    context: &Context,
    targets: &Targets,
    to: TaskStatus,
) -> anyhow::Result<()> {
    let (workspace, actor) = (&context.workspace, &context.actor);
    let (ids, expected) = (&targets.ids.ids, targets.expected()?);
    let tasks = set_task_status(workspace, actor, ids, &expected, to).await?;
    if to == TaskStatus::InProgress {
        for task in &tasks {
            if let Some(other) = task.assigned_to.as_ref().filter(|who| **who != actor.name) {
                context
                    .ui
                    .print_note(&format!("{} is assigned to {other}", task.id));
            }
        }
    }
    context.ui.print_records("tasks", &tasks, |task| {
        format!("{} is now {}  {}", task.id, task.status, task.title)
    })
}
