//! Errors of imports and exports.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::conflict::Conflict;
use crate::document::Document;

/// An error of an import or export.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Files that cannot be read or are not valid documents; all of them are listed.
    #[error("{}", format_positions(.0))]
    Unreadable(Vec<ParseError>),
    /// Decision files that cannot be read, beside others that can.
    #[error("{}", format_positions(.0))]
    UnreadablePages(Vec<ParseError>),
    /// There is nothing to import.
    #[error("{}", .0)]
    NothingToImport(String),
    /// Records that cannot be imported; nothing was written.
    #[error("{} cannot be imported; nothing was written", format_record_count(.rejects.len()))]
    Rejected {
        /// The records.
        rejects: Vec<Reject>,
        /// Other records of the files with the ids of different ones in the database, which prevent the import
        /// as well.
        different: Vec<Conflict>,
    },
    /// Rows of the earlier tool's database that cannot be adopted; nothing was changed.
    #[error("{} cannot be adopted; nothing was changed", format_record_count(.0.len()))]
    NotAdopted(Vec<Reject>),
    /// Files with content that was never imported, which an export would overwrite.
    #[error("{} changed since the last import or export; exporting would overwrite the changes", format_names(.0))]
    NotImported(Vec<PathBuf>),
    /// Decision files that differ from what was last written to them.
    #[error("{} changed since the last import or export; exporting would overwrite the changes", format_names(.0))]
    ModifiedPages(Vec<PathBuf>),
    /// Decision files with a style of their own, into which a change of the decision cannot be written.
    #[error("{}", format_unwritable(.0))]
    UnwritablePages(Vec<UnwritablePage>),
    /// Decisions whose ids other decisions have in the files of a folder.
    #[error("{}", format_taken_ids(.0))]
    TakenIds(Vec<TakenId>),
    /// Decision files of both kinds.
    #[error(
        "{} changed since the last import or export; exporting would overwrite the changes\n{}",
        format_names(.modified), format_unwritable(.unwritable)
    )]
    ModifiedAndUnwritablePages {
        /// Files that differ from what was last written to them.
        modified: Vec<PathBuf>,
        /// Files into which a change of the decision cannot be written.
        unwritable: Vec<UnwritablePage>,
    },
    /// Decision files that changed, and whose decisions changed too; nothing was written.
    #[error("{}", format_adr_conflicts(.0))]
    ChangedOnBothSides(Vec<AdrConflict>),
    /// A file or folder that cannot be written.
    #[error("cannot write {}: {}", path.display(), wsdb_core::format_io_error(source))]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
    /// An error of the store.
    #[error(transparent)]
    Store(#[from] wsdb_store::Error),
}

/// A decision file into which a change of the decision cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnwritablePage {
    /// The decision.
    pub id: wsdb_core::DecisionId,
    /// Its file.
    pub file: PathBuf,
    /// What cannot be written, such as `title`.
    pub parts: Vec<&'static str>,
}

/// A decision whose id a different one has in a file of the same folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenId {
    /// The decision.
    pub id: wsdb_core::DecisionId,
    /// The file of the other decision.
    pub file: PathBuf,
}

/// A file and its decision that both changed since the last export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdrConflict {
    /// The file.
    pub file: PathBuf,
    /// The decision.
    pub id: wsdb_core::DecisionId,
    /// The fields that differ.
    pub fields: Vec<&'static str>,
    /// Why it is a conflict.
    pub kind: AdrConflictKind,
}

/// Why a file cannot be applied to its decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdrConflictKind {
    /// Both changed since the file was written or imported.
    ChangedOnBothSides,
    /// The version of the decision is not known that the file was made from.
    UnknownVersion,
    /// The file is that of a different decision with the same id.
    DifferentDecision,
}

impl Error {
    /// Returns the error of a file or folder that cannot be read.
    pub(crate) fn unreadable(file: &Path, error: &std::io::Error) -> Self {
        Error::Unreadable(vec![ParseError {
            file: file.to_owned(),
            position: None,
            reason: wsdb_core::format_read_error(error),
        }])
    }
}

impl wsdb_store::FromStoreError for Error {
    fn as_store_error(&self) -> Option<&wsdb_store::Error> {
        match self {
            Error::Store(error) => Some(error),
            _ => None,
        }
    }
}

/// A file that cannot be read as a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {reason}", file.display(), format_position(.position))]
pub struct ParseError {
    /// The file.
    pub file: PathBuf,
    /// The position in the file, if known.
    pub position: Option<Position>,
    /// What is wrong.
    pub reason: String,
}

/// A position in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position {
    /// Line and column, counted from 1.
    Line(usize, usize),
    /// A JSON path, such as `$.issues[3].title`.
    Path(String),
}

/// What is wrong with a value, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The JSON path of the value, such as `$.active_tasks[3].status`; may be empty.
    pub path: String,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.reason)
    }
}

impl Problem {
    pub(crate) fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Problem {
            path: path.into(),
            reason: reason.into(),
        }
    }

    /// Makes the path, which is relative to a value, one below `path`.
    pub(crate) fn below(self, path: &str) -> Self {
        Problem::new(format!("{path}{}", self.path), self.reason)
    }

    /// Makes the paths, which are relative to a value, ones below `path`.
    pub(crate) fn all_below(problems: Vec<Self>, path: &str) -> Vec<Self> {
        let problems = problems.into_iter();
        problems.map(|problem| problem.below(path)).collect()
    }

    /// Returns the error of a file that contains the value.
    pub(crate) fn in_file(self, file: &Path) -> ParseError {
        ParseError {
            file: file.to_owned(),
            position: Some(Position::Path(self.path)),
            reason: self.reason,
        }
    }
}

/// A record that cannot be imported, with the reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Reject {
    /// The file that contains it.
    pub file: PathBuf,
    /// Its JSON path, such as `$.active_tasks[3]`.
    pub path: String,
    /// The problems, each with its own JSON path.
    pub reasons: Vec<Problem>,
    /// The record as it is in the file.
    pub record: wsdb_core::Json,
    /// Which record it is, unless it is a change in history.
    pub(crate) identity: Option<Box<RejectedIdentity>>,
    /// The records that it contains, which are rejected with it, and those in the database that it may be.
    pub(crate) contained: Vec<RejectedIdentity>,
    /// What it is called and when it was made, if another record has its id: it may be a different one.
    pub(crate) repeated: Option<Box<RepeatedRecord>>,
    /// The empty names in it, which only the database shows to be problems.
    pub(crate) empty_names: Vec<EmptyName>,
}

/// A record without a name, such as a task whose title is empty.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EmptyName {
    pub(crate) record: RejectedIdentity,
    /// Its JSON path.
    pub(crate) path: String,
}

/// A record whose id another one in the documents has.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RepeatedRecord {
    /// A digest of its name, unless it has none.
    pub(crate) name: Option<u64>,
    pub(crate) created: Option<wsdb_core::Timestamp>,
}

/// The kind of a rejected record, and its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RejectedIdentity {
    pub(crate) kind: &'static str,
    /// `None` if the file has no id that can be read.
    pub(crate) id: Option<String>,
}

impl Reject {
    pub(crate) fn new(file: &Path, path: &str, reasons: Vec<Problem>) -> Self {
        Reject {
            file: file.to_owned(),
            path: path.to_owned(),
            reasons,
            record: wsdb_core::Json::Null,
            identity: None,
            contained: Vec::new(),
            repeated: None,
            empty_names: Vec::new(),
        }
    }

    /// Notes which record it is.
    pub(crate) fn of_record(self, kind: &'static str, id: Option<String>) -> Self {
        Reject {
            identity: Some(Box::new(RejectedIdentity { kind, id })),
            ..self
        }
    }

    /// Notes a record that it contains.
    pub(crate) fn with_contained(mut self, kind: &'static str, id: Option<String>) -> Self {
        self.contained.push(RejectedIdentity { kind, id });
        self
    }

    /// Returns the record and those that it contains, to change their ids.
    pub(crate) fn identities_mut(&mut self) -> impl Iterator<Item = &mut RejectedIdentity> {
        let identity = self.identity.as_deref_mut();
        identity.into_iter().chain(&mut self.contained)
    }

    /// Returns the record and those that it contains.
    pub(crate) fn identities(&self) -> impl Iterator<Item = &RejectedIdentity> {
        self.identity.as_deref().into_iter().chain(&self.contained)
    }
}

/// An inline record that cannot be imported; it is reported only if the record exists nowhere
/// else.
#[derive(Debug)]
pub(crate) struct OrphanReject {
    pub(crate) kind: &'static str,
    pub(crate) document: Document,
    pub(crate) id: String,
    pub(crate) reject: Reject,
}

/// Returns whether a file or folder cannot be read because it does not exist, or because one of its
/// folders is a file.
pub(crate) fn is_missing(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{NotADirectory, NotFound};
    [NotFound, NotADirectory].contains(&error.kind())
}

fn format_position(position: &Option<Position>) -> String {
    match position {
        Some(Position::Line(line, column)) => format!(", line {line}, column {column}"),
        Some(Position::Path(path)) => format!(", {path}"),
        None => String::new(),
    }
}

fn format_taken_ids(all: &[TakenId]) -> String {
    let all = all.iter().map(|taken| {
        let (file, id) = (taken.file.display(), &taken.id);
        format!("{file} uses the ID {id} for a different decision from another workspace")
    });
    all.collect::<Vec<_>>().join("\n")
}

fn format_adr_conflicts(all: &[AdrConflict]) -> String {
    let all = all.iter().map(|conflict| {
        let (file, id) = (conflict.file.display(), &conflict.id);
        let fields = conflict.fields.join(", ");
        match conflict.kind {
            AdrConflictKind::ChangedOnBothSides => format!(
                "{file} and {id} both changed since the last import or export; conflicting fields: {fields}"
            ),
            AdrConflictKind::UnknownVersion => {
                format!(
                    "{file} and {id} have no known common version, so they cannot be merged; fields that differ: {fields}"
                )
            }
            AdrConflictKind::DifferentDecision => {
                format!("{file} contains a different decision with the ID {id}; fields that differ: {fields}")
            }
        }
    });
    all.collect::<Vec<_>>().join("\n")
}

fn format_positions(all: &[ParseError]) -> String {
    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
    all.join("\n")
}

fn format_record_count(count: usize) -> String {
    match count {
        1 => "1 record".to_owned(),
        count => format!("{count} records"),
    }
}

fn format_unwritable(pages: &[UnwritablePage]) -> String {
    let lines = pages.iter().map(|page| {
        let UnwritablePage { id, file, parts } = page;
        format!(
            "{} of {id} cannot be written to {} without rewriting the whole file",
            parts.join(", "),
            file.display()
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn format_names(paths: &[PathBuf]) -> String {
    let all: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
    all.join(", ")
}
