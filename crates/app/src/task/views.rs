//! Tasks with their claims, dependencies and decisions, as views.

use std::collections::HashSet;

use wsdb_core::{Claim, Task, TaskFilter, TaskId, Timestamp, blockers};
use wsdb_store::{Connection, Store};

use crate::Error;
use crate::decision::queries::decisions_of_task;
use crate::lookup::load;
use crate::views::{EditedTask, Listing, TaskDetails, TaskView};

/// Returns a task with its open dependencies and the tasks that depend on it.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`].
pub async fn show_task<C: Connection>(
    store: &Store<C>,
    name: &str,
    now: Timestamp,
) -> Result<TaskDetails, Error> {
    let task = load(&store.tasks(), name).await?;
    let claim = store.tasks().claims().find(&task.id).await?;
    task_details(store, task, claim, now).await
}

/// Returns the tasks that match a filter, and their total number on all pages.
pub async fn list_tasks<C: Connection>(
    store: &Store<C>,
    filter: &TaskFilter,
    now: Timestamp,
) -> Result<Listing<TaskView>, Error> {
    let total = store.tasks().count(filter).await?;
    let tasks = store.tasks().list(filter).await?;
    let records = task_views(store, tasks, now).await?;
    Ok(Listing { records, total })
}

/// Returns the views of tasks with their claims.
pub(crate) async fn task_views<C: Connection>(
    store: &Store<C>,
    tasks: Vec<Task>,
    now: Timestamp,
) -> Result<Vec<TaskView>, Error> {
    let ids: Vec<TaskId> = tasks.iter().map(|task| task.id.clone()).collect();
    let mut claims = store.tasks().claims_on(&ids).await?;
    let views = tasks.into_iter().map(|task| {
        let claim = claims.remove(&task.id);
        TaskView::new(task, claim, now)
    });
    Ok(views.collect())
}

/// Returns tasks with their open dependencies.
pub(crate) async fn with_blockers<C: Connection>(
    store: &Store<C>,
    tasks: Vec<TaskView>,
) -> Result<Vec<EditedTask>, Error> {
    let ids: HashSet<&TaskId> = tasks.iter().flat_map(|task| &task.dependencies).collect();
    let ids: Vec<TaskId> = ids.into_iter().cloned().collect();
    let known = store.tasks().statuses(&ids).await?;
    let with_blockers = tasks.into_iter().map(|task| {
        let blockers = blockers(&task.dependencies, &known).into_iter();
        EditedTask {
            blocked_by: blockers.map(Into::into).collect(),
            task,
        }
    });
    Ok(with_blockers.collect())
}

/// Returns a task and the claim on it with its open dependencies, the open tasks that it blocks and
/// the decisions linked to it.
pub(crate) async fn task_details<C: Connection>(
    store: &Store<C>,
    task: Task,
    claim: Option<Claim>,
    now: Timestamp,
) -> Result<TaskDetails, Error> {
    let statuses = store.tasks().statuses(&task.dependencies).await?;
    let blocked_by = blockers(&task.dependencies, &statuses);
    let dependents = TaskFilter {
        depends_on: Some(task.id.clone()),
        open: Some(true),
        ..TaskFilter::default()
    };
    let blocks = if task.status.is_terminal() {
        Vec::new()
    } else {
        store.tasks().list(&dependents).await?
    };
    let decisions = decisions_of_task(store, &task.id).await?;
    Ok(TaskDetails {
        task: TaskView::new(task, claim, now),
        blocked_by: blocked_by.into_iter().map(Into::into).collect(),
        blocks: blocks.into_iter().map(|task| task.id).collect(),
        decisions,
    })
}
