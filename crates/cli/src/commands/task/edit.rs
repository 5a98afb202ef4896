//! `wsdb task edit`

use wsdb_app::edit_tasks;
use wsdb_core::Task;

use crate::commands::edit::Edit;
use crate::context::Context;

/// Edits tasks; their dependencies are checked for cycles.
pub(super) async fn run(command: Edit<Task>, context: &Context) -> anyhow::Result<()> {
    let edit = command.fields.resolve(context).await?;
    let (workspace, actor) = (&context.workspace, &context.actor);
    let (ids, expected) = (&command.targets.ids.ids, command.targets.expected()?);
    let edited = edit_tasks(workspace, actor, ids, &expected, edit).await?;
    context.ui.print_records("tasks", &edited, |edited| {
        format!("Edited {}  {}", edited.task.id, edited.task.title)
    })
}
