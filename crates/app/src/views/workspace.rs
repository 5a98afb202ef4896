//! View of a new workspace.

use serde::Serialize;

/// A workspace that was created, or that exists already.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InitView {
    /// Whether it was created.
    pub created: bool,
    /// Its database, without a password.
    pub database: String,
    /// Its folder.
    pub workspace: String,
}
