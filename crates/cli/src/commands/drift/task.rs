//! `wsdb drift task`

use clap::Args;
use wsdb_app::{TaskDraft, task_for_detections};
use wsdb_core::Priority;

use crate::args::{Ids, person_name, vocabulary_parser};
use crate::context::Context;
use crate::ui::format_count;

#[derive(Debug, Args)]
#[command(
    before_help = "The task describes the detections, lists their repos and files, and is linked
to each of them.",
    after_help = "Example:
  wsdb drift task 1 2 5 --assign jo"
)]
pub(super) struct MakeTask {
    #[command(flatten)]
    ids: Ids,
    /// Title of the task [default: types and locations of the detections]
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Priority of the task [default: the highest severity]
    #[arg(long, short, value_parser = vocabulary_parser::<Priority>())]
    priority: Option<Priority>,
    /// Assignee
    #[arg(long, visible_alias = "assigned-to", value_name = "NAME", value_parser = person_name)]
    assign: Option<String>,
    /// Also include detections that already have a task, and relink them
    #[arg(long, short)]
    force: bool,
}

impl MakeTask {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let new = TaskDraft {
            title: self.title,
            priority: self.priority,
            assigned_to: self.assign,
            allow_existing_task: self.force,
        };
        let (workspace, actor) = (&context.workspace, &context.actor);
        let made = task_for_detections(workspace, actor, &self.ids.ids, &new).await?;
        let (id, title) = (&made.task.id, &made.task.title);
        let count_text = format_count(made.detections.len() as u64, "detection");
        let line = format!("Added {id}  {title} (linked to {count_text})");
        context.ui.print_record(&made, &line)
    }
}
