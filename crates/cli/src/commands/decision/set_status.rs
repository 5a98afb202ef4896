//! `wsdb decision status`

use clap::Args;
use wsdb_app::edit_decisions;
use wsdb_core::DecisionStatus;

use crate::args::{Targets, known};
use crate::commands::Context;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb decision status 2 --to implemented")]
pub(crate) struct SetStatus {
    #[command(flatten)]
    targets: Targets,
    /// The status they move to
    #[arg(long, value_name = "STATUS", value_parser = known::<DecisionStatus>())]
    to: DecisionStatus,
}

impl SetStatus {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let decisions = edit_decisions(
            &context.workspace,
            &context.actor,
            &self.targets.ids.ids,
            &self.targets.expected()?,
            |decision| {
                decision.status = self.to;
            },
        )
        .await?;
        context.ui.changes("decisions", &decisions, |d| {
            format!("{} is {}  {}", d.id, d.status, d.decision)
        })
    }
}
