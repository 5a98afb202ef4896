//! `wsdb goal edit`

use clap::{Args, ValueEnum};
use wsdb_app::resolve_or_accept_new;
use wsdb_core::{ArchitectureGoal, Task};

use super::FieldArgs;
use crate::args::{Targets, check_edit, name};
use crate::commands::edit::edit_records;
use crate::commands::{Context, warn_missing};
use crate::error::UsageError;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  wsdb goal edit 2 --milestone M2 --clear component")]
pub(crate) struct Edit {
    #[command(flatten)]
    targets: Targets,
    /// Goal in one line (maximum 500 characters)
    #[arg(long)]
    goal: Option<String>,
    /// Task that works towards it (may not exist yet)
    #[arg(long, value_name = "ID", value_parser = name)]
    task: Option<String>,
    #[command(flatten)]
    fields: FieldArgs,
    /// Fields to clear
    #[arg(long, value_enum, value_name = "FIELD", value_delimiter = ',')]
    clear: Vec<Field>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Field {
    Goal,
    State,
    Component,
    Milestone,
    Priority,
}

fn clear(goal: &mut ArchitectureGoal, field: Field) {
    match field {
        Field::Goal => goal.architectural_goal = None,
        Field::State => goal.architecture_state_id = None,
        Field::Component => goal.component_id = None,
        Field::Milestone => goal.milestone = None,
        Field::Priority => goal.priority = None,
    }
}

impl Edit {
    fn check(&self) -> Result<(), UsageError> {
        let fields = &self.fields;
        let gives = self.goal.is_some() || self.task.is_some();
        check_edit(
            gives || *fields != FieldArgs::default(),
            &self.clear,
            |field| match field {
                Field::Goal => self.goal.is_some(),
                Field::State => fields.state.is_some(),
                Field::Component => fields.component.is_some(),
                Field::Milestone => fields.milestone.is_some(),
                Field::Priority => fields.priority.is_some(),
            },
        )
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        self.check()?;
        let fill = self.fields.resolve(context).await?;
        let tasks = context.workspace.store.tasks();
        let task = resolve_or_accept_new(&tasks, self.task.as_slice()).await?;
        warn_missing::<Task>(context, &task).await?;
        let task = task.into_iter().next();
        let edit = |goal: &mut ArchitectureGoal| {
            if let Some(words) = &self.goal {
                goal.architectural_goal = Some(words.clone());
            }
            if let Some(task) = &task {
                goal.task_id.clone_from(task);
            }
            fill(goal);
            self.clear.iter().for_each(|field| clear(goal, *field));
        };
        let edited = edit_records(context, "goal edit", &self.targets, edit).await?;
        context.ui.print_records("goals", &edited, |goal| {
            let words = goal.architectural_goal.as_deref().unwrap_or_default();
            format!("Edited {}  {words}", goal.id)
        })
    }
}
