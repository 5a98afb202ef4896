//! `wsdb task blocked`

use clap::Args;
use wsdb_app::blocked_tasks;
use wsdb_app::views::Listing;

use super::filter::FilterArgs;
use crate::args::Paging;
use crate::context::Context;
use crate::render::task::BLOCKED;

#[derive(Debug, Args)]
#[command(
    before_help = "A task is blocked until all of its dependencies are completed, closed or
cancelled; a missing dependency blocks it too. To list tasks with the status
blocked, use 'wsdb task list --status blocked'.",
    after_help = "Example:
  wsdb task blocked --assigned-to mira"
)]
pub(crate) struct Blocked {
    #[command(flatten)]
    which: FilterArgs,
    #[command(flatten)]
    paging: Paging,
}

impl Blocked {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let filter = wsdb_core::TaskFilter {
            reverse: self.paging.reverse,
            page: self.paging.page(context.ui.format),
            ..self.which.filter()
        };
        let Listing { records, total } =
            blocked_tasks(&context.workspace.store, &context.actor, &filter).await?;
        context
            .ui
            .list("tasks", &records, filter.page, total, BLOCKED)
    }
}
