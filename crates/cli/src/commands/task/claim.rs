//! `wsdb task claim`

use std::time::Duration;

use clap::{ArgGroup, Args};
use wsdb_app::views::TaskDetails;
use wsdb_app::{claim_next, claim_task};
use wsdb_core::TaskStatus;

use super::filter::FilterArgs;
use super::set_status::note_open_dependencies;
use crate::args::{PreconditionArgs, duration};
use crate::context::Context;
use crate::error::UsageError;
use crate::time::format_until;

#[derive(Debug, Args)]
#[command(
    group(ArgGroup::new("task").required(true).args(["id", "next"])),
    before_help = "A claim reserves a task for you. The task becomes in_progress and is assigned
to you. Until the claim ends, nobody else can claim the task, change its status
or, without --force, delete it. If several processes claim a task at the same
time, only one succeeds; the others fail with exit code 1 and the error code
\"claimed\", and the error names the holder.

The claim belongs to the actor (--actor or WSDB_ACTOR). Give each agent its
own name: a task that you have already claimed cannot be claimed again, so
only one of two processes with the same name gets it.

A claim expires with its lease, and then anybody can claim the task. Extend
the claim with 'wsdb task heartbeat' while you work. Completing, closing or
canceling the task ends the claim, and so does 'wsdb task release'. Lease
times use the clock of the machine that makes the claim.

--next claims the first task of 'wsdb task ready' that nobody has claimed or
whose claim has expired.",
    after_help = "Examples:
  wsdb task claim 7
  wsdb task claim --next --repo orchard-core --lease 30min --actor assistant-a"
)]
pub(crate) struct Claim {
    /// Task ID, its number such as 7, or a unique part of the ID (whole words)
    id: Option<String>,
    /// Claim the first ready task
    #[arg(long)]
    next: bool,
    #[command(flatten)]
    lease: Lease,
    #[command(flatten)]
    expect: PreconditionArgs,
    #[command(flatten, next_help_heading = "Options for --next")]
    which: FilterArgs,
}

/// The duration of a claim.
#[derive(Debug, Args)]
pub(super) struct Lease {
    /// Duration of the claim, such as 30min or 2h [default: 2h]
    #[arg(
        long,
        value_name = "DURATION",
        env = "WSDB_LEASE",
        hide_env_values = true,
        default_value = "2h",
        hide_default_value = true,
        value_parser = duration
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
                let only = "--repo, --assigned-to, --mine and --priority require --next";
                return Err(UsageError(only.to_owned()).into());
            }
            Some(id) => claim_task(workspace, actor, &id, &expected, lease).await?,
            None if !expected.is_empty() => {
                let only = "--expect requires an ID and cannot be used with --next";
                return Err(UsageError(only.to_owned()).into());
            }
            None => claim_next(workspace, actor, &self.which.filter(context), lease).await?,
        };
        note_open_dependencies(context, &claimed.task, &claimed.blocked_by);
        if let Some(before) = describe_takeover(&claimed, &actor.name) {
            context.ui.print_note(&before);
        }
        context
            .ui
            .print_record(&claimed, &render(&claimed, context))
    }
}

/// Returns a note about a task that was not pending or approved, or was assigned to someone else.
fn describe_takeover(claimed: &TaskDetails, actor: &str) -> Option<String> {
    let claim = claimed.task.claim.as_ref()?;
    let status = claim.status_before?;
    let other = claim.assigned_before.as_ref().filter(|who| *who != actor);
    let assigned = other.map(|who| format!(" and was assigned to {who}"));
    let is_usual = matches!(status, TaskStatus::Pending | TaskStatus::Approved);
    (!is_usual || other.is_some()).then(|| {
        format!(
            "{} had the status {status}{}",
            claimed.task.id,
            assigned.unwrap_or_default()
        )
    })
}

fn render(claimed: &TaskDetails, context: &Context) -> String {
    let task = &claimed.task;
    let end = task
        .claim
        .as_ref()
        .map(|claim| format_until(claim.expires, context.ui.now));
    format!(
        "Claimed {} until {}: {}",
        task.id,
        end.unwrap_or_default(),
        task.title
    )
}
