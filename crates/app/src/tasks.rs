//! Actions on tasks.

use wsdb_core::{Claim, Task, TaskFilter, TaskId, TaskStatus, Timestamp, blockers};
use wsdb_store::{Connection, OnDelete, Store, Transaction};

use crate::claims::task_views;
use crate::decisions::decisions_of_task;
use crate::graph::refuse_cycles;
use crate::sessions::open_session;
use crate::views::{TaskDetails, TaskView};
use crate::{Actor, Error, Precondition, Workspace, resolve, resolve_all};

/// Maximum length of a title in characters; imports accept longer ones.
const MAX_TITLE_LEN: usize = 500;

pub(crate) fn validate_single_line(what: &str, text: &str) -> Result<(), Error> {
    if text.trim().is_empty() {
        Err(Error::Invalid(format!("the {what} is empty")))
    } else if text.chars().count() > MAX_TITLE_LEN {
        Err(Error::Invalid(format!(
            "the {what} is longer than {MAX_TITLE_LEN} characters"
        )))
    } else {
        Ok(())
    }
}

/// Adds a task with the next id; `fill` sets the fields other than the title. The task belongs to
/// the actor's open session, if there is one.
///
/// # Errors
/// [`Error::Invalid`] for a title that is empty or too long, [`Error::Cycle`] if a dependency
/// depends on the new task.
pub async fn add_task(
    workspace: &Workspace,
    actor: &Actor,
    title: &str,
    fill: impl Fn(&mut Task),
) -> Result<TaskView, Error> {
    validate_single_line("title", title)?;
    let added = workspace
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
            Ok::<_, Error>(added)
        })
        .await?;
    Ok(TaskView::new(added, None, actor.now))
}

/// Changes the named tasks, all or none.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`] for all names together, [`Error::Unexpected`] if a
/// task does not have the expected values, [`Error::Cycle`] if tasks would depend on each other.
pub async fn edit_tasks(
    workspace: &Workspace,
    actor: &Actor,
    words: &[String],
    expected: &Precondition,
    edit: impl Fn(&mut Task),
) -> Result<Vec<TaskView>, Error> {
    change(workspace, actor, "task edit", words, expected, edit).await
}

async fn change(
    workspace: &Workspace,
    actor: &Actor,
    verb: &str,
    words: &[String],
    expected: &Precondition,
    edit: impl Fn(&mut Task),
) -> Result<Vec<TaskView>, Error> {
    workspace
        .by(actor, verb)
        .write(async |store| {
            let mut edited = Vec::new();
            for id in resolve_all(&store.tasks(), words).await? {
                edited.push(edit_task(store, actor, &id, expected, &edit).await?);
            }
            Ok(edited)
        })
        .await
}

/// Changes one task. Only new dependencies are checked for cycles, so that an imported task with a
/// cycle can be changed. Closing a task ends the claim on it.
pub(crate) async fn edit_task(
    store: &Store<Transaction>,
    actor: &Actor,
    id: &TaskId,
    expected: &Precondition,
    edit: impl Fn(&mut Task),
) -> Result<TaskView, Error> {
    let tasks = store.tasks();
    let before = tasks.get(id).await?;
    let mut claim = tasks.claims().find(id).await?;
    let view = |task, claim| TaskView::new(task, claim, actor.now);
    expected.check::<Task>(id, || view(before.clone(), claim.clone()))?;
    let mut task = before.clone();
    edit(&mut task);
    validate_single_line("title", &task.title)?;
    if task.status != before.status {
        ensure_not_claimed_by_other(claim.as_ref(), actor)?;
    }
    if task.status.is_terminal() && claim.take().is_some() {
        tasks.claims().delete(id, OnDelete::Respect).await?;
    }
    if task == before {
        return Ok(view(task, claim));
    }
    let mut new = task.dependencies.clone();
    new.retain(|other| !before.dependencies.contains(other));
    refuse_cycles(store, id, &new).await?;
    task.updated = actor.now;
    Ok(view(tasks.update_all(task).await?, claim))
}

/// Refuses a change to a task that somebody else has claimed after the actor's claim expired.
fn ensure_not_claimed_by_other(claim: Option<&Claim>, actor: &Actor) -> Result<(), Error> {
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
    words: &[String],
    expected: &Precondition,
    status: TaskStatus,
) -> Result<Vec<TaskView>, Error> {
    change(
        workspace,
        actor,
        &format!("task {status}"),
        words,
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
    words: &[String],
    referrers: OnDelete,
) -> Result<Vec<TaskId>, Error> {
    workspace
        .by(actor, "task rm")
        .write(async |store| {
            let ids = resolve_all(&store.tasks(), words).await?;
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

/// Returns a task with its open dependencies and the tasks that depend on it.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`].
pub async fn show_task<C: Connection>(
    store: &Store<C>,
    word: &str,
    now: Timestamp,
) -> Result<TaskDetails, Error> {
    let id = resolve(&store.tasks(), word).await?;
    details(store, &id, now).await
}

/// Returns the tasks that match a filter, and their total number on all pages.
pub async fn list_tasks<C: Connection>(
    store: &Store<C>,
    filter: &TaskFilter,
    now: Timestamp,
) -> Result<(Vec<TaskView>, u64), Error> {
    let total = store.tasks().count(filter).await?;
    let found = store.tasks().list(filter).await?;
    Ok((task_views(store, found, now).await?, total))
}

pub(crate) async fn details<C: Connection>(
    store: &Store<C>,
    id: &TaskId,
    now: Timestamp,
) -> Result<TaskDetails, Error> {
    let task = store.tasks().get(id).await?;
    let statuses = store.tasks().statuses(&task.dependencies).await?;
    let waits_for = blockers(&task.dependencies, &statuses);
    let waiting = TaskFilter {
        depends_on: Some(id.clone()),
        ..TaskFilter::default()
    };
    let unblocks = store.tasks().list(&waiting).await?;
    let claim = store.tasks().claims().find(id).await?;
    Ok(TaskDetails {
        task: TaskView::new(task, claim, now),
        waits_for: waits_for.into_iter().map(Into::into).collect(),
        unblocks: unblocks.into_iter().map(|task| task.id).collect(),
        decisions: decisions_of_task(store, id).await?,
    })
}
