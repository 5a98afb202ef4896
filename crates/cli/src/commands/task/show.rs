//! `wsdb task show`

use clap::Args;
use wsdb_app::show_task;

use crate::commands::Context;
use crate::render;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb task show 7")]
pub(crate) struct Show {
    /// The task's id, its number, or any unique part of it
    id: String,
}

impl Show {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let task = show_task(&context.workspace.store, &self.id, context.ui.now).await?;
        match context.ui.json {
            true => context.ui.print_json(&task),
            false => context.ui.print(&render::task(&task, &context.ui)),
        }
    }
}
