//! What each file held of each record at its last import or export: the base of the next merge.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use sea_orm::{ColumnTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect, Value};
use wsdb_core::{Json, RecordChange};

use crate::bulk::BulkInsert;
use crate::document_entry::{
    DocumentEntry, EntryChange, HeldRecord, KnownVersion, RenumberedRecord,
};
use crate::document_history::{describe_changes, entry_from_json, hash};
use crate::documents::Documents;
use crate::entity::document_record::{Column, Entity};
use crate::query::ID_BATCH_SIZE;
use crate::tables::DOCUMENT_RECORDS;
use crate::{Connection, Error, RecordVersion, Rev, Store, Transaction, history_writes};

/// Returns the folder of a stored path.
fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The path of entries that are of no file: versions of records that neither history nor a file has.
const NO_PATH: &str = "";

/// What stays known of records after history has forgotten it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ForgottenIds {
    /// That they were deleted.
    Deleted,
    /// That a command added them, and not an import.
    Added,
}

impl ForgottenIds {
    /// Returns the kind of the entries, without a path, of such records of a table.
    fn kind(self, table: &str) -> String {
        match self {
            ForgottenIds::Deleted => format!("deleted from {table}"),
            ForgottenIds::Added => format!("added to {table}"),
        }
    }
}

impl<C: Connection> Documents<'_, C> {
    /// Returns the records of a kind that a file held.
    pub async fn entries(&self, path: &str, kind: &str) -> Result<Vec<DocumentEntry>, Error> {
        let rows = Entity::find()
            .filter(Column::Path.eq(path))
            .filter(Column::Kind.eq(kind))
            .all(&self.store.connection)
            .await?;
        Ok(rows.into_iter().map(DocumentEntry::from).collect())
    }

    /// Returns how the files hold the records of a kind, by the ids of the records. A record counts as
    /// contained in a document if one in the folders of these files contains it, and as described within
    /// another one if these files do so.
    pub async fn ids_in_files(
        &self,
        kind: &str,
        files: &HashSet<&str>,
    ) -> Result<HashMap<String, HeldRecord>, Error> {
        let rows: Vec<(String, String, i64)> = Entity::find()
            .select_only()
            .columns([Column::Path, Column::RecordId, Column::IsInline])
            .filter(Column::Kind.eq(kind))
            .filter(Column::Path.ne(NO_PATH))
            .into_tuple()
            .all(&self.store.connection)
            .await?;
        let folders: HashSet<&str> = files.iter().map(|file| folder_of(file)).collect();
        let mut ids: HashMap<String, HeldRecord> = HashMap::with_capacity(rows.len());
        for (path, id, is_inline) in rows {
            let held = ids.entry(id).or_default();
            held.is_inline |= is_inline != 0 && files.contains(path.as_str());
            held.is_in_document |= is_inline == 0 && folders.contains(folder_of(&path));
        }
        Ok(ids)
    }

    /// Returns the records that have another id in a file than in the database, or had it once.
    pub async fn renumbered(&self) -> Result<Vec<RenumberedRecord>, Error> {
        use sea_orm::sea_query::{Expr, ExprTrait};
        let rows = Entity::find()
            .filter(Expr::col(Column::RecordId).ne(Expr::col(Column::IdInFile)))
            .all(&self.store.connection)
            .await?;
        let renumbered = rows.into_iter().filter_map(|row| {
            let (path, kind) = (row.path.clone(), row.kind.clone());
            let entry = DocumentEntry::from(row);
            let (path, id_in_file) = match path.as_str() {
                NO_PATH => (None, former_id(&entry)?.to_owned()),
                _ => (Some(path), entry.id_in_file),
            };
            Some(RenumberedRecord {
                path,
                kind,
                id_in_file,
                record_id: entry.record_id,
                rev: entry.rev,
                version: entry.version,
            })
        });
        Ok(renumbered.collect())
    }

    /// Returns the versions of records of a kind that are known apart from history, with the ids of
    /// the records.
    pub async fn versions_of(
        &self,
        kind: &str,
        ids: &[String],
    ) -> Result<Vec<(String, RecordVersion)>, Error> {
        let mut versions = Vec::new();
        for chunk in ids.chunks(ID_BATCH_SIZE) {
            let rows = Entity::find()
                .filter(Column::Kind.eq(kind))
                .filter(Column::RecordId.is_in(chunk))
                .all(&self.store.connection)
                .await?;
            let entries = rows.into_iter().map(DocumentEntry::from);
            versions.extend(entries.map(|entry| (entry.record_id, entry.version)));
        }
        Ok(versions)
    }

    /// Returns what is known about the versions of records of a kind, apart from history.
    pub async fn known_versions(
        &self,
        kind: &str,
        revs: &[Rev],
    ) -> Result<Vec<KnownVersion>, Error> {
        let mut versions = Vec::new();
        for chunk in revs.chunks(ID_BATCH_SIZE) {
            let rows = Entity::find()
                .filter(Column::Kind.eq(kind))
                .filter(Column::Rev.is_in(chunk.iter().map(Rev::to_string)))
                .all(&self.store.connection)
                .await?;
            versions.extend(rows.into_iter().filter_map(|row| {
                let entry = DocumentEntry::from(row);
                let former = former_id(&entry).map(str::to_owned);
                Some(KnownVersion {
                    id_in_file: former.unwrap_or(entry.id_in_file),
                    record_id: entry.record_id,
                    rev: entry.rev?,
                    version: entry.version,
                })
            }));
        }
        Ok(versions)
    }

    /// Stores versions that later imports have to know.
    pub async fn remember_versions(
        &self,
        kind: &str,
        versions: Vec<KnownVersion>,
    ) -> Result<(), Error> {
        let entries = versions.into_iter().map(KnownVersion::into_entry);
        self.remember(kind, entries.collect()).await
    }

    /// Stores entries that are of no file, unless they are known.
    async fn remember(&self, kind: &str, entries: Vec<DocumentEntry>) -> Result<(), Error> {
        if entries.is_empty() {
            return Ok(());
        }
        let known = self.entries(NO_PATH, kind).await?;
        let mut known: BTreeSet<String> = known.into_iter().map(|entry| entry.id_in_file).collect();
        let changes = entries
            .into_iter()
            .filter(|entry| known.insert(entry.id_in_file.clone()))
            .map(|entry| EntryChange {
                before: None,
                after: Some(entry),
            });
        let changes: Vec<EntryChange> = changes.collect();
        self.store
            .write(async |store| self.replace(store, NO_PATH, kind, &changes).await)
            .await
    }

    /// Returns whether a record of this table was deleted before the oldest action in history.
    pub(crate) async fn is_deleted_record(&self, table: &str, id: &str) -> Result<bool, Error> {
        let kind = ForgottenIds::Deleted.kind(table);
        let key = (NO_PATH.to_owned(), kind, id.to_owned());
        let found = Entity::find_by_id(key).one(&self.store.connection).await?;
        Ok(found.is_some())
    }

    /// Returns the ids of such records of a table, as far as history has forgotten them.
    pub(crate) async fn remembered_ids(
        &self,
        of: ForgottenIds,
        table: &str,
    ) -> Result<Vec<String>, Error> {
        let entries = self.entries(NO_PATH, &of.kind(table)).await?;
        Ok(entries.into_iter().map(|entry| entry.record_id).collect())
    }

    /// Stores the ids of such records of a table, which history is about to forget.
    pub(crate) async fn remember_ids(
        &self,
        of: ForgottenIds,
        table: &str,
        ids: BTreeSet<String>,
    ) -> Result<(), Error> {
        let entries = ids.into_iter().map(|id| DocumentEntry {
            id_in_file: id.clone(),
            record_id: id,
            rev: None,
            is_inline: false,
            version: RecordVersion::default(),
        });
        self.remember(&of.kind(table), entries.collect()).await
    }

    /// Stores what a file holds of the records of a kind. `changes` are those whose entries differ. The
    /// former ids of records that had another id in the file are remembered: older versions of the file
    /// still have them.
    pub async fn write_entries(
        &self,
        path: &str,
        kind: &str,
        changes: Vec<EntryChange>,
    ) -> Result<(), Error> {
        if changes.is_empty() {
            return Ok(());
        }
        self.store
            .write(async |store| self.replace(store, path, kind, &changes).await)
            .await?;
        let former = changes.iter().filter_map(EntryChange::former_id);
        self.remember(kind, former.collect()).await
    }

    async fn replace(
        &self,
        store: &Store<Transaction>,
        path: &str,
        kind: &str,
        changes: &[EntryChange],
    ) -> Result<(), Error> {
        if changes.is_empty() {
            return Ok(());
        }
        replace_entries(store, path, kind, changes).await?;
        if self.is_change {
            let changes = describe_changes(path, kind, changes);
            history_writes::record_changes(&store.connection, changes).await?;
        }
        Ok(())
    }
}

/// Returns the id that a record had in a file, if this entry of no file remembers it.
fn former_id(entry: &DocumentEntry) -> Option<&str> {
    let former = entry.id_in_file.strip_suffix(&entry.record_id)?;
    former.strip_suffix(' ')
}

async fn replace_entries(
    store: &Store<Transaction>,
    path: &str,
    kind: &str,
    changes: &[EntryChange],
) -> Result<(), Error> {
    const COLUMNS: [&str; 7] = [
        "path",
        "kind",
        "id_in_file",
        "record_id",
        "rev",
        "is_inline",
        "fields",
    ];
    let stored: Vec<&str> = changes
        .iter()
        .filter(|change| change.before.is_some())
        .map(EntryChange::id)
        .collect();
    for chunk in stored.chunks(ID_BATCH_SIZE) {
        Entity::delete_many()
            .filter(Column::Path.eq(path))
            .filter(Column::Kind.eq(kind))
            .filter(Column::IdInFile.is_in(chunk.iter().copied()))
            .exec(&store.connection)
            .await?;
    }
    // In the order of the key, in which the rows are stored.
    let mut entries: Vec<&DocumentEntry> = changes
        .iter()
        .filter_map(|change| change.after.as_ref())
        .collect();
    entries.sort_unstable_by(|a, b| a.id_in_file.cmp(&b.id_in_file));
    let bind = |entry: &DocumentEntry, _: DbBackend, values: &mut Vec<Value>| {
        values.push(path.into());
        values.push(kind.into());
        values.push(entry.id_in_file.as_str().into());
        values.push(entry.record_id.as_str().into());
        values.push(entry.rev.map(|rev| rev.to_string()).into());
        values.push(i64::from(entry.is_inline).into());
        values.push(entry.version.encode().into());
    };
    let mut bulk = BulkInsert::new(&store.connection, DOCUMENT_RECORDS, &COLUMNS);
    let batch_size = bulk.max_rows();
    for chunk in entries.chunks(batch_size) {
        bulk.insert(chunk.to_vec(), bind).await?;
    }
    Ok(bulk.end().await?)
}

/// Reverts a change of entries. If they have changed again since, only those of records that the same
/// action added are removed; the ids of these are `added`.
pub(crate) async fn revert(
    store: &Store<Transaction>,
    change: &RecordChange,
    added: &BTreeSet<String>,
) -> Result<(), Error> {
    let text = |name: &str| change.after.get(name).and_then(Json::as_str);
    let (Some(path), Some(kind), Some(expected)) = (text("path"), text("kind"), text("hash"))
    else {
        return Ok(());
    };
    let documents = store.documents();
    let current = documents.entries(path, kind).await?;
    let mut current: BTreeMap<String, DocumentEntry> = current
        .into_iter()
        .filter(|entry| change.before.get(&entry.id_in_file).is_some())
        .map(|entry| (entry.id_in_file.clone(), entry))
        .collect();
    let is_unchanged = hash(current.values()) == expected;
    let mut changes = Vec::new();
    for (id, before) in change.before.iter() {
        let current = current.remove(id);
        let before = entry_from_json(id, before);
        let is_removable = |entry: &DocumentEntry| added.contains(&entry.record_id);
        let is_reverted =
            is_unchanged || before.is_none() && current.as_ref().is_some_and(is_removable);
        if is_reverted && current != before {
            changes.push(EntryChange {
                before: current,
                after: before,
            });
        }
    }
    documents.replace(store, path, kind, &changes).await
}
