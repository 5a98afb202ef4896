//! `wsdb task edit`

use clap::{Args, ValueEnum};
use wsdb_app::edit_tasks;
use wsdb_core::Task;

use super::FieldArgs;
use crate::args::{Targets, check_edit};
use crate::commands::Context;
use crate::error::UsageError;

#[derive(Debug, Args)]
#[command(
    after_help = "Options replace present values, lists included; --clear removes them.

Example:
  wsdb task edit 7 --priority CRITICAL --clear assigned-to"
)]
pub(crate) struct Edit {
    #[command(flatten)]
    targets: Targets,
    /// Title (maximum 500 characters)
    #[arg(long)]
    title: Option<String>,
    #[command(flatten)]
    fields: FieldArgs,
    /// Fields to clear
    #[arg(long, value_enum, value_name = "FIELD", value_delimiter = ',')]
    clear: Vec<Field>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Field {
    Description,
    Priority,
    Repos,
    Dependencies,
    AssignedTo,
    Notes,
    Files,
    Session,
    Metadata,
    Workflow,
    AssignedRepo,
    AssignedBy,
    PlanGrade,
    CompletionGrade,
    ScaleTier,
}

fn clear(task: &mut Task, field: Field) {
    match field {
        Field::Description => task.description = None,
        Field::Priority => task.priority = None,
        Field::Repos => task.repos_affected.clear(),
        Field::Dependencies => task.dependencies.clear(),
        Field::AssignedTo => task.assigned_to = None,
        Field::Notes => task.notes = None,
        Field::Files => task.related_files.clear(),
        Field::Session => task.session_created = None,
        Field::Metadata => task.extra_metadata = None,
        Field::Workflow => task.workflow_id = None,
        Field::AssignedRepo => task.assigned_repo = None,
        Field::AssignedBy => task.assigned_by = None,
        Field::PlanGrade => task.bastard_plan_grade = None,
        Field::CompletionGrade => task.bastard_completion_grade = None,
        Field::ScaleTier => task.scale_tier = None,
    }
}

impl Edit {
    fn check(&self) -> Result<(), UsageError> {
        let fields = &self.fields;
        let gives = self.title.is_some() || *fields != FieldArgs::default();
        check_edit(gives, &self.clear, |field| match field {
            Field::Description => fields.description.is_some(),
            Field::Priority => fields.priority.is_some(),
            Field::Repos => !fields.repo.is_empty(),
            Field::Dependencies => !fields.depends_on.is_empty(),
            Field::AssignedTo => fields.assign.is_some(),
            Field::Notes => fields.notes.is_some(),
            Field::Files => !fields.file.is_empty(),
            Field::Session | Field::Metadata => false,
            Field::Workflow => fields.workflow.is_some(),
            Field::AssignedRepo => fields.assigned_repo.is_some(),
            Field::AssignedBy => fields.assigned_by.is_some(),
            Field::PlanGrade => fields.plan_grade.is_some(),
            Field::CompletionGrade => fields.completion_grade.is_some(),
            Field::ScaleTier => fields.scale_tier.is_some(),
        })
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        self.check()?;
        let fill = self.fields.resolve(context).await?;
        let expected = self.targets.expected()?;
        let edited = edit_tasks(
            &context.workspace,
            &context.actor,
            &self.targets.ids.ids,
            &expected,
            |task| {
                if let Some(title) = &self.title {
                    task.title.clone_from(title);
                }
                fill(task);
                self.clear.iter().for_each(|field| clear(task, *field));
            },
        )
        .await?;
        context.ui.print_records("tasks", &edited, |task| {
            format!("Edited {}  {}", task.id, task.title)
        })
    }
}
