//! `wsdb task list`

use clap::Args;
use wsdb_app::list_tasks;
use wsdb_app::views::Listing;
use wsdb_core::{Priority, Session, Since, StatusChoice, Task, TaskFilter, TaskSort, TaskStatus};

use crate::args::{
    OpenArgs, Paging, chosen_statuses, name, repo_name, sort_parser, split_words, status_parser,
    vocabulary_parser,
};
use crate::commands::resolve_filter;
use crate::context::Context;
use crate::render::task::TASKS;
use crate::time::parse_since;
use crate::ui::list::ListCounts;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  wsdb task list --status pending,blocked --repo orchard-core --priority HIGH")]
pub(crate) struct List {
    /// Filter by status; open means every status of an unfinished task (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = status_parser::<TaskStatus>())]
    status: Vec<StatusChoice<TaskStatus>>,
    #[command(flatten)]
    which: OpenArgs,
    /// Filter by priority (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = vocabulary_parser::<Priority>())]
    priority: Vec<Priority>,
    /// Filter by affected repo (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = repo_name)]
    repo: Vec<String>,
    /// Filter by assignee (comma-separated)
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = name)]
    assigned_to: Vec<String>,
    /// Only tasks assigned to nobody
    #[arg(long, conflicts_with_all = ["assigned_to", "mine"])]
    unassigned: bool,
    /// Only tasks assigned to you or claimed by you
    #[arg(long)]
    mine: bool,
    /// Filter by the session in which the task was created (comma-separated)
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    session: Vec<String>,
    /// Only tasks that depend on this task
    #[arg(long, value_name = "ID")]
    depends_on: Option<String>,
    /// Filter by words in ID, title, description or notes (all must occur)
    #[arg(long, short, value_name = "TEXT")]
    text: Vec<String>,
    /// Only tasks updated since this time, such as 7d (ago) or 2025-11-20
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    since: Option<Since>,
    /// Sort order (times: oldest first)
    #[arg(long, default_value = "created", value_parser = sort_parser(SORTS))]
    sort: TaskSort,
    #[command(flatten)]
    paging: Paging,
}

const SORTS: &[(&str, TaskSort)] = &[
    ("created", TaskSort::Created),
    ("updated", TaskSort::Updated),
    ("priority", TaskSort::Priority),
    ("status", TaskSort::Status),
    ("title", TaskSort::Title),
    ("id", TaskSort::Id),
];

impl List {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let depends_on = resolve_filter::<Task>(context, self.depends_on.as_slice()).await?;
        let mut filter = TaskFilter {
            ids: Vec::new(),
            status: chosen_statuses(self.status),
            open: None,
            priority: self.priority,
            repo: self.repo,
            assigned_to: self.assigned_to,
            assigned: self.unassigned.then_some(false),
            not_worker: None,
            worker: self.mine.then(|| context.actor.name.clone()),
            session: resolve_filter::<Session>(context, &self.session).await?,
            depends_on: depends_on.into_iter().next(),
            text: split_words(&self.text),
            since: self.since,
            sort: self.sort,
            reverse: self.paging.reverse,
            page: self.paging.page(context.ui.format),
        };
        let store = &context.workspace.store;
        let hidden = self.which.apply::<Task>(context, &mut filter).await?;
        let Listing { records, total } = list_tasks(store, &filter, context.ui.now).await?;
        let counts = ListCounts {
            page: filter.page,
            total,
            hidden: Some(hidden),
        };
        context.ui.list_counted("tasks", &records, counts, TASKS)
    }
}
