//! `wsdb task heartbeat`

use clap::Args;
use wsdb_app::renew_claims;

use super::claim::Lease;
use crate::args::Ids;
use crate::context::Context;
use crate::time::format_until;

#[derive(Debug, Args)]
#[command(
    before_help = "The new lease starts now. An expired claim is extended too, unless somebody
else has claimed the task in the meantime.",
    after_help = "Example:
  wsdb task heartbeat 7 --lease 30min"
)]
pub(crate) struct Heartbeat {
    #[command(flatten)]
    ids: Ids,
    #[command(flatten)]
    lease: Lease,
}

impl Heartbeat {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let (workspace, actor) = (&context.workspace, &context.actor);
        let tasks = renew_claims(workspace, actor, &self.ids.ids, self.lease.lease).await?;
        context.ui.print_records("tasks", &tasks, |task| {
            let end = task
                .claim
                .as_ref()
                .map(|claim| format_until(claim.expires, context.ui.now));
            format!(
                "Extended the claim on {} until {}: {}",
                task.id,
                end.unwrap_or_default(),
                task.title
            )
        })
    }
}
