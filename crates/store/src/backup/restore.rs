//! Restores a backup: into a SQLite file by replacing it, into a database on a server by a copy.

use std::fs::File;
use std::path::{Path, PathBuf};

use wsdb_core::{Author, Timestamp};

use super::archive::Contents;
use super::scratch::Scratch;
use super::{database_check, replace, snapshot, unpack_and_verify};
use crate::adopt::set_journal;
use crate::private_files::folder_of;
use crate::sqlite_header::FilePrefix;
use crate::{CopyProgress, DatabaseOwner, Error, Options, copy, file};

/// A backup that was unpacked and verified, before anything is changed.
pub struct Restoration {
    /// When the backup was made; `None` for a SQLite file.
    pub created_at: Option<Timestamp>,
    /// What is in it.
    pub contents: Contents,
    /// The database in it.
    database: PathBuf,
    /// Deletes the database when this is dropped.
    _scratch: Scratch,
}

impl Restoration {
    /// Unpacks a backup into a temporary folder in `folder` and verifies that it is what it was. The
    /// backup may also be a SQLite file, such as the one that an earlier restore has kept.
    ///
    /// # Errors
    /// [`Error::NotABackup`], [`Error::DamagedBackup`], [`Error::NewerBackup`] or [`Error::NewerSchema`] if
    /// it cannot be restored, and [`Error::File`].
    pub async fn prepare(
        backup: &Path,
        folder: &Path,
        options: &Options,
        report: &dyn Fn(CopyProgress),
    ) -> Result<Self, Error> {
        let scratch = Scratch::in_folder(folder)?;
        let database = scratch.file("workspace.db");
        let is_sqlite = backup.is_file() && FilePrefix::read(backup).is_ok_and(|p| p.is_sqlite());
        let (created_at, contents) = if is_sqlite {
            let url = snapshot::sqlite_url(backup)?;
            let contents = snapshot::take(&url, options, &database, report).await?;
            database_check::check(&database, &contents, backup, options, report).await?;
            (None, contents)
        } else {
            let verified = unpack_and_verify(backup, backup, &database, options, report).await?;
            let manifest = verified.manifest;
            (Some(manifest.created_at), manifest.contents)
        };
        Ok(Restoration {
            created_at,
            contents,
            database,
            _scratch: scratch,
        })
    }

    /// Replaces the SQLite file `target` by the one in the backup, which was unpacked in the same
    /// folder. It keeps the way in which the file is written, its journal. An existing file is kept under the name `kept`; returns whether there was one.
    ///
    /// # Errors
    /// [`Error::InUse`] if other programs use the database, and [`Error::File`]. The database is not
    /// changed then.
    pub async fn replace_file(
        self,
        target: &Path,
        kept: &Path,
        options: &Options,
    ) -> Result<bool, Error> {
        // SQLite writes copies without a write-ahead log.
        let journal = file::journal_of(target);
        set_journal(&snapshot::sqlite_url(&self.database)?, options, journal).await?;
        adopt_permissions(&self.database, target)
            .map_err(|source| Error::file_write(target, source))?;
        replace::replace(target, &self.database, kept, options.busy_timeout).await
    }

    /// Replaces the records of a database on a server by those in the backup. This is one action in
    /// its history, which can be undone.
    ///
    /// # Errors
    /// Those of [`copy`](crate::copy()). The database is not changed then.
    pub async fn copy_to(
        self,
        url: &str,
        options: &Options,
        author: Author,
        report: &dyn Fn(CopyProgress),
    ) -> Result<(), Error> {
        let from = snapshot::sqlite_url(&self.database)?;
        copy::copy(&from, url, options, true, author, report).await?;
        Ok(())
    }
}

/// Returns the SQLite file that a restore replaces: without symbolic links, since SQLite's other files
/// are next to the file itself. A damaged file may be replaced.
///
/// # Errors
/// [`Error::NotADatabase`] if it is a folder, [`Error::ForeignDatabase`] if it belongs to another program.
pub async fn file_to_replace(file: &Path, options: &Options) -> Result<PathBuf, Error> {
    let file = match std::fs::canonicalize(file) {
        Ok(file) => file,
        // It does not exist.
        Err(_) => {
            let folder = folder_of(file);
            let folder = std::fs::canonicalize(folder);
            let folder = folder.map_err(|source| Error::file_write(file, source))?;
            folder.join(file.file_name().unwrap_or_default())
        }
    };
    if file.is_dir() {
        return Err(Error::NotADatabase { path: file });
    }
    let options = Options {
        create: true,
        ..options.clone()
    };
    match file::check(&file, &snapshot::sqlite_url(&file)?, &options).await {
        Err(
            error @ Error::ForeignDatabase {
                owner: DatabaseOwner::PythonTool | DatabaseOwner::Other,
                ..
            },
        ) => Err(error),
        _ => Ok(file),
    }
}

/// Gives a file the mode and the group of the one that it replaces; if there is none, only its owner
/// can read it.
fn adopt_permissions(new: &Path, former: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let former = std::fs::metadata(former).ok();
        if let Some(former) = &former {
            // Only a member of the group may set it.
            let _ = std::os::unix::fs::chown(new, None, Some(former.gid()));
        }
        let mode = former.map_or(0o600, |former| former.permissions().mode() & 0o777);
        std::fs::set_permissions(new, std::fs::Permissions::from_mode(mode))?;
    }
    #[cfg(not(unix))]
    let _ = former;
    File::open(new)?.sync_all()
}
