//! The merge base of a record in a file: the version that it was made from. It shows on which side a
//! field changed since.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use wsdb_core::Json;
use wsdb_store::{
    DocumentEntry, EntryChange, KnownVersion, RecordVersion, Rev, Store, Transaction,
};

use crate::digest::digest;
use crate::document_paths::DocumentPaths;
use crate::error::Error;
use crate::inferred_status::is_in_list_of;
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;

/// Returns whether a field has the value that it has in a version.
pub(crate) fn is_unchanged(version: &RecordVersion, field: &str, value: &Json) -> bool {
    version.digest(field) == digest(value)
}

/// Whether commands and people set this field when they change a record.
pub(crate) fn is_time_of_change(field: &str) -> bool {
    field == "updated" || field == "updated_at"
}

/// Returns whether a record in a file was made at the same time as the record of a version. If nothing
/// but this time differs in a file written by hand, somebody corrected it. A record that names a version
/// comes from an export: two people may give their tasks the same title.
pub(crate) fn is_same_record<T: DocumentRecord>(
    found: &ParsedRecord<T>,
    version: &RecordVersion,
) -> bool {
    let Some(created) = T::CREATED else {
        return true;
    };
    let fields = found.record.to_fields();
    let differing = fields.iter().enumerate().filter(|(index, (name, value))| {
        found.has_field(*index) && !is_time_of_change(name) && !is_unchanged(version, name, value)
    });
    let differing: Vec<&str> = differing.map(|(_, (name, _))| name.as_ref()).collect();
    !differing.contains(&created) || differing.len() == 1 && found.rev.is_none()
}

/// Returns how many fields of a record in a file have the values of a version.
pub(crate) fn count_unchanged<T: DocumentRecord>(
    found: &ParsedRecord<T>,
    version: &RecordVersion,
) -> usize {
    let fields = found.record.to_fields();
    let fields = fields.iter().enumerate();
    fields
        .filter(|(index, (name, value))| {
            found.has_field(*index) && is_unchanged(version, name, value)
        })
        .count()
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
    /// The versions from which the records were made that name no known one, by id.
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
            let Some(rev) = found.rev else {
                let version = match entry {
                    Some(entry) => {
                        let is_of_export = entry.rev.is_some() || found.is_nested_in_export;
                        is_of_export.then(|| entry.version.clone())
                    }
                    None => current().filter(|_| found.id_in_file.is_some()),
                };
                if let Some(version) = version {
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
                    // The other workspace that gave the record this id named the version.
                    let is_foreign = found.id_in_file.is_some() && entry.is_none();
                    if let Some(current) = current.filter(|_| is_foreign) {
                        unnamed.insert(id.to_owned(), Unnamed::new(found, current));
                    }
                    wanted.insert(id.to_owned(), rev);
                }
            }
        }
        base.find_versions::<T>(store, wanted).await?;
        base.find_similar(store, unnamed).await?;
        Ok(base)
    }

    /// Finds the versions from which records were made that name none, although the file named one when
    /// it was last read or written: the file is an older one, or a tool removed the key. Another
    /// workspace names versions that are not known here, too.
    async fn find_similar<T: DocumentRecord>(
        &mut self,
        store: &Store<Transaction>,
        mut unnamed: HashMap<String, Unnamed<'_, T>>,
    ) -> Result<(), Error> {
        if unnamed.is_empty() {
            return Ok(());
        }
        let ids: Vec<String> = unnamed.keys().cloned().collect();
        let mut visit = |earlier: wsdb_store::EarlierVersion<T>| {
            if !earlier.is_withdrawn
                && let Some(unnamed) = unnamed.get_mut(earlier.record.id().as_ref())
            {
                // With the older version, values that changed on both sides are a conflict.
                let takes_equal = unnamed.found.id_in_file.is_some();
                unnamed.consider(earlier.record.version(), takes_equal);
            }
            true
        };
        store.history().earlier_versions(&ids, &mut visit).await?;
        for (id, version) in store.documents().versions_of(T::KIND, &ids).await? {
            if let Some(unnamed) = unnamed.get_mut(&id) {
                unnamed.consider(version, false);
            }
        }
        let similar = unnamed.into_iter();
        self.similar = similar.map(|(id, it)| (id, it.version)).collect();
        Ok(())
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
        Ok(())
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
        if entry.is_some() || found.id_in_file.is_none() {
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

    /// Returns whether the record in the file names no version, although it did when the file was last read
    /// or written: the file is an older one, or a tool removed the key.
    pub(crate) fn has_lost_rev<T: DocumentRecord>(
        &self,
        path: &str,
        found: &ParsedRecord<T>,
    ) -> bool {
        let entry = self.entry_of(path, found);
        found.rev.is_none() && entry.is_some_and(|entry| entry.rev.is_some())
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

/// A record in a file that names no known version, with the version that is most similar to it.
struct Unnamed<'f, T> {
    found: &'f ParsedRecord<T>,
    version: RecordVersion,
    /// Number of fields with the values of the version; its list counts as one.
    unchanged: usize,
}

impl<'f, T: DocumentRecord> Unnamed<'f, T> {
    fn new(found: &'f ParsedRecord<T>, version: RecordVersion) -> Self {
        Unnamed {
            unchanged: Self::count_unchanged(found, &version),
            found,
            version,
        }
    }

    fn count_unchanged(found: &ParsedRecord<T>, version: &RecordVersion) -> usize {
        count_unchanged(found, version) + usize::from(is_in_list_of(found, T::FIELDS, version))
    }

    /// Takes a version if it is more similar, or as similar with `takes_equal`. The newer one of two
    /// versions comes first.
    fn consider(&mut self, version: RecordVersion, takes_equal: bool) {
        let unchanged = Self::count_unchanged(self.found, &version);
        if unchanged > self.unchanged || takes_equal && unchanged == self.unchanged {
            (self.version, self.unchanged) = (version, unchanged);
        }
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
