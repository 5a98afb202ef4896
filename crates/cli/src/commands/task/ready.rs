//! `wsdb task ready`

use clap::Args;
use wsdb_app::ready_tasks;
use wsdb_app::views::Listing;

use super::filter::FilterArgs;
use crate::args::Paging;
use crate::context::Context;
use crate::render::task::READY;

#[derive(Debug, Args)]
#[command(
    before_help = "A task is ready if it is pending, approved, or in_progress with an expired
claim, and all of its dependencies are finished. Also lists tasks in progress
that you have claimed, unless they are blocked; these come first. The others
are ordered by priority, then by how many open tasks they block, then by age.
Tasks claimed by others are not listed.",
    after_help = "Example:
  wsdb task ready --repo orchard-core --limit 5"
)]
pub(crate) struct Ready {
    #[command(flatten)]
    which: FilterArgs,
    #[command(flatten)]
    paging: Paging,
}

impl Ready {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let filter = wsdb_core::TaskFilter {
            reverse: self.paging.reverse,
            page: self.paging.page(context.ui.format),
            ..self.which.filter(context)
        };
        let Listing { records, total } =
            ready_tasks(&context.workspace.store, &context.actor, &filter).await?;
        context
            .ui
            .list("tasks", &records, filter.page, total, READY)
    }
}
