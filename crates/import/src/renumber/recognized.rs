//! Recognizes records here under the ids that another workspace gave them.

use std::collections::{HashMap, HashSet};

use wsdb_core::{Json, Timestamp, natural_order};
use wsdb_store::{EarlierVersion, Store, Transaction};

use crate::digest::digest;
use crate::error::Error;
use crate::merge::has_differences;
use crate::merge_base::count_unchanged;
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::renumber::references::is_reference;

/// Returns the records in files that the database has under other ids, with these ids. `present` are the
/// ids of the records here that the files contain otherwise.
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
    let by_time = group_by_time(unmatched, known, present);
    let ids = by_time.values().flat_map(|group| &group.records);
    let ids: Vec<String> = ids.map(|record| record.id().as_ref().to_owned()).collect();
    let mut names = EarlierNames::default();
    for record in by_time.values().flat_map(|group| &group.records) {
        names.add(*record);
    }
    let mut visit = |earlier: EarlierVersion<T>| {
        names.add(&earlier.record);
        true
    };
    store.history().earlier_versions(&ids, &mut visit).await?;
    let mut recognized = Vec::new();
    let mut groups: Vec<_> = by_time.into_iter().collect();
    groups.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    let is_excluded = |field: &str| field == T::id_field() || is_reference(field);
    for (time, mut group) in groups {
        let time: Option<Timestamp> = time.parse().ok();
        let is_only_one = group.found.len() == 1 && group.records.len() == 1;
        for found in group.found {
            let versions = group.records.iter().map(|record| record.version());
            let similarity = versions.map(|version| count_unchanged(found, &version));
            let candidates = similarity.enumerate().filter(|(index, _)| {
                let record = group.records[*index];
                let is_date = time.is_some_and(Timestamp::is_date);
                names.contains(found, record) && (!is_date || found.rev.is_some())
                    || is_only_one && time.is_some_and(Timestamp::has_fraction)
                    || !is_date && !has_differences(found, record, is_excluded)
            });
            // The first one of those that are equally similar.
            let best = candidates.min_by_key(|(_, similarity)| std::cmp::Reverse(*similarity));
            if let Some((index, _)) = best {
                let record = group.records.remove(index);
                recognized.push((found, record.id().as_ref().to_owned()));
            }
        }
    }
    Ok(recognized)
}

/// The records that were made at the same time.
struct Group<'f, 'k, T> {
    found: Vec<&'f ParsedRecord<T>>,
    /// Those in the database that the files do not contain otherwise, in natural order.
    records: Vec<&'k T>,
}

/// Returns the records by the times at which they were made, without those whose time nothing in the
/// database has.
fn group_by_time<'f, 'k, T: DocumentRecord>(
    unmatched: &[&'f ParsedRecord<T>],
    known: &'k HashMap<String, T>,
    present: &HashSet<String>,
) -> HashMap<String, Group<'f, 'k, T>> {
    let mut groups: HashMap<String, Group<'f, 'k, T>> = HashMap::new();
    for found in unmatched {
        let fields = found.record.to_fields();
        let created = fields.iter().position(|(name, _)| T::CREATED == Some(name));
        let Some(created) = created.filter(|index| found.has_field(*index)) else {
            continue;
        };
        if let Some(time) = fields[created].1.as_str() {
            let group = groups.entry(time.to_owned()).or_insert_with(|| Group {
                found: Vec::new(),
                records: Vec::new(),
            });
            group.found.push(found);
        }
    }
    if groups.is_empty() {
        return groups;
    }
    let mut records: Vec<&T> = known
        .values()
        .filter(|record| !present.contains(record.id().as_ref()))
        .collect();
    records.sort_by(|a, b| natural_order(a.id().as_ref(), b.id().as_ref()));
    for record in records {
        let fields = record.to_fields();
        let created = fields.iter().find(|(name, _)| T::CREATED == Some(name));
        let time = created.and_then(|(_, time)| time.as_str());
        if let Some(group) = time.and_then(|time| groups.get_mut(time)) {
            group.records.push(record);
        }
    }
    groups.retain(|_, group| !group.records.is_empty());
    groups
}

/// The names that records have or had, by id, as digests.
#[derive(Default)]
struct EarlierNames(HashMap<String, HashSet<Option<u64>>>);

impl EarlierNames {
    fn add<T: DocumentRecord>(&mut self, record: &T) {
        let names = self.0.entry(record.id().as_ref().to_owned()).or_default();
        names.insert(name_of(record));
    }

    fn contains<T: DocumentRecord>(&self, found: &ParsedRecord<T>, record: &T) -> bool {
        let name = name_of(&found.record);
        let names = self.0.get(record.id().as_ref());
        name.is_some() && names.is_some_and(|names| names.contains(&name))
    }
}

fn name_of<T: DocumentRecord>(record: &T) -> Option<u64> {
    let fields = record.to_fields();
    let name = fields.iter().find(|(name, _)| T::NAME == Some(name));
    name.and_then(|(_, name): &(_, Json)| digest(name))
}
