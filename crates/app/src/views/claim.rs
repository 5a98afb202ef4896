//! A claim as `--json` shows it.

use serde::Serialize;
use wsdb_core::{Claim, SessionId, TaskStatus, Timestamp};

/// Who has a task in hand.
#[derive(Debug, Clone, Serialize)]
pub struct ClaimView {
    /// See [`wsdb_core::Claim`].
    pub holder: String,
    /// See [`wsdb_core::Claim`].
    pub session_id: Option<SessionId>,
    /// See [`wsdb_core::Claim`].
    pub since: Timestamp,
    /// See [`wsdb_core::Claim`].
    pub expires: Timestamp,
    /// How far the task was before it was claimed.
    pub status_before: Option<TaskStatus>,
    /// Whom it was assigned to before.
    pub assigned_before: Option<String>,
    /// Whether the lease is over, so that anybody may take the task.
    pub expired: bool,
}

impl ClaimView {
    /// A claim as it is at a time.
    pub fn new(claim: Claim, now: Timestamp) -> Self {
        let expired = claim.is_over(now);
        let Claim {
            id: _,
            holder,
            session_id,
            since,
            expires,
            status_before,
            assigned_before,
            started_before: _,
            document_fields: _,
        } = claim;
        ClaimView {
            holder,
            session_id,
            since,
            expires,
            status_before,
            assigned_before,
            expired,
        }
    }

    /// Whether somebody has the task in hand.
    pub fn is_of(&self, who: &str) -> bool {
        !self.expired && self.holder == who
    }
}
