//! Errors of the command line.
//!
//! Exit codes: 0 success, 1 the request failed, 2 usage error, 3 a check found problems, 70
//! internal error.

pub(crate) mod conflicts;
mod describe;
mod describe_store;
pub(crate) mod print;
mod report;

use std::fmt::Display;
use std::path::Path;

use wsdb_app::Error as AppError;
use wsdb_app::documents::{Error as DocumentError, ParseError};

/// git cannot be run or failed, or a folder is in no git repository.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct GitError(pub(crate) String);

/// The system clock is not set.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct ClockError(pub(crate) String);

/// Invalid arguments that clap does not detect.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct UsageError(pub(crate) String);

/// Returns the error of a file, a folder or stdin that cannot be read or does not have a valid format.
pub(crate) fn unreadable(file: &Path, reason: impl Display) -> AppError {
    let error = ParseError {
        file: file.to_owned(),
        position: None,
        reason: reason.to_string(),
    };
    DocumentError::Unreadable(vec![error]).into()
}

/// Returns the error of a file or folder that cannot be written or created.
pub(crate) fn unwritable(path: &Path, source: std::io::Error) -> AppError {
    let path = path.to_owned();
    DocumentError::Write { path, source }.into()
}
