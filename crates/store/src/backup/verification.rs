//! The file beside a backup that records when it was last verified.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;
use wsdb_core::Timestamp;

use super::VerifiedBackup;
use super::archive::Manifest;
use crate::Error;
use crate::private_files::folder_of;

/// That a backup was verified.
#[derive(Debug, Serialize)]
struct Verification<'a> {
    /// The name of the file.
    backup: String,
    /// When it was verified.
    verified_at: Timestamp,
    /// The version of the program that verified it.
    verified_by: &'a str,
    /// The SHA-256 of the file without its last 32 bytes.
    sha256: &'a str,
    /// What it contains.
    manifest: &'a Manifest,
}

/// Returns the path of the file that records when a backup was last verified.
pub fn verification_path(backup: &Path) -> PathBuf {
    let mut path = backup.as_os_str().to_owned();
    path.push(".verified.json");
    path.into()
}

impl VerifiedBackup {
    /// Writes the file that records when the backup was verified.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn write_verification(&self, verified_at: Timestamp) -> Result<(), Error> {
        let name = self.path.file_name().unwrap_or_default();
        let verification = Verification {
            backup: name.to_string_lossy().into_owned(),
            verified_at,
            verified_by: env!("CARGO_PKG_VERSION"),
            sha256: &self.sha256,
            manifest: &self.manifest,
        };
        let path = verification_path(&self.path);
        let write = || {
            let mut text = serde_json::to_string_pretty(&verification)?;
            text.push('\n');
            let mut file = tempfile::NamedTempFile::new_in(folder_of(&path))?;
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(&path).map_err(|error| error.error)?;
            Ok(())
        };
        write().map_err(|source| Error::file_write(&path, source))
    }
}

/// Deletes a backup and the file that records when it was verified.
///
/// # Errors
/// [`Error::File`].
pub fn delete_backup(path: &Path) -> Result<(), Error> {
    for path in [path.to_owned(), verification_path(path)] {
        match std::fs::remove_file(&path) {
            // Another process may have deleted it.
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::file_write(&path, error));
            }
            _ => {}
        }
    }
    Ok(())
}
