//! Views of the merge driver of git, and of merged documents.

use serde::Serialize;
use wsdb_core::Json;
use wsdb_import::{ConflictKind, DocumentConflict};

/// The merge driver that was installed in a repository.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InstalledDriverView {
    /// The folder of the repository.
    pub repository: String,
    /// The command of the driver.
    pub driver: String,
    /// The documents whose lines were added to `.gitattributes`.
    pub added: Vec<String>,
    /// Whether anything changed.
    pub changed: bool,
}

/// The merge driver that was removed from a repository.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UninstalledDriverView {
    /// The folder of the repository.
    pub repository: String,
    /// The documents whose lines were removed from `.gitattributes`.
    pub removed: Vec<String>,
    /// Whether anything changed.
    pub changed: bool,
}

/// A document that was merged.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MergedDocumentView {
    /// The document.
    pub file_path: String,
    /// How it was merged.
    pub merged: MergeMethod,
    /// Whether there are no conflicts.
    pub clean: bool,
    /// The conflicts; empty if the document was merged line by line.
    pub conflicts: Vec<DocumentConflictView>,
}

/// How a document was merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MergeMethod {
    /// Record by record.
    Records,
    /// Line by line, because a version cannot be read as a document.
    Lines,
}

/// A conflict between two versions of a document.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentConflictView {
    /// ID of the record; null for a field of the document itself.
    pub record: Option<String>,
    /// What is in conflict.
    pub conflict_type: DocumentConflictType,
    /// The conflict for people; it may change.
    pub message: String,
    /// The field, and its values in both versions.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub values: Option<ConflictingValues>,
}

/// What is in conflict in two versions of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DocumentConflictType {
    /// Both versions changed a field.
    Field,
    /// Both versions added the record, with different contents.
    AddedInBoth,
    /// The versions are different records with the same ID.
    DifferentRecords,
    /// Our version deleted the record, and theirs changed it.
    DeletedInOurs,
    /// Their version deleted the record, and ours changed it.
    DeletedInTheirs,
}

/// A field with different values in two versions of a document.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConflictingValues {
    /// Path of the field in the record.
    pub field: String,
    /// Our value; null if the field was removed.
    pub ours: Option<Json>,
    /// Their value; null if the field was removed.
    pub theirs: Option<Json>,
}

impl From<DocumentConflict> for DocumentConflictView {
    fn from(conflict: DocumentConflict) -> Self {
        let message = conflict.to_string();
        let DocumentConflict { record, kind } = conflict;
        let (conflict_type, values) = match kind {
            ConflictKind::Field {
                field,
                ours,
                theirs,
            } => {
                let values = ConflictingValues {
                    field,
                    ours,
                    theirs,
                };
                (DocumentConflictType::Field, Some(values))
            }
            ConflictKind::AddedTwice => (DocumentConflictType::AddedInBoth, None),
            ConflictKind::MadeApart => (DocumentConflictType::DifferentRecords, None),
            ConflictKind::DeletedInOurs => (DocumentConflictType::DeletedInOurs, None),
            ConflictKind::DeletedInTheirs => (DocumentConflictType::DeletedInTheirs, None),
        };
        DocumentConflictView {
            record,
            conflict_type,
            message,
            values,
        }
    }
}
