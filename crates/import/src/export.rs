//! Writes the documents, all or none, in a stable order and form.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use wsdb_core::{HistoryFilter, Json, SessionId, natural_order};
use wsdb_store::{Documents, Records, Store, Transaction};

use crate::document::{self, Document, Node, Object, count, task_to_document, text, to_document};
use crate::document_header;
use crate::error::Error;
use crate::merge_base::{self, MergeBase};
use crate::record::DocumentRecord;
use crate::{Progress, ProgressStage};

/// An exported document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The document.
    pub document: Document,
    /// Its file.
    pub file: PathBuf,
    /// How many records it contains, nested records included.
    pub records: usize,
    /// Whether the content of the file changed.
    pub changed: bool,
}

/// Options of an export.
#[derive(Debug, Clone, Copy, Default)]
pub struct ExportOptions {
    /// Whether to overwrite files with content that was never imported.
    pub force: bool,
    /// Whether to write `HISTORY.json` too.
    pub history: bool,
}

/// Writes the documents into a folder, and stores the written values as the merge base.
///
/// Documents that only wsdb has are left out if they are empty and their file does not exist.
///
/// # Errors
/// Returns [`Error::NotImported`] if a file has content that was never imported, unless `force` is
/// set; nothing is written then.
pub async fn export(
    store: &Store,
    folder: &Path,
    options: &ExportOptions,
    progress: &dyn Progress,
) -> Result<Vec<Exported>, Error> {
    store
        .write(async |store| export_all(store, folder, options, progress).await)
        .await
}

async fn export_all(
    store: &Store<Transaction>,
    folder: &Path,
    options: &ExportOptions,
    progress: &dyn Progress,
) -> Result<Vec<Exported>, Error> {
    progress.step(ProgressStage::Read);
    let documents = documents(store, options).await?;

    let mut texts = Vec::new();
    let mut lost = Vec::new();
    for (document, records, text) in documents {
        let file = folder.join(document.file_name());
        let before = match std::fs::read(&file) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(source) => return Err(Error::Write { path: file, source }),
        };
        if records == 0 && !document.is_legacy_format() && before.is_none() {
            continue;
        }
        let changed = before.as_deref() != Some(text.as_bytes());
        if changed
            && !options.force
            && let Some(before) = &before
        {
            let known = store.documents().files(document.file_name()).await?;
            if !known.contains(&merge_base::hash(before)) {
                lost.push(file.clone());
            }
        }
        texts.push((
            Exported {
                document,
                file,
                records,
                changed,
            },
            text,
        ));
    }
    if !lost.is_empty() {
        return Err(Error::NotImported(lost));
    }

    progress.step(ProgressStage::Write(texts.len()));
    let changed = texts.iter().filter(|(exported, _)| exported.changed);
    write_files(
        folder,
        changed.map(|(e, text)| (e.file.as_path(), text.as_str())),
    )?;
    for (exported, text) in &texts {
        let hash = merge_base::hash(text.as_bytes());
        remember_file_hash(
            &store.documents().without_history(),
            exported.document,
            hash,
        )
        .await?;
        progress.advance(1);
    }
    Ok(texts.into_iter().map(|(exported, _)| exported).collect())
}

/// Writes all files under temporary names first, then renames them, so that all or none appear.
///
/// # Errors
/// Returns [`Error::Write`] with the file or folder that cannot be written.
pub fn write_files<'a>(
    folder: &Path,
    files: impl Iterator<Item = (&'a Path, &'a str)>,
) -> Result<(), Error> {
    let fail = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::Write { path, source }
    };
    std::fs::create_dir_all(folder).map_err(fail(folder))?;
    let mut written = Vec::new();
    for (file, text) in files {
        let mut beside = tempfile::Builder::new()
            .prefix(".wsdb-export-")
            .permissions(permissions(file))
            .tempfile_in(folder)
            .map_err(fail(folder))?;
        beside.write_all(text.as_bytes()).map_err(fail(file))?;
        beside.as_file().sync_data().map_err(fail(file))?;
        written.push((beside, file));
    }
    for (beside, file) in written {
        beside
            .persist(file)
            .map_err(|error| fail(file)(error.error))?;
    }
    Ok(())
}

/// Returns the permissions of an existing file, or the default ones for a new file.
fn permissions(file: &Path) -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    match std::fs::metadata(file) {
        Ok(metadata) => metadata.permissions(),
        Err(_) => std::fs::Permissions::from_mode(0o666),
    }
}

/// Maximum number of states to remember per file: it may exist in several folders.
const MAX_FILE_HASHES: usize = 8;

/// Notes that a file with this content was imported or exported.
pub(crate) async fn remember_file_hash(
    documents: &Documents<'_, Transaction>,
    document: Document,
    hash: u64,
) -> Result<(), Error> {
    let mut hashes = documents.files(document.file_name()).await?;
    if hashes.first() == Some(&hash) {
        return Ok(());
    }
    hashes.retain(|known| *known != hash);
    hashes.insert(0, hash);
    hashes.truncate(MAX_FILE_HASHES);
    Ok(documents.set_files(document.file_name(), &hashes).await?)
}

/// Returns all records of a kind in the order of their ids, and updates the merge base.
async fn all<T: DocumentRecord>(
    store: &Store<Transaction>,
    records: &Records<'_, Transaction, T>,
) -> Result<Vec<T>, Error> {
    let mut all = records.all().await?;
    all.sort_by(|a, b| natural_order(a.id().as_ref(), b.id().as_ref()));
    let mut base = MergeBase::default();
    for record in &all {
        base.set(record.id().as_ref(), &record.digests());
    }
    let before = store.documents().base(T::KIND).await?;
    let encoded = base.encode();
    if before.as_ref() != Some(&encoded) && !(before.is_none() && all.is_empty()) {
        let documents = store.documents().without_history();
        documents.set_base(T::KIND, encoded).await?;
    }
    Ok(all)
}

fn to_objects<T: DocumentRecord>(records: &[T]) -> Vec<Object> {
    records
        .iter()
        .map(|record| to_document(record).into())
        .collect()
}

/// Groups nested records by session, in their order.
fn nested<T>(
    records: Vec<T>,
    session: impl Fn(&T) -> &SessionId,
    show: impl Fn(&T) -> Object,
) -> HashMap<SessionId, Vec<Object>> {
    let mut nested: HashMap<SessionId, Vec<Object>> = HashMap::new();
    for record in &records {
        nested
            .entry(session(record).clone())
            .or_default()
            .push(show(record));
    }
    nested
}

fn activity(record: &wsdb_core::Activity) -> Object {
    let mut fields = to_document(record);
    fields.retain(|(name, _)| name != "session_id");
    fields.into()
}

/// Converts a link, without its session and without an id that can be derived from both ends.
fn link<T: DocumentRecord>(record: &T, session: &SessionId, target: Option<&str>) -> Object {
    let mut fields = to_document(record);
    let derived = target.map(|target| format!("{session}-{target}"));
    fields.retain(|(name, value)| match name.as_ref() {
        "session_id" => false,
        "link_id" => value.as_str() != derived.as_deref(),
        _ => true,
    });
    fields.into()
}

async fn documents(
    store: &Store<Transaction>,
    options: &ExportOptions,
) -> Result<Vec<(Document, usize, String)>, Error> {
    let mut documents = Vec::new();
    for document in Document::ALL {
        if document == Document::History && !options.history {
            continue;
        }
        let mut header = store
            .documents()
            .header(document.file_name())
            .await?
            .unwrap_or_default();
        document_header::mark_in_sync(store, document, header.clone()).await?;
        let (records, lists) = match document {
            Document::Tasks => {
                let tasks = all(store, &store.tasks()).await?;
                let claims = all(store, &store.tasks().claims()).await?;
                let claim_on: HashMap<_, _> =
                    claims.iter().map(|claim| (&claim.id, claim)).collect();
                let shown = tasks
                    .iter()
                    .map(|task| task_to_document(task, claim_on.get(&task.id).copied()));
                let list = shown.collect();
                let words = tasks
                    .iter()
                    .flat_map(|task| ["total", stored_value(task.status)]);
                let always = ["total", "in_progress", "pending", "completed", "blocked"];
                count(&mut header, "task_counts", &always, words);
                (tasks.len() + claims.len(), vec![("active_tasks", list)])
            }
            Document::Sessions => sessions(store).await?,
            Document::Issues => {
                let issues = all(store, &store.issues()).await?;
                if header.get("issue_counts").is_some_and(Json::is_object) {
                    let words = issues.iter().flat_map(|issue| {
                        [
                            "total",
                            stored_value(issue.status),
                            stored_value(issue.severity),
                        ]
                    });
                    count(&mut header, "issue_counts", &["total"], words);
                }
                (issues.len(), vec![("issues", to_objects(&issues))])
            }
            Document::Decisions => {
                let decisions = all(store, &store.decisions()).await?;
                (decisions.len(), vec![("decisions", to_objects(&decisions))])
            }
            Document::Architecture => {
                let architecture = store.architecture();
                let states = all(store, &architecture.states()).await?;
                let placements = all(store, &architecture.placements()).await?;
                let goals = all(store, &architecture.goals()).await?;
                (
                    states.len() + placements.len() + goals.len(),
                    vec![
                        ("architecture_states", to_objects(&states)),
                        ("component_placements", to_objects(&placements)),
                        ("architecture_tasks", to_objects(&goals)),
                    ],
                )
            }
            Document::Drift => {
                let scans = all(store, &store.drift().scans()).await?;
                let detections = all(store, &store.drift().detections()).await?;
                (
                    scans.len() + detections.len(),
                    vec![
                        ("drift_scans", to_objects(&scans)),
                        ("drift_detections", to_objects(&detections)),
                    ],
                )
            }
            Document::Configuration => {
                let snapshots = all(store, &store.configuration().snapshots()).await?;
                let changes = all(store, &store.configuration().changes()).await?;
                (
                    snapshots.len() + changes.len(),
                    vec![
                        ("configuration_snapshots", to_objects(&snapshots)),
                        ("configuration_changes", to_objects(&changes)),
                    ],
                )
            }
            Document::Contexts => {
                let switches = all(store, &store.contexts()).await?;
                (
                    switches.len(),
                    vec![("context_switches", to_objects(&switches))],
                )
            }
            Document::History => {
                let actions = history(store).await?;
                (actions.len(), vec![("actions", actions)])
            }
        };
        documents.push((
            document,
            records + header_field_count(&header, document),
            text(header, lists),
        ));
    }
    Ok(documents)
}

/// Returns all actions, oldest first, without those that created this database by import or copy.
async fn history(store: &Store<Transaction>) -> Result<Vec<Object>, Error> {
    let filter = HistoryFilter {
        oldest_first: true,
        ..HistoryFilter::default()
    };
    let mut actions = store.history().list(&filter).await?;
    actions.retain(|action| !action.is_import_or_copy());
    let ids: Vec<_> = actions.iter().map(|action| action.id).collect();
    let mut changes: HashMap<_, Vec<_>> = HashMap::new();
    for change in store.history().changes(&ids, None).await? {
        changes.entry(change.action).or_default().push(change);
    }
    let shown = actions.into_iter().map(|action| {
        let changes = changes.remove(&action.id).unwrap_or_default();
        document::history::to_document(action, changes)
    });
    Ok(shown.collect())
}

/// A document that only wsdb has counts as non-empty if it has document fields.
fn header_field_count(header: &wsdb_core::JsonObject, document: Document) -> usize {
    usize::from(!document.is_legacy_format() && !header.is_empty())
}

fn stored_value<V: wsdb_core::Vocabulary>(value: V) -> &'static str {
    value.as_str()
}

type Lists = (usize, Vec<(&'static str, Vec<Object>)>);

async fn sessions(store: &Store<Transaction>) -> Result<Lists, Error> {
    let repository = store.sessions();
    let sessions = all(store, &repository).await?;
    let mut activities = all(store, &repository.activities()).await?;
    // By time, then in the order of ids.
    activities.sort_by_key(|activity| activity.time);
    let decisions = all(store, &repository.decision_links()).await?;
    let issues = all(store, &repository.issue_links()).await?;
    let total = sessions.len() + activities.len() + decisions.len() + issues.len();

    let mut activities = nested(activities, |a| &a.session_id, activity);
    let mut decisions = nested(
        decisions,
        |link| &link.session_id,
        |l| {
            link(
                l,
                &l.session_id,
                l.decision_id.as_ref().map(|id| id.as_str()),
            )
        },
    );
    let mut issues = nested(
        issues,
        |link| &link.session_id,
        |l| link(l, &l.session_id, l.issue_id.as_ref().map(|id| id.as_str())),
    );
    let mut list = Vec::with_capacity(sessions.len());
    for session in &sessions {
        let mut object: Object = to_document(session).into();
        for (name, nested) in [
            ("activities", &mut activities),
            ("decisions_made", &mut decisions),
            ("issues_found", &mut issues),
        ] {
            let nested = nested.remove(&session.id).unwrap_or_default();
            object.0.push((name.into(), Node::List(nested)));
        }
        list.push(object);
    }
    Ok((total, vec![("sessions", list)]))
}
