//! Actions on configuration: snapshots, differences between them, and changes.

mod changes;
mod remove;

use wsdb_core::{
    ChangeFilter, ConfigurationChange, ConfigurationSnapshot, IdSeries, Json, JsonObject, KeyPath,
    Page, SnapshotFilter, SnapshotId, SnapshotType, configuration_hash, differences, merge_files,
    normalize_numbers, redact_secrets,
};
use wsdb_store::{Connection, Store, Transaction};

pub use self::changes::add_configuration_change;
pub use self::remove::remove_snapshots;
use crate::views::{
    ConfigurationChangeView, DiffView, DifferenceView, SnapshotResult, SnapshotView,
};
use crate::{Actor, Error, Resource, Workspace, resolve};

/// A snapshot to take.
#[derive(Debug, Clone)]
pub struct SnapshotRequest {
    /// The repo.
    pub repo: String,
    /// Whether `files` are all files of the configuration, or only those that may have changed.
    pub snapshot_type: SnapshotType,
    /// Contents of the files, by path.
    pub files: JsonObject,
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
/// [`Error::Invalid`] if there are no files.
pub async fn take_snapshot(
    workspace: &Workspace,
    actor: &Actor,
    taking: &SnapshotRequest,
) -> Result<SnapshotResult, Error> {
    if taking.files.is_empty() {
        return Err(Error::Invalid(
            "a snapshot needs at least one file".to_owned(),
        ));
    }
    let mut files = Json::Object(taking.files.clone());
    normalize_numbers(&mut files);
    let secrets = redact_secrets(&mut files.clone(), &mut KeyPath::default());
    workspace
        .by(actor, "config snapshot")
        .write(async |store| {
            let last = latest_of(store, &taking.repo).await?;
            let before = match &last {
                Some(last) => Some(effective_configuration(store, last).await?),
                None => None,
            };
            let mut after = files.clone();
            let mut data = files.clone();
            if taking.snapshot_type == SnapshotType::Incremental {
                after = before.clone().unwrap_or(Json::Null);
                merge_files(&mut after, &files);
                let known = before.as_ref().and_then(Json::as_object);
                if let (Json::Object(data), Some(known), false) = (&mut data, known, taking.force) {
                    data.retain(|file, value| known.get(file) != Some(value));
                }
            }
            if let (Some(last), Some(before), false) = (&last, &before, taking.force)
                && configuration_hash(before) == configuration_hash(&after)
            {
                return Ok(SnapshotResult {
                    snapshot: last.clone().into(),
                    unchanged: true,
                    changes: Vec::new(),
                    secrets,
                });
            }
            let snapshot = store
                .configuration()
                .take_snapshot(|id| ConfigurationSnapshot {
                    id,
                    repo: taking.repo.clone(),
                    snapshot_type: taking.snapshot_type,
                    configuration_hash: configuration_hash(&data),
                    snapshot_data: Some(data.clone()),
                    taken_at: actor.now,
                    taken_by: Some(actor.name.clone()),
                    notes: taking.notes.clone(),
                    document_fields: JsonObject::new(),
                })
                .await?;
            let mut changes = Vec::new();
            if let (true, Some(before)) = (taking.record, &before) {
                let commit = taking.commit.as_deref();
                changes = record(store, actor, &snapshot, (before, &after), commit).await?;
            }
            Ok(SnapshotResult {
                snapshot: snapshot.into(),
                unchanged: false,
                changes,
                secrets,
            })
        })
        .await
}

/// Returns the last snapshot of a repo.
async fn latest_of<C: Connection>(
    store: &Store<C>,
    repo: &str,
) -> Result<Option<ConfigurationSnapshot>, wsdb_store::Error> {
    Ok(latest(store, repo, 1).await?.pop())
}

async fn latest<C: Connection>(
    store: &Store<C>,
    repo: &str,
    many: u64,
) -> Result<Vec<ConfigurationSnapshot>, wsdb_store::Error> {
    let filter = SnapshotFilter {
        repo: vec![repo.to_owned()],
        reverse: true,
        page: Page::first(many),
        ..SnapshotFilter::default()
    };
    store.configuration().snapshots().list(&filter).await
}

/// Returns whether snapshot `a` is older than snapshot `b` of the same repo.
fn precedes(a: &ConfigurationSnapshot, b: &ConfigurationSnapshot) -> bool {
    (a.taken_at, a.id.as_str()) < (b.taken_at, b.id.as_str())
}

/// Returns the complete configuration at a snapshot: an incremental one is merged with those before
/// it, back to the last full one.
async fn effective_configuration<C: Connection>(
    store: &Store<C>,
    snapshot: &ConfigurationSnapshot,
) -> Result<Json, wsdb_store::Error> {
    let mut above: Vec<Json> = Vec::new();
    above.extend(snapshot.snapshot_data.clone());
    if snapshot.snapshot_type == SnapshotType::Incremental {
        const BATCH_SIZE: u64 = 20;
        let mut page = Page::first(BATCH_SIZE);
        'found: loop {
            let filter = SnapshotFilter {
                repo: vec![snapshot.repo.clone()],
                reverse: true,
                page,
                ..SnapshotFilter::default()
            };
            let part = store.configuration().snapshots().list(&filter).await?;
            let is_last = (part.len() as u64) < BATCH_SIZE;
            for older in part.into_iter().filter(|older| precedes(older, snapshot)) {
                above.extend(older.snapshot_data);
                if older.snapshot_type == SnapshotType::Full {
                    break 'found;
                }
            }
            if is_last {
                break;
            }
            page.offset += BATCH_SIZE;
        }
    }
    let mut whole = Json::Null;
    for data in above.iter().rev() {
        merge_files(&mut whole, data);
    }
    Ok(whole)
}

/// Records the differences between two configurations that are not recorded yet.
async fn record(
    store: &Store<Transaction>,
    actor: &Actor,
    to: &ConfigurationSnapshot,
    (before, after): (&Json, &Json),
    commit: Option<&str>,
) -> Result<Vec<ConfigurationChangeView>, Error> {
    let text = |value: Option<Json>| {
        value.map(|value| match value {
            Json::String(text) => text,
            value => value.to_string(),
        })
    };
    let known = ChangeFilter {
        repo: vec![to.repo.clone()],
        since: Some(to.taken_at),
        ..ChangeFilter::default()
    };
    let known = store.configuration().changes().list(&known).await?;
    let mut recorded = Vec::new();
    for difference in differences(before, after) {
        // Secrets are stored only in snapshots.
        let difference = DifferenceView::new(difference, false);
        let (file, key) = (Some(difference.file), Some(difference.key_path));
        let is_known = known.iter().any(|change| {
            change.changed_at == to.taken_at && change.file_path == file && change.key_path == key
        });
        if is_known {
            continue;
        }
        let (old, new) = (text(difference.old), text(difference.new));
        let configuration = store.configuration();
        let change = configuration.record_change(|id| ConfigurationChange {
            id,
            repo: to.repo.clone(),
            change_type: difference.change_type,
            component_name: None,
            file_path: file.clone(),
            key_path: key.clone(),
            old_value: old.clone(),
            new_value: new.clone(),
            changed_at: to.taken_at,
            changed_by: Some(actor.name.clone()),
            commit_hash: commit.map(str::to_owned),
            drift_detection_id: None,
            document_fields: JsonObject::new(),
        });
        recorded.push(change.await?.into());
    }
    Ok(recorded)
}

/// Resolves two snapshots, the last two of a repo, or one snapshot and the one before it.
async fn resolve_pair<C: Connection>(
    store: &Store<C>,
    first: &str,
    second: Option<&str>,
) -> Result<(ConfigurationSnapshot, ConfigurationSnapshot), Error> {
    let snapshots = store.configuration().snapshots();
    if let Some(second) = second {
        let first = resolve(&snapshots, first).await;
        let (first, second) = Error::join_errors(first, resolve(&snapshots, second).await)?;
        return Ok((snapshots.get(&first).await?, snapshots.get(&second).await?));
    }
    let last = latest(store, first, 2).await?;
    match last.len() {
        2 => {
            let mut last = last.into_iter();
            if let (Some(to), Some(from)) = (last.next(), last.next()) {
                return Ok((from, to));
            }
        }
        1 => {
            let only = &last[0].id;
            return Err(Error::Invalid(format!(
                "{first} has only one snapshot ({only}), so there is nothing to compare it with"
            )));
        }
        _ => {}
    }
    let id: SnapshotId = resolve(&snapshots, first).await?;
    let to = snapshots.get(&id).await?;
    let filter = SnapshotFilter {
        repo: vec![to.repo.clone()],
        reverse: true,
        ..SnapshotFilter::default()
    };
    let all = snapshots.list(&filter).await?;
    match all.into_iter().find(|older| precedes(older, &to)) {
        Some(from) => Ok((from, to)),
        None => Err(Error::Invalid(format!(
            "{id} is the first snapshot of {}, so there is nothing to compare it with",
            to.repo
        ))),
    }
}

async fn compare<C: Connection>(
    store: &Store<C>,
    (from, to): (&ConfigurationSnapshot, &ConfigurationSnapshot),
    show_secrets: bool,
) -> Result<(DiffView, Json, Json), Error> {
    let (before, after) = (
        effective_configuration(store, from).await?,
        effective_configuration(store, to).await?,
    );
    let found = differences(&before, &after);
    let differences: Vec<DifferenceView> = found
        .into_iter()
        .map(|difference| DifferenceView::new(difference, show_secrets))
        .collect();
    let view = DiffView {
        from: from.id.clone(),
        to: to.id.clone(),
        total: differences.len(),
        differences,
        changes: Vec::new(),
    };
    Ok((view, before, after))
}

/// Returns the differences between two snapshots. If only one name is given: between the last two
/// of that repo, or between that snapshot and the one before it.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`], and [`Error::Invalid`] if there is no other
/// snapshot.
pub async fn diff_snapshots<C: Connection>(
    store: &Store<C>,
    first: &str,
    second: Option<&str>,
    show_secrets: bool,
) -> Result<DiffView, Error> {
    let (from, to) = resolve_pair(store, first, second).await?;
    Ok(compare(store, (&from, &to), show_secrets).await?.0)
}

/// Like [`diff_snapshots`], and records the differences as changes, unless they are recorded
/// already.
///
/// # Errors
/// Same as [`diff_snapshots`], and [`Error::Invalid`] for snapshots of different repos.
pub async fn record_differences(
    workspace: &Workspace,
    actor: &Actor,
    (first, second): (&str, Option<&str>),
    show_secrets: bool,
    commit: Option<&str>,
) -> Result<DiffView, Error> {
    workspace
        .by(actor, "config diff")
        .write(async |store| {
            let (from, to) = resolve_pair(store, first, second).await?;
            if from.repo != to.repo {
                return Err(Error::Invalid(format!(
                    "cannot record changes between different repos: {} is of {}, {} is of {}",
                    from.id, from.repo, to.id, to.repo
                )));
            }
            let (mut view, before, after) = compare(store, (&from, &to), show_secrets).await?;
            view.changes = record(store, actor, &to, (&before, &after), commit).await?;
            Ok(view)
        })
        .await
}

impl Resource for ConfigurationSnapshot {
    const SERIES: Option<IdSeries> = Some(IdSeries::SNAPSHOTS);
    type View = SnapshotView;
}
