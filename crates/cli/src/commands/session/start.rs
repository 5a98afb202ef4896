//! `wsdb session start`

use clap::Args;
use wsdb_app::{open_session, start_session};

use crate::args::name;
use crate::commands::handoff::Budget;
use crate::context::Context;

#[derive(Debug, Args)]
#[command(
    before_help = "Prints a handoff; see 'wsdb handoff --help'.

The session belongs to the actor: --actor, WSDB_ACTOR or the OS user. Changes
that the actor makes while the session is open are recorded in it and appear
in 'wsdb session show' and the next handoff, even if the session is never
ended.",
    after_help = "Example:
  wsdb session start --assistant assistant-a"
)]
pub(crate) struct Start {
    /// AI assistant that the actor works with; leave it out if the actor is the assistant
    #[arg(long, value_name = "NAME", value_parser = name)]
    assistant: Option<String>,
    /// Do not print the handoff
    #[arg(long, alias = "no-brief", conflicts_with = "budget")]
    no_handoff: bool,
    #[command(flatten)]
    budget: Budget,
}

impl Start {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let open = open_session(&context.workspace.store, &context.actor).await?;
        let budget = (!self.no_handoff).then(|| self.budget.tokens());
        let started = start_session(&context.workspace, &context.actor, budget, |session| {
            session.ai_assistant.clone_from(&self.assistant);
        })
        .await?;
        if let Some(open) = open {
            let end = context
                .ui
                .commands
                .format(format!("session end {}", open.id));
            context.ui.print_note(&format!(
                "{} is still open, but your changes now belong to the new session; run {end} to \
                 end it",
                open.id
            ));
        }
        let line = format!("Started session {}", started.session.id);
        context.ui.print_record(&started, &line)?;
        match &started.handoff {
            Some(handoff) if !context.ui.is_json() => context.ui.print(&format!("\n{handoff}")),
            _ => Ok(()),
        }
    }
}
