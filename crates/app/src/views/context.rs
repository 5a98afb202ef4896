//! A context as `--json` shows it.

use serde::Serialize;
use wsdb_core::{ContextSwitchId, Fields, Timestamp};

view! {
    /// A context switch: its columns. Times are RFC 3339 in UTC.
    ContextView of ContextSwitch {
        id: ContextSwitchId,
        repo: String,
        repo_path: String,
        activated_at: Timestamp,
        deactivated_at: Option<Timestamp>,
        activated_by: Option<String>,
        context_id: Option<String>,
        previous_context: Option<String>,
        context_notes: Option<String>,
        duration_seconds: Option<f64>,
        operations_count: Option<i64>,
        document_fields: Fields,
    }
}

/// Where somebody went.
#[derive(Debug, Clone, Serialize)]
pub struct ContextChange {
    /// Where they are now.
    #[serde(flatten)]
    pub context: ContextView,
    /// Whether they weren't there before.
    pub switched: bool,
}

/// Time that was spent, on a day, in a repo, or both.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimeSpent {
    /// The local day; null over all days.
    pub day: Option<String>,
    /// The repo; null over all repos.
    pub repo: Option<String>,
    /// How many seconds.
    pub seconds: f64,
}
