//! Commands that list more records than a text shows.

use crate::shell_quote;

/// Lists the tasks in progress.
pub const TASKS_IN_PROGRESS: &str = "wsdb task list --status in_progress";

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
