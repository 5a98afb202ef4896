//! `wsdb task status`, and the commands that set one status.

use clap::Args;
use wsdb_app::set_task_status;
use wsdb_app::views::{BlockerView, TaskView};
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
    for edited in &tasks {
        let task = &edited.task;
        let other = task.assigned_to.as_ref().filter(|who| **who != actor.name);
        if let Some(other) = other.filter(|_| to == TaskStatus::InProgress) {
            let note = format!("{} is assigned to {other}", task.id);
            context.ui.print_note(&note);
        }
        note_open_dependencies(context, &edited.task, &edited.blocked_by);
    }
    context.ui.print_records("tasks", &tasks, |edited| {
        let task = &edited.task;
        format!("{} is now {}: {}", task.id, task.status, task.title)
    })
}

/// Prints a note if a task in progress or a finished one has open dependencies.
pub(super) fn note_open_dependencies(
    context: &Context,
    task: &TaskView,
    blocked_by: &[BlockerView],
) {
    let relation = match task.status {
        TaskStatus::InProgress => "is blocked by".to_owned(),
        TaskStatus::Completed | TaskStatus::Closed => {
            format!("is {}, but depends on", task.status)
        }
        _ => return,
    };
    if !blocked_by.is_empty() {
        let blockers = BlockerView::format_all(blocked_by);
        let note = format!("{} {relation} {blockers}", task.id);
        context.ui.print_note(&note);
    }
}
