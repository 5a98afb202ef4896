//! `wsdb goal status`, and the commands that set one status

use clap::Args;
use wsdb_core::{ArchitectureGoal, TaskStatus};

use crate::args::{Targets, vocabulary_parser};
use crate::commands::edit::edit_records;
use crate::context::Context;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb goal status 2 --to deferred")]
pub(crate) struct SetStatus {
    #[command(flatten)]
    pub(super) targets: Targets,
    /// New status
    #[arg(long, value_name = "STATUS", value_parser = vocabulary_parser::<TaskStatus>())]
    pub(super) to: TaskStatus,
}

pub(super) async fn run(
    context: &Context,
    targets: &Targets,
    status: TaskStatus,
) -> anyhow::Result<()> {
    let edit = |goal: &mut ArchitectureGoal| goal.status = status;
    let goals = edit_records(context, &format!("goal {status}"), targets, edit).await?;
    context.ui.print_records("goals", &goals, |goal| {
        let words = goal.architectural_goal.as_deref();
        let words = words.map(|words| format!(": {words}")).unwrap_or_default();
        format!("{} is now {}{words}", goal.id, goal.status)
    })
}
