//! `wsdb task show`

use clap::Args;
use wsdb_app::show_task;

use crate::commands::history::show_flag::{HistoryFlag, show};
use crate::context::Context;
use crate::render;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb task show 7 --history")]
pub(crate) struct Show {
    /// Task ID, its number such as 7, or a unique part of the ID (whole words)
    id: String,
    #[command(flatten)]
    shown: HistoryFlag,
}

impl Show {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let task = show_task(&context.workspace.store, &self.id, context.ui.now).await?;
        let text = || render::task::render_task(&task, &context.ui);
        show(context, self.shown, task.task.id.as_str(), &task, text).await
    }
}
