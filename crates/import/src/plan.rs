//! What an import would do: documents and what the store holds, record by record.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value};
use wsdb_core::Timestamp;

use crate::base::Base;
use crate::error::Reject;
use crate::reader::{Found, Mappings, Notes, Reader, Twin};
use crate::record::{Documented, FieldList};

/// How the documents' records meet those that are there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// Field by field, against what both sides last agreed on.
    #[default]
    Merge,
    /// The documents' records become all there is of their kind.
    Replace,
}

/// Which side wins where both have changed the same field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefer {
    /// The file.
    File,
    /// The database.
    Database,
}

/// Something that people should know, and that stops nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The file that it is about.
    pub file: Option<PathBuf>,
    /// Where in the file, as a JSON path; or empty.
    pub path: String,
    /// What there is to know.
    pub message: String,
}

/// A field that has changed in the file and in the database, differently.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The kind of record, such as `tasks`.
    pub kind: &'static str,
    /// The record's id.
    pub id: String,
    /// The field; `None` where the record was deleted here and changed in the file.
    pub field: Option<String>,
    /// What the file says.
    pub file: Value,
    /// What the database says.
    pub database: Value,
}

/// What happens to the records of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// The kind of record, such as `tasks`.
    pub kind: &'static str,
    /// So many are new.
    pub new: usize,
    /// So many change.
    pub changed: usize,
    /// So many are as they were.
    pub unchanged: usize,
    /// So many are deleted, since a replacing import has them no more.
    pub deleted: usize,
}

/// A record that one side has no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// The kind of record, such as `tasks`.
    pub kind: &'static str,
    /// The record's id.
    pub id: String,
}

/// What an import does, or would do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// For each kind that the documents hold.
    pub counts: Vec<Counts>,
    /// Fields that were left as they are, since both sides have changed them.
    pub conflicts: Vec<Conflict>,
    /// Records that vanished from the file, and were kept.
    pub vanished: Vec<Gone>,
    /// Records that were deleted here since they were last exported or imported, and stay so.
    pub stay_deleted: Vec<Gone>,
    /// What people should know.
    pub warnings: Vec<Warning>,
    /// The fields of the documents themselves, such as `version`.
    pub document_fields: Counts,
    /// Records that turned out to be none beside what is there.
    pub(crate) rejects: Vec<Reject>,
}

impl Summary {
    /// Whether the import changes no record, and no field of a document.
    pub fn is_unchanged(&self) -> bool {
        self.counts
            .iter()
            .chain([&self.document_fields])
            .all(|c| c.new + c.changed + c.deleted == 0)
    }
}

/// What to write of one kind.
#[derive(Debug)]
pub(crate) struct Changes<T: Documented> {
    /// Shared with who makes the base meanwhile.
    pub(crate) insert: Arc<Vec<T>>,
    /// As they are, and as they become.
    pub(crate) replace: Vec<(T, T)>,
    pub(crate) delete: Vec<T::Id>,
    /// The ids of those that were made of words.
    pub(crate) of_words: Vec<String>,
    /// What both sides agree on, but for the records to insert.
    pub(crate) base: Base,
}

impl<T: Documented> Default for Changes<T> {
    fn default() -> Self {
        Changes {
            insert: Arc::default(),
            replace: Vec::new(),
            delete: Vec::new(),
            of_words: Vec::new(),
            base: Base::default(),
        }
    }
}

/// How to decide.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    pub(crate) mode: Mode,
    pub(crate) prefer: Option<Prefer>,
    pub(crate) skip_rejects: bool,
}

/// Decides what happens to the records of one kind. `covered` tells whether the documents would
/// hold a record if it still existed.
pub(crate) fn decide<T: Documented>(
    found: Vec<Found<T>>,
    known: Vec<T>,
    mut base: Base,
    rules: Rules,
    covered: impl Fn(&T) -> bool,
    summary: &mut Summary,
) -> Changes<T> {
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
        if !found.twins.is_empty() {
            found = match settle(found, &base) {
                Ok(found) => found,
                Err(reject) => {
                    summary.rejects.push(reject);
                    known.remove(&id);
                    continue;
                }
            };
        }
        if found.is_of_words {
            changes.of_words.push(id.clone());
        } else if base.is_of_words(&id) {
            base.set_of_words(&id, false);
        }
        match known.remove(&id) {
            None if rules.mode == Mode::Merge && base.has(&id) => {
                let fields = found.record.to_fields();
                let unchanged = fields
                    .iter()
                    .enumerate()
                    .filter(|(place, _)| found.says(*place))
                    .all(|(_, (name, value))| base.same(&id, name, value) == Some(true));
                match (unchanged, rules.prefer) {
                    (false, Some(Prefer::File)) => insert.push(found.record),
                    (false, None) => {
                        let file = Value::Object(
                            fields
                                .into_iter()
                                .map(|(n, v)| (n.into_owned(), v))
                                .collect(),
                        );
                        let database = Value::Null;
                        summary.conflicts.push(Conflict {
                            kind: T::KIND,
                            id,
                            field: None,
                            file,
                            database,
                        });
                    }
                    (true, _) | (false, Some(Prefer::Database)) => {
                        base.set(&id, &found.record.digests());
                        summary.stay_deleted.push(Gone { kind: T::KIND, id });
                    }
                }
            }
            None => insert.push(found.record),
            Some(record) if rules.mode == Mode::Replace => {
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
                rules.prefer,
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

    // What is left of the known is not in the file.
    let mut left: Vec<&T> = known.values().filter(|record| covered(record)).collect();
    left.sort_by(|a, b| wsdb_core::natural_order(a.id().as_ref(), b.id().as_ref()));
    for record in left {
        let id = record.id().as_ref();
        if rules.mode == Mode::Replace {
            counts.deleted += 1;
            base.remove(id);
            changes.delete.push(record.id().clone());
        } else if base.has(id) {
            summary.vanished.push(Gone {
                kind: T::KIND,
                id: id.to_owned(),
            });
        }
    }
    // Gone on both sides.
    let gone: Vec<String> = base
        .ids()
        .filter(|id| !in_file.contains(*id) && !known.contains_key(*id))
        .map(str::to_owned)
        .collect();
    for id in gone {
        base.remove(&id);
    }
    counts.new = insert.len();
    changes.insert = Arc::new(insert);
    changes.base = base;
    summary.counts.push(counts);
    changes
}

/// Decides between two names of one field that say different things: the one that was changed
/// counts, and where nothing is known of before, the one that says anything at all.
fn settle<T: Documented>(mut found: Found<T>, base: &Base) -> Result<Found<T>, Reject> {
    let id = found.record.id().as_ref().to_owned();
    let mut reasons = Vec::new();
    let mut taken: Vec<(String, Value)> = Vec::new();
    let fields = found.record.to_fields();
    for Twin { name, alias, value } in std::mem::take(&mut found.twins) {
        let named = fields.iter().find(|(field, _)| *field == name);
        let named = named.map_or(Value::Null, |(_, value)| value.clone());
        let was = |value: &Value| base.same(&id, &name, value) == Some(true);
        match (was(&named), was(&value), named.is_null(), value.is_null()) {
            (true, false, ..) => taken.push((name, value)),
            (false, true, ..) => {}
            (.., true, false) => taken.push((name, value)),
            (.., false, true) => {}
            _ => reasons.push((
                format!("{}.{alias}", found.path),
                format!("{alias} says {value}, but {name} says {named}"),
            )),
        }
    }
    if reasons.is_empty() && !taken.is_empty() {
        let fields = fields.into_iter();
        let mut object: Map<String, Value> = fields
            .map(|(name, value)| (name.into_owned(), value))
            .collect();
        object.extend(taken);
        let mappings = Mappings::default();
        let mut notes = Notes::new(&found.file, &mappings);
        let mut reader = Reader::new(object, found.path.clone(), &mut notes);
        let record = T::from_fields(&mut reader);
        match reader.finish(record) {
            Some(read) => found.record = read.record,
            None => reasons = notes.rejects.remove(0).reasons,
        }
    }
    match reasons.is_empty() {
        true => Ok(found),
        false => Err(Reject {
            file: found.file.to_path_buf(),
            path: found.path,
            reasons,
            record: Value::Null,
        }),
    }
}

/// Merges a record of the file into the one that is there. `None` where that changes nothing.
fn merge<T: Documented>(
    found: &Found<T>,
    fields: &FieldList,
    record: &T,
    base: &mut Base,
    prefer: Option<Prefer>,
    summary: &mut Summary,
) -> Option<T> {
    let id = record.id().as_ref();
    let ours: FieldList = record.to_fields();
    let by_name: HashMap<&str, &Value> = ours.iter().map(|(n, v)| (n.as_ref(), v)).collect();
    let agreed = base.has(id);
    let newer = (!agreed).then(|| newer(found, fields, &by_name)).flatten();

    let mut take: Vec<(&str, Value)> = Vec::new();
    let mut agree: Vec<(&str, &Value)> = Vec::new();
    let mut conflicts = Vec::new();
    for (place, (name, theirs)) in fields.iter().enumerate() {
        if !found.says(place) {
            continue;
        }
        let ours = by_name.get(name.as_ref()).copied().unwrap_or(&Value::Null);
        if theirs == ours {
            agree.push((name, theirs));
            continue;
        }
        let side = if agreed {
            let file_same = base.same(id, name, theirs) == Some(true);
            let database_same = base.same(id, name, ours) == Some(true);
            match (file_same, database_same) {
                (true, _) => Some(Prefer::Database),
                (false, true) => Some(Prefer::File),
                // Who changes a record by hand or by command says when: the later time holds.
                (false, false) if name == "updated" || name == "updated_at" => {
                    Some(match theirs.as_str() > ours.as_str() {
                        true => Prefer::File,
                        false => Prefer::Database,
                    })
                }
                (false, false) => prefer,
            }
        } else {
            newer.or(prefer)
        };
        match side {
            Some(Prefer::File) => {
                take.push((name, theirs.clone()));
                agree.push((name, theirs));
            }
            Some(Prefer::Database) => agree.push((name, theirs)),
            None => conflicts.push(Conflict {
                kind: T::KIND,
                id: id.to_owned(),
                field: Some(name.clone().into_owned()),
                file: theirs.clone(),
                database: ours.clone(),
            }),
        }
    }

    // Without a common past, what is in conflict now must be so at the next import, too.
    if agreed || conflicts.is_empty() {
        if !agreed {
            base.set(id, &record.digests());
        }
        for (name, value) in agree {
            if base.same(id, name, value) != Some(true) {
                base.set_field(id, name, value);
            }
        }
    }
    summary.conflicts.append(&mut conflicts);
    if take.is_empty() {
        return None;
    }
    let mut merged: Map<String, Value> = ours
        .iter()
        .map(|(name, value)| (name.clone().into_owned(), value.clone()))
        .collect();
    for (name, value) in take {
        merged.insert(name.to_owned(), value);
    }
    let mappings = Mappings::default();
    let mut notes = Notes::new(&found.file, &mappings);
    T::from_fields(&mut Reader::new(merged, found.path.clone(), &mut notes))
}

/// Which side is newer, by its own word.
fn newer<T>(found: &Found<T>, theirs: &FieldList, ours: &HashMap<&str, &Value>) -> Option<Prefer> {
    let name = ["updated", "updated_at"]
        .into_iter()
        .find(|name| ours.contains_key(name))?;
    let time = |value: &Value| value.as_str()?.parse::<Timestamp>().ok();
    let place = theirs.iter().position(|(field, _)| field == name)?;
    let theirs = found.says(place).then(|| &theirs[place].1)?;
    let (theirs, ours) = (time(theirs)?, time(ours.get(name)?)?);
    match theirs.cmp(&ours) {
        std::cmp::Ordering::Greater => Some(Prefer::File),
        std::cmp::Ordering::Less => Some(Prefer::Database),
        std::cmp::Ordering::Equal => None,
    }
}
