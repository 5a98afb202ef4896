//! `wsdb handoff`

use clap::Args;
use wsdb_app::handoff;

use crate::args::Format;
use crate::commands::Context;

#[derive(Debug, Args)]
#[command(
    after_help = "For the actor: what the last sessions hand over, what is in their hands, what can be begun, what
others have in hand, what changed since their last session, open issues and drift, recent
decisions and the current context. Markdown, for an assistant or a person; what has no room is
counted, with the command that shows it. A token is counted as four bytes.

An assistant's start-up hook can call it: it reads a bounded part of the workspace, however large.

Examples:
  wsdb handoff
  wsdb handoff --actor assistant-a --budget 800"
)]
pub(crate) struct ShowHandoff {
    #[command(flatten)]
    budget: Budget,
}

/// How long a brief may be.
#[derive(Debug, Args)]
pub(crate) struct Budget {
    /// How many tokens it may have
    #[arg(
        long,
        value_name = "TOKENS",
        default_value_t = 2000,
        value_parser = clap::value_parser!(u32).range(50..)
    )]
    budget: u32,
}

impl Budget {
    pub(crate) fn tokens(&self) -> usize {
        self.budget as usize
    }
}

impl ShowHandoff {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let store = &context.workspace.store;
        let brief = handoff(store, &context.actor, self.budget.tokens(), None).await?;
        match context.ui.format {
            Format::Json => context.ui.print_json(&brief),
            _ => context.ui.print(&brief.to_string()),
        }
    }
}
