//! `wsdb drift link`

use clap::Args;
use wsdb_core::{DriftDetection, Task};

use crate::args::{Targets, name};
use crate::commands::edit::edited;
use crate::commands::{Context, note_missing};
use crate::ui::visible;

#[derive(Debug, Args)]
#[command(
    after_help = "`wsdb drift task` makes a task for them; `wsdb drift edit ID --clear task` takes the link away.

Example:\n  wsdb drift link 1 2 5 --task 7"
)]
pub(super) struct Link {
    #[command(flatten)]
    targets: Targets,
    /// The task that mends them; it may not exist yet
    #[arg(long, value_name = "ID", value_parser = name)]
    task: String,
}

impl Link {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let tasks = context.workspace.store.tasks();
        let task = wsdb_app::resolve_or_keep(&tasks, &[self.task]).await?;
        note_missing::<Task>(context, &task).await?;
        let task = task.into_iter().next();
        let edit = |detection: &mut DriftDetection| detection.related_task_id.clone_from(&task);
        let linked = edited(context, "drift link", &self.targets, edit).await?;
        context.ui.changes("detections", &linked, |detection| {
            let task = detection.related_task_id.as_ref();
            let task = task.map_or(String::new(), |task| visible(task.as_str()));
            format!("{} is mended by {task}", detection.id)
        })
    }
}
