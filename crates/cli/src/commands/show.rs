//! `wsdb NOUN show`

use clap::Args;
use wsdb_app::{Resource, resolve};

use super::history::show_flag::{HistoryFlag, show};
use crate::context::Context;
use crate::ui::Ui;

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// ID, its number such as 7, or a unique part of the ID (whole words)
    id: String,
    #[command(flatten)]
    shown: HistoryFlag,
}

impl Show {
    /// Prints a record whose view has only the record's own fields.
    pub(crate) async fn run<R>(
        self,
        context: &Context,
        render: impl Fn(&R::View, &Ui) -> String,
    ) -> anyhow::Result<()>
    where
        R: Resource,
        R::View: From<R>,
    {
        let records = context.workspace.store.records::<R>();
        let id = resolve(&records, &self.id).await?;
        let record = records.get(&id).await?.effective_at(context.ui.moment());
        let view = R::View::from(record);
        show(context, self.shown, id.as_ref(), &view, || {
            render(&view, &context.ui)
        })
        .await
    }
}
