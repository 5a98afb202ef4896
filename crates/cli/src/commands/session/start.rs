//! `wsdb session start`

use clap::Args;
use wsdb_app::{open_session, start_session};

use crate::args::name;
use crate::commands::Context;

#[derive(Debug, Args)]
#[command(
    after_help = "The session belongs to the actor: --actor, WSDB_ACTOR or the user's name.

Example:\n  wsdb session start --assistant assistant-a"
)]
pub(crate) struct Start {
    /// The assistant that works along
    #[arg(long, value_name = "NAME", value_parser = name)]
    assistant: Option<String>,
}

impl Start {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let open = open_session(&context.workspace.store, &context.actor).await?;
        let session = start_session(&context.workspace, &context.actor, |session| {
            session.ai_assistant.clone_from(&self.assistant);
        })
        .await?;
        if let Some(open) = open {
            context.ui.note(&format!(
                "{} is open, too: what you do belongs to the new one; `wsdb session end {}` ends it",
                open.id, open.id
            ));
        }
        context
            .ui
            .change(&session, &format!("started {}", session.id))
    }
}
