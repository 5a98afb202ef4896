//! `wsdb issue edit`

use clap::{Args, ValueEnum};
use wsdb_core::{Issue, Label};

use super::FieldArgs;
use crate::args::{ISSUE_TYPES, Targets, check_edit, label_parser};
use crate::commands::Context;
use crate::commands::edit::edit_records;
use crate::error::UsageError;

#[derive(Debug, Args)]
#[command(
    after_help = "Options replace present values, lists included; --clear removes them.

Example:
  wsdb issue edit 1 --severity CRITICAL --assign jo"
)]
pub(crate) struct Edit {
    #[command(flatten)]
    targets: Targets,
    /// Title (maximum 500 characters)
    #[arg(long)]
    title: Option<String>,
    /// Type, such as code_creep, task_tracking or missing_component
    #[arg(
        long = "type",
        short = 't',
        value_name = "TYPE",
        value_parser = label_parser(ISSUE_TYPES),
        hide_possible_values = true
    )]
    issue_type: Option<Label>,
    #[command(flatten)]
    fields: FieldArgs,
    /// Fields to clear
    #[arg(long, value_enum, value_name = "FIELD", value_delimiter = ',')]
    clear: Vec<Field>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Field {
    Description,
    Repos,
    DetectedBy,
    Action,
    AssignedTo,
    Task,
    Resolution,
    Metadata,
}

fn clear(issue: &mut Issue, field: Field) {
    match field {
        Field::Description => issue.description = None,
        Field::Repos => issue.repos_affected.clear(),
        Field::DetectedBy => issue.detected_by = None,
        Field::Action => issue.action_required = None,
        Field::AssignedTo => issue.assigned_to = None,
        Field::Task => issue.related_task_id = None,
        Field::Resolution => issue.resolution_notes = None,
        Field::Metadata => issue.extra_metadata = None,
    }
}

impl Edit {
    fn check(&self) -> Result<(), UsageError> {
        let fields = &self.fields;
        let gives = self.title.is_some() || self.issue_type.is_some();
        check_edit(
            gives || *fields != FieldArgs::default(),
            &self.clear,
            |field| match field {
                Field::Description => fields.description.is_some(),
                Field::Repos => !fields.repo.is_empty(),
                Field::DetectedBy => fields.detected_by.is_some(),
                Field::Action => fields.action.is_some(),
                Field::AssignedTo => fields.assign.is_some(),
                Field::Task => fields.task.is_some(),
                Field::Resolution | Field::Metadata => false,
            },
        )
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        self.check()?;
        let fill = self.fields.resolve(context).await?;
        let edited = edit_records(context, "issue edit", &self.targets, |issue: &mut Issue| {
            if let Some(title) = &self.title {
                issue.title.clone_from(title);
            }
            if let Some(issue_type) = &self.issue_type {
                issue.issue_type.clone_from(issue_type);
            }
            fill(issue);
            self.clear.iter().for_each(|field| clear(issue, *field));
        })
        .await?;
        context.ui.print_records("issues", &edited, |issue| {
            format!("Edited {}  {}", issue.id, issue.title)
        })
    }
}
