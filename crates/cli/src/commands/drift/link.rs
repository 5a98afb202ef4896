//! `wsdb drift link`

use clap::Args;
use wsdb_core::{DriftDetection, Task};

use crate::args::{Targets, name};
use crate::commands::edit::edit_records;
use crate::commands::note_missing;
use crate::context::Context;
use crate::ui::escape_control_chars;

#[derive(Debug, Args)]
#[command(
    before_help = "'wsdb drift task' creates a task; 'wsdb drift edit ID --clear task' removes
the link.",
    after_help = "Example:
  wsdb drift link 1 2 5 --task 7"
)]
pub(super) struct Link {
    #[command(flatten)]
    targets: Targets,
    /// Task that fixes them (need not exist yet)
    #[arg(long, value_name = "ID", value_parser = name)]
    task: String,
}

impl Link {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let tasks = context.workspace.store.tasks();
        let task = wsdb_app::resolve_reference(&tasks, &self.task).await?;
        note_missing::<Task>(context, std::slice::from_ref(&task)).await?;
        let edit = |detection: &mut DriftDetection| detection.related_task_id = Some(task.clone());
        let linked = edit_records(context, "drift link", &self.targets, edit).await?;
        context
            .ui
            .print_records("detections", &linked, |detection| {
                let task = detection.related_task_id.as_ref();
                let task = task.map_or(String::new(), |task| escape_control_chars(task.as_str()));
                format!("Linked {} to {task}", detection.id)
            })
    }
}
