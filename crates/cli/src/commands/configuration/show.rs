//! `wsdb config show` and `wsdb config change show`

use clap::Args;
use wsdb_app::views::RedactSecrets;
use wsdb_app::{Resource, resolve};

use super::redaction::note_redacted;
use crate::commands::history::show_flag::{HistoryFlag, show};
use crate::context::Context;
use crate::ui::Ui;

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// ID, its number such as 7, or a unique part of the ID (whole words)
    id: String,
    /// Show values that look like secrets
    #[arg(long)]
    show_secrets: bool,
    #[command(flatten)]
    shown: HistoryFlag,
}

impl Show {
    pub(crate) async fn run<R>(
        self,
        context: &Context,
        render: impl Fn(&R::View, &Ui) -> String,
    ) -> anyhow::Result<()>
    where
        R: Resource,
        R::View: From<R> + RedactSecrets,
    {
        let records = context.workspace.store.records::<R>();
        let id = resolve(&records, &self.id).await?;
        let mut view = R::View::from(records.get(&id).await?);
        if !self.show_secrets {
            note_redacted(context, view.redact_secrets());
        }
        let text = || render(&view, &context.ui);
        show(context, self.shown, id.as_ref(), &view, text).await
    }
}
