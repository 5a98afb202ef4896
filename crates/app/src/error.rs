//! What can go wrong when a user asks for something.

use std::path::PathBuf;

use wsdb_core::{DecisionId, RuleFault, TaskId};
use wsdb_store::Failure;

/// An error of an action. Every message is a sentence.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No record goes by this word.
    #[error("{noun} {word} not found")]
    NotFound {
        /// What was looked for, such as `task`.
        noun: &'static str,
        /// What was asked for.
        word: String,
        /// The id that is most like it.
        alike: Option<String>,
    },
    /// Others are told from this snapshot: without it they would say something else.
    #[error("snapshot {id} is what {} {} on", by.join(", "), if by.len() == 1 { "stands" } else { "stand" })]
    StoodOn {
        /// The snapshot.
        id: String,
        /// The incremental snapshots.
        by: Vec<String>,
    },
    /// Several records go by this word.
    #[error("{noun} {word} could be {}", candidates.join(", "))]
    Ambiguous {
        /// What was looked for.
        noun: &'static str,
        /// What was asked for.
        word: String,
        /// The ids that it could be; at most six.
        candidates: Vec<String>,
    },
    /// Several things are wrong at once.
    #[error("{}", lines(.0))]
    Several(Vec<Error>),
    /// No folder upward holds a workspace.
    #[error("there is no workspace in {} or in any folder above it", from.display())]
    NoWorkspace {
        /// Where the search began.
        from: PathBuf,
    },
    /// The settings file can't be read.
    #[error("{}: {reason}", file.display())]
    Settings {
        /// The file.
        file: PathBuf,
        /// What is wrong, and where.
        reason: String,
    },
    /// A record is not as the caller expected it to be.
    #[error("{noun} {id} is not as expected: {field} is {found}, not {expected}")]
    Unexpected {
        /// What was to be changed, such as `task`.
        noun: &'static str,
        /// Its id.
        id: String,
        /// The field, as in `--json`.
        field: String,
        /// What it holds.
        found: String,
        /// What it should have held.
        expected: String,
    },
    /// Tasks would wait for each other: each for the next one, the last for the first.
    #[error("these tasks would wait for each other: {}", way(.0))]
    Cycle(Vec<TaskId>),
    /// Decisions would take each other's place: each that of the next one.
    #[error("these decisions would supersede each other: {}", way(.0))]
    Supersession(Vec<DecisionId>),
    /// There is no task to claim; in these repos, if any are named.
    #[error("no task can be claimed: none can be begun that nobody has in hand")]
    NothingReady(Vec<String>),
    /// The last change is someone else's.
    #[error("the last change, {change} ({verb}), is {actor}'s")]
    NotYours {
        /// The change.
        change: wsdb_core::ActionId,
        /// What it is called.
        verb: String,
        /// Whose it is.
        actor: String,
    },
    /// Another record has what only one can have.
    #[error("{noun} {id} {has} already")]
    Taken {
        /// What the other one is, as people type it, such as `state`.
        noun: &'static str,
        /// Its id.
        id: String,
        /// What it has, such as `is called orchard-2026`.
        has: String,
    },
    /// A placement's rules don't fit their schema.
    #[error("{}", faults(.0))]
    Rules(Vec<RuleFault>),
    /// Who acts has no session that is open.
    #[error("{0} has no open session")]
    NoSession(String),
    /// What was asked for can't be.
    #[error("{0}")]
    Invalid(String),
    /// An error of reading or writing documents.
    #[error(transparent)]
    Documents(wsdb_import::Error),
    /// An error of the store.
    #[error(transparent)]
    Store(#[from] wsdb_store::Error),
}

impl Error {
    /// The same error, with the database's name where it is about one and doesn't say which.
    pub fn at(self, location: &crate::Location) -> Self {
        match self {
            Error::Store(error) => Error::Store(error.at(&location.url)),
            error => error,
        }
    }

    /// Both, or everything that is wrong with them.
    pub(crate) fn both<A, B>(a: Result<A, Error>, b: Result<B, Error>) -> Result<(A, B), Error> {
        match (a, b) {
            (Ok(a), Ok(b)) => Ok((a, b)),
            (Err(a), Err(b)) => Err(Error::Several(vec![a, b])),
            (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
        }
    }

    /// Everything that is wrong, as one error.
    pub(crate) fn all(mut errors: Vec<Error>) -> Result<(), Error> {
        match errors.len() {
            0 => Ok(()),
            1 => Err(errors.remove(0)),
            _ => Err(Error::Several(errors)),
        }
    }
}

impl Failure for Error {
    fn of_store(&self) -> Option<&wsdb_store::Error> {
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

fn lines(errors: &[Error]) -> String {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

fn faults(faults: &[RuleFault]) -> String {
    let lines: Vec<String> = faults
        .iter()
        .map(|fault| format!("rules, {fault}"))
        .collect();
    lines.join("\n")
}

/// A long way without its middle.
fn way<I: AsRef<str>>(ids: &[I]) -> String {
    const ENDS: usize = 6;
    let ids: Vec<&str> = ids.iter().map(AsRef::as_ref).collect();
    match ids.len() {
        many if many > 2 * ENDS + 1 => format!(
            "{} -> … {} more … -> {}",
            ids[..ENDS].join(" -> "),
            many - 2 * ENDS,
            ids[many - ENDS..].join(" -> ")
        ),
        _ => ids.join(" -> "),
    }
}
