//! `wsdb decision link`

use clap::Args;
use wsdb_app::link_decision;

use super::links::{LinkArgs, describe_links};
use crate::args::PreconditionArgs;
use crate::commands::print_missing_notes;
use crate::context::Context;

#[derive(Debug, Args)]
#[command(
    before_help = "Linked records need not exist yet. Superseded decisions get the status
superseded.",
    after_help = "Example:
  wsdb decision link 1 --task 2 --component Pricing --drift 3"
)]
pub(crate) struct Link {
    /// Decision ID, its number such as 7, or a unique part of the ID (whole words)
    id: String,
    #[command(flatten)]
    links: LinkArgs,
    #[command(flatten)]
    expect: PreconditionArgs,
}

impl Link {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let (links, expected) = (self.links.require_any()?, self.expect.expected()?);
        let (workspace, actor) = (&context.workspace, &context.actor);
        let (details, missing) =
            link_decision(workspace, actor, &self.id, &links, &expected).await?;
        let own = details.decision.id.as_ref();
        print_missing_notes(context, &missing, Some(own));
        context.ui.print_record(&details, &describe_links(&details))
    }
}
