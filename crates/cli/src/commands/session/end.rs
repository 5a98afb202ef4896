//! `wsdb session end`

use clap::Args;
use wsdb_app::end_session;

use crate::args::text_or_stdin;
use crate::context::Context;

#[derive(Debug, Args)]
#[command(
    before_help = "Without an ID, ends your current session. To end one that has had no recent
changes, or that was started with --shell in another shell, give its ID.",
    after_help = "Example:\n  wsdb session end --notes 'Next: add tests for WS-TASK-003'"
)]
pub(crate) struct End {
    /// Session ID, or a unique part of it (whole words) [default: your current session]
    id: Option<String>,
    /// Handoff notes for the next session (- reads stdin)
    #[arg(long, short, value_name = "TEXT")]
    notes: Option<String>,
}

impl End {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let notes = text_or_stdin(self.notes)?;
        let (workspace, actor) = (&context.workspace, &context.actor);
        let ended = end_session(workspace, actor, self.id.as_deref(), notes.as_deref()).await?;
        context
            .ui
            .print_record(&ended, &format!("Ended session {}", ended.id))
    }
}
