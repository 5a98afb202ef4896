//! Replaces a SQLite file by another one, and keeps the former file under another name.
//!
//! Copying another file over a SQLite file can destroy both: a write-ahead log that belongs to the former
//! database is then replayed into the new one, and programs that have the file open go on with pages of
//! both. So nobody may use the file while it is replaced, and what is left of its logs is moved away
//! first.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use super::snapshot::open_plain;
use crate::private_files::{folder_of, sync_folder};
use crate::{DatabaseFault, Error, lock_holders};

/// Renames `new` to `file`. A file with that name gets the name `kept`; returns whether there was one.
///
/// At every moment, `file` is the former file or the new one, if the file system has hard links.
///
/// # Errors
/// [`Error::InUse`] if another program uses the file for longer than the timeout; nothing is changed then.
pub(super) async fn replace(
    file: &Path,
    new: &Path,
    kept: &Path,
    timeout: Duration,
) -> Result<bool, Error> {
    let write_error = |source| Error::file_write(file, source);
    let exists = file.exists();
    let lock = if exists {
        lock(file, timeout).await?
    } else {
        None
    };
    let replaced = (|| {
        if kept.exists() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        for suffix in ["-wal", "-journal", "-shm"] {
            let left = with_suffix(file, suffix);
            if left.exists() {
                std::fs::rename(&left, with_suffix(kept, suffix))?;
            }
        }
        if exists {
            swap(file, new, kept)
        } else {
            std::fs::rename(new, file)
        }
    })();
    let synced = sync_folder(folder_of(file));
    // Programs that opened the former file meanwhile find that it was moved, and fail.
    if let Some(lock) = lock {
        let _ = lock.execute_unprepared("ROLLBACK").await;
        let _ = lock.close().await;
    }
    replaced.map_err(write_error)?;
    synced.map_err(write_error)?;
    Ok(exists)
}

/// Renames `file` to `kept` and `new` to `file`.
fn swap(file: &Path, new: &Path, kept: &Path) -> io::Result<()> {
    match std::fs::hard_link(file, kept) {
        Ok(()) => {
            return std::fs::rename(new, file).inspect_err(|_| {
                // The error of the renaming is the one to report, here and below.
                let _ = std::fs::remove_file(kept);
            });
        }
        // Another restore has just kept its former file under this name.
        Err(_) if kept.exists() => return Err(io::ErrorKind::AlreadyExists.into()),
        // Some file systems have no hard links.
        Err(_) => {}
    }
    std::fs::rename(file, kept)?;
    std::fs::rename(new, file).inspect_err(|_| {
        let _ = std::fs::rename(kept, file);
    })
}

/// Returns the path of a file that belongs to a SQLite file, such as its write-ahead log.
fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut path = OsString::from(file);
    path.push(suffix);
    path.into()
}

/// Locks a SQLite file so that nobody else can use it, after everything in its write-ahead log was
/// moved to the file itself. Returns `None` if the file is so damaged that SQLite cannot lock it.
async fn lock(file: &Path, timeout: Duration) -> Result<Option<DatabaseConnection>, Error> {
    let begin = Instant::now();
    loop {
        match try_lock(file).await {
            Ok(Some(lock)) => return Ok(Some(lock)),
            Err(Error::Unusable {
                fault: DatabaseFault::Damaged,
                ..
            }) if lock_holders::users_of_file(file).is_empty() => return Ok(None),
            Ok(None)
            | Err(
                Error::Busy { .. }
                | Error::Unusable {
                    fault: DatabaseFault::Damaged,
                    ..
                },
            ) => {}
            Err(error) => return Err(error.with_database(&file.display().to_string())),
        }
        if begin.elapsed() >= timeout {
            return Err(Error::InUse {
                database: file.display().to_string(),
                by: lock_holders::users_of_file(file),
            });
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Locks a SQLite file; `None` if another program switched it back to a write-ahead log meanwhile.
async fn try_lock(file: &Path) -> Result<Option<DatabaseConnection>, Error> {
    // Without a write-ahead log, an exclusive transaction keeps everybody out.
    let database = open_plain(file).await?;
    let mode = begin_exclusive(&database).await;
    if mode.as_deref().is_ok_and(|mode| mode == "delete") {
        return Ok(Some(database));
    }
    database.close().await?;
    mode.map(|_| None)
}

/// Begins an exclusive transaction and returns the journal mode.
async fn begin_exclusive(database: &DatabaseConnection) -> Result<String, Error> {
    database.execute_unprepared("BEGIN EXCLUSIVE").await?;
    let query = Statement::from_string(DbBackend::Sqlite, "PRAGMA journal_mode");
    Ok(match database.query_one_raw(query).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_file_is_never_overwritten() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let [file, new, kept] = ["file", "new", "kept"].map(|name| folder.path().join(name));
        for path in [&file, &new, &kept] {
            std::fs::write(path, path.as_os_str().as_encoded_bytes())?;
        }
        let error = swap(&file, &new, &kept).map_err(|error| error.kind());
        assert_eq!(error, Err(io::ErrorKind::AlreadyExists));
        for path in [&file, &new, &kept] {
            assert_eq!(std::fs::read(path)?, path.as_os_str().as_encoded_bytes());
        }
        Ok(())
    }
}
