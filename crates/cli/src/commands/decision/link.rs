//! `wsdb decision link`

use clap::Args;
use wsdb_app::link_decision;

use super::{Links, linked, tell_missing};
use crate::args::Expect;
use crate::commands::Context;

#[derive(Debug, Args)]
#[command(
    after_help = "Linked records may not exist yet. Superseded decisions get the status
superseded.

Example:
  wsdb decision link 1 --task 2 --component Pricing --drift 3"
)]
pub(crate) struct Link {
    /// Decision id, number, or any unique part of the id
    id: String,
    #[command(flatten)]
    links: Links,
    #[command(flatten)]
    expect: Expect,
}

impl Link {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let (links, expected) = (self.links.some()?, self.expect.expected()?);
        let (workspace, actor) = (&context.workspace, &context.actor);
        let (details, missing) =
            link_decision(workspace, actor, &self.id, &links, &expected).await?;
        tell_missing(context, &missing);
        context.ui.change(&details, &linked(&details))
    }
}
