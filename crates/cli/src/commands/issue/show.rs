//! `wsdb issue show`

use clap::Args;
use wsdb_app::resolve;
use wsdb_app::views::IssueView;

use crate::commands::Context;
use crate::commands::history::{Shown, show};
use crate::render;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb issue show 7 --history")]
pub(crate) struct Show {
    /// The issue's id, its number, or any unique part of it
    id: String,
    #[command(flatten)]
    shown: Shown,
}

impl Show {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let records = context.workspace.store.issues();
        let id = resolve(&records, &self.id).await?;
        let view = IssueView::from(records.get(&id).await?);
        let text = || render::issue(&view, &context.ui);
        show(context, self.shown, id.as_str(), &view, text).await
    }
}
