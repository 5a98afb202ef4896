//! `wsdb task dep`

use clap::{Args, Subcommand};
use wsdb_app::views::TaskDetails;
use wsdb_app::{add_dependencies, remove_dependencies};
use wsdb_core::{Task, TaskId};

use crate::args::PreconditionArgs;
use crate::commands::note_missing_except;
use crate::context::Context;

#[derive(Debug, Subcommand)]
pub(crate) enum Dep {
    /// Add dependencies to a task
    #[command(
        visible_alias = "new",
        before_help = "The dependencies need not exist yet.",
        after_help = "Example:\n  wsdb task dep add 7 3 4"
    )]
    Add(DependencyArgs),
    /// Remove dependencies from a task
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb task dep rm 7 4"
    )]
    Rm(DependencyArgs),
}

#[derive(Debug, Args)]
pub(crate) struct DependencyArgs {
    /// Task that depends on the others
    id: String,
    /// Tasks that it depends on
    #[arg(required = true, value_name = "DEPENDENCY")]
    on: Vec<String>,
    #[command(flatten)]
    expect: PreconditionArgs,
}

impl Dep {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let (workspace, actor) = (&context.workspace, &context.actor);
        let task = match self {
            Dep::Add(DependencyArgs { id, on, expect }) => {
                let expected = expect.expected()?;
                let task = add_dependencies(workspace, actor, &id, &on, &expected).await?;
                let missing = task
                    .blocked_by
                    .iter()
                    .filter(|blocker| blocker.status.is_none());
                let missing: Vec<TaskId> = missing.map(|blocker| blocker.id.clone()).collect();
                note_missing_except::<Task>(context, &missing, &[&task.task.id]).await?;
                task
            }
            Dep::Rm(DependencyArgs { id, on, expect }) => {
                remove_dependencies(workspace, actor, &id, &on, &expect.expected()?).await?
            }
        };
        context.ui.print_record(&task, &line(&task))
    }
}

fn line(details: &TaskDetails) -> String {
    let (id, dependencies) = (&details.task.id, &details.task.dependencies);
    let shown: Vec<String> = dependencies
        .iter()
        .map(|other| {
            let open = details
                .blocked_by
                .iter()
                .find(|blocker| blocker.id == *other);
            let state = open.map_or("completed", |blocker| {
                blocker
                    .status
                    .map_or("missing", wsdb_core::Vocabulary::as_str)
            });
            format!("{other} ({state})")
        })
        .collect();
    if shown.is_empty() {
        format!("{id} now has no dependencies")
    } else {
        format!("{id} now depends on {}", shown.join(", "))
    }
}
