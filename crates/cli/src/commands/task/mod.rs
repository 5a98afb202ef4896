//! `wsdb task`

mod add;
mod blocked;
mod claim;
mod dep;
mod edit;
mod fields;
pub(crate) mod filter;
mod graph;
mod heartbeat;
mod list;
mod ready;
mod release;
mod rm;
mod set_status;
mod show;
mod stats;

use clap::Subcommand;
use wsdb_core::TaskStatus;

use super::edit::Edit;
use super::rm::Rm;
use crate::args::Targets;
use crate::context::Context;

#[derive(Debug, Subcommand)]
pub(crate) enum Task {
    /// Add a task
    #[command(visible_alias = "new")]
    Add(add::Add),
    /// List tasks, oldest first
    #[command(visible_alias = "ls")]
    List(list::List),
    /// List ready tasks, highest priority first
    Ready(ready::Ready),
    /// Claim a task so that nobody else takes it
    Claim(claim::Claim),
    /// Extend your claims on tasks
    #[command(visible_alias = "renew")]
    Heartbeat(heartbeat::Heartbeat),
    /// Release claims on tasks
    #[command(visible_alias = "unclaim")]
    Release(release::Release),
    /// List blocked tasks with their reasons, highest priority first
    Blocked(blocked::Blocked),
    /// Show the dependency graph
    Graph(graph::ShowGraph),
    /// Add or remove dependencies
    #[command(
        subcommand,
        visible_alias = "deps",
        after_help = "Example:\n  wsdb task dep add 7 3 4"
    )]
    Dep(dep::Dep),
    /// Show a task
    Show(show::Show),
    /// Edit tasks
    #[command(after_help = "Example:
  wsdb task edit 7 --priority CRITICAL --clear assigned-to")]
    Edit(Edit<wsdb_core::Task>),
    /// Start tasks (status in_progress)
    #[command(after_help = "Example:\n  wsdb task start 7")]
    Start(Targets),
    /// Complete tasks (status completed)
    #[command(
        visible_alias = "complete",
        after_help = "Example:\n  wsdb task done 7 8"
    )]
    Done(Targets),
    /// Mark tasks as blocked (status blocked)
    #[command(after_help = "Example:\n  wsdb task block 7")]
    Block(Targets),
    /// Defer tasks (status deferred)
    #[command(after_help = "Example:\n  wsdb task defer 7")]
    Defer(Targets),
    /// Approve tasks (status approved)
    #[command(after_help = "Example:\n  wsdb task approve 7")]
    Approve(Targets),
    /// Close tasks without completing them (status closed)
    #[command(after_help = "Example:\n  wsdb task close 7")]
    Close(Targets),
    /// Cancel tasks (status cancelled)
    #[command(after_help = "Example:\n  wsdb task cancel 7")]
    Cancel(Targets),
    /// Reopen tasks (status pending)
    #[command(after_help = "Example:\n  wsdb task reopen 7")]
    Reopen(Targets),
    /// Set the status of tasks
    Status(set_status::SetStatus),
    /// Delete tasks
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb task rm 7"
    )]
    Rm(Rm),
    /// Count tasks by status and priority
    #[command(after_help = "Example:\n  wsdb task stats")]
    Stats,
}

impl Task {
    /// Returns whether this command may create a missing database.
    pub(crate) fn may_create_database(&self) -> bool {
        matches!(
            self,
            Task::Add(_)
                | Task::Claim(_)
                | Task::Heartbeat(_)
                | Task::Release(_)
                | Task::Dep(_)
                | Task::Edit(_)
                | Task::Start(_)
                | Task::Done(_)
                | Task::Block(_)
                | Task::Defer(_)
                | Task::Approve(_)
                | Task::Close(_)
                | Task::Cancel(_)
                | Task::Reopen(_)
                | Task::Status(_)
        )
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let (targets, status) = match self {
            Task::Add(command) => return command.run(context).await,
            Task::List(command) => return command.run(context).await,
            Task::Ready(command) => return command.run(context).await,
            Task::Claim(command) => return command.run(context).await,
            Task::Heartbeat(command) => return command.run(context).await,
            Task::Release(command) => return command.run(context).await,
            Task::Blocked(command) => return command.run(context).await,
            Task::Graph(command) => return command.run(context).await,
            Task::Dep(command) => return command.run(context).await,
            Task::Show(command) => return command.run(context).await,
            Task::Edit(command) => return edit::run(command, context).await,
            Task::Rm(command) => return rm::run(command, context).await,
            Task::Stats => return stats::run(context).await,
            Task::Status(command) => (command.targets, command.to),
            Task::Start(targets) => (targets, TaskStatus::InProgress),
            Task::Done(targets) => (targets, TaskStatus::Completed),
            Task::Block(targets) => (targets, TaskStatus::Blocked),
            Task::Defer(targets) => (targets, TaskStatus::Deferred),
            Task::Approve(targets) => (targets, TaskStatus::Approved),
            Task::Close(targets) => (targets, TaskStatus::Closed),
            Task::Cancel(targets) => (targets, TaskStatus::Cancelled),
            Task::Reopen(targets) => (targets, TaskStatus::Pending),
        };
        set_status::run(context, &targets, status).await
    }
}
