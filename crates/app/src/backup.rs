//! Backs up a workspace, and verifies backups again.

use std::path::{Path, PathBuf};

use wsdb_core::Timestamp;
use wsdb_import::Progress;
use wsdb_store::{
    BackupTarget, Options, VerifiedBackup, create_backup, delete_backup, list_backups, redacted,
    sqlite_file, verification_path, verify_backup,
};

use crate::copy::copy_progress;
use crate::views::{self, BackupView};
use crate::{Error, Location};

/// The folder of backups without a given file.
const FOLDER: &str = "backups";

/// Where to write a backup.
#[derive(Debug, Clone, Default)]
pub struct BackupRequest {
    /// The file, or an existing folder.
    pub file: Option<PathBuf>,
    /// Whether to replace the file if it exists.
    pub force: bool,
    /// The number of backups of this database to keep in the folder.
    pub keep: Option<u64>,
}

/// Backs up a workspace while others may write to it. The backup is verified before it appears under its
/// name, and only then older ones are deleted.
///
/// # Errors
/// [`Error::NotUtf8`] for a path, [`Error::Malformed`] for one of the database itself, and the errors of [`wsdb_store::create_backup`].
pub async fn backup_workspace(
    location: &Location,
    options: &Options,
    request: &BackupRequest,
    now: Timestamp,
    progress: &dyn Progress,
) -> Result<BackupView, Error> {
    if let Some(file) = &request.file
        && file.to_str().is_none()
    {
        return Err(Error::NotUtf8(file.clone()));
    }
    if let Some(path) = sqlite_file(&location.url)
        && !path.exists()
    {
        let path = path.to_owned();
        return Err(wsdb_store::Error::NoDatabase { path }.into());
    }
    let (folder, is_new) = match &request.file {
        Some(file) if file.is_dir() => (file.clone(), false),
        Some(file) => {
            ensure_not_database(location, file)?;
            let verified = write(location, options, file, request.force, now, progress).await?;
            let folder = file.parent().unwrap_or(Path::new("."));
            return finish(location, verified, folder, request.keep, now);
        }
        None => {
            let folder = default_folder(location);
            let is_new = create_folder(&folder)?;
            (folder, is_new)
        }
    };
    match write_new(location, options, &folder, now, progress).await {
        Ok(verified) => finish(location, verified, &folder, request.keep, now),
        Err(error) => {
            if is_new {
                // The error of the backup is the one to report.
                let _ = std::fs::remove_file(folder.join(".gitignore"));
                let _ = std::fs::remove_dir(&folder);
            }
            Err(error)
        }
    }
}

/// Refuses to write a backup over the database itself, or over a file that SQLite keeps beside it.
fn ensure_not_database(location: &Location, file: &Path) -> Result<(), Error> {
    let Some(database) = sqlite_file(&location.url) else {
        return Ok(());
    };
    let canonical = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let database = canonical(database).display().to_string();
    let file = canonical(file).display().to_string();
    if ["", "-wal", "-shm", "-journal"].contains(&file.strip_prefix(&database).unwrap_or("other")) {
        let reason = format!("the backup cannot replace {file}, which belongs to the database");
        return Err(Error::Malformed(reason));
    }
    Ok(())
}

/// Restores a backup into a temporary database and verifies that it is what it was: the given one, or the
/// newest one in a folder.
///
/// # Errors
/// [`Error::NoBackup`] if there is none, and the errors of [`wsdb_store::verify_backup`].
pub async fn drill_backup(
    location: &Location,
    options: &Options,
    file: Option<&Path>,
    now: Timestamp,
    progress: &dyn Progress,
) -> Result<BackupView, Error> {
    let file = match file {
        Some(file) if !file.is_dir() => file.to_owned(),
        Some(folder) => newest(folder)?,
        None => newest(&default_folder(location))?,
    };
    let report = copy_progress(progress);
    let verified = verify_backup(&file, options, &report).await?;
    verified.write_verification(now)?;
    Ok(view(verified, now, Vec::new()))
}

/// Returns the newest backup in a folder. If one of them is damaged, it could be the newest.
fn newest(folder: &Path) -> Result<PathBuf, Error> {
    let no_backup = || Error::NoBackup(folder.to_owned());
    if !folder.is_dir() {
        return Err(no_backup());
    }
    let list = list_backups(folder)?;
    if let Some(error) = list.damaged.into_iter().next() {
        return Err(error.into());
    }
    let (path, _) = list.backups.into_iter().next_back().ok_or_else(no_backup)?;
    Ok(path)
}

/// Returns the folder of backups: beside the database, or in the workspace if it is on a server.
fn default_folder(location: &Location) -> PathBuf {
    let folder = sqlite_file(&location.url).and_then(Path::parent);
    folder.unwrap_or(&location.folder).join(FOLDER)
}

/// Creates the folder of backups, which git ignores; returns whether it is new.
fn create_folder(folder: &Path) -> Result<bool, Error> {
    let write_error = |source| wsdb_import::Error::Write {
        path: folder.to_owned(),
        source,
    };
    match std::fs::create_dir(folder) {
        Ok(()) => {
            std::fs::write(folder.join(".gitignore"), "*\n").map_err(write_error)?;
            Ok(true)
        }
        Err(_) if folder.is_dir() => Ok(false),
        Err(error) => Err(write_error(error).into()),
    }
}

/// Writes a backup with the default name.
async fn write_new(
    location: &Location,
    options: &Options,
    folder: &Path,
    now: Timestamp,
    progress: &dyn Progress,
) -> Result<VerifiedBackup, Error> {
    let name = format!("{}-{}", name_of_database(location), format_time(now));
    loop {
        let file = unused_path(folder, &name, ".db.zst");
        match write(location, options, &file, false, now, progress).await {
            // Another process made one in the same second.
            Err(Error::Store(wsdb_store::Error::BackupExists(_))) => {}
            written => return written,
        }
    }
}

async fn write(
    location: &Location,
    options: &Options,
    file: &Path,
    overwrite: bool,
    now: Timestamp,
    progress: &dyn Progress,
) -> Result<VerifiedBackup, Error> {
    let target = BackupTarget {
        path: file.to_owned(),
        overwrite,
        created_at: now,
        database: location.database_name(),
    };
    let report = copy_progress(progress);
    Ok(create_backup(&location.url, options, &target, &report).await?)
}

/// Notes that the backup was verified, and deletes older ones.
fn finish(
    location: &Location,
    verified: VerifiedBackup,
    folder: &Path,
    keep: Option<u64>,
    now: Timestamp,
) -> Result<BackupView, Error> {
    verified.write_verification(now)?;
    let deleted = match keep {
        Some(keep) => rotate(&location.database_name(), &verified.path, folder, keep)?,
        None => Vec::new(),
    };
    Ok(view(verified, now, deleted))
}

/// Deletes the oldest backups of a database in a folder, so that `keep` remain with the new one.
fn rotate(database: &str, new: &Path, folder: &Path, keep: u64) -> Result<Vec<PathBuf>, Error> {
    let backups = list_backups(folder)?.backups.into_iter();
    let mut older: Vec<PathBuf> = backups
        .filter(|(path, manifest)| {
            manifest.database == database && path.file_name() != new.file_name()
        })
        .map(|(path, _)| path)
        .collect();
    let keep = usize::try_from(keep).unwrap_or(usize::MAX);
    older.truncate((older.len() + 1).saturating_sub(keep));
    for path in &older {
        delete_backup(path)?;
    }
    Ok(older)
}

fn view(verified: VerifiedBackup, verified_at: Timestamp, deleted: Vec<PathBuf>) -> BackupView {
    let tables = views::backup_tables(&verified.manifest.contents.tables);
    let other_tables = views::backup_tables(&verified.manifest.contents.other_tables);
    let row_count = tables.iter().map(|table| table.row_count).sum::<u64>()
        + other_tables
            .iter()
            .map(|table| table.row_count)
            .sum::<u64>();
    BackupView {
        file: verified.path.display().to_string(),
        verification: verification_path(&verified.path).display().to_string(),
        database: verified.manifest.database,
        created_at: verified.manifest.created_at,
        verified_at,
        wsdb_version: verified.manifest.wsdb_version,
        schema_version: verified.manifest.contents.schema_version,
        size: verified.size,
        sha256: verified.sha256,
        tables,
        other_tables,
        row_count,
        deleted: deleted
            .iter()
            .map(|path| path.display().to_string())
            .collect(),
    }
}

/// Returns the name of a database as part of a file name.
fn name_of_database(location: &Location) -> String {
    if let Some(path) = sqlite_file(&location.url) {
        let stem = path.file_stem().unwrap_or_default();
        return stem.to_string_lossy().into_owned();
    }
    let url = redacted(&location.url);
    let name = url.rsplit('/').next().unwrap_or_default();
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    name.chars()
        .map(|letter| if is_plain(letter) { letter } else { '_' })
        .collect()
}

/// Formats a time for a file name, such as `20261127T201500Z`.
pub(crate) fn format_time(time: Timestamp) -> String {
    let text = time.to_naive_string('T');
    let seconds = text.split('.').next().unwrap_or_default();
    format!("{}Z", seconds.replace(['-', ':'], ""))
}

/// Returns the path of a file that does not exist yet, such as `name.db` or `name-2.db`.
pub(crate) fn unused_path(folder: &Path, name: &str, suffix: &str) -> PathBuf {
    let mut path = folder.join(format!("{name}{suffix}"));
    let mut number = 2;
    while path.symlink_metadata().is_ok() {
        path = folder.join(format!("{name}-{number}{suffix}"));
        number += 1;
    }
    path
}
