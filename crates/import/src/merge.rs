//! Plans an import: compares the documents with the database, record by record.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use wsdb_core::{Json, JsonObject, Timestamp};
use wsdb_store::{DocumentEntry, KnownVersion, RecordVersion};

use crate::aliases::resolve_aliases;
use crate::conflict::Conflict;
use crate::digest::digest;
use crate::document_paths::DocumentPaths;
use crate::file_diagnostics::FileDiagnostics;
use crate::identity::{are_different_records, is_time_of_change, is_unchanged};
use crate::inferred_status::Inference;
use crate::mappings::ValueMappings;
use crate::merge_base::{EntryChanges, MergeBase};
use crate::record::{DocumentRecord, FieldList};
use crate::record_reader::{ParsedRecord, RecordReader};
use crate::report::{ConflictResolution, Counts, ImportSummary, MissingRecord, Mode};
use crate::shapes::Shapes;

/// The changes to write for one kind of record.
#[derive(Debug)]
pub(crate) struct Changes<T: DocumentRecord> {
    /// Shared with the task that computes their versions meanwhile.
    pub(crate) insert: Arc<Vec<T>>,
    /// What the files hold of the records to insert, in the same order.
    pub(crate) inserted: Vec<InsertedEntry>,
    /// Pairs of the current and the new version.
    pub(crate) replace: Vec<(T, T)>,
    pub(crate) delete: Vec<T::Id>,
    /// What changed in what the files hold, except for the records to insert.
    pub(crate) entries: EntryChanges,
    /// Versions of other databases, which a merge left in none of ours.
    pub(crate) other_versions: Vec<KnownVersion>,
    /// The ids of the records that the files hold as known versions, but not as those that they held
    /// last: the files are older, or come from elsewhere.
    pub(crate) other_version_ids: HashSet<String>,
    /// The ids of those among them that the database has in newer versions, and of those that are left out.
    pub(crate) older_ids: HashSet<String>,
    /// The ids of those that are left out, because different records in the database have them, or the
    /// database has the records under other ids.
    pub(crate) left_out_ids: HashSet<String>,
}

/// What a file holds of a record to insert, without its version.
#[derive(Debug)]
pub(crate) struct InsertedEntry {
    pub(crate) path: Arc<str>,
    before: Option<DocumentEntry>,
    after: DocumentEntry,
}

impl InsertedEntry {
    fn new(path: Arc<str>, before: Option<&DocumentEntry>, after: DocumentEntry) -> Self {
        InsertedEntry {
            path,
            before: before.cloned(),
            after,
        }
    }

    /// Adds the change, now that the version is known.
    pub(crate) fn complete(self, version: RecordVersion, entries: &mut EntryChanges) {
        let after = DocumentEntry {
            version,
            ..self.after
        };
        entries.set(&self.path, self.before, Some(after));
    }
}

impl<T: DocumentRecord> Changes<T> {
    /// Returns how many records are written or deleted.
    pub(crate) fn len(&self) -> usize {
        self.insert.len() + self.replace.len() + self.delete.len()
    }
}

impl<T: DocumentRecord> Default for Changes<T> {
    fn default() -> Self {
        Changes {
            insert: Arc::default(),
            inserted: Vec::new(),
            replace: Vec::new(),
            delete: Vec::new(),
            entries: EntryChanges::default(),
            other_versions: Vec::new(),
            other_version_ids: HashSet::new(),
            older_ids: HashSet::new(),
            left_out_ids: HashSet::new(),
        }
    }
}

/// The changes to one kind of record, and their numbers.
pub(crate) struct PlannedChanges<T: DocumentRecord> {
    pub(crate) changes: Changes<T>,
    pub(crate) counts: Counts,
    /// How many records changed in the database only.
    pub(crate) older: usize,
    /// The paths of the records that are left out, because different ones in the database have their ids.
    pub(crate) left_out: Vec<Arc<str>>,
}

/// The options that decide how records are combined.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MergeOptions {
    pub(crate) mode: Mode,
    pub(crate) prefer: Option<ConflictResolution>,
    /// Whether records get new ids if different records here have theirs.
    pub(crate) renumber: bool,
}

/// What the records of one kind are compared with.
pub(crate) struct Comparison<'a, T> {
    /// The records in the database, by id.
    pub(crate) known: HashMap<String, T>,
    pub(crate) base: MergeBase,
    /// The ids of the records in the files that an earlier import left out.
    pub(crate) left_out: HashSet<String>,
    pub(crate) paths: &'a DocumentPaths,
    pub(crate) options: MergeOptions,
    /// The ids of further records that the documents contain, such as those with invalid values.
    pub(crate) others: &'a HashSet<String>,
    /// The ids of the records that ended elsewhere, so that the files no longer contain them.
    pub(crate) ended: &'a Ended,
    /// The known shapes of the records.
    pub(crate) shapes: Shapes,
    /// The records that the files have under other ids than the database, by these ids.
    pub(crate) under_other_ids: HashMap<String, RecordUnderOtherId<T>>,
    /// The time of the import.
    pub(crate) now: Timestamp,
}

/// A record that files have under another id than the database.
pub(crate) struct RecordUnderOtherId<T> {
    /// Its id in the database.
    pub(crate) id: String,
    /// The record; `None` if it was deleted.
    pub(crate) record: Option<T>,
}

/// The records that ended elsewhere.
#[derive(Debug, Default)]
pub(crate) struct Ended {
    /// The ids of those that end unless they have changed here.
    pub(crate) unless_changed: HashSet<String>,
    /// The ids of those that end in any case.
    pub(crate) always: HashSet<String>,
}

impl Ended {
    /// Returns whether a record ends that the files held as in `entries`.
    fn contains<T: DocumentRecord>(
        &self,
        record: &T,
        entries: Option<&Vec<(Arc<str>, DocumentEntry)>>,
    ) -> bool {
        let id = record.id().as_ref();
        let is_unchanged = || {
            let version = record.version();
            let mut entries = entries.into_iter().flatten();
            entries.any(|(_, entry)| entry.version == version)
        };
        self.always.contains(id) || self.unless_changed.contains(id) && is_unchanged()
    }
}

/// Decides what happens to the records of one kind. `covered` returns whether the documents would
/// contain a record if it still existed in them.
pub(crate) fn plan_changes<T: DocumentRecord>(
    found: Vec<ParsedRecord<T>>,
    comparison: Comparison<'_, T>,
    covered: impl Fn(&T) -> bool,
    summary: &mut ImportSummary,
) -> PlannedChanges<T> {
    let Comparison {
        mut known,
        mut base,
        left_out: left_out_before,
        paths,
        options,
        others,
        ended,
        shapes,
        under_other_ids,
        now,
    } = comparison;
    let mut counts = Counts {
        kind: T::KIND,
        ..Counts::default()
    };
    let mut changes = Changes::default();
    let mut insert = Vec::with_capacity(found.len().saturating_sub(known.len()));
    let mut in_file = HashSet::with_capacity(found.len());
    let (mut older, mut left_out) = (0, Vec::new());
    let repeated = repeated_ids(&found);
    let renumbered: HashSet<(Arc<str>, String)> = found
        .iter()
        .filter_map(|found| Some((paths.of(&found.file), found.id_in_file.clone()?)))
        .collect();
    // Those that several records in the files have the id of.
    let mut unchanged: Vec<T> = Vec::new();

    for mut found in found {
        let id = found.record.id().as_ref().to_owned();
        let path = paths.of(&found.file);
        let is_first = in_file.insert(id.clone());
        let id_in_file = found.id_in_file().to_owned();
        // What the file held of it was never a version of the record here.
        let was_left_out = left_out_before.contains(&id);
        let version = base.of(&path, &found).filter(|_| !was_left_out);
        if !found.alias_conflicts.is_empty() {
            found = match resolve_aliases(found, version) {
                Ok(found) => found,
                Err(reject) => {
                    summary.rejects.push(*reject);
                    known.remove(&id);
                    continue;
                }
            };
        }
        let before = base.entry(&path, &id_in_file);
        let is_other = base.is_older_version(&path, &found);
        // An older file was at its path, and this is the newest one again.
        let is_newest = || {
            let current = known.get(&id).map(|record| T::rev_of(&record.version()));
            before.is_some() && found.rev.is_some() && found.rev == current
        };
        let is_older = is_other && !is_newest();
        let is_left_out = options.mode == Mode::Merge
            && match options.prefer {
                Some(ConflictResolution::File) => false,
                None => was_left_out,
                Some(ConflictResolution::Database) => {
                    let different = known.get(&id).filter(|_| version.is_none());
                    different.is_some_and(|record| are_different_records(&found, record))
                }
            };
        if is_other || is_left_out || base.is_unclear(&path, &found) {
            changes.other_version_ids.insert(id.clone());
        }
        if is_older || is_left_out {
            changes.older_ids.insert(id.clone());
        }
        if let Some(base) = version.filter(|_| options.mode == Mode::Merge) {
            let inference = Inference {
                stored: known.get(&id),
                base,
                fields: T::FIELDS,
                list_before: &|| shapes.get(&id)?.list,
                is_older,
                now,
            };
            T::infer_status(&mut found, &inference);
        }
        let entry = |version: RecordVersion| DocumentEntry {
            id_in_file: id_in_file.clone(),
            record_id: id.clone(),
            rev: found.rev,
            is_inline: found.is_inline,
            version,
        };
        if !is_first {
            // Another record of the file has got this id at an earlier import.
            let here = changes
                .replace
                .iter()
                .map(|(_, after)| after)
                .chain(&insert);
            let here = here
                .chain(&unchanged)
                .find(|record| record.id().as_ref() == id);
            // The same record under two ids, of which a merge of files kept both.
            let is_equal =
                here.is_some_and(|here| !has_differences(&found, &here.version(), |_| false));
            // The record here, after a different one with its id, which is the conflict.
            let is_reported = || {
                let of_kind = summary.conflicts.iter().filter(|it| it.kind == T::KIND);
                let mut of_record = of_kind.filter(|it| it.id == id);
                of_record.any(Conflict::is_of_different_records)
            };
            if is_equal || here.is_none() && is_reported() {
                continue;
            }
            summary.conflicts.push(conflict_of_records(&found, here));
            continue;
        }
        match (known.remove(&id), version) {
            (None, Some(version)) if options.mode == Mode::Merge => {
                let fields = found.record.to_fields();
                let unchanged = fields
                    .iter()
                    .enumerate()
                    .filter(|(index, (name, _))| {
                        found.has_field(*index) && !T::UNVERSIONED.contains(&name.as_ref())
                    })
                    .all(|(_, (name, value))| is_unchanged(version, name, value));
                match (unchanged, options.prefer) {
                    (false, Some(ConflictResolution::File)) => {
                        let entry = entry(RecordVersion::default());
                        changes
                            .inserted
                            .push(InsertedEntry::new(path, before, entry));
                        insert.push(found.record);
                    }
                    (false, None) => {
                        summary.conflicts.push(conflict_of_records(&found, None));
                        if found.id_in_file.is_some() && before.is_none() {
                            // The next import, which resolves the conflict, has to know the id.
                            let after = entry(version.clone());
                            changes.entries.set(&path, None, Some(after));
                        }
                    }
                    (true, _) | (false, Some(ConflictResolution::Database)) => {
                        let after = entry(found.record.version());
                        changes.entries.set(&path, before.cloned(), Some(after));
                        summary
                            .stay_deleted
                            .push(MissingRecord { kind: T::KIND, id });
                    }
                }
            }
            (None, _) if let Some(own) = under_other_ids.get(&id) => match options.prefer {
                None => summary.conflicts.push(Conflict {
                    id_in_database: Some(own.id.clone()),
                    ..conflict_of_records(&found, own.record.as_ref())
                }),
                Some(_) if own.record.is_some() => {
                    left_out.push(path.clone());
                    changes.left_out_ids.insert(id);
                }
                Some(_) => summary.stay_deleted.push(MissingRecord {
                    kind: T::KIND,
                    id: own.id.clone(),
                }),
            },
            (None, _) => {
                let entry = entry(RecordVersion::default());
                changes
                    .inserted
                    .push(InsertedEntry::new(path, before, entry));
                insert.push(found.record);
            }
            (Some(record), _) if options.mode == Mode::Replace => {
                let after = entry(found.record.version());
                changes.entries.set(&path, before.cloned(), Some(after));
                if record == found.record {
                    counts.unchanged += 1;
                } else {
                    counts.changed += 1;
                    changes.replace.push((record, found.record));
                }
            }
            (Some(record), _) if is_left_out => {
                counts.unchanged += 1;
                left_out.push(path.clone());
                changes.left_out_ids.insert(id.clone());
                changes
                    .other_versions
                    .extend(other_version(&found, &base, &path, &record));
                let after = entry(found.record.version());
                changes.entries.set(&path, before.cloned(), Some(after));
                if repeated.contains(&id) {
                    unchanged.push(record);
                }
            }
            (Some(record), None)
                if options.prefer.is_none() && are_different_records(&found, &record) =>
            {
                counts.unchanged += 1;
                summary
                    .conflicts
                    .push(conflict_of_records(&found, Some(&record)));
            }
            (Some(record), version) => {
                let conflicts_before = summary.conflicts.len();
                let Merged {
                    record: merged,
                    version,
                    is_older,
                } = merge(&found, &record, version, options.prefer, summary);
                older += usize::from(is_older);
                if let Some(version) = version {
                    let result = merged.as_ref().unwrap_or(&record);
                    // A version in conflict is not known before the conflict is resolved, in all copies of the file.
                    if summary.conflicts.len() == conflicts_before {
                        changes
                            .other_versions
                            .extend(other_version(&found, &base, &path, result));
                    }
                    let after = entry(version);
                    changes.entries.set(&path, before.cloned(), Some(after));
                }
                match merged {
                    Some(merged) => {
                        counts.changed += 1;
                        changes.replace.push((record, merged));
                    }
                    None => {
                        counts.unchanged += 1;
                        if repeated.contains(&id) {
                            unchanged.push(record);
                        }
                    }
                }
            }
        }
    }

    // The remaining records are not in the file. Where it has a different one with the id, that was
    // imported with a new id.
    let mut entries: BTreeMap<String, Vec<(Arc<str>, DocumentEntry)>> = BTreeMap::new();
    for (path, entry) in base.take_entries() {
        let is_other = renumbered.contains(&(path.clone(), entry.id_in_file.clone()));
        let is_absent = !in_file.contains(&entry.record_id) && !others.contains(&entry.record_id);
        if is_absent && !is_other {
            entries
                .entry(entry.record_id.clone())
                .or_default()
                .push((path, entry));
        }
    }
    let is_absent = |record: &&T| !others.contains(record.id().as_ref()) && covered(record);
    let mut absent: Vec<&T> = known.values().filter(is_absent).collect();
    absent.sort_by(|a, b| wsdb_core::natural_order(a.id().as_ref(), b.id().as_ref()));
    let mut deleted = HashSet::new();
    for record in absent {
        let id = record.id().as_ref();
        if options.mode == Mode::Replace || ended.contains(record, entries.get(id)) {
            counts.deleted += 1;
            deleted.insert(id);
            changes.delete.push(record.id().clone());
        } else if entries.contains_key(id) {
            summary.missing.push(MissingRecord {
                kind: T::KIND,
                id: id.to_owned(),
            });
        }
    }
    // What both sides deleted is forgotten.
    for (id, entries) in entries {
        if !known.contains_key(&id) || deleted.contains(id.as_str()) {
            for (path, entry) in entries {
                changes.entries.set(&path, Some(entry), None);
            }
        }
    }
    counts.new = insert.len();
    changes.insert = Arc::new(insert);
    PlannedChanges {
        changes,
        counts,
        older,
        left_out,
    }
}

/// Returns the ids of several records in the files, one of which has another id there.
fn repeated_ids<T: DocumentRecord>(found: &[ParsedRecord<T>]) -> HashSet<String> {
    if found.iter().all(|found| found.id_in_file.is_none()) {
        return HashSet::new();
    }
    let mut seen = HashSet::with_capacity(found.len());
    let ids = found.iter().map(|found| found.record.id().as_ref());
    let repeated = ids.filter(|id| !seen.insert(*id));
    repeated.map(str::to_owned).collect()
}

/// Returns whether any field differs from a version, apart from the time of the last change and those that
/// `is_excluded`.
pub(crate) fn has_differences<T: DocumentRecord>(
    found: &ParsedRecord<T>,
    version: &RecordVersion,
    is_excluded: impl Fn(&str) -> bool,
) -> bool {
    let fields = found.record.to_fields();
    fields.iter().enumerate().any(|(index, (name, value))| {
        let is_compared = found.has_field(index) && !is_time_of_change(name) && !is_excluded(name);
        is_compared && !is_unchanged(version, name, value)
    })
}

/// Returns the conflict between a record in a file and the one in the database; `None` if there is
/// none.
fn conflict_of_records<T: DocumentRecord>(found: &ParsedRecord<T>, record: Option<&T>) -> Conflict {
    let object = |record: &T| {
        let fields = record.to_fields().into_iter();
        Json::Object(
            fields
                .map(|(name, value)| (name.into_owned(), value))
                .collect(),
        )
    };
    Conflict {
        kind: T::KIND,
        id: found.record.id().as_ref().to_owned(),
        field: None,
        file: object(&found.record),
        database: record.map_or(Json::Null, object),
        id_in_database: None,
    }
}

/// Returns the version in the file if it is one of another database that is not known here: `result` is
/// what the merge made of it.
fn other_version<T: DocumentRecord>(
    found: &ParsedRecord<T>,
    base: &MergeBase,
    path: &str,
    result: &T,
) -> Option<KnownVersion> {
    let rev = found.rev?;
    let is_known = base.is_other_version(path, found)
        || base
            .entry(path, found.id_in_file())
            .is_some_and(|entry| entry.rev == Some(rev) && T::rev_of(&entry.version) == rev);
    if is_known || T::rev_of(&result.version()) == rev {
        return None;
    }
    let version = found.record.version();
    let id = result.id().as_ref();
    (T::rev_of(&version) == rev).then(|| KnownVersion::new(id, rev, version))
}

/// The outcome of a merge.
struct Merged<T> {
    /// The record to write; `None` if it does not change.
    record: Option<T>,
    /// What the file holds from now on; `None` if that is left as it was.
    version: Option<RecordVersion>,
    /// Whether nothing changed in the file, but something in the database. False if a conflict was resolved
    /// in favor of the database.
    is_older: bool,
}

/// Returns the side with the later time.
fn later_side(theirs: &Json, ours: &Json) -> ConflictResolution {
    if theirs.as_str() > ours.as_str() {
        ConflictResolution::File
    } else {
        ConflictResolution::Database
    }
}

/// Merges a record of the file into the existing one, based on the version that it was made from.
/// Without one, every difference is a conflict.
fn merge<T: DocumentRecord>(
    found: &ParsedRecord<T>,
    record: &T,
    base: Option<&RecordVersion>,
    prefer: Option<ConflictResolution>,
    summary: &mut ImportSummary,
) -> Merged<T> {
    let fields = found.record.to_fields();
    let ours: FieldList = record.to_fields();
    let by_name: HashMap<&str, &Json> = ours.iter().map(|(n, v)| (n.as_ref(), v)).collect();
    let mut take: Vec<(&str, &Json)> = Vec::new();
    let mut agreed: Vec<(&str, &Json)> = Vec::new();
    let mut differing: Vec<(&str, &Json, &Json)> = Vec::new();
    let mut follows_status = None;
    let mut has_older = false;
    for (index, (name, theirs)) in fields.iter().enumerate() {
        if !found.has_field(index) {
            continue;
        }
        let ours = by_name.get(name.as_ref()).copied().unwrap_or(&Json::Null);
        if theirs == ours {
            agreed.push((name, theirs));
            continue;
        }
        if found.follows_status == Some(name.as_ref()) {
            follows_status = Some((name.as_ref(), theirs));
            continue;
        }
        if T::UNVERSIONED.contains(&name.as_ref()) {
            // Such a mark only moves forward.
            agreed.push((name, theirs));
            match later_side(theirs, ours) {
                ConflictResolution::File => take.push((name, theirs)),
                ConflictResolution::Database => has_older = true,
            }
            continue;
        }
        let is_same = |value| base.is_some_and(|base| is_unchanged(base, name, value));
        match (is_same(theirs), is_same(ours)) {
            (true, _) => {
                has_older |= !found.implied.contains(&name.as_ref());
                agreed.push((name, theirs));
            }
            (false, true) => {
                take.push((name, theirs));
                agreed.push((name, theirs));
            }
            (false, false) => differing.push((name, theirs, ours)),
        }
    }
    let has_conflict = differing.iter().any(|(name, ..)| !is_time_of_change(name));
    // A time of change conflicts only along with other fields, which then decide.
    let is_only_time = base.is_some() || differing.iter().all(|(name, ..)| is_time_of_change(name));
    let mut conflicts = Vec::new();
    for (name, theirs, ours) in differing {
        let side = if is_only_time && is_time_of_change(name) {
            Some(later_side(theirs, ours))
        } else {
            T::settled_side(&found.record, record, name).or(prefer)
        };
        match side {
            Some(ConflictResolution::File) => {
                take.push((name, theirs));
                agreed.push((name, theirs));
            }
            Some(ConflictResolution::Database) => agreed.push((name, theirs)),
            None if is_time_of_change(name) => {}
            None => conflicts.push(Conflict {
                kind: T::KIND,
                id: record.id().as_ref().to_owned(),
                field: Some(name.to_owned()),
                file: theirs.clone(),
                database: ours.clone(),
                id_in_database: None,
            }),
        }
    }
    // The time of the last change is taken along with the field that conflicts, or not at all.
    if !conflicts.is_empty() && take.iter().all(|(name, _)| is_time_of_change(name)) {
        take.clear();
        agreed.retain(|(name, _)| !is_time_of_change(name));
    }
    let is_in_conflict = |conflict: &Conflict| conflict.field.as_deref() == Some("status");
    if let Some(field) = follows_status.filter(|_| !conflicts.iter().any(is_in_conflict)) {
        take.extend(
            take.iter()
                .any(|(name, _)| *name == "status")
                .then_some(field),
        );
        agreed.push(field);
    }
    // Keys that an earlier import kept, and that are fields now.
    let is_left_out = base.is_none() && prefer == Some(ConflictResolution::Database);
    let mapped = found.mapped_keys.iter().map(String::as_str);
    let mapped = mapped.filter(|key| by_name.contains_key(key) && !is_left_out);
    let mapped: Vec<&str> = mapped.collect();
    // Without a merge base, the conflict must appear again at the next import.
    let version = (base.is_some() || conflicts.is_empty()).then(|| {
        let mut version = base.cloned().unwrap_or_else(|| record.version());
        for (name, value) in agreed {
            version.set(name, digest(value));
        }
        for (name, in_file) in &found.inferred {
            version.set(name, digest(in_file));
        }
        for key in &mapped {
            version.set(key, None);
        }
        version
    });
    let is_changed = !take.is_empty() || !mapped.is_empty();
    let is_kept = has_conflict && prefer == Some(ConflictResolution::Database);
    let is_older = has_older && !is_changed && conflicts.is_empty() && !is_kept;
    summary.conflicts.append(&mut conflicts);
    let merged = is_changed.then(|| {
        let mut merged: JsonObject = ours
            .iter()
            .map(|(name, value)| (name.clone().into_owned(), value.clone()))
            .collect();
        for (name, value) in take {
            merged.insert(name.to_owned(), value.clone());
        }
        for key in mapped {
            merged.remove(key);
        }
        let mappings = ValueMappings::default();
        let mut diagnostics = FileDiagnostics::new(&found.file, &mappings);
        let path = found.path.clone();
        let mut merged = T::from_fields(&mut RecordReader::new(merged, path, &mut diagnostics))?;
        T::settle_merged(&mut merged, &found.record, record);
        Some(merged)
    });
    Merged {
        record: merged.flatten(),
        version,
        is_older,
    }
}
