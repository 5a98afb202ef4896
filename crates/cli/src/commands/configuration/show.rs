//! `wsdb config show`

use clap::Args;
use wsdb_app::resolve;
use wsdb_app::views::SnapshotView;

use super::tell_hidden;
use crate::commands::Context;
use crate::commands::history::{Shown, show};
use crate::render;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb config show 7 --show-secrets")]
pub(crate) struct Show {
    /// Its id, its number, or any unique part of it
    id: String,
    /// Show values that look like secrets
    #[arg(long)]
    show_secrets: bool,
    #[command(flatten)]
    shown: Shown,
}

impl Show {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let snapshots = context.workspace.store.configuration().snapshots();
        let id = resolve(&snapshots, &self.id).await?;
        let mut view = SnapshotView::from(snapshots.get(&id).await?);
        if !self.show_secrets {
            tell_hidden(context, view.hide_secrets());
        }
        let text = || render::snapshot(&view, &context.ui);
        show(context, self.shown, id.as_str(), &view, text).await
    }
}
