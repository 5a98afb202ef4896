//! `wsdb decision rm`

use clap::Args;
use wsdb_app::remove_decisions;
use wsdb_app::store::Referrers;

use crate::args::Ids;
use crate::commands::Context;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb decision rm 7")]
pub(crate) struct Rm {
    #[command(flatten)]
    ids: Ids,
    /// Also where others refer to it; they keep its id as one that is gone
    #[arg(long, short)]
    force: bool,
}

impl Rm {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let referrers = if self.force {
            Referrers::Detach
        } else {
            Referrers::Respect
        };
        let deleted =
            remove_decisions(&context.workspace, &context.actor, &self.ids.ids, referrers).await?;
        context.ui.deleted("decision", &deleted)
    }
}
