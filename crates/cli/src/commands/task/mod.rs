//! `wsdb task`

mod add;
mod blocked;
mod claim;
mod dep;
mod edit;
mod graph;
mod heartbeat;
mod list;
mod ready;
mod release;
mod rm;
mod set_status;
mod show;
mod stats;

use clap::{Args, Subcommand};
use wsdb_core::{Priority, TaskFilter, TaskStatus};

use super::Context;
use super::rm::Rm;
use crate::args::{Targets, name, text_or_stdin, vocabulary_parser};
use crate::error::UsageError;

#[derive(Debug, Subcommand)]
pub(crate) enum Task {
    /// Add a task
    #[command(visible_alias = "new")]
    Add(add::Add),
    /// List tasks
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
    /// List open tasks that are blocked by others
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
    Edit(edit::Edit),
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
    pub(crate) fn creates_records(&self) -> bool {
        !matches!(
            self,
            Task::List(_)
                | Task::Ready(_)
                | Task::Blocked(_)
                | Task::Graph(_)
                | Task::Show(_)
                | Task::Rm(_)
                | Task::Stats
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
            Task::Edit(command) => return command.run(context).await,
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

/// The filters of a list of tasks.
#[derive(Debug, Args)]
pub(crate) struct FilterArgs {
    /// Filter by repo affected
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    repo: Vec<String>,
    /// Filter by assignee
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = name)]
    assigned_to: Vec<String>,
    /// Filter by priority
    #[arg(long, short, value_delimiter = ',', value_parser = vocabulary_parser::<Priority>())]
    priority: Vec<Priority>,
}

impl FilterArgs {
    pub(crate) fn is_empty(&self) -> bool {
        self.repo.is_empty() && self.assigned_to.is_empty() && self.priority.is_empty()
    }

    pub(crate) fn filter(self) -> TaskFilter {
        TaskFilter {
            repo: self.repo,
            assigned_to: self.assigned_to,
            priority: self.priority,
            ..TaskFilter::default()
        }
    }
}

/// The fields of a task besides its title.
#[derive(Debug, Default, PartialEq, Args)]
pub(super) struct FieldArgs {
    /// Description (- reads stdin)
    #[arg(long, short, value_name = "TEXT")]
    description: Option<String>,
    /// Priority
    #[arg(long, short, value_parser = vocabulary_parser::<Priority>())]
    priority: Option<Priority>,
    /// Repos affected (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    repo: Vec<String>,
    /// Tasks that it depends on (comma-separated; may not exist yet)
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = name)]
    depends_on: Vec<String>,
    /// Assignee
    #[arg(long, visible_alias = "assigned-to", value_name = "NAME", value_parser = name)]
    assign: Option<String>,
    /// Notes (- reads stdin)
    #[arg(long, short, value_name = "TEXT")]
    notes: Option<String>,
    /// Related files (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    file: Vec<String>,
    /// Workflow it belongs to
    #[arg(long, value_name = "ID")]
    workflow: Option<String>,
    /// Repo that is responsible for it
    #[arg(long, value_name = "REPO", value_parser = name)]
    assigned_repo: Option<String>,
    /// Person or agent who assigned it
    #[arg(long, value_name = "NAME", value_parser = name)]
    assigned_by: Option<String>,
    /// Grade of the plan
    #[arg(long, value_name = "GRADE")]
    plan_grade: Option<String>,
    /// Grade of the completed work
    #[arg(long, value_name = "GRADE")]
    completion_grade: Option<String>,
    /// Scale tier
    #[arg(long, value_name = "N")]
    scale_tier: Option<i64>,
}

impl FieldArgs {
    /// Reads stdin, resolves ids and returns a function that sets the given fields.
    async fn resolve(
        self,
        context: &Context,
    ) -> anyhow::Result<impl Fn(&mut wsdb_core::Task) + use<>> {
        if [&self.description, &self.notes].map(Option::as_deref) == [Some("-"); 2] {
            let both = "only one of --description and --notes can read stdin";
            return Err(UsageError(both.to_owned()).into());
        }
        let description = text_or_stdin(self.description)?;
        let notes = text_or_stdin(self.notes)?;
        let tasks = context.workspace.store.tasks();
        let dependencies = wsdb_app::resolve_or_accept_new(&tasks, &self.depends_on).await?;
        let fields = FieldArgs {
            description: None,
            notes: None,
            ..self
        };
        Ok(move |task: &mut wsdb_core::Task| {
            set(&mut task.description, &description);
            set(&mut task.priority, &fields.priority);
            set_list(&mut task.repos_affected, &fields.repo);
            set_list(&mut task.dependencies, &dependencies);
            set(&mut task.assigned_to, &fields.assign);
            set(&mut task.notes, &notes);
            set_list(&mut task.related_files, &fields.file);
            set(&mut task.workflow_id, &fields.workflow);
            set(&mut task.assigned_repo, &fields.assigned_repo);
            set(&mut task.assigned_by, &fields.assigned_by);
            set(&mut task.bastard_plan_grade, &fields.plan_grade);
            set(&mut task.bastard_completion_grade, &fields.completion_grade);
            set(&mut task.scale_tier, &fields.scale_tier);
        })
    }
}

/// Overwrites a field if a value is given.
pub(super) fn set<T: Clone>(field: &mut Option<T>, value: &Option<T>) {
    if value.is_some() {
        field.clone_from(value);
    }
}

/// Overwrites a list if the new one is not empty.
pub(super) fn set_list<T: Clone>(field: &mut Vec<T>, values: &[T]) {
    if !values.is_empty() {
        *field = values.to_vec();
    }
}
