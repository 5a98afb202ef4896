//! View of an error.

use serde::Serialize;
use wsdb_core::{Claim, TaskId, Timestamp};

/// An error.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErrorView {
    /// The error.
    pub error: ErrorDetails,
}

/// What went wrong, and what to do about it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErrorDetails {
    /// With the code `claimed`: the claim that prevents the action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<ConflictingClaim>,
    /// Kind of error, for programs; it does not change.
    pub code: &'static str,
    /// What to do about it, for people; it may change.
    pub hint: Option<String>,
    /// The error for people; it may change.
    pub message: String,
}

/// A claim that prevents an action.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConflictingClaim {
    /// The task.
    pub task_id: TaskId,
    /// Who has claimed it.
    pub holder: String,
    /// When it was claimed.
    pub since: Timestamp,
    /// When the claim expires.
    pub expires: Timestamp,
}

impl From<&Claim> for ConflictingClaim {
    fn from(claim: &Claim) -> Self {
        ConflictingClaim {
            task_id: claim.id.clone(),
            holder: claim.holder.clone(),
            since: claim.since,
            expires: claim.expires,
        }
    }
}
