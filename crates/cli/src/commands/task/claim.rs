//! `wsdb task claim`

use std::time::Duration;

use clap::{ArgGroup, Args};
use wsdb_app::views::TaskDetails;
use wsdb_app::{claim_next, claim_task};
use wsdb_core::TaskStatus;

use super::Which;
use crate::args::Expect;
use crate::commands::Context;
use crate::error::Usage;
use crate::render::blockers;
use crate::time::until;

#[derive(Debug, Args)]
#[command(
    group(ArgGroup::new("task").required(true).args(["id", "next"])),
    after_help = "A claim says who is at work on a task, and until when nobody else may take it. Of many processes
that try at the same moment one gets the task; the others are told who holds it (exit code 1,
error code \"claimed\"). The task is in_progress then, and assigned to you.

You are --actor or WSDB_ACTOR: give each assistant a name of its own. A task that you hold
already is not yours a second time, so that of two processes with one name one has it.

When the lease is over anybody may take the task: renew it with `wsdb task heartbeat` while you
work. `wsdb task done`, and every other end of the task, ends the claim; `wsdb task release`
gives it back. Until then nobody else moves or deletes the task. Leases go by the clocks of the machines that claim.

--next takes the first of `wsdb task ready` that nobody holds: also one whose holder's lease is over.

Examples:
  wsdb task claim 7
  wsdb task claim --next --repo orchard-core --lease 30min --actor assistant-a"
)]
pub(crate) struct Claim {
    /// The task's id, its number, or any unique part of it
    id: Option<String>,
    /// The best task that can be begun and that nobody holds
    #[arg(long)]
    next: bool,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    lease: Lease,
    #[command(flatten)]
    expect: Expect,
}

/// How long a claim lasts.
#[derive(Debug, Args)]
pub(super) struct Lease {
    /// How long nobody else may take it, from now on, such as 30min or 2h
    #[arg(
        long,
        value_name = "SPAN",
        env = "WSDB_LEASE",
        hide_env_values = true,
        default_value = "2h",
        value_parser = humantime::parse_duration
    )]
    pub(super) lease: Duration,
}

impl Claim {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let (workspace, actor) = (&context.workspace, &context.actor);
        let lease = self.lease.lease;
        let expected = self.expect.expected()?;
        let claimed = match self.id {
            Some(_) if !self.which.is_empty() => {
                let only =
                    "--repo, --assigned-to and --priority choose with --next, not with an id";
                return Err(Usage(only.to_owned()).into());
            }
            Some(id) => claim_task(workspace, actor, &id, &expected, lease).await?,
            None if !expected.is_empty() => {
                let only = "--expect is about one task, and does not choose with --next";
                return Err(Usage(only.to_owned()).into());
            }
            None => claim_next(workspace, actor, &self.which.filter(), lease).await?,
        };
        if !claimed.waits_for.is_empty() {
            let waits = blockers(&claimed.waits_for);
            context.ui.note(&format!("it waits for {waits}"));
        }
        if let Some(before) = taken_from(&claimed, &actor.name) {
            context.ui.note(&before);
        }
        context.ui.change(&claimed, &line(&claimed, context))
    }
}

/// What a task was before, where nobody would expect it to be claimed.
fn taken_from(claimed: &TaskDetails, actor: &str) -> Option<String> {
    let claim = claimed.task.claim.as_ref()?;
    let status = claim.status_before?;
    let other = claim.assigned_before.as_ref().filter(|who| *who != actor);
    let assigned = other.map(|who| format!(", assigned to {who}"));
    let is_usual = matches!(status, TaskStatus::Pending | TaskStatus::Approved);
    (!is_usual || other.is_some())
        .then(|| format!("it was {status}{}", assigned.unwrap_or_default()))
}

fn line(claimed: &TaskDetails, context: &Context) -> String {
    let task = &claimed.task;
    let end = task
        .claim
        .as_ref()
        .map(|claim| until(claim.expires, context.ui.now));
    format!(
        "claimed {} until {}  {}",
        task.id,
        end.unwrap_or_default(),
        task.title
    )
}
