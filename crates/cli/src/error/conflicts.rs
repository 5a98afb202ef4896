//! The conflicts of an import: what differs, and what to do.

use wsdb_app::documents::Conflict;
use wsdb_app::kind_text;
use wsdb_core::{Json, JsonObject};

/// What to do about the conflicts of an import.
const CONFLICT_HINT: &str = "run the import again with --prefer file or --prefer database";

/// The hint for conflicts with --renumber, which cannot be combined with --prefer. The new IDs are kept.
const RENUMBERED_CONFLICT_HINT: &str = "run the import again without --renumber, and with --prefer file or \
     --prefer database";

/// The hint for records that were made apart from those with the same ids.
const DIFFERENT_RECORDS_HINT: &str = "run the import again with --renumber to give the records \
     in the files new IDs, with --prefer file if they are the same records, or with \
     --prefer database to leave out those in the files";

/// The hint for records that the files have under other ids.
const OTHER_IDS_HINT: &str = "run the import again with --renumber to give the records in the files \
     their IDs in the database, with --prefer file to add them as new records, or with \
     --prefer database to leave them out";

/// Whether conflicts are about complete records, and all of these have other ids in the files.
pub(super) fn are_under_other_ids(conflicts: &[Conflict]) -> bool {
    let mut of_records = conflicts.iter().filter(|it| it.is_of_different_records());
    of_records.all(|it| it.id_in_database.is_some())
}

/// Returns the hint that resolves these conflicts of an import, which may have given records new ids.
pub(crate) fn conflict_hint(conflicts: &[Conflict], is_renumbering: bool) -> &'static str {
    if is_renumbering {
        RENUMBERED_CONFLICT_HINT
    } else if !conflicts.iter().any(Conflict::is_of_different_records) {
        CONFLICT_HINT
    } else if are_under_other_ids(conflicts) {
        OTHER_IDS_HINT
    } else {
        DIFFERENT_RECORDS_HINT
    }
}

/// Describes a conflict.
pub(crate) fn format_conflict(conflict: &Conflict) -> String {
    let Conflict {
        id,
        field,
        file,
        database,
        ..
    } = conflict;
    match field {
        Some(field) => {
            format!("{field} of {id}: {file} in the file, {database} in the database")
        }
        None if let Some(id_in_database) = &conflict.id_in_database => {
            if database.is_null() {
                format!("{id} in the file is {id_in_database}, which was deleted in the database")
            } else {
                format!("{id} in the file is {id_in_database} in the database")
            }
        }
        None if database.is_null() => {
            format!("{id} was deleted in the database but changed in the file")
        }
        None => format!(
            "different {} have the ID {id}: {} in the file; {} in the database",
            kind_text(conflict.kind),
            format_differences(file, database),
            format_differences(database, file)
        ),
    }
}

/// Maximum number of characters of a record that is shown in a conflict.
const MAX_RECORD_CHARS: usize = 300;

/// Formats the values of a record that are not empty, and that another record does not have.
fn format_differences(record: &Json, other: &Json) -> String {
    let fields = record.as_object().into_iter().flatten();
    let fields = fields.filter(|(name, value)| {
        let is_empty = value.as_array().is_some_and(Vec::is_empty)
            || value.as_object().is_some_and(JsonObject::is_empty);
        let is_same = other.get(name.as_str()) == Some(value);
        !value.is_null() && !is_empty && !is_same && !name.starts_with("updated")
    });
    let fields: Vec<String> = fields
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    let text = fields.join(", ");
    match text.char_indices().nth(MAX_RECORD_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
