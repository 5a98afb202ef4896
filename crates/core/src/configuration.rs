//! Configuration: snapshots of a repo's configuration, and what changed in it.

use serde_json::Value;

use crate::{ChangeId, ChangeType, DetectionId, Fields, Page, SnapshotId, SnapshotType, Timestamp};

/// A repo's configuration at one time. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigurationSnapshot {
    /// Its id.
    pub id: SnapshotId,
    /// The repo.
    pub repo: String,
    /// How much it holds.
    pub snapshot_type: SnapshotType,
    /// A hash of its data, up to 64 characters.
    pub configuration_hash: String,
    /// The configuration.
    pub snapshot_data: Option<Value>,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// Who took it.
    pub taken_by: Option<String>,
    /// Remarks.
    pub notes: Option<String>,
    /// What its document said beyond our columns.
    pub document_fields: Fields,
}

/// A piece of configuration that changed. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigurationChange {
    /// Its id.
    pub id: ChangeId,
    /// The repo.
    pub repo: String,
    /// How it changed.
    pub change_type: ChangeType,
    /// The component it belongs to.
    pub component_name: Option<String>,
    /// The file it stands in.
    pub file_path: Option<String>,
    /// The key in that file, such as `tool.ruff.line-length`.
    pub key_path: Option<String>,
    /// What it was.
    pub old_value: Option<String>,
    /// What it is.
    pub new_value: Option<String>,
    /// When it changed.
    pub changed_at: Timestamp,
    /// Who changed it.
    pub changed_by: Option<String>,
    /// The commit it came with.
    pub commit_hash: Option<String>,
    /// The detection it mends or makes; it may not exist (yet).
    pub drift_detection_id: Option<DetectionId>,
    /// What its document said beyond our columns.
    pub document_fields: Fields,
}

/// Which snapshots are wanted. An empty list asks for nothing in particular.
#[derive(Debug, Clone, Default)]
pub struct SnapshotFilter {
    /// Of one of these repos.
    pub repo: Vec<String>,
    /// One of these.
    pub snapshot_type: Vec<SnapshotType>,
    /// Has all these words, in any case, in its id or notes.
    pub text: Vec<String>,
    /// Taken at or after this time.
    pub since: Option<Timestamp>,
    /// Last first, by time.
    pub reverse: bool,
    /// Which part of the list.
    pub page: Page,
}

/// Which changes are wanted. An empty list asks for nothing in particular.
#[derive(Debug, Clone, Default)]
pub struct ChangeFilter {
    /// In one of these repos.
    pub repo: Vec<String>,
    /// One of these.
    pub change_type: Vec<ChangeType>,
    /// In one of these files.
    pub file: Vec<String>,
    /// Of one of these components.
    pub component: Vec<String>,
    /// Came with a commit whose hash begins with one of these.
    pub commit: Vec<String>,
    /// Tied to one of these detections, whether it exists or not.
    pub detection: Vec<DetectionId>,
    /// Has all these words, in any case, in its id, file or key.
    pub text: Vec<String>,
    /// Changed at or after this time.
    pub since: Option<Timestamp>,
    /// Last first, by time.
    pub reverse: bool,
    /// Which part of the list.
    pub page: Page,
}
