//! Actions on dependencies between tasks.

use wsdb_core::TaskId;
use wsdb_store::{Store, Transaction};

use super::edit::edit_task;
use super::views::task_details;
use crate::lookup::load;
use crate::views::TaskDetails;
use crate::{Actor, Error, Precondition, Workspace, resolve_or_accept_new, resolve_references};

/// Makes a task depend on others, which need not exist yet.
///
/// # Errors
/// [`Error::Cycle`] if one of them depends on the task, and the errors of [`crate::edit_tasks`].
pub async fn add_dependencies(
    workspace: &Workspace,
    actor: &Actor,
    name: &str,
    on: &[String],
    expected: &Precondition,
) -> Result<TaskDetails, Error> {
    let change = async |store: &Store<Transaction>| {
        let task = load(&store.tasks(), name).await?;
        let on = resolve_references(&store.tasks(), on).await?;
        let (task, claim) = edit_task(store, actor, task, expected, |task| {
            for id in &on {
                if !task.dependencies.contains(id) {
                    task.dependencies.push(id.clone());
                }
            }
        })
        .await?;
        task_details(store, task, claim, actor.now).await
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
    name: &str,
    on: &[String],
    expected: &Precondition,
) -> Result<TaskDetails, Error> {
    let change = async |store: &Store<Transaction>| {
        let task = load(&store.tasks(), name).await?;
        let mut on = resolve_or_accept_new(&store.tasks(), on).await?;
        for other in &mut on {
            // The case of a task that does not exist is only known from the dependency.
            let mut dependencies = task.dependencies.iter();
            let is_same = |id: &&TaskId| id.as_str().eq_ignore_ascii_case(other.as_str());
            if !task.dependencies.contains(other)
                && let Some(id) = dependencies.find(is_same)
            {
                *other = id.clone();
            }
        }
        let id = &task.id;
        let unknown = on.iter().filter(|other| !task.dependencies.contains(other));
        let not_one = |other| Error::Invalid(format!("{id} does not depend on {other}"));
        Error::combine(unknown.map(not_one).collect())?;
        let (task, claim) = edit_task(store, actor, task, expected, |task| {
            task.dependencies.retain(|other| !on.contains(other));
        })
        .await?;
        task_details(store, task, claim, actor.now).await
    };
    workspace.by(actor, "task dep rm").write(change).await
}
