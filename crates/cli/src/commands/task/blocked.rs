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
    before_help = "An open task is blocked if it has the status blocked or if any of its
dependencies is not finished; a missing dependency blocks it too. To list only
tasks with the status blocked, use 'wsdb task list --status blocked'. For a
task with that status, the reason shown is the value of its key blocked_reason,
or the first line of its notes.",
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
            ..self.which.filter(context)
        };
        let Listing { records, total } =
            blocked_tasks(&context.workspace.store, &filter, context.ui.now).await?;
        context
            .ui
            .list("tasks", &records, filter.page, total, BLOCKED)
    }
}
