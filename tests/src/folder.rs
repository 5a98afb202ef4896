//! Temporary folders.

use std::path::Path;

use tempfile::TempDir;

/// Returns a new folder, in memory where Linux offers that: SQLite waits for the disk several times
/// in each command.
///
/// # Panics
/// The folder cannot be created.
pub fn temporary_folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = TempDir::new_in(memory).or_else(|_| TempDir::new());
    folder.unwrap_or_else(|error| panic!("no temporary folder: {error}"))
}
