//! `wsdb decision add`

use clap::Args;
use wsdb_app::add_decision;
use wsdb_core::DecisionStatus;

use super::Fields;
use crate::args::known;
use crate::commands::Context;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  wsdb decision add 'The core knows no season' --rationale 'One core for every fruit' --impact HIGH")]
pub(crate) struct Add {
    /// What was decided
    decision: String,
    /// How far it is carried out
    #[arg(
        long,
        short,
        default_value_t = DecisionStatus::Planned,
        value_parser = known::<DecisionStatus>()
    )]
    status: DecisionStatus,
    #[command(flatten)]
    fields: Fields,
}

impl Add {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let fill = self.fields.ready()?;
        let (workspace, actor) = (&context.workspace, &context.actor);
        let decision = add_decision(workspace, actor, &self.decision, |decision| {
            decision.status = self.status;
            fill(decision);
        })
        .await?;
        context.ui.change(
            &decision,
            &format!("added {}  {}", decision.id, decision.decision),
        )
    }
}
