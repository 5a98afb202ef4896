//! Plans an import: compares the documents with the database, record by record.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use wsdb_core::{Json, JsonObject, Timestamp};
use wsdb_store::{Store, Transaction};

use crate::error::{Error, Problem, Reject};
use crate::file_diagnostics::FileDiagnostics;
use crate::mappings::ValueMappings;
use crate::merge_base::MergeBase;
use crate::record::{DocumentRecord, FieldList};
use crate::record_reader::{AliasConflict, ParsedRecord, RecordReader};
use crate::report::{Conflict, ConflictResolution, Counts, ImportSummary, MissingRecord, Mode};

/// The changes to write for one kind of record.
#[derive(Debug)]
pub(crate) struct Changes<T: DocumentRecord> {
    /// Shared with the task that encodes the merge base meanwhile.
    pub(crate) insert: Arc<Vec<T>>,
    /// Pairs of the current and the new version.
    pub(crate) replace: Vec<(T, T)>,
    pub(crate) delete: Vec<T::Id>,
    /// The ids of records made from inline records.
    pub(crate) inline_ids: Vec<String>,
    /// The new merge base, except for the records to insert.
    pub(crate) base: MergeBase,
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
            replace: Vec::new(),
            delete: Vec::new(),
            inline_ids: Vec::new(),
            base: MergeBase::default(),
        }
    }
}

/// The changes to one kind of record, and their numbers.
pub(crate) struct PlannedChanges<T: DocumentRecord> {
    pub(crate) changes: Changes<T>,
    pub(crate) counts: Counts,
}

/// The options that decide how records are combined.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MergeOptions {
    pub(crate) mode: Mode,
    pub(crate) prefer: Option<ConflictResolution>,
}

/// Decides what happens to the records of one kind. `covered` returns whether the documents would
/// contain a record if it still existed in them; `rejected` are the ids of those that they contain
/// with invalid values.
pub(crate) fn plan_changes<T: DocumentRecord>(
    found: Vec<ParsedRecord<T>>,
    known: Vec<T>,
    mut base: MergeBase,
    options: MergeOptions,
    rejected: &HashSet<String>,
    covered: impl Fn(&T) -> bool,
    summary: &mut ImportSummary,
) -> PlannedChanges<T> {
    let mut known: HashMap<String, T> = known
        .into_iter()
        .map(|record| (record.id().as_ref().to_owned(), record))
        .collect();
    let mut counts = Counts {
        kind: T::KIND,
        ..Counts::default()
    };
    let mut changes = Changes::default();
    let mut insert = Vec::with_capacity(found.len().saturating_sub(known.len()));
    let mut in_file = HashSet::with_capacity(found.len());

    for mut found in found {
        let id = found.record.id().as_ref().to_owned();
        in_file.insert(id.clone());
        if !found.alias_conflicts.is_empty() {
            found = match resolve_aliases(found, &base) {
                Ok(found) => found,
                Err(reject) => {
                    summary.rejects.push(reject);
                    known.remove(&id);
                    continue;
                }
            };
        }
        if found.is_inline {
            changes.inline_ids.push(id.clone());
        } else if base.is_inline(&id) {
            base.set_inline(&id, false);
        }
        match known.remove(&id) {
            None if options.mode == Mode::Merge && base.contains(&id) => {
                let fields = found.record.to_fields();
                let unchanged = fields
                    .iter()
                    .enumerate()
                    .filter(|(index, _)| found.has_field(*index))
                    .all(|(_, (name, value))| base.is_unchanged(&id, name, value) == Some(true));
                match (unchanged, options.prefer) {
                    (false, Some(ConflictResolution::File)) => insert.push(found.record),
                    (false, None) => {
                        let file = Json::Object(
                            fields
                                .into_iter()
                                .map(|(n, v)| (n.into_owned(), v))
                                .collect(),
                        );
                        let database = Json::Null;
                        summary.conflicts.push(Conflict {
                            kind: T::KIND,
                            id,
                            field: None,
                            file,
                            database,
                        });
                    }
                    (true, _) | (false, Some(ConflictResolution::Database)) => {
                        base.set(&id, &found.record.digests());
                        summary
                            .stay_deleted
                            .push(MissingRecord { kind: T::KIND, id });
                    }
                }
            }
            None => insert.push(found.record),
            Some(record) if options.mode == Mode::Replace => {
                base.set(&id, &found.record.digests());
                if record == found.record {
                    counts.unchanged += 1;
                } else {
                    counts.changed += 1;
                    changes.replace.push((record, found.record));
                }
            }
            Some(record) => match merge(
                &found,
                &found.record.to_fields(),
                &record,
                &mut base,
                options.prefer,
                summary,
            ) {
                Some(merged) => {
                    counts.changed += 1;
                    changes.replace.push((record, merged));
                }
                None => counts.unchanged += 1,
            },
        }
    }

    // The remaining records are not in the file.
    let is_absent = |record: &&T| !rejected.contains(record.id().as_ref()) && covered(record);
    let mut absent: Vec<&T> = known.values().filter(is_absent).collect();
    absent.sort_by(|a, b| wsdb_core::natural_order(a.id().as_ref(), b.id().as_ref()));
    for record in absent {
        let id = record.id().as_ref();
        if options.mode == Mode::Replace {
            counts.deleted += 1;
            base.remove(id);
            changes.delete.push(record.id().clone());
        } else if base.contains(id) {
            summary.vanished.push(MissingRecord {
                kind: T::KIND,
                id: id.to_owned(),
            });
        }
    }
    forget_deleted(&mut base, |id| {
        in_file.contains(id) || rejected.contains(id) || known.contains_key(id)
    });
    counts.new = insert.len();
    changes.insert = Arc::new(insert);
    changes.base = base;
    PlannedChanges { changes, counts }
}

/// Forgets the values of records that both sides deleted.
fn forget_deleted(base: &mut MergeBase, is_present: impl Fn(&str) -> bool) {
    let deleted = base.ids().filter(|id| !is_present(id));
    let deleted: Vec<String> = deleted.map(str::to_owned).collect();
    for id in deleted {
        base.remove(&id);
    }
}

/// Chooses between two names of one field in each record, and removes the records for which it is
/// not clear.
pub(crate) async fn resolve_all_aliases<T: DocumentRecord>(
    store: &Store<Transaction>,
    records: &mut Vec<ParsedRecord<T>>,
    rejects: &mut Vec<Reject>,
) -> Result<(), Error> {
    if records.iter().all(|found| found.alias_conflicts.is_empty()) {
        return Ok(());
    }
    let base = MergeBase::load::<T>(store).await?;
    for found in std::mem::take(records) {
        if found.alias_conflicts.is_empty() {
            records.push(found);
            continue;
        }
        match resolve_aliases(found, &base) {
            Ok(found) => records.push(found),
            Err(reject) => rejects.push(reject),
        }
    }
    Ok(())
}

/// Chooses between two names of one field with different values: the value that changed wins, or
/// without a merge base the one that is not null.
fn resolve_aliases<T: DocumentRecord>(
    mut found: ParsedRecord<T>,
    base: &MergeBase,
) -> Result<ParsedRecord<T>, Reject> {
    let id = found.record.id().as_ref().to_owned();
    let mut reasons = Vec::new();
    let mut replaced: Vec<(String, Json)> = Vec::new();
    let fields = found.record.to_fields();
    for AliasConflict { name, alias, value } in std::mem::take(&mut found.alias_conflicts) {
        let named = fields.iter().find(|(field, _)| *field == name);
        let named = named.map_or(Json::Null, |(_, value)| value.clone());
        let was = |value: &Json| base.is_unchanged(&id, &name, value) == Some(true);
        match (was(&named), was(&value), named.is_null(), value.is_null()) {
            (true, false, ..) => replaced.push((name, value)),
            (false, true, ..) => {}
            (.., true, false) => replaced.push((name, value)),
            (.., false, true) => {}
            _ => reasons.push(Problem::new(
                format!("{}.{alias}", found.path),
                format!("{alias} is {value}, but {name} is {named}"),
            )),
        }
    }
    if reasons.is_empty() && !replaced.is_empty() {
        let fields = fields.into_iter();
        let mut object: JsonObject = fields
            .map(|(name, value)| (name.into_owned(), value))
            .collect();
        object.extend(replaced);
        let mappings = ValueMappings::default();
        let mut diagnostics = FileDiagnostics::new(&found.file, &mappings);
        let mut reader = RecordReader::new(object, found.path.clone(), &mut diagnostics);
        let record = T::from_fields(&mut reader);
        match reader.finish(record) {
            Some(read) => found.record = read.record,
            None => reasons = diagnostics.rejects.remove(0).reasons,
        }
    }
    if reasons.is_empty() {
        Ok(found)
    } else {
        Err(Reject::new(&found.file, &found.path, reasons).of_record(T::KIND, Some(id)))
    }
}

/// Merges a record of the file into the existing one. Returns `None` if nothing changes.
fn merge<T: DocumentRecord>(
    found: &ParsedRecord<T>,
    fields: &FieldList,
    record: &T,
    base: &mut MergeBase,
    prefer: Option<ConflictResolution>,
    summary: &mut ImportSummary,
) -> Option<T> {
    let id = record.id().as_ref();
    let ours: FieldList = record.to_fields();
    let by_name: HashMap<&str, &Json> = ours.iter().map(|(n, v)| (n.as_ref(), v)).collect();
    let agreed = base.contains(id);
    let newer = (!agreed)
        .then(|| newer_side(found, fields, &by_name))
        .flatten();

    let mut take: Vec<(&str, Json)> = Vec::new();
    let mut agree: Vec<(&str, &Json)> = Vec::new();
    let mut conflicts = Vec::new();
    for (index, (name, theirs)) in fields.iter().enumerate() {
        if !found.has_field(index) {
            continue;
        }
        let ours = by_name.get(name.as_ref()).copied().unwrap_or(&Json::Null);
        if theirs == ours {
            agree.push((name, theirs));
            continue;
        }
        let side = if agreed {
            let file_same = base.is_unchanged(id, name, theirs) == Some(true);
            let database_same = base.is_unchanged(id, name, ours) == Some(true);
            match (file_same, database_same) {
                (true, _) => Some(ConflictResolution::Database),
                (false, true) => Some(ConflictResolution::File),
                // People and commands set this time when they change a record: the later one wins.
                (false, false) if name == "updated" || name == "updated_at" => {
                    Some(if theirs.as_str() > ours.as_str() {
                        ConflictResolution::File
                    } else {
                        ConflictResolution::Database
                    })
                }
                (false, false) => prefer,
            }
        } else {
            newer.or(prefer)
        };
        match side {
            Some(ConflictResolution::File) => {
                take.push((name, theirs.clone()));
                agree.push((name, theirs));
            }
            Some(ConflictResolution::Database) => agree.push((name, theirs)),
            None => conflicts.push(Conflict {
                kind: T::KIND,
                id: id.to_owned(),
                field: Some(name.clone().into_owned()),
                file: theirs.clone(),
                database: ours.clone(),
            }),
        }
    }

    // Without a merge base, the conflict must appear again at the next import.
    if agreed || conflicts.is_empty() {
        if !agreed {
            base.set(id, &record.digests());
        }
        for (name, value) in agree {
            if base.is_unchanged(id, name, value) != Some(true) {
                base.set_field(id, name, value);
            }
        }
    }
    summary.conflicts.append(&mut conflicts);
    if take.is_empty() {
        return None;
    }
    let mut merged: JsonObject = ours
        .iter()
        .map(|(name, value)| (name.clone().into_owned(), value.clone()))
        .collect();
    for (name, value) in take {
        merged.insert(name.to_owned(), value);
    }
    let mappings = ValueMappings::default();
    let mut diagnostics = FileDiagnostics::new(&found.file, &mappings);
    T::from_fields(&mut RecordReader::new(
        merged,
        found.path.clone(),
        &mut diagnostics,
    ))
}

/// Returns the side with the later update time.
fn newer_side<T>(
    found: &ParsedRecord<T>,
    theirs: &FieldList,
    ours: &HashMap<&str, &Json>,
) -> Option<ConflictResolution> {
    let name = ["updated", "updated_at"]
        .into_iter()
        .find(|name| ours.contains_key(name))?;
    let time = |value: &Json| value.as_str()?.parse::<Timestamp>().ok();
    let index = theirs.iter().position(|(field, _)| field == name)?;
    let theirs = found.has_field(index).then(|| &theirs[index].1)?;
    let (theirs, ours) = (time(theirs)?, time(ours.get(name)?)?);
    match theirs.cmp(&ours) {
        std::cmp::Ordering::Greater => Some(ConflictResolution::File),
        std::cmp::Ordering::Less => Some(ConflictResolution::Database),
        std::cmp::Ordering::Equal => None,
    }
}
