//! Configuration: snapshots of a repo's configuration, and what changed in it.

use crate::{
    ChangeId, ChangeType, DetectionId, Json, JsonObject, Page, Since, SnapshotId, SnapshotType,
    Timestamp,
};

/// The configuration of a repo at one point in time. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConfigurationSnapshot {
    /// Its ID.
    pub id: SnapshotId,
    /// The repo.
    pub repo: String,
    /// What it contains.
    pub snapshot_type: SnapshotType,
    /// A hash of its data, up to 64 characters.
    pub configuration_hash: String,
    /// The configuration.
    pub snapshot_data: Option<Json>,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// Who took it.
    pub taken_by: Option<String>,
    /// Notes.
    pub notes: Option<String>,
    /// Fields of its document that have no column.
    pub document_fields: JsonObject,
}

/// A change of a configuration value. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConfigurationChange {
    /// Its ID.
    pub id: ChangeId,
    /// The repo.
    pub repo: String,
    /// How the value changed.
    pub change_type: ChangeType,
    /// The component it belongs to.
    pub component_name: Option<String>,
    /// The file that contains it.
    pub file_path: Option<String>,
    /// The key in that file, such as `tool.ruff.line-length`.
    pub key_path: Option<String>,
    /// The old value.
    pub old_value: Option<String>,
    /// The new value.
    pub new_value: Option<String>,
    /// When it changed.
    pub changed_at: Timestamp,
    /// Who changed it.
    pub changed_by: Option<String>,
    /// The commit with the change.
    pub commit_hash: Option<String>,
    /// The detection that it fixes or causes; it need not exist.
    pub drift_detection_id: Option<DetectionId>,
    /// Fields of its document that have no column.
    pub document_fields: JsonObject,
}

/// Filters snapshots. All conditions must hold; an empty list matches all.
#[derive(Debug, Clone, Default)]
pub struct SnapshotFilter {
    /// Matches snapshots of any of these repos.
    pub repo: Vec<String>,
    /// Matches any of these snapshot types.
    pub snapshot_type: Vec<SnapshotType>,
    /// Matches all of these words in id or notes, ignoring case.
    pub text: Vec<String>,
    /// Matches snapshots taken at or after this time.
    pub since: Option<Since>,
    /// Reverses the order, which is by time.
    pub reverse: bool,
    /// Page of the list.
    pub page: Page,
}

/// Filters changes. All conditions must hold; an empty list matches all.
#[derive(Debug, Clone, Default)]
pub struct ChangeFilter {
    /// Matches changes in any of these repos.
    pub repo: Vec<String>,
    /// Matches any of these change types.
    pub change_type: Vec<ChangeType>,
    /// Matches changes in any of these files.
    pub file: Vec<String>,
    /// Matches changes of any of these components.
    pub component: Vec<String>,
    /// Matches changes in commits whose hash starts with any of these.
    pub commit: Vec<String>,
    /// Matches changes linked to any of these detections, existing or not.
    pub detection: Vec<DetectionId>,
    /// Matches all of these words in id, file or key, ignoring case.
    pub text: Vec<String>,
    /// Matches changes at or after this time.
    pub since: Option<Since>,
    /// Reverses the order, which is by time.
    pub reverse: bool,
    /// Page of the list.
    pub page: Page,
}
