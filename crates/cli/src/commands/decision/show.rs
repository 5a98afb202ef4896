//! `wsdb decision show`

use clap::Args;
use wsdb_app::resolve;
use wsdb_app::views::DecisionView;

use crate::commands::Context;
use crate::commands::history::{Shown, show};
use crate::render;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb decision show 7 --history")]
pub(crate) struct Show {
    /// The decision's id, its number, or any unique part of it
    id: String,
    #[command(flatten)]
    shown: Shown,
}

impl Show {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let records = context.workspace.store.decisions();
        let id = resolve(&records, &self.id).await?;
        let view = DecisionView::from(records.get(&id).await?);
        let text = || render::decision(&view, &context.ui);
        show(context, self.shown, id.as_str(), &view, text).await
    }
}
