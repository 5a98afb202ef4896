//! The chain of snapshots of a repo: a full one and the incremental ones based on it.

use wsdb_core::{ConfigurationSnapshot, Json, Page, SnapshotFilter, SnapshotType, merge_files};
use wsdb_store::{Connection, Store};

/// Returns the last snapshots of a repo, at most `count`, the newest first.
pub(super) async fn latest_snapshots<C: Connection>(
    store: &Store<C>,
    repo: &str,
    count: u64,
) -> Result<Vec<ConfigurationSnapshot>, wsdb_store::Error> {
    let filter = SnapshotFilter {
        repo: vec![repo.to_owned()],
        reverse: true,
        page: Page::first(count),
        ..SnapshotFilter::default()
    };
    store.configuration().snapshots().list(&filter).await
}

/// Returns whether snapshot `a` is older than snapshot `b` of the same repo.
pub(super) fn precedes(a: &ConfigurationSnapshot, b: &ConfigurationSnapshot) -> bool {
    (a.taken_at, a.id.as_str()) < (b.taken_at, b.id.as_str())
}

/// Returns the complete configuration at a snapshot: an incremental one is merged with those before
/// it, back to the last full one.
pub(super) async fn effective_configuration<C: Connection>(
    store: &Store<C>,
    snapshot: &ConfigurationSnapshot,
) -> Result<Json, wsdb_store::Error> {
    let mut layers: Vec<Json> = Vec::new();
    layers.extend(snapshot.snapshot_data.clone());
    if snapshot.snapshot_type == SnapshotType::Incremental {
        const BATCH_SIZE: u64 = 20;
        let mut page = Page::first(BATCH_SIZE);
        'chain: loop {
            let filter = SnapshotFilter {
                repo: vec![snapshot.repo.clone()],
                reverse: true,
                page,
                ..SnapshotFilter::default()
            };
            let part = store.configuration().snapshots().list(&filter).await?;
            let is_last = (part.len() as u64) < BATCH_SIZE;
            for older in part.into_iter().filter(|older| precedes(older, snapshot)) {
                layers.extend(older.snapshot_data);
                if older.snapshot_type == SnapshotType::Full {
                    break 'chain;
                }
            }
            if is_last {
                break;
            }
            page.offset += BATCH_SIZE;
        }
    }
    let mut configuration = Json::Null;
    for data in layers.iter().rev() {
        merge_files(&mut configuration, data);
    }
    Ok(configuration)
}
