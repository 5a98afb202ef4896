//! `wsdb task add`

use clap::Args;
use wsdb_app::add_task;
use wsdb_core::{Task, TaskStatus};

use super::set_status::note_open_dependencies;
use crate::args::vocabulary_parser;
use crate::commands::default_repo::{DefaultRepoArgs, describe_default_repo};
use crate::commands::fields::args::FieldArgs;
use crate::commands::note_missing_except;
use crate::context::Context;

#[derive(Debug, Args)]
#[command(
    before_help = "Without --repo, the task affects the repo that contains the current folder.",
    after_help = "Example:
  wsdb task add 'Move pricing' --repo orchard-core,orchard-web --priority HIGH"
)]
pub(crate) struct Add {
    /// Title (maximum 500 characters)
    title: String,
    /// Status
    #[arg(long, short, default_value_t = TaskStatus::Pending, value_parser = vocabulary_parser::<TaskStatus>())]
    status: TaskStatus,
    #[command(flatten)]
    fields: FieldArgs<Task>,
    #[command(flatten)]
    default_repo: DefaultRepoArgs,
}

impl Add {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let depends = self.fields.is_given("dependencies");
        let repo = self.default_repo.resolve(context, &self.fields).await?;
        let fill = self.fields.resolve(context).await?;
        let now = context.actor.now;
        let added = add_task(&context.workspace, &context.actor, &self.title, |task| {
            task.repos_affected.extend(repo.clone());
            fill(task);
            task.set_status(self.status, now);
        })
        .await?;
        if depends {
            let (task, dependencies) = (&added.task.id, &added.task.dependencies);
            note_missing_except::<Task>(context, dependencies, &[task]).await?;
            note_open_dependencies(context, &added.task, &added.blocked_by);
        }
        context.ui.print_record(
            &added,
            &format!(
                "Added {}  {}{}",
                added.task.id,
                added.task.title,
                describe_default_repo(repo.as_deref())
            ),
        )
    }
}
