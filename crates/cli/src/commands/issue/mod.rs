//! `wsdb issue`

mod add;
mod edit;
mod list;
mod set_status;
mod stats;

use clap::{Args, Subcommand};
use wsdb_core::{IssueStatus, Label, Severity};

use super::rm::Rm;
use super::show::Show;
use super::task::{set, set_list};
use super::{Context, warn_missing};
use crate::args::{DETECTED_BY, label_parser, name, vocabulary_parser};
use crate::render;

#[derive(Debug, Subcommand)]
pub(crate) enum Issue {
    /// Add an issue
    #[command(visible_alias = "new")]
    Add(add::Add),
    /// List issues
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show an issue
    #[command(after_help = "Example:\n  wsdb issue show 7 --history")]
    Show(Show),
    /// Edit issues
    Edit(edit::Edit),
    /// Mark issues as resolved
    #[command(after_help = "Example:\n  wsdb issue resolve 1 --notes 'Moved to orchard-web'")]
    Resolve(set_status::SetStatus),
    /// Close issues without resolving them
    #[command(after_help = "Example:\n  wsdb issue close 1 --notes 'Works as intended'")]
    Close(set_status::SetStatus),
    /// Reopen issues
    #[command(after_help = "Example:\n  wsdb issue reopen 1 --notes 'It is still there'")]
    Reopen(set_status::SetStatus),
    /// Delete issues
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb issue rm 7"
    )]
    Rm(Rm),
    /// Count issues by status and severity
    #[command(after_help = "Example:\n  wsdb issue stats")]
    Stats,
}

impl Issue {
    /// Returns whether this command may create a missing database.
    pub(crate) fn creates_records(&self) -> bool {
        !matches!(
            self,
            Issue::List(_) | Issue::Show(_) | Issue::Rm(_) | Issue::Stats
        )
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        match self {
            Issue::Add(command) => command.run(context).await,
            Issue::List(command) => command.run(context).await,
            Issue::Show(command) => {
                command
                    .run::<wsdb_core::Issue>(context, render::issue)
                    .await
            }
            Issue::Edit(command) => command.run(context).await,
            Issue::Resolve(command) => command.run(context, IssueStatus::Resolved).await,
            Issue::Close(command) => command.run(context, IssueStatus::Closed).await,
            Issue::Reopen(command) => command.run(context, IssueStatus::Open).await,
            Issue::Rm(command) => command.run::<wsdb_core::Issue>(context, "issue").await,
            Issue::Stats => stats::run(context).await,
        }
    }
}

/// The fields of an issue besides its type and title.
#[derive(Debug, Default, PartialEq, Args)]
pub(super) struct FieldArgs {
    /// Severity
    #[arg(long, short, value_parser = vocabulary_parser::<Severity>())]
    severity: Option<Severity>,
    /// Description (- reads stdin)
    #[arg(long, short, value_name = "TEXT")]
    description: Option<String>,
    /// Repos affected (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    repo: Vec<String>,
    /// How it was detected, such as manual-review
    #[arg(
        long,
        value_name = "METHOD",
        value_parser = label_parser(DETECTED_BY),
        hide_possible_values = true
    )]
    detected_by: Option<Label>,
    /// Action required
    #[arg(long, visible_alias = "action-required", value_name = "TEXT")]
    action: Option<String>,
    /// Assignee
    #[arg(long, visible_alias = "assigned-to", value_name = "NAME", value_parser = name)]
    assign: Option<String>,
    /// Task that fixes it (may not exist yet)
    #[arg(long, visible_alias = "related-task", value_name = "ID")]
    task: Option<String>,
}

impl FieldArgs {
    /// Reads stdin, resolves ids and returns a function that sets the given fields.
    async fn resolve(
        self,
        context: &Context,
    ) -> anyhow::Result<impl Fn(&mut wsdb_core::Issue) + use<>> {
        let description = crate::args::text_or_stdin(self.description)?;
        let tasks = context.workspace.store.tasks();
        let task = wsdb_app::resolve_or_accept_new(&tasks, self.task.as_slice()).await?;
        warn_missing::<wsdb_core::Task>(context, &task).await?;
        let task = task.into_iter().next();
        let fields = FieldArgs {
            description: None,
            ..self
        };
        Ok(move |issue: &mut wsdb_core::Issue| {
            issue.severity = fields.severity.unwrap_or(issue.severity);
            set(&mut issue.description, &description);
            set_list(&mut issue.repos_affected, &fields.repo);
            set(&mut issue.detected_by, &fields.detected_by);
            set(&mut issue.action_required, &fields.action);
            set(&mut issue.assigned_to, &fields.assign);
            set(&mut issue.related_task_id, &task);
        })
    }
}
