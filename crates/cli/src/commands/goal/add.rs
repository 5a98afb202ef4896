//! `wsdb goal add`

use clap::Args;
use wsdb_app::{add_goal, resolve_reference};
use wsdb_core::{ArchitectureGoal, Task, TaskStatus};

use crate::args::{name, vocabulary_parser};
use crate::commands::fields::args::FieldArgs;
use crate::commands::note_missing;
use crate::context::Context;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  wsdb goal add 'Move all pricing to orchard-web' --task 2 --state target")]
pub(crate) struct Add {
    /// Goal in one line (maximum 500 characters)
    goal: String,
    /// Task that works toward the goal (need not exist yet)
    #[arg(long, value_name = "ID", value_parser = name)]
    task: String,
    /// Status
    #[arg(long, default_value_t = TaskStatus::Pending, value_parser = vocabulary_parser::<TaskStatus>())]
    status: TaskStatus,
    #[command(flatten)]
    fields: FieldArgs<ArchitectureGoal>,
}

impl Add {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let (workspace, actor) = (&context.workspace, &context.actor);
        let tasks = workspace.store.tasks();
        let fill = self.fields.resolve(context).await?;
        let task = resolve_reference(&tasks, &self.task).await?;
        note_missing::<Task>(context, std::slice::from_ref(&task)).await?;
        let fill = |goal: &mut ArchitectureGoal| {
            goal.status = self.status;
            fill(goal);
        };
        let goal = add_goal(workspace, actor, &task, &self.goal, fill).await?;
        let line = format!("Added {}  {} ({})", goal.id, self.goal, goal.task_id);
        context.ui.print_record(&goal, &line)
    }
}
