//! What files held of records, and how that changes.

use crate::entity::document_record::Model;
use crate::{RecordVersion, Rev};

/// A record as a file held it at its last import or export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentEntry {
    /// The id of the record in the file.
    pub id_in_file: String,
    /// Its id in the database; another one if an import gave it a new id.
    pub record_id: String,
    /// The version that the record names in the file.
    pub rev: Option<Rev>,
    /// Whether the file only describes the record within another one.
    pub is_inline: bool,
    /// The fields that it had in the file.
    pub version: RecordVersion,
}

/// How files hold a record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HeldRecord {
    /// Whether a file describes it within another record.
    pub is_inline: bool,
    /// Whether a document contains it.
    pub is_in_document: bool,
}

/// The change of an entry: either side is `None` if there is no entry.
#[derive(Debug, Clone)]
pub struct EntryChange {
    /// The entry that is stored.
    pub before: Option<DocumentEntry>,
    /// The entry to store.
    pub after: Option<DocumentEntry>,
}

impl EntryChange {
    /// Returns an entry that remembers the id of the record in the file, if the record has another one
    /// in the database and the file no longer holds it under that id.
    pub(crate) fn former_id(&self) -> Option<DocumentEntry> {
        let before = self.before.as_ref()?;
        let after = self.after.as_ref().map(|after| &after.record_id);
        let is_lost = before.id_in_file != before.record_id && after != Some(&before.record_id);
        is_lost.then(|| DocumentEntry {
            id_in_file: format!("{} {}", before.id_in_file, before.record_id),
            ..before.clone()
        })
    }

    /// Returns the id of the record in the file.
    pub(crate) fn id(&self) -> &str {
        let entry = self.after.as_ref().or(self.before.as_ref());
        entry.map_or("", |entry| &entry.id_in_file)
    }
}

/// A record that an import gave another id than it has in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenumberedRecord {
    /// The path of the file; `None` if the file no longer held the record under this id.
    pub path: Option<String>,
    /// The kind of record.
    pub kind: String,
    /// Its id in the file.
    pub id_in_file: String,
    /// Its id in the database.
    pub record_id: String,
    /// The version that the record named in the file.
    pub rev: Option<Rev>,
    /// The fields that it had in the file.
    pub version: RecordVersion,
}

/// The version of a record that is known from elsewhere than history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownVersion {
    /// Its id in the file that held it.
    pub id_in_file: String,
    /// The id of the record.
    pub record_id: String,
    /// What identifies the version.
    pub rev: Rev,
    /// Its fields.
    pub version: RecordVersion,
}

impl KnownVersion {
    /// Creates the version of a record that has the same id in the file.
    pub fn new(record_id: &str, rev: Rev, version: RecordVersion) -> Self {
        KnownVersion {
            id_in_file: record_id.to_owned(),
            record_id: record_id.to_owned(),
            rev,
            version,
        }
    }

    /// Converts the version into an entry that belongs to no file.
    pub(crate) fn into_entry(self) -> DocumentEntry {
        DocumentEntry {
            id_in_file: format!("{} {}", self.record_id, self.rev),
            record_id: self.record_id,
            rev: Some(self.rev),
            is_inline: false,
            version: self.version,
        }
    }
}

impl From<Model> for DocumentEntry {
    fn from(row: Model) -> Self {
        DocumentEntry {
            id_in_file: row.id_in_file,
            record_id: row.record_id,
            rev: row.rev.and_then(|rev| rev.parse().ok()),
            is_inline: row.is_inline != 0,
            version: RecordVersion::decode(&row.fields),
        }
    }
}
