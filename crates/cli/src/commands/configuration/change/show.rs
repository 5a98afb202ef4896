//! `wsdb config change show`

use clap::Args;
use wsdb_app::resolve;
use wsdb_app::views::ConfigurationChangeView;

use crate::commands::Context;
use crate::commands::configuration::tell_hidden;
use crate::commands::history::{Shown, show};
use crate::render;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb config change show 7 --history")]
pub(crate) struct Show {
    /// Its id, its number, or any unique part of it
    id: String,
    /// Show values that look like secrets; changes that `wsdb config snapshot` recorded never hold any
    #[arg(long)]
    show_secrets: bool,
    #[command(flatten)]
    shown: Shown,
}

impl Show {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let changes = context.workspace.store.configuration().changes();
        let id = resolve(&changes, &self.id).await?;
        let mut view = ConfigurationChangeView::from(changes.get(&id).await?);
        if !self.show_secrets {
            tell_hidden(context, view.hide_secrets());
        }
        let text = || render::configuration_change(&view, &context.ui);
        show(context, self.shown, id.as_str(), &view, text).await
    }
}
