//! `wsdb decision add`

use clap::Args;
use wsdb_app::add_decision;
use wsdb_core::{Decision, DecisionStatus};

use super::links::LinkArgs;
use crate::args::vocabulary_parser;
use crate::commands::fields::args::FieldArgs;
use crate::commands::print_missing_notes;
use crate::context::Context;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  wsdb decision add 'Keep seasonal pricing out of orchard-core' --impact HIGH
  wsdb decision add 'Compute prices only in orchard-web' --supersedes 1 --task 2")]
pub(crate) struct Add {
    /// Decision in one line
    decision: String,
    /// Status
    #[arg(
        long,
        short,
        default_value_t = DecisionStatus::Planned,
        value_parser = vocabulary_parser::<DecisionStatus>()
    )]
    status: DecisionStatus,
    #[command(flatten)]
    fields: FieldArgs<Decision>,
    #[command(flatten)]
    links: LinkArgs,
}

impl Add {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let fill = self.fields.resolve(context).await?;
        let (workspace, actor) = (&context.workspace, &context.actor);
        let links = self.links.links();
        let added = add_decision(workspace, actor, &self.decision, &links, |decision| {
            decision.status = self.status;
            fill(decision);
        });
        let (decision, missing) = added.await?;
        print_missing_notes(context, &missing, None);
        context.ui.print_record(
            &decision,
            &format!("Added {}  {}", decision.id, decision.decision),
        )
    }
}
