//! Actions that add, change and delete tasks.

use wsdb_core::{Claim, Task, TaskId, TaskStatus, blockers, find_dependency_cycle};
use wsdb_store::{OnDelete, Store, Transaction};

use crate::session::current::open_session;
use crate::task::views::with_blockers;
use crate::validate::validate_single_line;
use crate::views::{EditedTask, TaskView};
use crate::{Actor, Error, Precondition, Workspace, resolve_all};

/// Adds a task with the next id; `fill` sets the fields other than the title. The task belongs to
/// the actor's open session, if there is one.
///
/// # Errors
/// [`Error::Malformed`] for a title that is empty or too long, [`Error::Cycle`] if a dependency
/// depends on the new task.
pub async fn add_task(
    workspace: &Workspace,
    actor: &Actor,
    title: &str,
    fill: impl Fn(&mut Task),
) -> Result<EditedTask, Error> {
    validate_single_line("title", title)?;
    workspace
        .by(actor, "task add")
        .write(async |store| {
            let session = open_session(store, actor).await?.map(|session| session.id);
            let added = store
                .tasks()
                .add(|id| {
                    let mut task = Task::new(id, title.to_owned(), actor.now);
                    task.session_created = session.clone();
                    fill(&mut task);
                    task
                })
                .await?;
            refuse_cycles(store, &added.id, &added.dependencies).await?;
            let statuses = store.tasks().statuses(&added.dependencies).await?;
            let blocked_by = blockers(&added.dependencies, &statuses).into_iter();
            Ok(EditedTask {
                blocked_by: blocked_by.map(Into::into).collect(),
                task: TaskView::new(added, None, actor.now),
            })
        })
        .await
}

/// Changes the named tasks, all or none.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`] for all names together, [`Error::Unexpected`] if a
/// task does not have the expected values, [`Error::Cycle`] if dependencies would form a cycle.
pub async fn edit_tasks(
    workspace: &Workspace,
    actor: &Actor,
    names: &[String],
    expected: &Precondition,
    edit: impl Fn(&mut Task),
) -> Result<Vec<EditedTask>, Error> {
    change(workspace, actor, "task edit", names, expected, edit).await
}

/// Changes the named tasks, all or none, as the action `verb`.
async fn change(
    workspace: &Workspace,
    actor: &Actor,
    verb: &str,
    names: &[String],
    expected: &Precondition,
    edit: impl Fn(&mut Task),
) -> Result<Vec<EditedTask>, Error> {
    workspace
        .by(actor, verb)
        .write(async |store| {
            let mut edited = Vec::new();
            for id in resolve_all(&store.tasks(), names).await? {
                let task = store.tasks().get(&id).await?;
                let (task, claim) = edit_task(store, actor, task, expected, &edit).await?;
                edited.push(TaskView::new(task, claim, actor.now));
            }
            with_blockers(store, edited).await
        })
        .await
}

/// Changes one task, which is `before` and was read in this transaction, and returns it with the
/// claim on it. Only new dependencies are checked for cycles, so that an imported task with a cycle
/// can be changed. Closing a task ends the claim on it.
pub(super) async fn edit_task(
    store: &Store<Transaction>,
    actor: &Actor,
    before: Task,
    expected: &Precondition,
    edit: impl Fn(&mut Task),
) -> Result<(Task, Option<Claim>), Error> {
    let tasks = store.tasks();
    let id = &before.id;
    let mut claim = tasks.claims().find(id).await?;
    expected.check::<Task>(id, || {
        TaskView::new(before.clone(), claim.clone(), actor.now)
    })?;
    let mut task = before.clone();
    edit(&mut task);
    validate_single_line("title", &task.title)?;
    if task.status != before.status {
        ensure_not_claimed_by_other(claim.as_ref(), actor)?;
    }
    if task.status.is_terminal() && claim.is_some() {
        claim = None;
        tasks.claims().delete(id, OnDelete::Respect).await?;
    }
    if task == before {
        return Ok((task, claim));
    }
    let mut new = task.dependencies.clone();
    new.retain(|other| !before.dependencies.contains(other));
    refuse_cycles(store, id, &new).await?;
    task.updated = actor.now;
    tasks.save_changed(before, task.clone()).await?;
    Ok((task, claim))
}

/// Returns an error if new dependencies of a task would close a cycle.
async fn refuse_cycles(
    store: &Store<Transaction>,
    task: &TaskId,
    new: &[TaskId],
) -> Result<(), Error> {
    if new.is_empty() {
        return Ok(());
    }
    let edges = store.tasks().edges_to(task).await?;
    match find_dependency_cycle(&edges, task, new) {
        Some(path) => Err(Error::Cycle(path)),
        None => Ok(()),
    }
}

/// Returns an error if somebody else has claimed the task and the lease has not expired.
pub(crate) fn ensure_not_claimed_by_other(
    claim: Option<&Claim>,
    actor: &Actor,
) -> Result<(), Error> {
    match claim.filter(|claim| claim.holder != actor.name && !claim.is_expired(actor.now)) {
        Some(claim) => Err(wsdb_store::Error::Claimed {
            own: false,
            claim: Box::new(claim.clone()),
        }
        .into()),
        None => Ok(()),
    }
}

/// Sets the status of the named tasks, all or none. Closing a task ends the claim on it.
///
/// # Errors
/// Same as [`edit_tasks`], and [`wsdb_store::Error::Claimed`] if somebody else has claimed one.
pub async fn set_task_status(
    workspace: &Workspace,
    actor: &Actor,
    names: &[String],
    expected: &Precondition,
    status: TaskStatus,
) -> Result<Vec<EditedTask>, Error> {
    change(
        workspace,
        actor,
        &format!("task {status}"),
        names,
        expected,
        |task| task.set_status(status, actor.now),
    )
    .await
}

/// Deletes the named tasks, all or none.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`] for all names together, and
/// [`wsdb_store::Error::StillReferenced`] if other records require one of them.
pub async fn remove_tasks(
    workspace: &Workspace,
    actor: &Actor,
    names: &[String],
    referrers: OnDelete,
) -> Result<Vec<TaskId>, Error> {
    workspace
        .by(actor, "task rm")
        .write(async |store| {
            let ids = resolve_all(&store.tasks(), names).await?;
            for id in &ids {
                if referrers == OnDelete::Respect {
                    let claim = store.tasks().claims().find(id).await?;
                    ensure_not_claimed_by_other(claim.as_ref(), actor)?;
                }
                store.tasks().delete(id, referrers).await?;
            }
            Ok(ids)
        })
        .await
}
