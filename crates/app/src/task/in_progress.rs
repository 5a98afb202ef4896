//! Who is working on which tasks: in progress and assigned to them, or claimed by them.

use wsdb_core::{Claim, ClaimFilter, Page, Task, TaskFilter, TaskId, TaskSort, TaskStatus};
use wsdb_store::{Connection, Store};

use crate::task::views::task_views;
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
    let own_tasks = TaskFilter {
        assigned_to: vec![actor.name.clone()],
        ..in_progress_filter(filter, limit)
    };
    let own_claims = ClaimFilter {
        holder: vec![actor.name.clone()],
        page: Page::first(limit),
        ..ClaimFilter::default()
    };
    let claims = store.tasks().claims().list(&own_claims).await?;
    let is_included = |task: &Task| is_in_progress_by(task, actor);
    with_claimed_tasks(store, actor, &own_tasks, claims, is_included).await
}

/// Returns the tasks of `filter` that others work on: claimed by them, or in progress and assigned to
/// them. Expired claims of others do not count; tasks of the actor ([`tasks_in_progress_of`]) are left
/// out.
pub(crate) async fn tasks_in_progress_of_others<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    filter: &TaskFilter,
    limit: u64,
) -> Result<Top<TaskView>, Error> {
    let others = TaskFilter {
        assigned: Some(true),
        not_worker: Some(actor.name.clone()),
        ..in_progress_filter(filter, limit)
    };
    let mut claims = store.tasks().claims().all().await?;
    claims.retain(|claim| claim.holder != actor.name && !claim.is_expired(actor.now));
    // Those that are assigned to the actor are among the own tasks, even if others have claimed them.
    let is_included =
        |task: &Task| task.status == TaskStatus::InProgress && task.assigned_to.is_some();
    with_claimed_tasks(store, actor, &others, claims, is_included).await
}

/// Returns the first tasks of a filter, and the claimed tasks, except those that `is_included` accepts:
/// the filter matches them, or they are not wanted.
async fn with_claimed_tasks<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    filter: &TaskFilter,
    claims: Vec<Claim>,
    is_included: impl Fn(&Task) -> bool,
) -> Result<Top<TaskView>, Error> {
    let mut total = store.tasks().count(filter).await?;
    let mut tasks = store.tasks().list(filter).await?;
    let ids: Vec<TaskId> = claims.into_iter().map(|claim| claim.id).collect();
    if !ids.is_empty() {
        let claimed = TaskFilter {
            ids,
            status: Vec::new(),
            assigned_to: Vec::new(),
            assigned: None,
            not_worker: None,
            page: Page::default(),
            ..filter.clone()
        };
        let mut claimed = store.tasks().list(&claimed).await?;
        claimed.retain(|task| !is_included(task));
        total += claimed.len() as u64;
        tasks.extend(claimed);
    }
    let limit = filter.page.limit.unwrap_or(u64::MAX);
    tasks.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let first = task_views(store, tasks, actor.now).await?;
    Ok(Top { first, total })
}
