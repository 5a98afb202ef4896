//! `wsdb session show`

use clap::Args;
use wsdb_app::{resolve_session, show_session};

use crate::commands::history::show_flag::{HistoryFlag, show};
use crate::context::Context;
use crate::render;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb session show 2025-11-20-session-001 --history")]
pub(crate) struct Show {
    /// Session ID, or a unique part of it (whole words) [default: your current session]
    id: Option<String>,
    #[command(flatten)]
    shown: HistoryFlag,
}

impl Show {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let store = &context.workspace.store;
        let id = resolve_session(store, &context.actor, self.id.as_deref()).await?;
        let details = show_session(store, store.sessions().get(&id).await?).await?;
        let text = || render::session::render_session(&details, &context.ui);
        show(context, self.shown, id.as_str(), &details, text).await
    }
}
