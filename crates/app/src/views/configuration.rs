//! Views of configuration snapshots, differences and changes.

use serde::Serialize;
use wsdb_core::{
    ChangeId, ChangeType, DetectionId, Difference, Json, JsonObject, KeyPath, PathSegment,
    SnapshotId, SnapshotType, Timestamp, redact_entry_names, redact_secret_text, redact_secrets,
};

view! {
    /// A configuration snapshot. Times are RFC 3339 in UTC.
    SnapshotView of ConfigurationSnapshot {
        id: SnapshotId,
        repo: String,
        snapshot_type: SnapshotType,
        configuration_hash: String,
        snapshot_data: Option<Json>,
        taken_at: Timestamp,
        taken_by: Option<String>,
        notes: Option<String>,
        document_fields: JsonObject,
    }
}

view! {
    /// A configuration change. Times are RFC 3339 in UTC.
    ConfigurationChangeView of ConfigurationChange {
        id: ChangeId,
        repo: String,
        change_type: ChangeType,
        component_name: Option<String>,
        file_path: Option<String>,
        key_path: Option<String>,
        old_value: Option<String>,
        new_value: Option<String>,
        changed_at: Timestamp,
        changed_by: Option<String>,
        commit_hash: Option<String>,
        drift_detection_id: Option<DetectionId>,
        document_fields: JsonObject,
    }
}

/// Views that may contain secrets.
pub trait RedactSecrets {
    /// Redacts values that look like secrets, and returns their number.
    fn redact_secrets(&mut self) -> usize;
}

impl RedactSecrets for SnapshotView {
    fn redact_secrets(&mut self) -> usize {
        match &mut self.snapshot_data {
            Some(data) => redact_secrets(data),
            None => 0,
        }
    }
}

impl RedactSecrets for ConfigurationChangeView {
    fn redact_secrets(&mut self) -> usize {
        let key_path = self.key_path.as_deref().unwrap_or("");
        [&mut self.old_value, &mut self.new_value]
            .into_iter()
            .flatten()
            .filter_map(|text| redact_secret_text(key_path, text).then_some(()))
            .count()
    }
}

/// A new snapshot, or the last one if nothing has changed since.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SnapshotResult {
    /// The snapshot.
    #[serde(flatten)]
    pub snapshot: SnapshotView,
    /// Whether nothing has changed, so that nothing was written.
    pub unchanged: bool,
    /// The changes that were recorded.
    pub configuration_changes: Vec<ConfigurationChangeView>,
    /// Number of values that look like secrets.
    pub secret_count: usize,
}

/// A value that differs between two configurations.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DifferenceView {
    /// The file.
    pub file_path: String,
    /// The key in the file; empty for the complete file.
    pub key_path: String,
    /// Kind of difference.
    pub change_type: ChangeType,
    /// The old value; null if there was none.
    pub old: Option<Json>,
    /// The new value; null if there is none.
    pub new: Option<Json>,
    /// Whether the values, or values in them, are redacted because they look like secrets.
    pub redacted: bool,
}

list_record!(DifferenceView {
    file_path,
    key_path,
    change_type,
    old,
    new,
    redacted
});

impl DifferenceView {
    pub(crate) fn new(difference: Difference, show_secrets: bool) -> Self {
        let Difference {
            mut path,
            change_type,
            mut old,
            mut new,
            redacted_old,
            redacted_new,
        } = difference;
        let mut redacted = false;
        if !show_secrets {
            redacted = old != redacted_old || new != redacted_new;
            (old, new) = (redacted_old, redacted_new);
            redact_entry_names(&mut path);
        }
        let mut segments = path.0;
        let file_path = match segments.first() {
            Some(PathSegment::Key(file)) => {
                let file = file.clone();
                segments.remove(0);
                file
            }
            _ => String::new(),
        };
        DifferenceView {
            file_path,
            key_path: KeyPath(segments).to_string(),
            change_type,
            old,
            new,
            redacted,
        }
    }
}

/// The differences between two snapshots.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DiffView {
    /// The older snapshot.
    pub from: SnapshotId,
    /// The newer snapshot.
    pub to: SnapshotId,
    /// The differences.
    pub differences: Vec<DifferenceView>,
    /// Number of differences.
    pub total: usize,
    /// The changes that were recorded.
    pub configuration_changes: Vec<ConfigurationChangeView>,
}
