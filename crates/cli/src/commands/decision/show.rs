//! `wsdb decision show`

use clap::Args;
use wsdb_app::show_decision;

use crate::commands::history::show_flag::{HistoryFlag, show};
use crate::context::Context;
use crate::render;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb decision show 7 --history")]
pub(crate) struct Show {
    /// ID, its number such as 7, or a unique part of the ID (whole words)
    id: String,
    #[command(flatten)]
    shown: HistoryFlag,
}

impl Show {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let details = show_decision(&context.workspace.store, &self.id).await?;
        let text = || render::decision::render_decision(&details, &context.ui);
        let id = details.decision.id.as_str();
        show(context, self.shown, id, &details, text).await
    }
}
