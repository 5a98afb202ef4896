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
use crate::args::{Targets, known, name, text_or_stdin};
use crate::error::Usage;

#[derive(Debug, Subcommand)]
pub(crate) enum Task {
    /// Add a task
    #[command(visible_alias = "new")]
    Add(add::Add),
    /// List tasks
    #[command(visible_alias = "ls")]
    List(list::List),
    /// List the tasks that can be begun, the best first
    Ready(ready::Ready),
    /// Take a task in hand, for a while: nobody else gets it
    Claim(claim::Claim),
    /// Keep tasks that you claimed for longer
    #[command(visible_alias = "renew")]
    Heartbeat(heartbeat::Heartbeat),
    /// Give tasks that you claimed back
    #[command(visible_alias = "unclaim")]
    Release(release::Release),
    /// List the open tasks that wait for others, and for which
    Blocked(blocked::Blocked),
    /// Show what waits for what
    Graph(graph::ShowGraph),
    /// Let tasks wait for others, or no longer
    #[command(
        subcommand,
        visible_alias = "deps",
        after_help = "Example:\n  wsdb task dep add 7 3 4"
    )]
    Dep(dep::Dep),
    /// Show a task, with what it waits for and what waits for it
    Show(show::Show),
    /// Change fields of tasks
    Edit(edit::Edit),
    /// Begin tasks: in_progress
    Start(Targets),
    /// Complete tasks: completed
    #[command(visible_alias = "complete")]
    Done(Targets),
    /// Mark tasks as blocked
    Block(Targets),
    /// Put tasks off: deferred
    Defer(Targets),
    /// Agree on tasks: approved
    Approve(Targets),
    /// End tasks without doing them: closed
    Close(Targets),
    /// Give tasks up: cancelled
    Cancel(Targets),
    /// Take tasks up again: pending
    Reopen(Targets),
    /// Move tasks to any status
    Status(set_status::SetStatus),
    /// Delete tasks
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb task rm 7"
    )]
    Rm(Rm),
    /// Count tasks by status and priority
    Stats,
}

impl Task {
    /// Whether it writes records, and not only what is there already.
    pub(crate) fn makes(&self) -> bool {
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

/// Which tasks are looked at.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// A repo they touch
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    repo: Vec<String>,
    /// Who does them
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = name)]
    assigned_to: Vec<String>,
    /// How pressing they are
    #[arg(long, short, value_delimiter = ',', value_parser = known::<Priority>())]
    priority: Vec<Priority>,
}

impl Which {
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

/// What a task can be given beside its title.
#[derive(Debug, Default, PartialEq, Args)]
pub(super) struct Fields {
    /// What is to be done, at length; - reads stdin
    #[arg(long, short, value_name = "TEXT")]
    description: Option<String>,
    /// How pressing it is
    #[arg(long, short, value_parser = known::<Priority>())]
    priority: Option<Priority>,
    /// The repos it touches, in place of those it has; several with commas
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    repo: Vec<String>,
    /// The tasks that come before it, in place of those it has; they may not exist yet
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = name)]
    depends_on: Vec<String>,
    /// Who does it
    #[arg(long, visible_alias = "assigned-to", value_name = "NAME", value_parser = name)]
    assign: Option<String>,
    /// Remarks; - reads stdin
    #[arg(long, short, value_name = "TEXT")]
    notes: Option<String>,
    /// Files it is about, in place of those it has; several with commas
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    file: Vec<String>,
    /// The workflow it belongs to
    #[arg(long, value_name = "ID")]
    workflow: Option<String>,
    /// The one repo that is told to do it
    #[arg(long, value_name = "REPO", value_parser = name)]
    assigned_repo: Option<String>,
    /// Who assigned it
    #[arg(long, value_name = "NAME", value_parser = name)]
    assigned_by: Option<String>,
    /// The grade of its plan
    #[arg(long, value_name = "GRADE")]
    plan_grade: Option<String>,
    /// The grade of its completion
    #[arg(long, value_name = "GRADE")]
    completion_grade: Option<String>,
    /// Its size class
    #[arg(long, value_name = "N")]
    scale_tier: Option<i64>,
}

impl Fields {
    /// Reads stdin and looks ids up; what comes back changes a task.
    async fn ready(
        self,
        context: &Context,
    ) -> anyhow::Result<impl Fn(&mut wsdb_core::Task) + use<>> {
        if [&self.description, &self.notes].map(Option::as_deref) == [Some("-"); 2] {
            let both = "only one of --description and --notes can come from stdin";
            return Err(Usage(both.to_owned()).into());
        }
        let description = text_or_stdin(self.description)?;
        let notes = text_or_stdin(self.notes)?;
        let tasks = context.workspace.store.tasks();
        let dependencies = wsdb_app::resolve_or_keep(&tasks, &self.depends_on).await?;
        let fields = Fields {
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

/// Writes a value over a field, if there is one.
pub(super) fn set<T: Clone>(field: &mut Option<T>, value: &Option<T>) {
    if value.is_some() {
        field.clone_from(value);
    }
}

/// Writes a list over a field, if it isn't empty.
pub(super) fn set_list<T: Clone>(field: &mut Vec<T>, values: &[T]) {
    if !values.is_empty() {
        *field = values.to_vec();
    }
}
