//! `wsdb decision status`

use clap::Args;
use wsdb_core::{Decision, DecisionStatus};

use crate::args::{Targets, vocabulary_parser};
use crate::commands::edit::edit_records;
use crate::context::Context;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb decision status 2 --to implemented")]
pub(crate) struct SetStatus {
    #[command(flatten)]
    targets: Targets,
    /// New status
    #[arg(long, value_name = "STATUS", value_parser = vocabulary_parser::<DecisionStatus>())]
    to: DecisionStatus,
}

impl SetStatus {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let edit = |decision: &mut Decision| decision.status = self.to;
        let decisions = edit_records(
            context,
            &format!("decision {}", self.to),
            &self.targets,
            edit,
        )
        .await?;
        context.ui.print_records("decisions", &decisions, |d| {
            format!("{} is now {}: {}", d.id, d.status, d.decision)
        })
    }
}
