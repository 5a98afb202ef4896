//! Actions on claims: claim a task, renew the claim, release it.

use std::time::Duration;

use wsdb_core::{Claim, Page, Task, TaskFilter, TaskId, TaskStatus, Timestamp};
use wsdb_store::{Store, Transaction};

use super::queue::count_open;
use super::views::{task_details, task_views};
use crate::lookup::{load, resolve_each};
use crate::session::current::open_session;
use crate::views::{TaskDetails, TaskView};
use crate::{Actor, Error, Precondition, Workspace};

/// Minimum duration of a lease: a process needs some time to send its next heartbeat.
const MIN_LEASE: Duration = Duration::from_secs(1);

/// Claims a task for the actor for the duration of `lease`. The task is then in progress and
/// assigned to the actor. If several try at the same time, one succeeds.
///
/// # Errors
/// [`wsdb_store::Error::Claimed`] if the task is claimed already, by the actor or somebody else;
/// [`Error::Unexpected`] if the task does not have the expected values;
/// [`Error::TaskClosed`] if the task is closed; [`Error::NotFound`] and [`Error::Ambiguous`].
pub async fn claim_task(
    workspace: &Workspace,
    actor: &Actor,
    name: &str,
    expected: &Precondition,
    lease: Duration,
) -> Result<TaskDetails, Error> {
    let until = lease_end(actor, lease)?;
    let change = async |store: &Store<Transaction>| {
        let task = load(&store.tasks(), name).await?;
        let claim = store.tasks().claims().find(&task.id).await?;
        expected.check::<Task>(&task.id, || {
            TaskView::new(task.clone(), claim.clone(), actor.now)
        })?;
        acquire_claim(store, actor, task, claim, until).await
    };
    workspace.by(actor, "task claim").write(change).await
}

/// Claims the first ready task of `filter` that nobody has claimed.
///
/// # Errors
/// [`Error::NothingReady`] if there is none.
pub async fn claim_next(
    workspace: &Workspace,
    actor: &Actor,
    filter: &TaskFilter,
    lease: Duration,
) -> Result<TaskDetails, Error> {
    let until = lease_end(actor, lease)?;
    let first = TaskFilter {
        page: Page::first(1),
        ..filter.clone()
    };
    let change = async |store: &Store<Transaction>| {
        store.tasks().lock_claims().await?;
        let (ready, _) = store.tasks().ready(&first, None, actor.now).await?;
        let Some(ready) = ready.into_iter().next() else {
            return Err(Error::NothingReady {
                repos: filter.repo.clone(),
                has_open: count_open(store, filter).await? > 0,
                is_filtered: !(filter.repo.is_empty()
                    && filter.assigned_to.is_empty()
                    && filter.worker.is_none()
                    && filter.priority.is_empty()),
            });
        };
        let claim = store.tasks().claims().find(&ready.task.id).await?;
        acquire_claim(store, actor, ready.task, claim, until).await
    };
    workspace.by(actor, "task claim").write(change).await
}

/// Renews the actor's claims on the named tasks, all or none: they expire after `lease` from now.
///
/// # Errors
/// [`wsdb_store::Error::Claimed`] if somebody else has claimed one,
/// [`wsdb_store::Error::NotClaimed`] if nobody has, for all names together.
pub async fn renew_claims(
    workspace: &Workspace,
    actor: &Actor,
    names: &[String],
    lease: Duration,
) -> Result<Vec<TaskView>, Error> {
    let until = lease_end(actor, lease)?;
    let change = async |store: &Store<Transaction>| {
        let tasks = store.tasks();
        let (ids, mut errors) = resolve_each(&tasks, names).await?;
        for id in &ids {
            let done = tasks.heartbeat(id, &actor.name, actor.now, until).await;
            collect_refusal(done, &mut errors)?;
        }
        Error::combine(errors)?;
        load_views(store, &ids, actor.now).await
    };
    workspace.by(actor, "task heartbeat").write(change).await
}

/// Releases the named tasks, all or none: the claims end, and tasks in progress return to the status
/// from before the claim, unless `keep_status` is set. With `force`, also releases claims of
/// others.
///
/// # Errors
/// Same as [`renew_claims`].
pub async fn release_claims(
    workspace: &Workspace,
    actor: &Actor,
    names: &[String],
    keep_status: bool,
    force: bool,
) -> Result<Vec<TaskView>, Error> {
    let change = async |store: &Store<Transaction>| {
        let tasks = store.tasks();
        let (ids, mut errors) = resolve_each(&tasks, names).await?;
        for id in &ids {
            let done = tasks.release(id, &actor.name, actor.now, force).await;
            let Some(claim) = collect_refusal(done, &mut errors)? else {
                continue;
            };
            let mut task = tasks.get(id).await?;
            let before = task.clone();
            if !keep_status {
                claim.restore_task(&mut task, actor.now);
            }
            if task != before {
                tasks.save_changed(before, task).await?;
            }
        }
        Error::combine(errors)?;
        load_views(store, &ids, actor.now).await
    };
    workspace.by(actor, "task release").write(change).await
}

/// Adds a refusal to those that are reported together; returns any other error immediately.
fn collect_refusal(
    result: Result<Claim, wsdb_store::Error>,
    refusals: &mut Vec<Error>,
) -> Result<Option<Claim>, Error> {
    use wsdb_store::Error::{Claimed, InvalidState, NotClaimed};
    match result {
        Ok(claim) => Ok(Some(claim)),
        Err(error @ (Claimed { .. } | NotClaimed { .. } | InvalidState(_))) => {
            refusals.push(error.into());
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

fn lease_end(actor: &Actor, lease: Duration) -> Result<Timestamp, Error> {
    let invalid = |reason: &str| Error::Malformed(reason.to_owned());
    if actor.name.trim().is_empty() {
        return Err(invalid(
            "the actor's name must not be empty; set --actor or WSDB_ACTOR",
        ));
    }
    if lease < MIN_LEASE {
        return Err(invalid("a lease must last at least 1 second"));
    }
    let end = actor.now.checked_add(lease);
    end.ok_or_else(|| invalid("the lease would end after the year 9999"))
}

/// Claims a task and updates it; the task and the existing claim on it were read in this
/// transaction. The claim is written first, so that an attempt that fails has not changed the task.
async fn acquire_claim(
    store: &Store<Transaction>,
    actor: &Actor,
    before: Task,
    existing: Option<Claim>,
    until: Timestamp,
) -> Result<TaskDetails, Error> {
    if before.status.is_terminal() {
        return Err(Error::TaskClosed {
            id: before.id,
            status: before.status,
        });
    }
    let session = open_session(store, actor).await?;
    let mut claim = Claim::new(before.id.clone(), actor.name.clone(), actor.now, until);
    claim.session_id = session.map(|session| session.id);
    claim.capture_previous_state(&before, existing.as_ref());
    let tasks = store.tasks();
    tasks.replace_claim(existing, claim.clone()).await?;
    let mut task = before.clone();
    task.assigned_to = Some(actor.name.clone());
    task.set_status(TaskStatus::InProgress, actor.now);
    task.updated = actor.now;
    tasks.save_changed(before, task.clone()).await?;
    task_details(store, task, Some(claim), actor.now).await
}

async fn load_views(
    store: &Store<Transaction>,
    ids: &[TaskId],
    now: Timestamp,
) -> Result<Vec<TaskView>, Error> {
    let mut tasks = Vec::with_capacity(ids.len());
    for id in ids {
        tasks.push(store.tasks().get(id).await?);
    }
    task_views(store, tasks, now).await
}
