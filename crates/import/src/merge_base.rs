//! The merge base of a record in a file: the version that it was made from. It shows on which side a
//! field changed since.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use wsdb_core::Json;
use wsdb_store::{
    DocumentEntry, EntryChange, KnownVersion, RecordVersion, Rev, Store, Transaction,
};

use crate::digest::digest;
use crate::document_paths::DocumentPaths;
use crate::error::Error;
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;

/// Returns whether a field has the value that it has in a version.
pub(crate) fn is_unchanged(version: &RecordVersion, field: &str, value: &Json) -> bool {
    version.digest(field) == digest(value)
}

/// Loads all records of a kind, by id.
pub(crate) async fn load_by_id<T: DocumentRecord>(
    store: &Store<Transaction>,
) -> Result<HashMap<String, T>, Error> {
    let records = store.records::<T>().all().await?.into_iter();
    Ok(records
        .map(|record| (record.id().as_ref().to_owned(), record))
        .collect())
}

/// What is known about the earlier versions of the records of one kind.
#[derive(Debug, Default)]
pub(crate) struct MergeBase {
    /// What each file held at its last import or export, by path and by the id in the file.
    entries: BTreeMap<Arc<str>, HashMap<String, DocumentEntry>>,
    /// The versions that the records in the files name, by id.
    versions: HashMap<String, RecordVersion>,
}

impl MergeBase {
    /// Loads what the files held, and the versions that the records in them name. `known` are
    /// the records in the database.
    pub(crate) async fn load<T: DocumentRecord>(
        store: &Store<Transaction>,
        files: &[Arc<str>],
        paths: &DocumentPaths,
        found: &[ParsedRecord<T>],
        known: &HashMap<String, T>,
    ) -> Result<Self, Error> {
        let mut base = MergeBase::default();
        for path in files {
            let entries = store.documents().entries(path, T::KIND).await?.into_iter();
            let entries = entries.map(|entry| (entry.id_in_file.clone(), entry));
            base.entries.insert(path.clone(), entries.collect());
        }
        let mut wanted: HashMap<String, Rev> = HashMap::new();
        for found in found {
            let (Some(rev), id) = (found.rev, found.record.id().as_ref()) else {
                continue;
            };
            let id_in_file = found.id_in_file.as_deref().unwrap_or(id);
            let entry = base.entry(&paths.of(&found.file), id_in_file);
            if entry.is_some_and(|entry| entry.rev == Some(rev)) {
                continue;
            }
            let current = known.get(id).map(T::version);
            match current.filter(|current| T::rev_of(current) == rev) {
                Some(current) => _ = base.versions.insert(id.to_owned(), current),
                None => _ = wanted.insert(id.to_owned(), rev),
            }
        }
        base.find_versions::<T>(store, wanted).await?;
        Ok(base)
    }

    /// Finds versions that the records in the database no longer have.
    async fn find_versions<T: DocumentRecord>(
        &mut self,
        store: &Store<Transaction>,
        mut wanted: HashMap<String, Rev>,
    ) -> Result<(), Error> {
        if wanted.is_empty() {
            return Ok(());
        }
        let revs: Vec<Rev> = wanted.values().copied().collect();
        for known in store.documents().known_versions(T::KIND, &revs).await? {
            let KnownVersion {
                record_id,
                rev,
                version,
            } = known;
            // A file that was edited by hand holds more than the version that it names.
            if wanted.get(&record_id) == Some(&rev) && T::rev_of(&version) == rev {
                wanted.remove(&record_id);
                self.versions.insert(record_id, version);
            }
        }
        let ids: Vec<String> = wanted.keys().cloned().collect();
        let versions = &mut self.versions;
        let mut visit = |earlier: wsdb_store::EarlierVersion<T>| {
            let (id, version) = (earlier.record.id().as_ref(), earlier.record.version());
            let is_wanted = wanted.get(id) == Some(&T::rev_of(&version));
            if is_wanted {
                versions.insert(id.to_owned(), version);
            }
            !is_wanted
        };
        Ok(store.history().earlier_versions(&ids, &mut visit).await?)
    }

    /// Returns what a file held of a record.
    pub(crate) fn entry(&self, path: &str, id_in_file: &str) -> Option<&DocumentEntry> {
        self.entries.get(path)?.get(id_in_file)
    }

    /// Returns the version that a record in a file was made from. A file that names the same as before
    /// was edited since it was last read or written; another one is the version that it names.
    pub(crate) fn of(
        &self,
        path: &str,
        id_in_file: &str,
        id: &str,
        rev: Option<Rev>,
    ) -> Option<&RecordVersion> {
        if self.is_other_version(path, id_in_file, id, rev) {
            return self.versions.get(id);
        }
        self.entry(path, id_in_file).map(|entry| &entry.version)
    }

    /// Returns whether the record in the file is a known version, but not the one that the file held
    /// last.
    pub(crate) fn is_other_version(
        &self,
        path: &str,
        id_in_file: &str,
        id: &str,
        rev: Option<Rev>,
    ) -> bool {
        let entry = self.entry(path, id_in_file);
        let is_same = entry.is_some_and(|entry| entry.rev == rev);
        !is_same && rev.is_some() && self.versions.contains_key(id)
    }

    /// Removes and returns the entries of a file.
    pub(crate) fn take_entries(
        &mut self,
    ) -> impl Iterator<Item = (Arc<str>, DocumentEntry)> + use<> {
        let entries = std::mem::take(&mut self.entries).into_iter();
        entries.flat_map(|(path, entries)| {
            entries
                .into_values()
                .map(move |entry| (path.clone(), entry))
        })
    }
}

/// The changes of what the files hold of one kind of record, by path: in a fixed order, because
/// history lists them.
#[derive(Debug, Default)]
pub(crate) struct EntryChanges(BTreeMap<Arc<str>, Vec<EntryChange>>);

impl EntryChanges {
    /// Adds what a file holds of a record, unless it held the same before.
    pub(crate) fn set(
        &mut self,
        path: &Arc<str>,
        before: Option<DocumentEntry>,
        after: Option<DocumentEntry>,
    ) {
        if before != after {
            let changes = self.0.entry(path.clone()).or_default();
            changes.push(EntryChange { before, after });
        }
    }

    /// Stores the changes.
    pub(crate) async fn write(
        self,
        store: &Store<Transaction>,
        kind: &str,
    ) -> Result<(), wsdb_store::Error> {
        for (path, changes) in self.0 {
            store
                .documents()
                .write_entries(&path, kind, changes)
                .await?;
        }
        Ok(())
    }
}
