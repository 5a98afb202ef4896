//! `wsdb session edit`

use clap::Args;
use wsdb_app::edit_session;
use wsdb_core::Session;

use crate::args::PreconditionArgs;
use crate::commands::edit::EDIT_HELP;
use crate::commands::fields::args::EditArgs;
use crate::context::Context;

#[derive(Debug, Args)]
#[command(
    before_help = EDIT_HELP,
    after_help = "Example:\n  wsdb session edit 2025-11-20-session-001 --notes 'Pricing is done'"
)]
pub(crate) struct Edit {
    /// Session ID, or a unique part of it (whole words)
    id: String,
    #[command(flatten)]
    expect: PreconditionArgs,
    #[command(flatten)]
    fields: EditArgs<Session>,
}

impl Edit {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let edit = self.fields.resolve(context).await?;
        let (workspace, actor) = (&context.workspace, &context.actor);
        let expected = self.expect.expected()?;
        let edited = edit_session(workspace, actor, &self.id, &expected, edit).await?;
        context
            .ui
            .print_record(&edited, &format!("Edited {}", edited.id))
    }
}
