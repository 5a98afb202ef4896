//! `wsdb handoff`

use clap::Args;
use wsdb_app::handoff;

use crate::args::number_from;
use crate::context::Context;
use crate::ui::format::Format;

#[derive(Debug, Args)]
#[command(
    before_help = "Prints Markdown for the actor: handoff notes of the last sessions, the actor's
tasks, ready tasks, blocked tasks, other critical tasks, other tasks in
progress, unassigned tasks with the status in_progress or planning, changes
since the actor's last session, open issues and drift, recent decisions, and the
current repo.

Entries that do not fit the budget are counted, and the command that lists them
is printed. Tokens are estimated at four bytes each.

Suitable for an agent's startup hook: the command reads a limited amount of
data, no matter how large the workspace is.",
    after_help = "Examples:
  wsdb handoff
  wsdb handoff --actor assistant-a --budget 800"
)]
pub(crate) struct ShowHandoff {
    #[command(flatten)]
    budget: Budget,
}

/// The maximum length of a handoff.
#[derive(Debug, Args)]
pub(crate) struct Budget {
    /// Maximum length of the handoff in tokens
    #[arg(
        long,
        value_name = "TOKENS",
        default_value_t = 2000,
        value_parser = number_from(MIN_BUDGET)
    )]
    budget: u64,
}

/// Minimum length of a handoff in tokens: its title and one line for each section.
const MIN_BUDGET: u64 = 50;

impl Budget {
    pub(crate) fn tokens(&self) -> usize {
        usize::try_from(self.budget).unwrap_or(usize::MAX)
    }
}

impl ShowHandoff {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let store = &context.workspace.store;
        let handoff = handoff(store, &context.actor, self.budget.tokens(), None).await?;
        match context.ui.format {
            Format::Json => context.ui.print_json(&handoff),
            _ => context.ui.print(&handoff.to_string()),
        }
    }
}
