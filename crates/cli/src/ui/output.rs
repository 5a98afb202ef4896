//! Errors when writing to stdout.

use wsdb_core::format_io_error;

/// The reader of stdout is gone; this is not reported as an error.
#[derive(Debug, thiserror::Error)]
#[error("stdout is closed")]
pub(crate) struct BrokenPipe;

/// The output cannot be written, for example because the disk is full.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the output: {}{}", format_io_error(error), change_note(*changed))]
pub(crate) struct OutputError {
    pub(crate) error: std::io::Error,
    /// Whether the output reports a change that was made.
    pub(crate) changed: bool,
}

fn change_note(changed: bool) -> &'static str {
    if changed { "; the change was made" } else { "" }
}
