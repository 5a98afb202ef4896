//! Deletes snapshots.

use wsdb_core::{ConfigurationSnapshot, SnapshotId, SnapshotType};
use wsdb_store::OnDelete;

use super::chain::precedes;
use crate::{Actor, Error, Workspace, resolve_all};

/// Deletes the named snapshots, all or none. Without force, a snapshot that a remaining incremental
/// one is based on is not deleted.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`] for all names together, and [`Error::SnapshotInUse`].
pub async fn remove_snapshots(
    workspace: &Workspace,
    actor: &Actor,
    names: &[String],
    referrers: OnDelete,
) -> Result<Vec<SnapshotId>, Error> {
    workspace
        .by(actor, "config rm")
        .write(async |store| {
            let configuration = store.configuration();
            let snapshots = configuration.snapshots();
            let ids = resolve_all(&snapshots, names).await?;
            let all = snapshots.all().await?;
            let mut errors = Vec::new();
            for snapshot in all.iter().filter(|snapshot| ids.contains(&snapshot.id)) {
                let by: Vec<String> = dependents_of(snapshot, &all)
                    .into_iter()
                    .filter(|by| !ids.contains(&by.id))
                    .map(|by| by.id.to_string())
                    .collect();
                if !by.is_empty() && referrers == OnDelete::Respect {
                    let id = snapshot.id.to_string();
                    errors.push(Error::SnapshotInUse { id, by });
                }
            }
            Error::combine(errors)?;
            for id in &ids {
                snapshots.delete(id, referrers).await?;
            }
            Ok(ids)
        })
        .await
}

/// Returns the incremental snapshots that are based on one: those after it, up to the next full
/// one.
fn dependents_of<'a>(
    snapshot: &ConfigurationSnapshot,
    all: &'a [ConfigurationSnapshot],
) -> Vec<&'a ConfigurationSnapshot> {
    let after = all.iter().filter(|other| other.repo == snapshot.repo);
    let mut after: Vec<_> = after.filter(|other| precedes(snapshot, other)).collect();
    after.sort_by(|a, b| (a.taken_at, a.id.as_str()).cmp(&(b.taken_at, b.id.as_str())));
    let is_full = |one: &&ConfigurationSnapshot| one.snapshot_type == SnapshotType::Full;
    let end = after.iter().position(is_full);
    after.truncate(end.unwrap_or(after.len()));
    after.retain(|one| one.snapshot_type == SnapshotType::Incremental);
    after
}
