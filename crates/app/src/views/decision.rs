//! A decision as `--json` shows it.

use serde_json::Value;
use wsdb_core::{DecisionId, DecisionStatus, Fields, Impact, SessionId, Timestamp};

view! {
    /// A decision: its columns. Times are RFC 3339 in UTC.
    DecisionView of Decision {
        id: DecisionId,
        date: Timestamp,
        session: Option<SessionId>,
        decision: String,
        repos_affected: Vec<String>,
        rationale: Option<String>,
        status: DecisionStatus,
        impact: Option<Impact>,
        related_files: Vec<String>,
        documentation: Vec<String>,
        extra_metadata: Option<Value>,
        document_fields: Fields,
    }
}
