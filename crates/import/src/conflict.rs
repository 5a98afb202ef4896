//! Conflicts between a file and the database.

use wsdb_core::Json;

/// A field that changed to different values in the file and in the database.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The kind of record, such as `tasks`.
    pub kind: &'static str,
    /// The record's id.
    pub id: String,
    /// The field; `None` if the conflict is about the complete record: it was deleted in the database and
    /// changed in the file, or both have different records under the same id.
    pub field: Option<String>,
    /// The value in the file.
    pub file: Json,
    /// The value in the database.
    pub database: Json,
    /// The record's id in the database, if it is a different one: only of a conflict about a complete
    /// record.
    pub id_in_database: Option<String>,
}

impl Conflict {
    /// Whether the file and the database have different records under the same id, or the same record
    /// under different ids.
    pub fn is_of_different_records(&self) -> bool {
        self.field.is_none() && (!self.database.is_null() || self.id_in_database.is_some())
    }
}
