//! Errors of the command line.
//!
//! Exit codes: 0 success, 1 the request failed, 2 usage error, 3 a check found problems, 70
//! internal error.

mod describe;
mod describe_store;
pub(crate) mod print;
mod report;

/// A folder that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct PathError(pub(crate) String);

/// Invalid arguments that clap does not detect.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct UsageError(pub(crate) String);
