//! Who is working on which tasks: in progress and assigned to them, or claimed by them.

use wsdb_core::{Claim, ClaimFilter, Page, Task, TaskFilter, TaskId, TaskSort, TaskStatus};
use wsdb_store::{Connection, Store};

use crate::claims::task_views;
use crate::views::{TaskView, Top};
use crate::{Actor, Error};

/// Matches the tasks of `filter` that are in progress, highest priority first.
fn in_progress_filter(filter: &TaskFilter, limit: u64) -> TaskFilter {
    TaskFilter {
        status: vec![TaskStatus::InProgress],
        sort: TaskSort::Priority,
        page: Page::first(limit),
        ..filter.clone()
    }
}

fn is_in_progress_by(task: &Task, actor: &Actor) -> bool {
    task.status == TaskStatus::InProgress && task.assigned_to.as_ref() == Some(&actor.name)
}

/// Returns the tasks of `filter` that the actor works on, including those with an expired claim.
pub(crate) async fn tasks_in_progress_of<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    filter: &TaskFilter,
    limit: u64,
) -> Result<Top<TaskView>, Error> {
    let own = TaskFilter {
        assigned_to: vec![actor.name.clone()],
        ..in_progress_filter(filter, limit)
    };
    let held = ClaimFilter {
        holder: vec![actor.name.clone()],
        page: Page::first(limit),
        ..ClaimFilter::default()
    };
    let held = store.tasks().claims().list(&held).await?;
    let is_told = |task: &Task| is_in_progress_by(task, actor);
    with_claimed_tasks(store, actor, (&own, limit), held, is_told).await
}

/// Returns the tasks of `filter` that others work on. Expired claims do not count.
pub(crate) async fn tasks_in_progress_of_others<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    filter: &TaskFilter,
    limit: u64,
) -> Result<Top<TaskView>, Error> {
    let others = TaskFilter {
        not_assigned_to: Some(actor.name.clone()),
        ..in_progress_filter(filter, limit)
    };
    let mut held = store.tasks().claims().all().await?;
    held.retain(|claim| claim.holder != actor.name && !claim.is_expired(actor.now));
    let is_told =
        |task: &Task| task.status == TaskStatus::InProgress && !is_in_progress_by(task, actor);
    with_claimed_tasks(store, actor, (&others, limit), held, is_told).await
}

/// Returns the tasks of a filter, and the claimed tasks that the filter does not match.
async fn with_claimed_tasks<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    (filter, limit): (&TaskFilter, u64),
    held: Vec<Claim>,
    is_included: impl Fn(&Task) -> bool,
) -> Result<Top<TaskView>, Error> {
    let mut total = store.tasks().count(filter).await?;
    let mut found = store.tasks().list(filter).await?;
    let ids: Vec<TaskId> = held.into_iter().map(|claim| claim.id).collect();
    if !ids.is_empty() {
        let claimed = TaskFilter {
            ids,
            status: Vec::new(),
            assigned_to: Vec::new(),
            not_assigned_to: None,
            page: Page::default(),
            ..filter.clone()
        };
        let mut claimed = store.tasks().list(&claimed).await?;
        claimed.retain(|task| !is_included(task));
        total += claimed.len() as u64;
        found.extend(claimed);
    }
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let first = task_views(store, found, actor.now).await?;
    Ok(Top { first, total })
}
