//! What a task waits for.

use std::collections::HashMap;

use crate::{TaskId, TaskStatus};

/// A dependency that keeps a task from being begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// The task that has to come first.
    pub id: TaskId,
    /// How far it is; `None` where no such task exists (yet).
    pub status: Option<TaskStatus>,
}

/// The dependencies that are not ended, in their order; each once.
///
/// ```
/// use std::collections::HashMap;
/// use wsdb_core::{TaskId, TaskStatus, blockers};
/// let (done, open) = (TaskId::new("A")?, TaskId::new("B")?);
/// let known = HashMap::from([(done.clone(), TaskStatus::Completed)]);
/// let waits_for = blockers(&[done, open.clone()], &known);
/// assert_eq!(waits_for.len(), 1);
/// assert_eq!((&waits_for[0].id, waits_for[0].status), (&open, None));
/// # Ok::<(), wsdb_core::IdError>(())
/// ```
pub fn blockers(dependencies: &[TaskId], known: &HashMap<TaskId, TaskStatus>) -> Vec<Blocker> {
    let mut found: Vec<Blocker> = Vec::new();
    for id in dependencies {
        let status = known.get(id).copied();
        let open = !status.is_some_and(TaskStatus::is_ended);
        if open && found.iter().all(|b| b.id != *id) {
            found.push(Blocker {
                id: id.clone(),
                status,
            });
        }
    }
    found
}
