//! `wsdb task add`

use clap::Args;
use wsdb_app::add_task;
use wsdb_core::{Task, TaskStatus};

use crate::args::vocabulary_parser;
use crate::commands::fields::args::FieldArgs;
use crate::commands::note_missing;
use crate::context::Context;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  wsdb task add 'Move pricing' --repo orchard-core,orchard-web --priority HIGH")]
pub(crate) struct Add {
    /// Title (maximum 500 characters)
    title: String,
    /// Status
    #[arg(long, short, default_value_t = TaskStatus::Pending, value_parser = vocabulary_parser::<TaskStatus>())]
    status: TaskStatus,
    #[command(flatten)]
    fields: FieldArgs<Task>,
}

impl Add {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let depends = self.fields.is_given("dependencies");
        let fill = self.fields.resolve(context).await?;
        let now = context.actor.now;
        let task = add_task(&context.workspace, &context.actor, &self.title, |task| {
            fill(task);
            task.set_status(self.status, now);
        })
        .await?;
        if depends {
            note_missing::<Task>(context, &task.dependencies).await?;
        }
        context
            .ui
            .print_record(&task, &format!("Added {}  {}", task.id, task.title))
    }
}
