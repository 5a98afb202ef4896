//! Backups of a database: verified before they count, and verified again before they are restored.

mod archive;
mod database_check;
mod other_tables;
mod replace;
mod restore;
mod scratch;
mod snapshot;
mod verification;

use std::path::{Path, PathBuf};

use tempfile::TempPath;
use wsdb_core::Timestamp;

use self::archive::Archive;
use self::scratch::Scratch;
use crate::private_files::{create_private, folder_of, sync_folder};
use crate::url::{DatabaseUrl, parse};
use crate::{CopyProgress, Error, Options};

pub use self::archive::{Contents, Manifest, TableDigest};
pub use self::restore::{Restoration, file_to_replace};
pub use self::verification::{delete_backup, verification_path};

/// A backup that was verified: it was unpacked, and the database in it is what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedBackup {
    /// The file.
    pub path: PathBuf,
    /// The size of the file in bytes.
    pub size: u64,
    /// The SHA-256 of the file without its last 32 bytes, as hexadecimal digits.
    pub sha256: String,
    /// What the backup contains.
    pub manifest: Manifest,
}

/// Where a backup is written, and what its manifest contains.
#[derive(Debug, Clone)]
pub struct BackupTarget {
    /// The file.
    pub path: PathBuf,
    /// Whether to replace the file if it exists.
    pub overwrite: bool,
    /// When the backup is made.
    pub created_at: Timestamp,
    /// The name of the database, without a password.
    pub database: String,
}

/// Backs up the database at `url` while others may write to it. The file appears under its name once
/// the backup is verified: unpacked again, checked by SQLite, and compared table by table with the
/// database as it was at one moment.
///
/// # Errors
/// [`Error::BackupExists`], [`Error::File`], [`Error::DamagedBackup`] if the backup is not what it should
/// be, and those of [`crate::Store::connect`].
pub async fn create_backup(
    url: &str,
    options: &Options,
    target: &BackupTarget,
    report: &dyn Fn(CopyProgress),
) -> Result<VerifiedBackup, Error> {
    let path = &target.path;
    let exists = || Error::BackupExists(path.clone());
    if !target.overwrite && path.symlink_metadata().is_ok() {
        return Err(exists());
    }
    let write_error = |source| Error::file_write(path, source);
    let scratch = Scratch::in_folder(folder_of(path))?;
    let database = scratch.file("workspace.db");
    let contents = snapshot::take(url, options, &database, report).await?;
    let mut manifest = Manifest::new(target.created_at, target.database.clone(), contents);
    let packed = scratch.file("backup.zst");
    let file = create_private(&packed).map_err(write_error)?;
    archive::pack(&database, &mut manifest, &file).map_err(write_error)?;
    drop(file);
    std::fs::remove_file(&database).map_err(write_error)?;
    let verified = unpack_and_verify(&packed, path, &database, options, report).await?;
    let packed = TempPath::try_from_path(packed).map_err(write_error)?;
    let renamed = if target.overwrite {
        packed.persist(path)
    } else {
        packed.persist_noclobber(path)
    };
    renamed.map_err(|error| match error.error.kind() {
        std::io::ErrorKind::AlreadyExists if !target.overwrite => exists(),
        _ => write_error(error.error),
    })?;
    sync_folder(folder_of(path)).map_err(write_error)?;
    Ok(verified)
}

/// Restores a backup into a temporary database in the same folder and verifies that it is what it was.
///
/// # Errors
/// [`Error::NotABackup`], [`Error::DamagedBackup`], [`Error::NewerBackup`] or [`Error::NewerSchema`] if it
/// cannot be restored, and [`Error::File`].
pub async fn verify_backup(
    path: &Path,
    options: &Options,
    report: &dyn Fn(CopyProgress),
) -> Result<VerifiedBackup, Error> {
    // Without a backup, no temporary folder is created.
    Archive::open(path, path)?;
    let scratch = Scratch::in_folder(folder_of(path))?;
    let database = scratch.file("workspace.db");
    unpack_and_verify(path, path, &database, options, report).await
}

/// Verifies the backup in `file`, which is named `path` in errors. The database in it is then at `database`.
async fn unpack_and_verify(
    file: &Path,
    path: &Path,
    database: &Path,
    options: &Options,
    report: &dyn Fn(CopyProgress),
) -> Result<VerifiedBackup, Error> {
    let archive = Archive::open(file, path)?;
    let manifest = archive.manifest.clone();
    let metadata = std::fs::metadata(file).map_err(|source| Error::file_read(path, source))?;
    let sha256 = archive.unpack(database)?;
    database_check::check(database, &manifest.contents, path, options, report).await?;
    Ok(VerifiedBackup {
        path: path.to_owned(),
        size: metadata.len(),
        sha256,
        manifest,
    })
}

/// The backups in a folder.
#[derive(Debug, Default)]
pub struct BackupList {
    /// The backups whose manifest could be read, the oldest first. They are not verified.
    pub backups: Vec<(PathBuf, Manifest)>,
    /// Why others could not be read: files with a name that ends in `.db.zst`.
    pub damaged: Vec<Error>,
}

/// Lists the backups in a folder: files with a name that ends in `.zst` and with a manifest.
///
/// # Errors
/// [`Error::File`] if the folder cannot be read.
pub fn list_backups(folder: &Path) -> Result<BackupList, Error> {
    let read_error = |source| Error::file_read(folder, source);
    let mut list = BackupList::default();
    for entry in std::fs::read_dir(folder).map_err(read_error)? {
        let entry = entry.map_err(read_error)?;
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.ends_with(".zst") || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        match Archive::open(&path, &path) {
            Ok(archive) => list.backups.push((path, archive.manifest)),
            Err(Error::NotABackup { .. }) => {}
            Err(error) if name.ends_with(".db.zst") => list.damaged.push(error),
            Err(_) => {}
        }
    }
    list.backups.sort_by(|(path, one), (other_path, other)| {
        (one.created_at, path).cmp(&(other.created_at, other_path))
    });
    Ok(list)
}

/// Returns the path of the SQLite file at a URL; `None` for a database on a server or in memory.
pub fn sqlite_file(url: &str) -> Option<&Path> {
    match parse(url) {
        Ok(DatabaseUrl::File(path)) => Some(path),
        _ => None,
    }
}
