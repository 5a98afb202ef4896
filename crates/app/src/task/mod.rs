//! Queries about tasks and actions on them.

mod claim;
mod dependencies;
pub(crate) mod edit;
pub(crate) mod in_progress;
pub(crate) mod queue;
pub(crate) mod views;

pub use claim::{claim_next, claim_task, release_claims, renew_claims};
pub use dependencies::{add_dependencies, remove_dependencies};
pub use edit::{add_task, edit_tasks, remove_tasks, set_task_status};
pub use queue::{blocked_tasks, next_task, ready_tasks, task_graph};
pub use views::{list_tasks, show_task};
