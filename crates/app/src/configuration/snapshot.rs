//! Takes snapshots.

use std::collections::BTreeMap;

use wsdb_core::{
    ConfigurationSnapshot, Json, JsonObject, SnapshotType, configuration_hash, merge_files,
    normalize_numbers, redact_secrets,
};

use super::chain::{effective_configuration, latest_snapshots};
use super::changes::record_changes;
use crate::views::SnapshotResult;
use crate::{Actor, Error, Workspace};

/// A snapshot to take.
#[derive(Debug, Clone)]
pub struct SnapshotRequest {
    /// The repo.
    pub repo: String,
    /// Whether `files` are all files of the configuration, or only those that may have changed.
    pub snapshot_type: SnapshotType,
    /// Contents of the files, by path.
    pub files: JsonObject,
    /// Paths under which earlier versions stored files, by their paths in `files`.
    pub earlier_paths: BTreeMap<String, String>,
    /// Notes on the snapshot.
    pub notes: Option<String>,
    /// Take it even if nothing has changed.
    pub force: bool,
    /// Record the changes since the last snapshot.
    pub record: bool,
    /// The commit to store with the changes.
    pub commit: Option<String>,
}

/// Takes a snapshot, unless nothing has changed since the last one of the repo. An incremental
/// snapshot stores only the files that have changed.
///
/// # Errors
/// [`Error::Malformed`] if there are no files.
pub async fn take_snapshot(
    workspace: &Workspace,
    actor: &Actor,
    request: &SnapshotRequest,
) -> Result<SnapshotResult, Error> {
    if request.files.is_empty() {
        return Err(Error::Malformed(
            "a snapshot needs at least one file".to_owned(),
        ));
    }
    let mut files = Json::Object(request.files.clone());
    normalize_numbers(&mut files);
    let secrets = redact_secrets(&mut files.clone());
    workspace
        .by(actor, "config snapshot")
        .write(async |store| {
            let last = latest_snapshots(store, &request.repo, 1).await?.pop();
            let before = match &last {
                Some(last) => Some(effective_configuration(store, last).await?),
                None => None,
            };
            let files = with_stored_paths(files.clone(), before.as_ref(), &request.earlier_paths);
            let mut after = files.clone();
            let mut data = files.clone();
            if request.snapshot_type == SnapshotType::Incremental {
                after = before.clone().unwrap_or(Json::Null);
                merge_files(&mut after, &files);
                let known = before.as_ref().and_then(Json::as_object);
                if let (Json::Object(data), Some(known), false) = (&mut data, known, request.force)
                {
                    data.retain(|file, value| known.get(file) != Some(value));
                }
            }
            if let (Some(last), Some(before), false) = (&last, &before, request.force)
                && configuration_hash(before) == configuration_hash(&after)
            {
                return Ok(SnapshotResult {
                    snapshot: last.clone().into(),
                    unchanged: true,
                    configuration_changes: Vec::new(),
                    secret_count: secrets,
                });
            }
            let snapshot = store
                .configuration()
                .take_snapshot(|id| ConfigurationSnapshot {
                    id,
                    repo: request.repo.clone(),
                    snapshot_type: request.snapshot_type,
                    configuration_hash: configuration_hash(&data),
                    snapshot_data: Some(data.clone()),
                    taken_at: actor.now,
                    taken_by: Some(actor.name.clone()),
                    notes: request.notes.clone(),
                    document_fields: JsonObject::new(),
                })
                .await?;
            let mut changes = Vec::new();
            if let (true, Some(before)) = (request.record, &before) {
                let commit = request.commit.as_deref();
                changes = record_changes(store, actor, &snapshot, before, &after, commit).await?;
            }
            Ok(SnapshotResult {
                snapshot: snapshot.into(),
                unchanged: false,
                configuration_changes: changes,
                secret_count: secrets,
            })
        })
        .await
}

/// Returns the files with the paths under which the last configuration contains them.
fn with_stored_paths(
    files: Json,
    before: Option<&Json>,
    earlier_paths: &BTreeMap<String, String>,
) -> Json {
    let (Json::Object(files), Some(Json::Object(before))) = (&files, before) else {
        return files;
    };
    let renamed = files.iter().map(|(path, value)| {
        let earlier = earlier_paths.get(path).filter(|earlier| {
            let is_stored = |path: &str| before.get(path).is_some();
            is_stored(earlier) && !is_stored(path) && files.get(earlier.as_str()).is_none()
        });
        (earlier.unwrap_or(path).clone(), value.clone())
    });
    Json::Object(renamed.collect())
}
