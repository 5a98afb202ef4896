//! `wsdb config show` and `wsdb config change show`

use clap::Args;
use wsdb_app::views::HideSecrets;
use wsdb_app::{Noun, resolve};

use super::tell_hidden;
use crate::commands::Context;
use crate::commands::history::{Shown, show};
use crate::ui::Ui;

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Id, number, or any unique part of the id
    id: String,
    /// Show values that look like secrets
    #[arg(long)]
    show_secrets: bool,
    #[command(flatten)]
    shown: Shown,
}

impl Show {
    pub(crate) async fn run<R>(
        self,
        context: &Context,
        render: impl Fn(&R::View, &Ui) -> String,
    ) -> anyhow::Result<()>
    where
        R: Noun,
        R::View: From<R> + HideSecrets,
    {
        let records = context.workspace.store.records::<R>();
        let id = resolve(&records, &self.id).await?;
        let mut view = R::View::from(records.get(&id).await?);
        if !self.show_secrets {
            tell_hidden(context, view.hide_secrets());
        }
        let text = || render(&view, &context.ui);
        show(context, self.shown, id.as_ref(), &view, text).await
    }
}
