//! The file that `wsdb import --skip-rejects` writes.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use wsdb_app::Error;

use crate::error::unwritable;

/// A new file for skipped records. It is deleted again unless something is written to it.
pub(super) struct RejectsFile {
    path: PathBuf,
    file: File,
    is_written: bool,
}

impl RejectsFile {
    /// Creates the file before the import, so that nothing is imported if that fails. Without a path,
    /// its name is the first free one of `wsdb-rejects.json`, `wsdb-rejects-2.json` and so on.
    ///
    /// # Errors
    /// [`wsdb_app::documents::Error::Write`].
    pub(super) fn create(path: Option<&Path>) -> Result<Self, Error> {
        let Some(path) = path else {
            let mut number = 1;
            return loop {
                let name = match number {
                    1 => "wsdb-rejects.json".to_owned(),
                    number => format!("wsdb-rejects-{number}.json"),
                };
                match Self::create_new(Path::new(&name)) {
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                    created => break created.map_err(|error| unwritable(name.as_ref(), error)),
                }
            };
        };
        Self::create_new(path).map_err(|error| match error.kind() {
            kind @ io::ErrorKind::AlreadyExists => {
                let reason = "it already exists; choose a new file for --rejects";
                unwritable(path, io::Error::new(kind, reason))
            }
            _ => unwritable(path, error),
        })
    }

    fn create_new(path: &Path) -> io::Result<Self> {
        Ok(RejectsFile {
            path: path.to_owned(),
            file: File::create_new(path)?,
            is_written: false,
        })
    }

    /// Returns the path as given.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the text.
    pub(super) fn write(&mut self, text: &str) -> Result<(), Error> {
        self.is_written = true;
        let written = self.file.write_all(text.as_bytes());
        written.map_err(|error| unwritable(&self.path, error))
    }
}

impl Drop for RejectsFile {
    fn drop(&mut self) {
        if !self.is_written {
            // Nothing depends on it: it is an empty file.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
