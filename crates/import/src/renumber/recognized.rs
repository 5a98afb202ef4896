//! Recognizes records here under the ids that another workspace gave them.

use std::collections::{HashMap, HashSet};

use wsdb_core::{Json, Timestamp, natural_order};
use wsdb_store::{EarlierVersion, RecordVersion, Store, Transaction};

use crate::digest::digest;
use crate::error::Error;
use crate::identity::{count_unchanged, digest_of_name};
use crate::merge::has_differences;
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::renumber::references::is_reference;

/// Returns the records in files that the database has under other ids, or had before they were deleted, with
/// these ids. `present` are the ids of the records here that the files contain otherwise.
///
/// Such a record was made at the same time and has the same name as the one here, or as that once had. If
/// the time is more than a date, the same content is enough; if it has fractions of a second and no other
/// record has it, the time alone is. If it is only a date, the record must come from an export: people in two
/// workspaces may have written the same name on the same day.
pub(super) async fn find_recognized<'f, T: DocumentRecord>(
    store: &Store<Transaction>,
    unmatched: &[&'f ParsedRecord<T>],
    known: &HashMap<String, T>,
    present: &HashSet<String>,
) -> Result<Vec<(&'f ParsedRecord<T>, String)>, Error> {
    let mut groups = group_by_time(unmatched);
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    add_known(&mut groups, known, present);
    add_deleted::<T>(store, &mut groups, known, present).await?;
    groups.retain(|_, group| !group.own.is_empty());
    add_earlier_names::<T>(store, &mut groups).await?;
    let mut recognized = Vec::new();
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_unstable_by_key(|(digest, _)| *digest);
    let is_excluded = |field: &str| field == T::id_field() || is_reference(field);
    for (_, mut group) in groups {
        let time = group.time;
        let is_only_one = group.found.len() == 1 && group.has_only_one_record();
        group.own.sort_by(|a, b| {
            let by_id = || natural_order(&a.id, &b.id);
            a.is_deleted.cmp(&b.is_deleted).then_with(by_id)
        });
        for found in group.found {
            let name = digest_of_name(&found.record);
            let candidates = group.own.iter().enumerate().filter(|(_, own)| {
                // A deleted record of the same id is found by its id.
                if own.is_deleted && own.id == found.record.id().as_ref() {
                    return false;
                }
                let has_name = name.is_some_and(|name| own.names.contains(&name));
                let is_date = time.is_some_and(Timestamp::is_date);
                let has_own_time = is_only_one && time.is_some_and(Timestamp::has_fraction);
                has_name && (!is_date || found.rev.is_some())
                    || has_own_time
                    || !is_date && own.has_content_of(found, is_excluded)
            });
            let similarity = candidates.map(|(index, own)| (index, own.similarity_to(found)));
            // The first one of those that are equally similar.
            let best = similarity.min_by_key(|(_, similarity)| std::cmp::Reverse(*similarity));
            if let Some((index, _)) = best {
                recognized.push((found, group.own.remove(index).id));
            }
        }
    }
    Ok(recognized)
}

/// The records that were made at the same time.
struct Group<'f, T> {
    time: Option<Timestamp>,
    found: Vec<&'f ParsedRecord<T>>,
    /// Those that the database has or had, and that the files do not contain otherwise.
    own: Vec<Candidate>,
}

impl<T> Group<'_, T> {
    /// Returns whether the time belongs to a single record that exists, or to a single one that was deleted.
    fn has_only_one_record(&self) -> bool {
        let deleted = self.own.iter().filter(|own| own.is_deleted).count();
        match self.own.len() - deleted {
            0 => deleted == 1,
            existing => existing == 1,
        }
    }
}

/// A record that the database has or had.
struct Candidate {
    id: String,
    /// As it is; if it was deleted, as it was at any time.
    versions: Vec<RecordVersion>,
    /// The digests of the names that it has or had.
    names: HashSet<u64>,
    is_deleted: bool,
}

impl Candidate {
    fn new(id: &str, is_deleted: bool) -> Self {
        Candidate {
            id: id.to_owned(),
            versions: Vec::new(),
            names: HashSet::new(),
            is_deleted,
        }
    }

    fn add_version<T: DocumentRecord>(&mut self, version: RecordVersion) {
        self.add_name::<T>(&version);
        self.versions.push(version);
    }

    fn add_name<T: DocumentRecord>(&mut self, version: &RecordVersion) {
        self.names
            .extend(T::NAME.and_then(|name| version.digest(name)));
    }

    /// Returns whether a record in a file has the content of a version.
    fn has_content_of<T: DocumentRecord>(
        &self,
        found: &ParsedRecord<T>,
        is_excluded: impl Fn(&str) -> bool,
    ) -> bool {
        let mut versions = self.versions.iter();
        versions.any(|version| !has_differences(found, version, &is_excluded))
    }

    fn similarity_to<T: DocumentRecord>(&self, found: &ParsedRecord<T>) -> usize {
        let versions = self.versions.iter();
        let similarity = versions.map(|version| count_unchanged(found, version));
        similarity.max().unwrap_or_default()
    }
}

/// The records by the digests of the times at which they were made.
type Groups<'f, T> = HashMap<u64, Group<'f, T>>;

fn group_by_time<'f, T: DocumentRecord>(unmatched: &[&'f ParsedRecord<T>]) -> Groups<'f, T> {
    let mut groups = Groups::new();
    for found in unmatched {
        let fields = found.record.to_fields();
        let created = fields.iter().position(|(name, _)| T::CREATED == Some(name));
        let Some(created) = created.filter(|index| found.has_field(*index)) else {
            continue;
        };
        let time = &fields[created].1;
        if let (Some(text), Some(digest)) = (time.as_str(), digest(time)) {
            let group = groups.entry(digest).or_insert_with(|| Group {
                time: text.parse().ok(),
                found: Vec::new(),
                own: Vec::new(),
            });
            group.found.push(found);
        }
    }
    groups
}

fn add_known<T: DocumentRecord>(
    groups: &mut Groups<'_, T>,
    known: &HashMap<String, T>,
    present: &HashSet<String>,
) {
    for (id, record) in known.iter().filter(|(id, _)| !present.contains(*id)) {
        let fields = record.to_fields();
        let created = fields.iter().find(|(name, _)| T::CREATED == Some(name));
        let created: Option<&Json> = created.map(|(_, time)| time);
        if let Some(group) = created
            .and_then(digest)
            .and_then(|time| groups.get_mut(&time))
        {
            let mut own = Candidate::new(id, false);
            own.add_version::<T>(record.version());
            group.own.push(own);
        }
    }
}

/// Adds the records that were deleted, which history knows, or what it remembers of them after a prune.
async fn add_deleted<T: DocumentRecord>(
    store: &Store<Transaction>,
    groups: &mut Groups<'_, T>,
    known: &HashMap<String, T>,
    present: &HashSet<String>,
) -> Result<(), Error> {
    let Some(created) = T::CREATED else {
        return Ok(());
    };
    let ids = store.history().deleted_ids::<T>().await?.into_iter();
    let ids = ids.filter(|id| !known.contains_key(id) && !present.contains(id));
    let ids: Vec<String> = ids.collect();
    let mut in_history = HashSet::new();
    let mut add = |id: &str, version: RecordVersion| {
        let time = version.digest(created);
        if let Some(group) = time.and_then(|time| groups.get_mut(&time)) {
            let own = group.own.iter().position(|own| own.id == id);
            let own = own.unwrap_or_else(|| {
                group.own.push(Candidate::new(id, true));
                group.own.len() - 1
            });
            group.own[own].add_version::<T>(version);
        }
    };
    let mut visit = |earlier: EarlierVersion<T>| {
        let id = earlier.record.id().as_ref();
        in_history.insert(id.to_owned());
        // Nobody deleted what only an undone import had added.
        if !earlier.is_withdrawn {
            add(id, earlier.record.version());
        }
        !earlier.is_withdrawn
    };
    store.history().earlier_versions(&ids, &mut visit).await?;
    for (id, version) in store.documents().versions_of(T::KIND, &ids).await? {
        if !in_history.contains(&id) {
            add(&id, version);
        }
    }
    Ok(())
}

/// Adds the names that the records in the database had.
async fn add_earlier_names<T: DocumentRecord>(
    store: &Store<Transaction>,
    groups: &mut Groups<'_, T>,
) -> Result<(), Error> {
    let own = groups.values_mut().flat_map(|group| &mut group.own);
    let own = own.filter(|own| !own.is_deleted);
    let mut by_id: HashMap<String, &mut Candidate> = own.map(|own| (own.id.clone(), own)).collect();
    let ids: Vec<String> = by_id.keys().cloned().collect();
    let mut visit = |earlier: EarlierVersion<T>| {
        if let Some(own) = by_id.get_mut(earlier.record.id().as_ref()) {
            own.add_name::<T>(&earlier.record.version());
        }
        true
    };
    Ok(store.history().earlier_versions(&ids, &mut visit).await?)
}
