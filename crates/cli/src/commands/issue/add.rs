//! `wsdb issue add`

use clap::Args;
use wsdb_app::add_issue;
use wsdb_core::{Issue, Label};

use crate::args::{ISSUE_TYPES, label_parser};
use crate::commands::default_repo::{DefaultRepoArgs, describe_default_repo};
use crate::commands::fields::args::FieldArgs;
use crate::context::Context;

#[derive(Debug, Args)]
#[command(
    before_help = "Without --repo, the issue affects the repo that contains the current folder.",
    after_help = "Example:
  wsdb issue add 'Seasonal pricing in orchard-core' --severity HIGH --task 2"
)]
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
    #[command(flatten)]
    default_repo: DefaultRepoArgs,
}

impl Add {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let repo = self.default_repo.resolve(context, &self.fields).await?;
        let fill = self.fields.resolve(context).await?;
        let fill = |issue: &mut Issue| {
            issue.repos_affected.extend(repo.clone());
            fill(issue);
        };
        let (workspace, actor) = (&context.workspace, &context.actor);
        let issue = add_issue(workspace, actor, &self.issue_type, &self.title, fill).await?;
        context.ui.print_record(
            &issue,
            &format!(
                "Added {}  {}{}",
                issue.id,
                issue.title,
                describe_default_repo(repo.as_deref())
            ),
        )
    }
}
