//! Temporary folders.

use tempfile::TempDir;

/// The folder in memory that Linux offers.
pub(crate) const MEMORY: &str = "/dev/shm";

/// Returns a new folder, in memory where Linux offers that: SQLite waits for the disk several times
/// in each command.
///
/// # Panics
/// The folder cannot be created.
pub fn temporary_folder() -> TempDir {
    let folder = TempDir::new_in(MEMORY).or_else(|_| TempDir::new());
    folder.unwrap_or_else(|error| panic!("no temporary folder: {error}"))
}
