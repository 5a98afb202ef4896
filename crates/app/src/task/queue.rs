//! The order of work: ready and blocked tasks, the next task and the graph of dependencies.

use std::collections::{HashMap, HashSet};

use wsdb_core::{Page, Task, TaskFilter, TaskId, TaskStatus, Timestamp, natural_order};
use wsdb_store::{Connection, Store};

use super::in_progress::{tasks_in_progress_of, tasks_in_progress_of_others};
use super::views::{task_views, with_blockers};
use crate::views::{
    BlockedTask, Graph, Listing, Next, Node, PriorityReason, ReadyTask, TaskView, Top,
};
use crate::{Actor, Error, resolve, resolve_one_or_accept_new};

/// Maximum number of tasks listed as in progress, for the actor and for others, and as blocked.
const MAX_LISTED: u64 = 5;

/// Returns the tasks of `filter` that the actor can start or continue, and their total number on
/// all pages; see [`wsdb_store::Tasks::ready`].
pub async fn ready_tasks<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    filter: &TaskFilter,
) -> Result<Listing<ReadyTask>, Error> {
    let (ready, total) = store
        .tasks()
        .ready(filter, Some(&actor.name), actor.now)
        .await?;
    let (tasks, blocks): (Vec<Task>, Vec<u64>) = ready
        .into_iter()
        .map(|ready| (ready.task, ready.unblocks))
        .unzip();
    let views = task_views(store, tasks, actor.now).await?.into_iter();
    let ready = views.zip(blocks).map(|(task, blocks_count)| ReadyTask {
        mine: task
            .claim
            .as_ref()
            .is_some_and(|c| c.is_held_by(&actor.name)),
        task,
        blocks_count,
    });
    Ok(Listing {
        records: ready.collect(),
        total,
    })
}

/// Returns the open tasks of `filter` that are blocked, with the reasons, and their total number on
/// all pages; see [`wsdb_store::Tasks::blocked`].
pub async fn blocked_tasks<C: Connection>(
    store: &Store<C>,
    filter: &TaskFilter,
    now: Timestamp,
) -> Result<Listing<BlockedTask>, Error> {
    let (tasks, total) = store.tasks().blocked(filter).await?;
    let reasons = tasks
        .iter()
        .map(|task| task.blocked_reason().map(str::to_owned));
    let reasons: Vec<Option<String>> = reasons.collect();
    let views = task_views(store, tasks, now).await?;
    let views = with_blockers(store, views).await?.into_iter();
    let blocked = views
        .zip(reasons)
        .map(|(task, blocked_reason)| BlockedTask {
            blocked_by: task.blocked_by,
            task: task.task,
            blocked_reason,
        });
    Ok(Listing {
        records: blocked.collect(),
        total,
    })
}

/// Returns the first tasks of `filter` with one of these statuses that nobody is assigned to or has
/// claimed, and their number; see [`wsdb_store::Tasks::unassigned`].
pub(crate) async fn unassigned_tasks<C: Connection>(
    store: &Store<C>,
    filter: &TaskFilter,
    status: &[TaskStatus],
    limit: u64,
    now: Timestamp,
) -> Result<Top<TaskView>, Error> {
    let filter = TaskFilter {
        status: status.to_vec(),
        page: Page::first(limit),
        ..filter.clone()
    };
    let (tasks, total) = store.tasks().unassigned(&filter).await?;
    let first = task_views(store, tasks, now).await?;
    Ok(Top { first, total })
}

/// Statuses of tasks that somebody should work on, but that are not ready.
pub(crate) const STARTED: &[TaskStatus] = &[TaskStatus::InProgress, TaskStatus::Planning];

/// Returns the next task of `filter` and the reason, and the tasks that are blocked or unassigned; if
/// none is ready, also the tasks that others work on.
pub async fn next_task<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    filter: &TaskFilter,
) -> Result<Next, Error> {
    let with = |page| TaskFilter {
        page,
        ..filter.clone()
    };
    let ready = ready_tasks(store, actor, &with(Page::first(2)))
        .await?
        .records;
    let mut ready = ready.into_iter();
    let (task, second) = (ready.next(), ready.next());
    let reason = task
        .as_ref()
        .map(|first| priority_reason(first, second.as_ref()));
    let mut in_progress = tasks_in_progress_of(store, actor, filter, MAX_LISTED + 1).await?;
    let own_count = in_progress.first.len();
    let is_other = |own: &TaskView| task.as_ref().is_none_or(|task| task.task.id != own.id);
    in_progress.first.retain(is_other);
    in_progress.total -= (own_count - in_progress.first.len()) as u64;
    in_progress.first.truncate(MAX_LISTED as usize);
    let blocked = blocked_tasks(store, &with(Page::first(MAX_LISTED)), actor.now).await?;
    let mut next = Next {
        in_progress,
        task,
        reason,
        next_candidate: second,
        in_progress_by_others: None,
        unknown_repos: Vec::new(),
        blocked: Top {
            first: blocked.records,
            total: blocked.total,
        },
        unassigned: unassigned_tasks(store, filter, STARTED, MAX_LISTED, actor.now).await?,
        open_task_count: None,
    };
    if next.task.is_none() {
        next.open_task_count = Some(count_open(store, filter).await?);
        next.in_progress_by_others =
            Some(tasks_in_progress_of_others(store, actor, filter, MAX_LISTED).await?);
        if !filter.repo.is_empty() {
            let known = store.tasks().repos().await?;
            let unknown = filter.repo.iter().filter(|repo| !known.contains(repo));
            next.unknown_repos = unknown.cloned().collect();
        }
    }
    Ok(next)
}

/// Returns the number of open tasks of `filter`.
pub(super) async fn count_open<C: Connection>(
    store: &Store<C>,
    filter: &TaskFilter,
) -> Result<u64, Error> {
    let open = TaskFilter {
        open: Some(true),
        page: Page::default(),
        ..filter.clone()
    };
    Ok(store.tasks().count(&open).await?)
}

/// Returns why the first task is ranked above the second.
fn priority_reason(first: &ReadyTask, second: Option<&ReadyTask>) -> PriorityReason {
    match second {
        _ if first.mine => PriorityReason::Mine,
        None => PriorityReason::OnlyOne,
        Some(second) if first.task.priority != second.task.priority => PriorityReason::Priority,
        Some(second) if first.blocks_count != second.blocks_count => PriorityReason::Blocks,
        Some(_) => PriorityReason::Age,
    }
}

/// Returns the graph of all tasks with dependencies, or everything that one task depends on or
/// blocks, directly or indirectly. With `open`, only tasks that are not closed.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`].
pub async fn task_graph<C: Connection>(
    store: &Store<C>,
    name: Option<&str>,
    open: bool,
) -> Result<Graph, Error> {
    let tasks = store.tasks();
    let around = match name {
        Some(name) => Some(match resolve(&tasks, name).await {
            // Others may depend on a task that does not exist.
            Err(error @ Error::NotFound { .. }) => {
                let missing = resolve_one_or_accept_new(&tasks, name).await?;
                if tasks.edges_around(&missing, false).await?.is_empty() {
                    return Err(error);
                }
                missing
            }
            resolved => resolved?,
        }),
        None => None,
    };
    let mut edges = match &around {
        Some(id) => tasks.edges_around(id, open).await?,
        None => tasks.edges(open).await?,
    };
    let ends = edges.iter().flat_map(|edge| [&edge.task, &edge.depends_on]);
    let ids: HashSet<&TaskId> = ends.chain(&around).collect();
    let mut ids: Vec<TaskId> = ids.into_iter().cloned().collect();
    ids.sort_unstable_by(|a, b| natural_order(a.as_str(), b.as_str()));
    let positions: HashMap<&TaskId, usize> = ids.iter().zip(0..).collect();
    edges.sort_unstable_by_key(|edge| (positions[&edge.depends_on], positions[&edge.task]));
    let mut known: HashMap<TaskId, Node> = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(1000) {
        let filter = TaskFilter {
            ids: chunk.to_vec(),
            ..TaskFilter::default()
        };
        let tasks = tasks.list(&filter).await?;
        known.extend(tasks.into_iter().map(|task| (task.id.clone(), task.into())));
    }
    let node = |id| known.remove(&id).unwrap_or_else(|| Node::missing(id));
    Ok(Graph {
        nodes: ids.into_iter().map(node).collect(),
        edges,
    })
}
