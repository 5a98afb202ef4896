//! Whether a record in a file is the same as one in the database, or a version of it.

use wsdb_core::{Json, Timestamp};
use wsdb_store::RecordVersion;

use crate::digest::digest;
use crate::error::{EmptyName, RejectedIdentity};
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

/// Returns whether two records with the same id were made at different times, so that one is not a
/// version of the other.
pub(crate) fn are_made_apart<T: DocumentRecord>(found: &ParsedRecord<T>, record: &T) -> bool {
    let Some(created) = T::CREATED else {
        return false;
    };
    let theirs = found.record.to_fields();
    let Some(at) = theirs.iter().position(|(name, _)| name == created) else {
        return false;
    };
    if T::settled_side(&found.record, record, created).is_some() {
        return false;
    }
    let ours = record.to_fields();
    let ours = ours.iter().find(|(name, _)| name == created);
    found.has_field(at) && ours.is_some_and(|(_, ours)| *ours != theirs[at].1)
}

/// Returns whether two records with the same id, of which neither is a known version of the other, are
/// different ones. People who write records often give them only the date, and may make two on the same
/// day; what refers to such a record in the file does not mean the one here.
pub(crate) fn are_different_records<T: DocumentRecord>(
    found: &ParsedRecord<T>,
    record: &T,
) -> bool {
    let has_other_name = || !has_name_of(found, &record.version());
    are_made_apart(found, record) || has_only_date(&found.record) && has_other_name()
}

/// Whether a record in a file has the name that a version has, or kinds of this record have none.
pub(crate) fn has_name_of<T: DocumentRecord>(
    found: &ParsedRecord<T>,
    version: &RecordVersion,
) -> bool {
    let fields = found.record.to_fields();
    let name = fields.iter().position(|(name, _)| T::NAME == Some(name));
    name.is_none_or(|at| {
        let (name, value) = &fields[at];
        !found.has_field(at) || is_unchanged(version, name, value)
    })
}

/// Returns whether a version has the time of creation and the name of a record.
pub(crate) fn is_version_of<T: DocumentRecord>(version: &RecordVersion, record: &T) -> bool {
    let current = record.version();
    let mut fields = [T::CREATED, T::NAME].into_iter().flatten();
    fields.all(|field| version.digest(field) == current.digest(field))
}

/// Returns a digest of the name of a record; `None` if records of this kind have none.
pub(crate) fn digest_of_name<T: DocumentRecord>(record: &T) -> Option<u64> {
    let fields = record.to_fields();
    let name = fields.iter().find(|(name, _)| T::NAME == Some(name));
    name.and_then(|(_, name)| digest(name))
}

/// Returns whether the name of a record is an empty text.
pub(crate) fn has_empty_name<T: DocumentRecord>(record: &T) -> bool {
    let fields = record.to_fields();
    let mut names = fields.iter().filter(|(field, _)| T::NAME == Some(field));
    names.any(|(_, name)| name.as_str().is_some_and(|it| it.trim().is_empty()))
}

/// Returns the name of a record in a file if it is empty.
pub(crate) fn empty_name_of<T: DocumentRecord>(found: &ParsedRecord<T>) -> Option<EmptyName> {
    let is_empty = found.may_lack_name && has_empty_name(&found.record);
    is_empty.then(|| EmptyName {
        record: RejectedIdentity {
            kind: T::KIND,
            id: Some(found.record.id().as_ref().to_owned()),
        },
        path: found.path.clone(),
    })
}

/// Whether the time at which a record was made is only a date.
pub(crate) fn has_only_date<T: DocumentRecord>(record: &T) -> bool {
    time_of_creation(record).is_some_and(Timestamp::is_date)
}

/// Returns whether a file has at most the date at which a record was made, not the time.
pub(crate) fn lacks_time_of_creation<T: DocumentRecord>(found: &ParsedRecord<T>) -> bool {
    let fields = found.record.to_fields();
    let created = fields.iter().position(|(name, _)| T::CREATED == Some(name));
    created.is_none_or(|at| !found.has_field(at)) || has_only_date(&found.record)
}

/// Returns the time at which a record was made; `None` if records of this kind have none.
pub(crate) fn time_of_creation<T: DocumentRecord>(record: &T) -> Option<Timestamp> {
    T::CREATED?;
    time_in(record, |field| T::CREATED == Some(field))
}

/// Returns the time of the last change of a record; `None` if it has none, or records of this kind do not.
pub(crate) fn time_of_change<T: DocumentRecord>(record: &T) -> Option<Timestamp> {
    time_in(record, is_time_of_change)
}

fn time_in<T: DocumentRecord>(record: &T, is_wanted: impl Fn(&str) -> bool) -> Option<Timestamp> {
    let fields = record.to_fields();
    let field = fields.iter().find(|(name, _)| is_wanted(name));
    field.and_then(|(_, time)| time.as_str()?.parse().ok())
}
