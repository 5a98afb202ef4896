//! View of an import.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use wsdb_core::Json;
use wsdb_import::{
    Conflict, ImportResult, KindCount, MissingRecord, Problem, Reject, Renumbered, Warning,
};

use super::Counts;
use crate::record_names::{import_kinds, record_type_of_kind};

/// The result of an import, or what a dry run would do.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportView {
    /// Whether this was a dry run, in which nothing was written.
    pub dry_run: bool,
    /// Whether no record changed.
    pub unchanged: bool,
    /// The files that were read.
    pub files: Vec<String>,
    /// Number of records by the effect of the import, by the key of their list.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "super::count_schemas::ByImportedKind<ImportCounts>")
    )]
    pub counts: BTreeMap<&'static str, ImportCounts>,
    /// The fields that were changed in a file and in the database, and kept their value there.
    pub conflicts: Vec<ImportConflictView>,
    /// The records that are no longer in the files, and were kept.
    pub missing_from_files: Vec<ImportedRecordView>,
    /// The records that were deleted in the database, and stay deleted.
    pub stay_deleted: Vec<ImportedRecordView>,
    /// Number of records that are older in the files than in the database and were left alone, by
    /// the key of their list.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "super::count_schemas::ByImportedKind<u64>")
    )]
    pub older: Counts,
    /// Number of records that were left out because a different record in the database has their ID, by
    /// the key of their list.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "super::count_schemas::ByImportedKind<u64>")
    )]
    pub left_out: Counts,
    /// The records that got new ids.
    pub renumbered: Vec<RenumberedView>,
    /// Problems that did not stop the import.
    pub warnings: Vec<ImportWarningView>,
    /// The records that were skipped.
    pub rejects: Vec<RejectView>,
}

/// Number of records of one kind by the effect of an import.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportCounts {
    /// Added.
    pub new: usize,
    /// Changed.
    pub changed: usize,
    /// Unchanged.
    pub unchanged: usize,
    /// Deleted.
    pub deleted: usize,
}

/// A field, or a record, that was changed in a file and in the database.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportConflictView {
    /// Type of the record, such as `task`.
    pub record_type: &'static str,
    /// Its ID.
    pub id: String,
    /// The field; null if the conflict is about the complete record.
    pub field: Option<String>,
    /// The value in the file.
    pub file: Json,
    /// The value in the database.
    pub database: Json,
    /// The ID of the same record in the database if it is a different one, otherwise null.
    pub id_in_database: Option<String>,
}

/// A record that an import mentions.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportedRecordView {
    /// Type of the record, such as `task`.
    pub record_type: &'static str,
    /// Its ID.
    pub id: String,
}

/// A record that got a new ID.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RenumberedView {
    /// Type of the record, such as `task`.
    pub record_type: &'static str,
    /// Its ID in the file.
    pub from: String,
    /// Its ID in the database.
    pub to: String,
}

/// A problem that did not stop an import.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportWarningView {
    /// The file, if the warning is about one.
    pub file_path: Option<String>,
    /// JSON path in the file; may be empty.
    pub path: String,
    /// The warning for people; it may change.
    pub message: String,
}

/// A record that was skipped.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RejectView {
    /// The file.
    pub file_path: String,
    /// JSON path of the record.
    pub path: String,
    /// What is wrong with it.
    pub problems: Vec<RejectProblemView>,
    /// The record as it is in the file.
    pub record: Json,
}

/// What is wrong with a value in a file.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RejectProblemView {
    /// JSON path of the value; may be empty.
    pub path: String,
    /// What is wrong.
    pub reason: String,
}

impl ImportView {
    /// Creates the view of an import.
    pub fn new(imported: &ImportResult, dry_run: bool) -> Self {
        let summary = &imported.summary;
        let counts = import_kinds().map(|(kind, list)| {
            let mut all = summary.counts.iter().chain([&summary.document_fields]);
            let counts = all.find(|counts| counts.kind == kind);
            (list, counts.cloned().unwrap_or_default().into())
        });
        let counts_of = |counts: &[KindCount]| -> Counts {
            let count_of = |kind| counts.iter().find(|it| it.kind == kind);
            import_kinds()
                .map(|(kind, list)| (list, count_of(kind).map_or(0, |it| it.count as u64)))
                .collect()
        };
        let files = imported.files.iter().map(|read| display(&read.file));
        ImportView {
            dry_run,
            unchanged: summary.is_unchanged(),
            files: files.collect(),
            counts: counts.collect(),
            conflicts: summary.conflicts.iter().map(Into::into).collect(),
            missing_from_files: summary.missing.iter().map(Into::into).collect(),
            stay_deleted: summary.stay_deleted.iter().map(Into::into).collect(),
            older: counts_of(&summary.older),
            left_out: counts_of(&summary.left_out),
            renumbered: summary.renumbered.iter().map(Into::into).collect(),
            warnings: summary.warnings.iter().map(Into::into).collect(),
            rejects: imported.rejects.iter().map(Into::into).collect(),
        }
    }
}

fn display(path: &Path) -> String {
    path.display().to_string()
}

impl From<wsdb_import::Counts> for ImportCounts {
    fn from(counts: wsdb_import::Counts) -> Self {
        let wsdb_import::Counts {
            kind: _,
            new,
            changed,
            unchanged,
            deleted,
        } = counts;
        ImportCounts {
            new,
            changed,
            unchanged,
            deleted,
        }
    }
}

impl From<&Conflict> for ImportConflictView {
    fn from(conflict: &Conflict) -> Self {
        ImportConflictView {
            record_type: record_type_of_kind(conflict.kind),
            id: conflict.id.clone(),
            field: conflict.field.clone(),
            file: conflict.file.clone(),
            database: conflict.database.clone(),
            id_in_database: conflict.id_in_database.clone(),
        }
    }
}

impl From<&MissingRecord> for ImportedRecordView {
    fn from(record: &MissingRecord) -> Self {
        ImportedRecordView {
            record_type: record_type_of_kind(record.kind),
            id: record.id.clone(),
        }
    }
}

impl From<&Renumbered> for RenumberedView {
    fn from(renumbered: &Renumbered) -> Self {
        RenumberedView {
            record_type: record_type_of_kind(renumbered.kind),
            from: renumbered.from.clone(),
            to: renumbered.to.clone(),
        }
    }
}

impl From<&Warning> for ImportWarningView {
    fn from(warning: &Warning) -> Self {
        ImportWarningView {
            file_path: warning.file.as_deref().map(display),
            path: warning.path.clone(),
            message: warning.message.clone(),
        }
    }
}

impl From<&Reject> for RejectView {
    fn from(reject: &Reject) -> Self {
        RejectView {
            file_path: display(&reject.file),
            path: reject.path.clone(),
            problems: reject.reasons.iter().map(Into::into).collect(),
            record: reject.record.clone(),
        }
    }
}

impl From<&Problem> for RejectProblemView {
    fn from(problem: &Problem) -> Self {
        RejectProblemView {
            path: problem.path.clone(),
            reason: problem.reason.clone(),
        }
    }
}
