//! `wsdb session start`

use clap::Args;
use wsdb_app::start_session;

use crate::commands::Context;

#[derive(Debug, Args)]
#[command(
    after_help = "The session belongs to the actor: --actor, WSDB_ACTOR or the user's name.

Example:\n  wsdb session start --assistant assistant-a"
)]
pub(crate) struct Start {
    /// The assistant that works along
    #[arg(long, value_name = "NAME")]
    assistant: Option<String>,
}

impl Start {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let session = start_session(&context.workspace, &context.actor, |session| {
            session.ai_assistant.clone_from(&self.assistant);
        })
        .await?;
        context
            .ui
            .change(&session, &format!("started {}", session.id))
    }
}
