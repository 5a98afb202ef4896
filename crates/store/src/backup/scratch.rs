//! Folders for temporary files.

use std::fs::File;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::Error;

const PREFIX: &str = ".wsdb-scratch-";

/// The file by whose lock the next run knows that a folder is in use.
const LOCK: &str = "lock";

/// A folder for temporary files that only its owner can read. It is deleted when this is dropped, and
/// by the next run if the process was killed.
pub(super) struct Scratch {
    /// Is closed first: some systems delete no open file.
    _lock: File,
    folder: TempDir,
}

impl Scratch {
    /// Creates a folder in `parent`, so that a file in it can be renamed to one in `parent`.
    pub(super) fn in_folder(parent: &Path) -> Result<Self, Error> {
        let write_error = |source| Error::file_write(parent, source);
        // SQLite would resolve a relative path, too, but not one that starts with `file:`.
        let parent = std::path::absolute(parent).map_err(write_error)?;
        remove_abandoned(&parent);
        loop {
            let mut builder = tempfile::Builder::new();
            builder.prefix(PREFIX);
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                builder.permissions(std::fs::Permissions::from_mode(0o700));
            }
            let folder = builder.tempdir_in(&parent).map_err(write_error)?;
            let path = folder.path().join(LOCK);
            let lock = File::create_new(&path).map_err(write_error)?;
            // A file system without locks has folders that no run deletes.
            let _ = lock.lock();
            // Another run may have deleted it before it was locked.
            if path.exists() {
                return Ok(Scratch {
                    _lock: lock,
                    folder,
                });
            }
        }
    }

    /// Returns the path of a file in the folder.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Deletes the folders of processes that were killed.
fn remove_abandoned(parent: &Path) {
    // If it cannot be read, creating a folder in it reports the error.
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    for entry in entries {
        let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX)
            && entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_ours
            && let Ok(lock) = File::open(entry.path().join(LOCK))
            && lock.try_lock().is_ok()
        {
            // What cannot be deleted now is left to the next run.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_of_a_killed_process_is_deleted() {
        let parent = tempfile::tempdir().expect("a folder");
        let in_use = Scratch::in_folder(parent.path()).expect("a folder");
        let abandoned = parent.path().join(format!("{PREFIX}x"));
        std::fs::create_dir(&abandoned).expect("a folder");
        std::fs::write(abandoned.join(LOCK), "").expect("a file");
        std::fs::write(abandoned.join("backup.zst"), "half").expect("a file");
        let foreign = parent.path().join("x");
        std::fs::create_dir(&foreign).expect("a folder");
        drop(Scratch::in_folder(parent.path()).expect("a folder"));
        assert!(!abandoned.exists());
        assert!(foreign.exists());
        assert!(in_use.file(LOCK).exists());
        drop(in_use);
        let left = std::fs::read_dir(parent.path()).expect("a folder").count();
        assert_eq!(left, 1);
    }
}
