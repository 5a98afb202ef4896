//! `wsdb session rm`

use clap::Args;
use wsdb_app::remove_sessions;

use crate::args::Ids;
use crate::context::Context;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb session rm 2025-11-20-session-001")]
pub(crate) struct Rm {
    #[command(flatten)]
    ids: Ids,
}

impl Rm {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let deleted = remove_sessions(&context.workspace, &context.actor, &self.ids.ids).await?;
        context.ui.print_deleted("session", &deleted)
    }
}
