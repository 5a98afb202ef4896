//! The merge base of a record in a file: the version that it was made from. It shows on which side a
//! field changed since.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use wsdb_core::Json;
use wsdb_store::{
    DocumentEntry, EntryChange, KnownVersion, RecordVersion, Rev, Store, Transaction,
};

use crate::committed_versions::{UnknownVersion, find_committed};
use crate::digest::digest;
use crate::document_paths::DocumentPaths;
use crate::error::Error;
use crate::identity::{are_different_records, is_same_record};
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::unnamed_version::Unnamed;

/// Loads all records of a kind, by id.
pub(crate) async fn load_by_id<T: DocumentRecord>(
    store: &Store<Transaction>,
) -> Result<HashMap<String, T>, Error> {
    let records = store.records::<T>().all().await?.into_iter();
    Ok(records
        .map(|record| (record.id().as_ref().to_owned(), record))
        .collect())
}

/// Returns the paths of the files that contain records.
pub(crate) fn paths_of<T>(paths: &DocumentPaths, found: &[ParsedRecord<T>]) -> Vec<Arc<str>> {
    let mut files: Vec<_> = found.iter().map(|found| paths.of(&found.file)).collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// What is known about the earlier versions of the records of one kind.
#[derive(Debug, Default)]
pub(crate) struct MergeBase {
    /// What each file held at its last import or export, by path and by the id in the file.
    entries: BTreeMap<Arc<str>, HashMap<String, DocumentEntry>>,
    /// The versions that the records in the files name, by id.
    versions: HashMap<String, RecordVersion>,
    /// The versions to merge the records with that name no known one, by id.
    similar: HashMap<String, RecordVersion>,
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
        let mut unnamed: HashMap<String, Unnamed<'_, T>> = HashMap::new();
        for found in found {
            let id = found.record.id().as_ref();
            let entry = base.entry_of(&paths.of(&found.file), found);
            let current = || known.get(id).map(T::version);
            // A record that was deleted here may have been edited elsewhere.
            let may_be_deleted = !known.contains_key(id) && T::CREATED.is_some();
            let Some(rev) = found.rev else {
                let version = match entry {
                    Some(entry) => {
                        let is_of_export = entry.rev.is_some() || found.is_nested_in_export;
                        is_of_export.then(|| entry.version.clone())
                    }
                    None => current().filter(|_| found.id_in_file.is_some()),
                };
                let is_renumbered = entry.is_none() && found.id_in_file.is_some();
                if version.is_some() || is_renumbered && may_be_deleted {
                    unnamed.insert(id.to_owned(), Unnamed::new(found, version));
                }
                if entry.is_none() && found.is_nested_in_export && !known.contains_key(id) {
                    // Its content identifies it.
                    wanted.insert(id.to_owned(), T::rev_of(&found.record.version()));
                }
                continue;
            };
            if entry.is_some_and(|entry| entry.rev == Some(rev)) {
                continue;
            }
            match current() {
                Some(current) if T::rev_of(&current) == rev => {
                    base.versions.insert(id.to_owned(), current);
                }
                current => {
                    let known_version = current.clone();
                    let start = match entry {
                        Some(entry) => Some(entry.version.clone()),
                        // The other workspace that gave the record this id named the version.
                        None if found.id_in_file.is_some() => current,
                        // The record here may be newer than the one that it was made from.
                        None => None,
                    };
                    let is_different = known
                        .get(id)
                        .is_some_and(|record| are_different_records(found, record));
                    if start.is_some() || may_be_deleted || !is_different && T::CREATED.is_some() {
                        let mut version = Unnamed {
                            is_held: entry.is_some(),
                            takes_equal: entry.is_none(),
                            newer: known_version.clone(),
                            current: known_version,
                            ..Unnamed::new(found, start)
                        };
                        if let Some(record) = known.get(id) {
                            version.check_time_of_start(record);
                        }
                        unnamed.insert(id.to_owned(), version);
                    }
                    wanted.insert(id.to_owned(), rev);
                }
            }
        }
        let withdrawn = base.find_versions::<T>(store, wanted).await?;
        unnamed.retain(|id, _| !base.versions.contains_key(id));
        let committed = base
            .find_committed(store, paths, found, known, &withdrawn)
            .await?;
        unnamed.retain(|id, _| !committed.contains_key(id));
        base.similar.extend(committed);
        base.find_similar(store, unnamed, &withdrawn).await?;
        Ok(base)
    }

    /// Finds the versions that records were made from that name no known one, where git shows them.
    async fn find_committed<T: DocumentRecord>(
        &self,
        store: &Store<Transaction>,
        paths: &DocumentPaths,
        found: &[ParsedRecord<T>],
        known: &HashMap<String, T>,
        withdrawn: &HashSet<String>,
    ) -> Result<HashMap<String, RecordVersion>, Error> {
        let unknown = found.iter().filter_map(|found| {
            let (id, rev) = (found.record.id().as_ref(), found.rev?);
            let held = self.entry_of(&paths.of(&found.file), found);
            let is_known = self.versions.contains_key(id)
                || withdrawn.contains(id)
                || held.is_some_and(|held| held.rev == Some(rev));
            (T::HAS_REV && !is_known).then(|| UnknownVersion {
                found,
                rev,
                held,
                current: known.get(id).map(T::version),
            })
        });
        find_committed(store, unknown.collect()).await
    }

    /// Finds the versions from which records were made that name none, although the file named one when
    /// it was last read or written: the file is an older one, or a tool removed the key. Another
    /// workspace names versions that are not known here, too.
    async fn find_similar<T: DocumentRecord>(
        &mut self,
        store: &Store<Transaction>,
        mut unnamed: HashMap<String, Unnamed<'_, T>>,
        withdrawn: &HashSet<String>,
    ) -> Result<(), Error> {
        // An import that was undone is repeated: what the file held before counts again.
        unnamed.retain(|id, unnamed| {
            let start = unnamed.start.take_if(|_| withdrawn.contains(id));
            let is_repeated = start.is_some();
            self.similar.extend(start.map(|start| (id.clone(), start)));
            !is_repeated
        });
        if unnamed.is_empty() {
            return Ok(());
        }
        let ids: Vec<String> = unnamed.keys().cloned().collect();
        let mut visit = |earlier: wsdb_store::EarlierVersion<T>| {
            if let Some(unnamed) = unnamed.get_mut(earlier.record.id().as_ref()) {
                unnamed.consider_earlier(&earlier);
            }
            true
        };
        store.history().earlier_versions(&ids, &mut visit).await?;
        for (id, version) in store.documents().versions_of(T::KIND, &ids).await? {
            if let Some(unnamed) = unnamed.get_mut(&id) {
                // Nobody deleted what only an import that was undone had added.
                let is_gone = unnamed.current.is_none() && unnamed.version.is_none();
                if !is_gone || !withdrawn.contains(&id) {
                    unnamed.consider(version, false);
                }
            }
        }
        // Every other version of a record that was added here, and never changed, was made from it.
        let only = |unnamed: &Unnamed<'_, T>| {
            let current = unnamed.current.clone();
            current.filter(|_| unnamed.start.is_none() && unnamed.version.is_none())
        };
        let ids = unnamed
            .iter()
            .filter(|(_, unnamed)| only(unnamed).is_some());
        let ids: Vec<String> = ids.map(|(id, _)| id.clone()).collect();
        for id in store.history().added_here::<T>(&ids).await? {
            if let Some(unnamed) = unnamed.get_mut(&id) {
                unnamed.version = only(unnamed);
            }
        }
        let similar = unnamed.into_iter();
        self.similar
            .extend(similar.filter_map(|(id, it)| Some((id, it.base()?))));
        Ok(())
    }

    /// Finds versions that the records in the database no longer have. Returns the ids of the records whose
    /// versions only imports made that were undone.
    async fn find_versions<T: DocumentRecord>(
        &mut self,
        store: &Store<Transaction>,
        mut wanted: HashMap<String, Rev>,
    ) -> Result<HashSet<String>, Error> {
        if wanted.is_empty() {
            return Ok(HashSet::new());
        }
        let ids: Vec<String> = wanted.keys().cloned().collect();
        let mut versions = HashMap::new();
        let mut withdrawn = HashSet::new();
        let mut visit = |earlier: wsdb_store::EarlierVersion<T>| {
            let (id, version) = (earlier.record.id().as_ref(), earlier.record.version());
            let is_wanted = wanted.get(id) == Some(&T::rev_of(&version));
            if is_wanted && earlier.is_withdrawn {
                withdrawn.insert(id.to_owned());
            } else if is_wanted {
                versions.insert(id.to_owned(), version);
            }
            !is_wanted || earlier.is_withdrawn
        };
        store.history().earlier_versions(&ids, &mut visit).await?;
        // Other files may hold what an undone import has read.
        wanted.retain(|id, _| !versions.contains_key(id) && !withdrawn.contains(id));
        self.versions.extend(versions);
        let revs: Vec<Rev> = wanted.values().copied().collect();
        for known in store.documents().known_versions(T::KIND, &revs).await? {
            let KnownVersion {
                id_in_file,
                record_id,
                rev,
                version,
            } = known;
            let mut in_file = version.clone();
            in_file.set(T::id_field(), digest(&Json::from(id_in_file)));
            // A file that was edited by hand holds more than the version that it names.
            let is_exact = T::rev_of(&version) == rev || T::rev_of(&in_file) == rev;
            if wanted.get(&record_id) == Some(&rev) && is_exact {
                wanted.remove(&record_id);
                self.versions.insert(record_id, version);
            }
        }
        withdrawn.retain(|id| !self.versions.contains_key(id));
        Ok(withdrawn)
    }

    /// Returns what a file held of a record.
    pub(crate) fn entry(&self, path: &str, id_in_file: &str) -> Option<&DocumentEntry> {
        self.entries.get(path)?.get(id_in_file)
    }

    /// Returns what a file held of a record, which may have had another id there.
    fn entry_of<T: DocumentRecord>(
        &self,
        path: &str,
        found: &ParsedRecord<T>,
    ) -> Option<&DocumentEntry> {
        let id = found.record.id().as_ref();
        let is_of_record = |entry: &&DocumentEntry| entry.record_id == id;
        let entry = self.entry(path, found.id_in_file()).filter(is_of_record);
        if entry.is_some() || found.id_in_file.is_none() && !found.is_recognized {
            return entry;
        }
        let entries = self.entries.get(path)?;
        let entry = entries.get(id).filter(is_of_record);
        entry.or_else(|| {
            let others = entries.values().filter(is_of_record);
            others.min_by_key(|entry| &entry.id_in_file)
        })
    }

    /// Returns the version that a record in a file was made from. A file that names the same as before
    /// was edited since it was last read or written; another one is the version that it names. A record
    /// that names no known version was made from what the file held, if that is the same record.
    pub(crate) fn of<T: DocumentRecord>(
        &self,
        path: &str,
        found: &ParsedRecord<T>,
    ) -> Option<&RecordVersion> {
        let id = found.record.id().as_ref();
        if self.is_other_version(path, found) {
            return self.versions.get(id);
        }
        let entry = self.entry_of(path, found);
        if entry.is_none()
            && found.rev.is_none()
            && let Some(version) = self.versions.get(id)
        {
            // Its content identifies it.
            return Some(version);
        }
        if let Some(entry) = entry.filter(|entry| found.rev.is_some() && entry.rev == found.rev) {
            return Some(&entry.version);
        }
        let similar = self.similar.get(id);
        let version = similar.or(entry.map(|entry| &entry.version))?;
        (found.is_recognized || is_same_record(found, version)).then_some(version)
    }

    /// Returns whether the record in the file is a known version, but not the one that the file held
    /// last.
    pub(crate) fn is_other_version<T: DocumentRecord>(
        &self,
        path: &str,
        found: &ParsedRecord<T>,
    ) -> bool {
        let entry = self.entry_of(path, found);
        let is_same = entry.is_some_and(|entry| entry.rev == found.rev);
        let id = found.record.id().as_ref();
        !is_same && found.rev.is_some() && self.versions.contains_key(id)
    }

    /// Returns whether a record in a file is, or was made from, a version of the record here: it refers
    /// to other records by the ids that they have here.
    pub(crate) fn has_own_version<T: DocumentRecord>(
        &self,
        path: &str,
        found: &ParsedRecord<T>,
    ) -> bool {
        let version = if self.is_other_version(path, found) {
            self.versions.get(found.record.id().as_ref())
        } else {
            let entry = self.entry_of(path, found);
            let entry = entry.filter(|entry| entry.rev == found.rev);
            entry.map(|entry| &entry.version)
        };
        version.is_some_and(|version| Some(T::rev_of(version)) == found.rev)
    }

    /// Returns whether a record in a file is the record here that has its id, as the file shows: it names a
    /// known version of that record, or the file held that record and names the same version as then, or none.
    pub(crate) fn is_own<T: DocumentRecord>(&self, path: &str, found: &ParsedRecord<T>) -> bool {
        let is_edit = |entry: &DocumentEntry| {
            let names_other = found.rev.is_some() && found.rev != entry.rev;
            !names_other && is_same_record(found, &entry.version)
        };
        self.has_own_version(path, found) || self.entry_of(path, found).is_some_and(is_edit)
    }

    /// Returns whether the record in the file is of an earlier version than the file held last, or of
    /// one from elsewhere.
    pub(crate) fn is_older_version<T: DocumentRecord>(
        &self,
        path: &str,
        found: &ParsedRecord<T>,
    ) -> bool {
        let similar = self.similar.get(found.record.id().as_ref());
        let is_similar = || {
            let held = self.entry_of(path, found).map(|entry| &entry.version);
            found.rev.is_none() && similar.is_some() && similar != held
        };
        self.is_other_version(path, found) || is_similar()
    }

    /// Returns whether the record in the file may have been made from an earlier version than the file held
    /// last: it names no version any more (the file is an older one, or a tool removed the key), or one of
    /// another workspace.
    pub(crate) fn is_unclear<T: DocumentRecord>(
        &self,
        path: &str,
        found: &ParsedRecord<T>,
    ) -> bool {
        let entry = self.entry_of(path, found);
        let has_lost_rev = found.rev.is_none() && entry.is_some_and(|entry| entry.rev.is_some());
        let similar = self.similar.get(found.record.id().as_ref());
        let is_of_other = found.rev.is_some() && similar.is_some();
        has_lost_rev || is_of_other && similar != entry.map(|entry| &entry.version)
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
