//! View of a claim.

use serde::Serialize;
use wsdb_core::{Claim, SessionId, TaskStatus, Timestamp};

/// A claim on a task.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClaimView {
    /// Who has claimed the task.
    pub holder: String,
    /// The session in which it was claimed.
    pub session_id: Option<SessionId>,
    /// When it was claimed.
    pub since: Timestamp,
    /// When the claim expires.
    pub expires: Timestamp,
    /// Status of the task before it was claimed.
    pub status_before: Option<TaskStatus>,
    /// Assignee of the task before it was claimed.
    pub assigned_before: Option<String>,
    /// Whether the claim has expired, so that anybody can claim the task.
    pub expired: bool,
}

impl ClaimView {
    /// Formats the claim as an actor reads it, such as `claimed by you until 12:00`.
    pub fn format_for(&self, actor: &str, format_time: impl Fn(Timestamp) -> String) -> String {
        let (is_own, holder) = (self.holder == actor, &self.holder);
        match (self.expired, is_own) {
            (true, true) => "your claim has expired".to_owned(),
            (true, false) => format!("{holder}'s claim has expired"),
            (false, true) => format!("claimed by you until {}", format_time(self.expires)),
            (false, false) => format!("claimed by {holder} until {}", format_time(self.expires)),
        }
    }

    /// Creates the view of a claim at a time.
    pub fn new(claim: Claim, now: Timestamp) -> Self {
        let expired = claim.is_expired(now);
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

    /// Returns whether `who` holds the claim and it has not expired.
    pub fn is_held_by(&self, who: &str) -> bool {
        !self.expired && self.holder == who
    }
}
