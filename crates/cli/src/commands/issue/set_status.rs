//! `wsdb issue resolve`, `close` and `reopen`

use clap::Args;
use wsdb_app::set_issue_status;
use wsdb_core::IssueStatus;

use crate::args::{Targets, text_or_stdin};
use crate::context::Context;

#[derive(Debug, Args)]
pub(crate) struct SetStatus {
    #[command(flatten)]
    targets: Targets,
    /// Resolution notes (- reads stdin)
    #[arg(long, short, value_name = "TEXT")]
    notes: Option<String>,
}

impl SetStatus {
    pub(crate) async fn run(self, context: &Context, status: IssueStatus) -> anyhow::Result<()> {
        let notes = text_or_stdin(self.notes)?;
        let (workspace, actor) = (&context.workspace, &context.actor);
        let (ids, expected) = (&self.targets.ids.ids, self.targets.expected()?);
        let notes = notes.as_deref();
        let issues = set_issue_status(workspace, actor, ids, &expected, status, notes).await?;
        context.ui.print_records("issues", &issues, |issue| {
            format!("{} is now {}: {}", issue.id, issue.status, issue.title)
        })
    }
}
