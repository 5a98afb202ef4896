//! `wsdb task ready`

use clap::Args;
use wsdb_app::ready_tasks;

use super::Which;
use crate::args::Paging;
use crate::commands::Context;
use crate::render::READY;

#[derive(Debug, Args)]
#[command(
    after_help = "They are pending or approved and wait for nothing, or their holder's lease is over. What others
have claimed is left out; what you have claimed yourself comes first. Then the most pressing,
then those that most open tasks wait for, then the oldest.

Example:
  wsdb task ready --repo orchard-core --limit 5"
)]
pub(crate) struct Ready {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    paging: Paging,
}

impl Ready {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let filter = wsdb_core::TaskFilter {
            reverse: self.paging.reverse,
            page: self.paging.page(context.ui.format),
            ..self.which.filter()
        };
        let (tasks, total) = ready_tasks(&context.workspace.store, &context.actor, &filter).await?;
        context
            .ui
            .list("tasks", &tasks, (filter.page, total), READY)
    }
}
