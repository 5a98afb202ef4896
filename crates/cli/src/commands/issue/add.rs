//! `wsdb issue add`

use clap::Args;
use wsdb_app::add_issue;
use wsdb_core::{Issue, Label};

use crate::args::{ISSUE_TYPES, label_parser};
use crate::commands::fields::args::FieldArgs;
use crate::context::Context;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  wsdb issue add 'Seasonal pricing in orchard-core' --severity HIGH --task 2")]
pub(crate) struct Add {
    /// Title (maximum 500 characters)
    title: String,
    /// Type, such as code_creep, task_tracking or missing_component
    #[arg(
        long = "type",
        short = 't',
        value_name = "TYPE",
        default_value = "governance",
        value_parser = label_parser(ISSUE_TYPES),
        hide_possible_values = true
    )]
    issue_type: Label,
    #[command(flatten)]
    fields: FieldArgs<Issue>,
}

impl Add {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let fill = self.fields.resolve(context).await?;
        let (workspace, actor) = (&context.workspace, &context.actor);
        let issue = add_issue(workspace, actor, &self.issue_type, &self.title, fill).await?;
        context
            .ui
            .print_record(&issue, &format!("Added {}  {}", issue.id, issue.title))
    }
}
