//! `wsdb decision unlink`

use clap::Args;
use wsdb_app::{shell_quote, superseded_without_successor, unlink_decision};

use super::links::{LinkArgs, describe_links};
use crate::args::PreconditionArgs;
use crate::context::Context;

#[derive(Debug, Args)]
#[command(
    before_help = "A decision that is no longer superseded keeps its status; use
'wsdb decision status' to change it.",
    after_help = "Example:
  wsdb decision unlink 1 --task 2"
)]
pub(crate) struct Unlink {
    /// Decision ID, its number such as 7, or a unique part of the ID (whole words)
    id: String,
    #[command(flatten)]
    links: LinkArgs,
    #[command(flatten)]
    expect: PreconditionArgs,
}

impl Unlink {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let (links, expected) = (self.links.require_any()?, self.expect.expected()?);
        let (workspace, actor) = (&context.workspace, &context.actor);
        let details = unlink_decision(workspace, actor, &self.id, &links, &expected).await?;
        context
            .ui
            .print_record(&details, &describe_links(&details))?;
        for decision in superseded_without_successor(&context.workspace.store, &links).await? {
            let id = &decision.id;
            let command = format!(
                "decision status {} --to maintained",
                shell_quote(id.as_ref())
            );
            let command = context.ui.commands.format(command);
            context.ui.print_note(&format!(
                "{id} still has the status superseded, but no decision supersedes it; run \
                 {command} to reinstate it"
            ));
        }
        Ok(())
    }
}
