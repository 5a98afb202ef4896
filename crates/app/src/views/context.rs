//! Views of contexts and of time spent in repos.

use serde::Serialize;
use wsdb_core::{ContextSwitchId, JsonObject, Timestamp};

view! {
    /// A visit to a repo. Times are RFC 3339 in UTC.
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
        document_fields: JsonObject,
    }
}

/// Result of switching to a repo.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ContextChange {
    /// The current context.
    #[serde(flatten)]
    pub context: ContextView,
    /// Whether the repo changed.
    pub switched: bool,
}

/// Time spent on a day, in a repo, or both.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimeSpent {
    /// The local day; null for the sum of all days.
    pub day: Option<String>,
    /// The repo; null for the sum of all repos.
    pub repo: Option<String>,
    /// Number of seconds.
    pub duration_seconds: f64,
}

list_record!(TimeSpent {
    day,
    repo,
    duration_seconds
});
