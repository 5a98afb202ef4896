//! What an import reports: its counts, conflicts and warnings, and its progress.

use std::path::PathBuf;

use crate::conflict::Conflict;
use crate::error::Reject;

/// How records of the documents are combined with those in the database.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// Merges field by field, based on the version that each record in a file was made from.
    #[default]
    Merge,
    /// Makes the records of the documents the only ones of their kind.
    Replace,
}

/// The side that wins if both changed the same field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConflictResolution {
    /// The file.
    File,
    /// The database.
    Database,
}

/// A problem that does not stop an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The file, if the warning concerns one.
    pub file: Option<PathBuf>,
    /// The JSON path in the file; may be empty.
    pub path: String,
    /// The message.
    pub message: String,
}

/// The numbers of changes to one kind of record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// The kind of record, such as `tasks`.
    pub kind: &'static str,
    /// How many are new.
    pub new: usize,
    /// How many are changed.
    pub changed: usize,
    /// How many are unchanged.
    pub unchanged: usize,
    /// How many are deleted because the documents of a replacing import lack them, or because they ended
    /// elsewhere.
    pub deleted: usize,
}

impl Counts {
    /// Whether there are no records of the kind.
    pub(crate) fn is_empty(&self) -> bool {
        self.new + self.changed + self.unchanged + self.deleted == 0
    }
}

/// A record that one side no longer has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingRecord {
    /// The kind of record, such as `tasks`.
    pub kind: &'static str,
    /// The record's id.
    pub id: String,
}

/// A number of records of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindCount {
    /// The kind of record, such as `tasks`.
    pub kind: &'static str,
    /// The number.
    pub count: usize,
}

/// A record that got a new id, because another one has its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renumbered {
    /// The kind of record, such as `tasks`.
    pub kind: &'static str,
    /// Its id in the file.
    pub from: String,
    /// Its id in the database.
    pub to: String,
}

/// What an import did, or would do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportSummary {
    /// The counts of each kind that the documents contain.
    pub counts: Vec<Counts>,
    /// Fields that both sides changed, and that were left unchanged.
    pub conflicts: Vec<Conflict>,
    /// Records that are no longer in the files, and were kept.
    pub missing: Vec<MissingRecord>,
    /// Records that were deleted in the database since the last import or export, and stay deleted.
    pub stay_deleted: Vec<MissingRecord>,
    /// Numbers of records that changed in the database only, and were left as they are there.
    pub older: Vec<KindCount>,
    /// Numbers of records that were left out, because the database has different records with their ids.
    pub left_out: Vec<KindCount>,
    /// Records that got new ids.
    pub renumbered: Vec<Renumbered>,
    /// Problems that did not stop the import.
    pub warnings: Vec<Warning>,
    /// The changes of the document fields, such as `version`.
    pub document_fields: Counts,
    /// Records that were rejected when they were compared with the database.
    pub(crate) rejects: Vec<Reject>,
}

impl ImportSummary {
    /// Sets the numbers to those of an import that writes nothing.
    pub(crate) fn clear_counts(&mut self) {
        self.counts.clear();
        self.document_fields = Counts {
            kind: self.document_fields.kind,
            ..Counts::default()
        };
        self.missing.clear();
        self.stay_deleted.clear();
        self.older.clear();
        self.left_out.clear();
    }

    /// Whether the import changes no record and no document field.
    pub fn is_unchanged(&self) -> bool {
        self.counts
            .iter()
            .chain([&self.document_fields])
            .all(|c| c.new + c.changed + c.deleted == 0)
    }
}

/// The stage of a long operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgressStage {
    /// Reading files or records.
    Read,
    /// Comparing the documents with the database.
    Compare,
    /// Writing this many items.
    Write(usize),
}

/// Receives the progress of a long operation.
pub trait Progress {
    /// Starts a stage.
    fn step(&self, step: ProgressStage);
    /// Adds `done` items to the current stage.
    fn advance(&self, done: usize);
}

/// Reports no progress.
#[derive(Debug, Clone, Copy)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn step(&self, _: ProgressStage) {}
    fn advance(&self, _: usize) {}
}
