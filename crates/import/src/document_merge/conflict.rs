//! What two versions of a document changed differently.

use std::fmt;

use wsdb_core::Json;

/// A record or field that both versions changed differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentConflict {
    /// The id of the record; `None` for a field of the document itself.
    pub record: Option<String>,
    /// What is in conflict.
    pub kind: ConflictKind,
}

/// What is in conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConflictKind {
    /// Both versions changed a field.
    Field {
        /// The path of the field in the record.
        field: String,
        /// Our value; `None` if we removed the field.
        ours: Option<Json>,
        /// Their value; `None` if they removed the field.
        theirs: Option<Json>,
    },
    /// Both versions added the record, with different contents.
    AddedTwice,
    /// The versions have different records with this id, made at different times.
    MadeApart,
    /// We deleted the record, and they changed it.
    DeletedInOurs,
    /// We changed the record, and they deleted it.
    DeletedInTheirs,
}

impl fmt::Display for DocumentConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let record = self.record.as_deref().unwrap_or("the document");
        match &self.kind {
            ConflictKind::Field {
                field,
                ours,
                theirs,
            } => {
                let value = |value: &Option<Json>| {
                    let value = value.as_ref();
                    value.map_or_else(|| "no value".to_owned(), Json::to_string)
                };
                let (ours, theirs) = (value(ours), value(theirs));
                write!(f, "{field} of {record}: {ours} in ours, {theirs} in theirs")
            }
            ConflictKind::AddedTwice => {
                write!(f, "{record}: added in both, with different contents")
            }
            ConflictKind::MadeApart => {
                write!(f, "{record}: different records in ours and theirs")
            }
            ConflictKind::DeletedInOurs => {
                write!(f, "{record}: deleted in ours, changed in theirs")
            }
            ConflictKind::DeletedInTheirs => {
                write!(f, "{record}: changed in ours, deleted in theirs")
            }
        }
    }
}
