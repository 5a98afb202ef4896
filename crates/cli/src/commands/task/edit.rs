//! `wsdb task edit`

use std::collections::BTreeSet;

use wsdb_app::edit_tasks;
use wsdb_core::{Task, TaskId};

use super::set_status::note_open_dependencies;
use crate::commands::edit::Edit;
use crate::commands::note_missing_except;
use crate::context::Context;

/// Edits tasks; their dependencies are checked for cycles.
pub(super) async fn run(command: Edit<Task>, context: &Context) -> anyhow::Result<()> {
    let depends = command.fields.is_given("dependencies");
    let edit = command.fields.resolve(context).await?;
    let (workspace, actor) = (&context.workspace, &context.actor);
    let (ids, expected) = (&command.targets.ids.ids, command.targets.expected()?);
    let edited = edit_tasks(workspace, actor, ids, &expected, edit).await?;
    if depends {
        let ids = edited.iter().flat_map(|edited| &edited.task.dependencies);
        let ids: BTreeSet<TaskId> = ids.cloned().collect();
        let ids: Vec<TaskId> = ids.into_iter().collect();
        let own: Vec<&TaskId> = edited.iter().map(|edited| &edited.task.id).collect();
        note_missing_except::<Task>(context, &ids, &own).await?;
        for edited in &edited {
            note_open_dependencies(context, &edited.task, &edited.blocked_by);
        }
    }
    context.ui.print_records("tasks", &edited, |edited| {
        format!("Edited {}  {}", edited.task.id, edited.task.title)
    })
}
