//! Commands that list more records than a text shows.

use crate::shell_quote;

/// Lists the tasks in progress.
pub const TASKS_IN_PROGRESS: &str = "wsdb task list --status in_progress";

/// Lists the blocked tasks.
pub const BLOCKED_TASKS: &str = "wsdb task blocked";

/// Lists the critical tasks that wait to be planned or continued.
pub const WAITING_CRITICAL_TASKS: &str =
    "wsdb task list --priority CRITICAL --status planning,deferred,backlog";

/// Lists the unassigned tasks that are in progress or being planned.
pub const UNASSIGNED_STARTED_TASKS: &str =
    "wsdb task list --unassigned --status in_progress,planning";

/// Lists the unassigned tasks that nobody has started.
pub const UNASSIGNED_WAITING_TASKS: &str =
    "wsdb task list --unassigned --status pending,approved,planning";

/// Lists the open issues.
pub const OPEN_ISSUES: &str = "wsdb issue list --status open";

/// Lists the open detections.
pub const OPEN_DRIFT: &str = "wsdb drift list --status open";

/// Lists the decisions, the latest first.
pub const RECENT_DECISIONS: &str = "wsdb decision list --reverse";

/// Returns the command that lists the tasks which a person has in progress.
pub fn tasks_in_progress_of(actor: &str) -> String {
    format!("{TASKS_IN_PROGRESS} --assigned-to {}", shell_quote(actor))
}
