//! Actions on the task graph.

use std::collections::{HashMap, HashSet};

use wsdb_core::{
    Page, Task, TaskFilter, TaskId, TaskStatus, Vocabulary, blockers, cycle, natural_order,
};
use wsdb_store::{Connection, Store, Transaction};

use crate::claims::task_views;
use crate::hands::{tasks_in_progress_of, tasks_in_progress_of_others};
use crate::tasks::{details, edit_task};
use crate::views::{
    Blocked, Graph, Next, Node, PriorityReason, ReadyTask, TaskDetails, TaskView, Top,
};
use crate::{Actor, Error, Precondition, Workspace, resolve, resolve_or_accept_new};

/// Returns an error if new dependencies of a task would close a cycle.
pub(crate) async fn refuse_cycles(
    store: &Store<Transaction>,
    task: &TaskId,
    new: &[TaskId],
) -> Result<(), Error> {
    if new.is_empty() {
        return Ok(());
    }
    let edges = store.tasks().edges_to(task).await?;
    match cycle(&edges, task, new) {
        Some(way) => Err(Error::Cycle(way)),
        None => Ok(()),
    }
}

/// Makes a task depend on others, which need not exist yet.
///
/// # Errors
/// [`Error::Cycle`] if one of them depends on the task, and the errors of [`crate::edit_tasks`].
pub async fn add_dependencies(
    workspace: &Workspace,
    actor: &Actor,
    word: &str,
    on: &[String],
    expected: &Precondition,
) -> Result<TaskDetails, Error> {
    let change = async |store: &Store<Transaction>| {
        let id = resolve(&store.tasks(), word).await?;
        let on = resolve_or_accept_new(&store.tasks(), on).await?;
        edit_task(store, actor, &id, expected, |task| {
            for id in &on {
                if !task.dependencies.contains(id) {
                    task.dependencies.push(id.clone());
                }
            }
        })
        .await?;
        details(store, &id, actor.now).await
    };
    workspace.by(actor, "task dep add").write(change).await
}

/// Removes dependencies of a task.
///
/// # Errors
/// [`Error::Invalid`] for each task that it does not depend on, and the errors of
/// [`crate::edit_tasks`].
pub async fn remove_dependencies(
    workspace: &Workspace,
    actor: &Actor,
    word: &str,
    on: &[String],
    expected: &Precondition,
) -> Result<TaskDetails, Error> {
    let change = async |store: &Store<Transaction>| {
        let id = resolve(&store.tasks(), word).await?;
        let on = resolve_or_accept_new(&store.tasks(), on).await?;
        let known = store.tasks().get(&id).await?.dependencies;
        let strangers = on.iter().filter(|other| !known.contains(other));
        let not_one = |other| Error::Invalid(format!("{id} does not depend on {other}"));
        Error::all(strangers.map(not_one).collect())?;
        edit_task(store, actor, &id, expected, |task| {
            task.dependencies.retain(|other| !on.contains(other));
        })
        .await?;
        details(store, &id, actor.now).await
    };
    workspace.by(actor, "task dep rm").write(change).await
}

/// Returns the tasks of `filter` that the actor can start or continue, and their total number on
/// all pages; see [`wsdb_store::Tasks::ready`].
pub async fn ready_tasks<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    filter: &TaskFilter,
) -> Result<(Vec<ReadyTask>, u64), Error> {
    let (found, total) = store
        .tasks()
        .ready(filter, Some(&actor.name), actor.now)
        .await?;
    let (tasks, unblocks): (Vec<Task>, Vec<u64>) = found
        .into_iter()
        .map(|ready| (ready.task, ready.unblocks))
        .unzip();
    let views = task_views(store, tasks, actor.now).await?.into_iter();
    let ready = views.zip(unblocks).map(|(task, unblocks_count)| ReadyTask {
        mine: task
            .claim
            .as_ref()
            .is_some_and(|c| c.is_held_by(&actor.name)),
        task,
        unblocks_count,
    });
    Ok((ready.collect(), total))
}

/// Returns the open tasks of `filter` that are blocked, with their open dependencies, and their
/// total number on all pages; see [`wsdb_store::Tasks::blocked`].
pub async fn blocked_tasks<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    filter: &TaskFilter,
) -> Result<(Vec<Blocked>, u64), Error> {
    let (found, total) = store.tasks().blocked(filter).await?;
    let ids: HashSet<&TaskId> = found.iter().flat_map(|task| &task.dependencies).collect();
    let ids: Vec<TaskId> = ids.into_iter().cloned().collect();
    let known = store.tasks().statuses(&ids).await?;
    let blocked = |task: TaskView| Blocked {
        waits_for: blockers(&task.dependencies, &known)
            .into_iter()
            .map(Into::into)
            .collect(),
        task,
    };
    let views = task_views(store, found, actor.now).await?.into_iter();
    Ok((views.map(blocked).collect(), total))
}

/// Returns the next task of `filter` and the reason; if none is ready, what blocks the others.
pub async fn next_task<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    filter: &TaskFilter,
) -> Result<Next, Error> {
    let with = |page| TaskFilter {
        page,
        ..filter.clone()
    };
    let (found, _) = ready_tasks(store, actor, &with(Page::first(2))).await?;
    let mut found = found.into_iter();
    let (task, second) = (found.next(), found.next());
    let because = task.as_ref().map(|first| reason(first, second.as_ref()));
    let mut in_progress = tasks_in_progress_of(store, actor, filter, MAX_LISTED + 1).await?;
    let own = in_progress.first.len();
    let is_other = |own: &TaskView| task.as_ref().is_none_or(|task| task.task.id != own.id);
    in_progress.first.retain(is_other);
    in_progress.total -= (own - in_progress.first.len()) as u64;
    in_progress.first.truncate(MAX_LISTED as usize);
    let mut next = Next {
        in_progress,
        task,
        because,
        second,
        held: None,
        unknown_repos: Vec::new(),
        blocked: None,
        open: None,
    };
    if next.task.is_none() {
        let (mut first, total) = blocked_tasks(store, actor, &with(Page::first(5))).await?;
        let told = |task: &TaskId| next.in_progress.first.iter().any(|own| own.id == *task);
        first.retain(|blocked| !told(&blocked.task.id));
        next.blocked = Some(Top { first, total });
        let all = TaskStatus::ALL.iter().copied();
        let open = TaskFilter {
            status: all.filter(|status| !status.is_terminal()).collect(),
            ..with(Page::default())
        };
        next.open = Some(store.tasks().count(&open).await?);
        next.held = Some(tasks_in_progress_of_others(store, actor, filter, MAX_LISTED).await?);
        if !filter.repo.is_empty() {
            let known = store.tasks().repos().await?;
            let unknown = filter.repo.iter().filter(|repo| !known.contains(repo));
            next.unknown_repos = unknown.cloned().collect();
        }
    }
    Ok(next)
}

/// Maximum number of tasks shown as in progress, for the actor and for others.
const MAX_LISTED: u64 = 5;

fn reason(first: &ReadyTask, second: Option<&ReadyTask>) -> PriorityReason {
    match second {
        _ if first.mine => PriorityReason::Mine,
        None => PriorityReason::OnlyOne,
        Some(second) if first.task.priority != second.task.priority => PriorityReason::Priority,
        Some(second) if first.unblocks_count != second.unblocks_count => PriorityReason::Unblocks,
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
    word: Option<&str>,
    open: bool,
) -> Result<Graph, Error> {
    let tasks = store.tasks();
    let around = match word {
        Some(word) => Some(match resolve(&tasks, word).await {
            // Others may depend on a task that does not exist.
            Err(error @ Error::NotFound { .. }) => {
                let missing = resolve_or_accept_new(&tasks, &[word.to_owned()])
                    .await?
                    .pop();
                let waited_for = match &missing {
                    Some(id) => !tasks.edges_around(id, false).await?.is_empty(),
                    None => false,
                };
                missing.filter(|_| waited_for).ok_or(error)?
            }
            found => found?,
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
    let places: HashMap<&TaskId, usize> = ids.iter().zip(0..).collect();
    edges.sort_unstable_by_key(|edge| (places[&edge.depends_on], places[&edge.task]));
    let mut known: HashMap<TaskId, Node> = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(1000) {
        let filter = TaskFilter {
            ids: chunk.to_vec(),
            ..TaskFilter::default()
        };
        let found = tasks.list(&filter).await?;
        known.extend(found.into_iter().map(|task| (task.id.clone(), task.into())));
    }
    let node = |id| known.remove(&id).unwrap_or_else(|| Node::missing(id));
    Ok(Graph {
        nodes: ids.into_iter().map(node).collect(),
        edges,
    })
}
