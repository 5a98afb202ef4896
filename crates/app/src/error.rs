//! Errors of actions.

use std::fmt;
use std::path::PathBuf;

use wsdb_core::{
    ContextSwitchId, DecisionId, DetectionId, DetectionStatus, RuleViolation, SessionId, TaskId,
    TaskStatus, command_of_verb,
};
use wsdb_import::Problem;
use wsdb_store::FromStoreError;

use crate::record_names::{noun_text, with_article};

/// An error of an action.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No record has this id or name.
    #[error("{}", format_not_found(noun, word))]
    NotFound {
        /// Kind of record, such as `task`.
        noun: &'static str,
        /// The id or name that was given.
        word: String,
        /// The most similar id.
        suggestion: Option<String>,
    },
    /// The id is that of a record of another kind.
    #[error("{id} is {}, not {}", with_article(found), with_article(expected))]
    OtherKind {
        /// The id.
        id: String,
        /// The kind of the record.
        found: &'static str,
        /// The kind that was expected.
        expected: &'static str,
    },
    /// Incremental snapshots are based on this snapshot and would be wrong without it.
    #[error("snapshot {id} is needed by {}", by.join(", "))]
    SnapshotInUse {
        /// The snapshot.
        id: String,
        /// The incremental snapshots.
        by: Vec<String>,
    },
    /// Several records match this id or name.
    #[error(
        "{} {word} is ambiguous: it matches {}",
        noun_text(noun),
        candidates.join(", ")
    )]
    Ambiguous {
        /// Kind of record, such as `task`.
        noun: &'static str,
        /// The id or name that was given.
        word: String,
        /// Matching ids, at most six.
        candidates: Vec<String>,
    },
    /// No record of any kind has this id or name.
    #[error("{}", format_not_found("record", word))]
    NoRecord {
        /// The id or name that was given.
        word: String,
        /// The most similar id.
        suggestion: Option<String>,
    },
    /// No change has this number.
    #[error("change {number} not found")]
    NoChange {
        /// The number as it was given.
        number: String,
        /// The ids of the records with this number.
        records: Vec<String>,
    },
    /// Records of several kinds match this id or name.
    #[error("record {word} is ambiguous: it matches {}", candidates.join(", "))]
    AmbiguousRecord {
        /// The id or name that was given.
        word: String,
        /// Matching ids.
        candidates: Vec<String>,
    },
    /// Neither a snapshot nor a repo with snapshots has this name.
    #[error("{word} is neither a snapshot nor a repo with snapshots")]
    NoSnapshots {
        /// The id or name that was given.
        word: String,
        /// The repos with snapshots.
        repos: Vec<String>,
        /// The most similar snapshot or repo.
        suggestion: Option<String>,
    },
    /// Records have this name of a repo already.
    #[error("records of a repo named {0} already exist")]
    RepoExists(String),
    /// Several errors, reported together.
    #[error("{}", format_lines(.0))]
    Several(Vec<Error>),
    /// Neither the folder nor any parent folder contains a workspace.
    #[error("no workspace found in {} or any parent folder", from.display())]
    NoWorkspace {
        /// Folder in which the search started.
        from: PathBuf,
    },
    /// The settings file cannot be read.
    #[error("{}: {reason}", file.display())]
    Settings {
        /// The file.
        file: PathBuf,
        /// What is wrong, with line and column.
        reason: String,
    },
    /// A field of a record does not have the expected value.
    #[error(
        "{} {id} is not as expected: {field} is {found}, not {expected}",
        noun_text(noun)
    )]
    Unexpected {
        /// Kind of record, such as `task`.
        noun: &'static str,
        /// Its id.
        id: String,
        /// Name of the field, as in the JSON output.
        field: String,
        /// Its value.
        found: String,
        /// The expected value.
        expected: String,
    },
    /// Dependencies would form a cycle: each task depends on the next one.
    #[error("{}", format_cycle(.0, "the dependencies would form a cycle", "task", "depend on"))]
    Cycle(Vec<TaskId>),
    /// Decisions would supersede each other: each one supersedes the next one.
    #[error("{}", format_cycle(.0, "the decisions would supersede each other", "decision", "supersede"))]
    Supersession(Vec<DecisionId>),
    /// No task can be claimed.
    #[error("nothing to claim: {}", nothing_ready(*has_open, *is_filtered))]
    NothingReady {
        /// The repos that were asked for, if any.
        repos: Vec<String>,
        /// Whether open tasks match the request.
        has_open: bool,
        /// Whether the request has a filter.
        is_filtered: bool,
    },
    /// The last change was made by somebody else.
    #[error(
        "the last change, {change} ({}), was made by {actor}",
        command_of_verb(verb)
    )]
    ForeignAction {
        /// The change.
        change: wsdb_core::ActionId,
        /// Its name, such as `task add`.
        verb: String,
        /// Who made it.
        actor: String,
    },
    /// Another record already has a value that must be unique.
    #[error("{noun} {id} {reason}")]
    AlreadyExists {
        /// Kind of the other record, such as `state`.
        noun: &'static str,
        /// Its id.
        id: String,
        /// What is taken, such as `is already named orchard-2026`.
        reason: String,
    },
    /// A path that is to be stored is not valid UTF-8.
    #[error("the path {} is not valid UTF-8", .0.display())]
    NotUtf8(PathBuf),
    /// There is no database to copy from.
    #[error("no database found at {}", .0.display())]
    NoSource(PathBuf),
    /// There is no backup in the folder.
    #[error("no backup found in {}", .0.display())]
    NoBackup(PathBuf),
    /// A placement's rules do not match their schema.
    #[error("{}", faults(.0))]
    Rules(Vec<RuleViolation>),
    /// The actor has no open session.
    #[error("{0} has no open session")]
    NoSession(String),
    /// The actor's changes belong to no session.
    #[error("{0}")]
    NoCurrentSession(NoCurrentSession),
    /// The actor's current session was started in another shell, or it is not known where.
    #[error("your open session {0} may belong to another shell")]
    OtherShell(SessionId),
    /// A value can never be valid, whatever the records are.
    #[error("{0}")]
    Malformed(String),
    /// The request cannot be met as the records are.
    #[error("{0}")]
    Invalid(String),
    /// The task is closed and cannot be claimed.
    #[error("task {id} is already {status}")]
    TaskClosed {
        /// The task.
        id: TaskId,
        /// Its status.
        status: TaskStatus,
    },
    /// The workspace has no folder for this repo, and nobody has visited it before.
    #[error("there is no folder {0} in the workspace")]
    NoRepoFolder(String),
    /// The actor has no open visit.
    #[error("{0} has no current repo")]
    NotInRepo(String),
    /// The actor was never in a repo.
    #[error("{0} has no visits yet")]
    NoVisits(String),
    /// The visit belongs to somebody else.
    #[error("{id} belongs to {by}")]
    ForeignVisit {
        /// The visit.
        id: ContextSwitchId,
        /// Whose it is.
        by: String,
    },
    /// The same problem is already recorded.
    #[error("this detection is already recorded as {id} ({status})")]
    AlreadyDetected {
        /// The detection.
        id: DetectionId,
        /// Its effective status: open once the time until which it is ignored has passed.
        status: DetectionStatus,
    },
    /// The detection already has a task.
    #[error("{id} already has task {task}")]
    AlreadyHasTask {
        /// The detection.
        id: DetectionId,
        /// The task.
        task: TaskId,
    },
    /// A report of a scan is invalid, for each of these reasons.
    #[error("{}", format_lines(.0))]
    ScanReport(Vec<Problem>),
    /// An error from reading or writing documents.
    #[error(transparent)]
    Documents(wsdb_import::Error),
    /// An error from the store.
    #[error(transparent)]
    Store(#[from] wsdb_store::Error),
}

/// Why an actor's changes belong to no session, although the actor named one or has open ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoCurrentSession {
    /// The named session does not exist.
    Missing(SessionId),
    /// The named session has ended.
    Ended(SessionId),
    /// Several open sessions saw work recently.
    Several(Vec<SessionId>),
    /// No open session saw work recently.
    Inactive(Vec<SessionId>),
}

impl fmt::Display for NoCurrentSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let join = |ids: &[SessionId]| {
            let ids: Vec<&str> = ids.iter().map(SessionId::as_str).collect();
            ids.join(", ")
        };
        match self {
            NoCurrentSession::Missing(id) => write!(f, "session {id} does not exist"),
            NoCurrentSession::Ended(id) => write!(f, "session {id} has ended"),
            NoCurrentSession::Several(ids) => {
                write!(
                    f,
                    "you have {} open sessions with recent changes: {}",
                    ids.len(),
                    join(ids)
                )
            }
            NoCurrentSession::Inactive(ids) => match ids.as_slice() {
                [id] => write!(f, "your open session {id} has had no recent changes"),
                ids => write!(
                    f,
                    "none of your open sessions has had recent changes: {}",
                    join(ids)
                ),
            },
        }
    }
}

fn format_not_found(noun: &str, word: &str) -> String {
    match word.trim() {
        "" => "an ID must not be empty".to_owned(),
        _ => format!("{} {word} not found", noun_text(noun)),
    }
}

impl Error {
    /// Adds the name of the database to an error about the database that does not name it.
    pub fn with_database(self, url: &str) -> Self {
        match self {
            Error::Store(error) => Error::Store(error.with_database(&wsdb_store::redacted(url))),
            error => error,
        }
    }

    /// Returns two errors as one; equal ones are reported once.
    fn join(a: Error, b: Error) -> Error {
        let flatten = |error| match error {
            Error::Several(errors) => errors,
            error => vec![error],
        };
        let mut errors = flatten(a);
        for error in flatten(b) {
            let text = error.to_string();
            if errors.iter().all(|known| known.to_string() != text) {
                errors.push(error);
            }
        }
        match errors.len() {
            1 => errors.remove(0),
            _ => Error::Several(errors),
        }
    }

    /// Returns both values, or all errors together.
    pub(crate) fn both<A, B>(a: Result<A, Error>, b: Result<B, Error>) -> Result<(A, B), Error> {
        match (a, b) {
            (Ok(a), Ok(b)) => Ok((a, b)),
            (Err(a), Err(b)) => Err(Error::join(a, b)),
            (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
        }
    }

    /// Returns all errors as one.
    pub fn combine(errors: Vec<Error>) -> Result<(), Error> {
        errors.into_iter().reduce(Error::join).map_or(Ok(()), Err)
    }
}

impl FromStoreError for Error {
    fn as_store_error(&self) -> Option<&wsdb_store::Error> {
        match self {
            Error::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<wsdb_import::Error> for Error {
    fn from(error: wsdb_import::Error) -> Self {
        match error {
            wsdb_import::Error::Store(error) => Error::Store(error),
            other => Error::Documents(other),
        }
    }
}

fn nothing_ready(has_open: bool, is_filtered: bool) -> &'static str {
    match (has_open, is_filtered) {
        (true, _) => "no unclaimed tasks are ready",
        (false, true) => "no matching open tasks",
        (false, false) => "no open tasks",
    }
}

fn format_lines(items: &[impl ToString]) -> String {
    let lines: Vec<String> = items.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

fn faults(faults: &[RuleViolation]) -> String {
    let lines: Vec<String> = faults
        .iter()
        .map(|fault| format!("invalid rules: {fault}"))
        .collect();
    lines.join("\n")
}

/// Describes a cycle; its first and last id are the same.
fn format_cycle<I: AsRef<str>>(ids: &[I], problem: &str, noun: &str, verb: &str) -> String {
    match ids {
        [id, same] if id.as_ref() == same.as_ref() => {
            format!("{noun} {} cannot {verb} itself", id.as_ref())
        }
        _ => format!("{problem}: {}", format_path(ids)),
    }
}

/// Formats a chain of ids; the middle of a long one is left out.
fn format_path<I: AsRef<str>>(ids: &[I]) -> String {
    const SHOWN_AT_EACH_END: usize = 6;
    let ids: Vec<&str> = ids.iter().map(AsRef::as_ref).collect();
    match ids.len() {
        many if many > 2 * SHOWN_AT_EACH_END + 1 => format!(
            "{} -> … {} more … -> {}",
            ids[..SHOWN_AT_EACH_END].join(" -> "),
            many - 2 * SHOWN_AT_EACH_END,
            ids[many - SHOWN_AT_EACH_END..].join(" -> ")
        ),
        _ => ids.join(" -> "),
    }
}
