//! `wsdb session start`

use clap::Args;
use wsdb_app::{open_session, start_session};

use crate::args::name;
use crate::commands::Context;
use crate::commands::handoff::Budget;

#[derive(Debug, Args)]
#[command(
    after_help = "The session belongs to the actor: --actor, WSDB_ACTOR or the user's name. What they do while it is
open belongs to it: `wsdb session show` and the next brief tell, also if it is never ended. A
brief of what came before is shown: see `wsdb handoff --help`.

Example:\n  wsdb session start --assistant assistant-a"
)]
pub(crate) struct Start {
    /// The assistant that works along
    #[arg(long, value_name = "NAME", value_parser = name)]
    assistant: Option<String>,
    /// Only begin it: no brief
    #[arg(long, conflicts_with = "budget")]
    no_brief: bool,
    #[command(flatten)]
    budget: Budget,
}

impl Start {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let open = open_session(&context.workspace.store, &context.actor).await?;
        let budget = (!self.no_brief).then(|| self.budget.tokens());
        let started = start_session(&context.workspace, &context.actor, budget, |session| {
            session.ai_assistant.clone_from(&self.assistant);
        })
        .await?;
        if let Some(open) = open {
            context.ui.note(&format!(
                "{} is open, too: what you do belongs to the new one; `wsdb session end {}` ends it",
                open.id, open.id
            ));
        }
        let line = format!("started {}", started.session.id);
        context.ui.change(&started, &line)?;
        match &started.brief {
            Some(brief) if !context.ui.json => context.ui.print(&format!("\n{brief}")),
            _ => Ok(()),
        }
    }
}
