//! Writes files, all or none, and remembers their contents.

use std::io::Write;
use std::path::{Path, PathBuf};

use wsdb_store::{Connection, Documents, Transaction};

use crate::document::Document;
use crate::document_paths::folder_of;
use crate::error::Error;

/// Writes all files under temporary names first, then renames them, so that all or none appear. A file that is
/// a symbolic link stays one: the file that it leads to is written.
///
/// # Errors
/// Returns [`Error::Write`] with the file or folder that cannot be written.
pub fn write_files<'a>(
    folder: &Path,
    files: impl Iterator<Item = (&'a Path, &'a str)>,
) -> Result<(), Error> {
    let fail = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::Write { path, source }
    };
    std::fs::create_dir_all(folder).map_err(fail(folder))?;
    let mut written = Vec::new();
    for (file, text) in files {
        let target = follow_links(file);
        let mut beside = tempfile::Builder::new()
            .prefix(".wsdb-export-")
            .permissions(permissions(file))
            .tempfile_in(target.parent().unwrap_or(folder))
            // Without the name of the temporary file.
            .map_err(|error| fail(file)(error.kind().into()))?;
        beside.write_all(text.as_bytes()).map_err(fail(file))?;
        beside.as_file().sync_data().map_err(fail(file))?;
        written.push((beside, file, target));
    }
    for (beside, file, target) in written {
        beside
            .persist(target)
            .map_err(|error| fail(file)(error.error))?;
    }
    Ok(())
}

/// Maximum number of symbolic links that lead to a file, as on Linux.
const MAX_LINKS: usize = 40;

/// Returns the file that a symbolic link leads to, which need not exist; the file itself if it is no link.
fn follow_links(file: &Path) -> PathBuf {
    let mut target = file.to_owned();
    for _ in 0..MAX_LINKS {
        match std::fs::read_link(&target) {
            Ok(next) => target = folder_of(&target).join(next),
            Err(_) => break,
        }
    }
    target
}

/// Returns the permissions of an existing file, or the default ones for a new file.
fn permissions(file: &Path) -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    match std::fs::metadata(file) {
        Ok(metadata) => metadata.permissions(),
        Err(_) => std::fs::Permissions::from_mode(0o666),
    }
}

/// Maximum number of texts to remember per document or path: older ones may come back with git.
const MAX_FILE_HASHES: usize = 8;

/// Returns the key under which the hash of the last text at a path is stored.
fn last_text_key(path: &str) -> String {
    format!("last text of {path}")
}

/// Returns the key under which the hashes of the texts that were exported to a path are stored.
fn exports_key(path: &str) -> String {
    format!("exported to {path}")
}

/// Adds a hash as the latest one.
async fn add_hash(
    documents: &Documents<'_, Transaction>,
    key: &str,
    hash: u64,
) -> Result<(), Error> {
    let mut hashes = documents.files(key).await?;
    if hashes.first() == Some(&hash) {
        return Ok(());
    }
    hashes.retain(|known| *known != hash);
    hashes.insert(0, hash);
    hashes.truncate(MAX_FILE_HASHES);
    Ok(documents.set_files(key, &hashes).await?)
}

/// Notes that a file with this content was imported.
pub(crate) async fn remember_import(
    documents: &Documents<'_, Transaction>,
    document: Document,
    path: &str,
    hash: u64,
) -> Result<(), Error> {
    add_hash(documents, document.file_name(), hash).await?;
    Ok(documents.set_files(&last_text_key(path), &[hash]).await?)
}

/// Notes that only a part of a file was imported: no known text has the same content.
pub(crate) async fn forget_last_text(
    documents: &Documents<'_, Transaction>,
    path: &str,
) -> Result<(), Error> {
    Ok(documents.set_files(&last_text_key(path), &[]).await?)
}

/// Notes that this content was exported to a file.
pub(crate) async fn remember_export(
    documents: &Documents<'_, Transaction>,
    document: Document,
    path: &str,
    hash: u64,
) -> Result<(), Error> {
    remember_import(documents, document, path, hash).await?;
    add_hash(documents, &exports_key(path), hash).await
}

/// Returns whether an export may overwrite a file: its text is the last one at that path, or an export
/// from before the latest one, of which an import would change nothing.
pub(crate) async fn is_overwritable<C: Connection>(
    documents: &Documents<'_, C>,
    path: &str,
    hash: u64,
) -> Result<bool, Error> {
    let last = documents.files(&last_text_key(path)).await?;
    if last.first() == Some(&hash) {
        return Ok(true);
    }
    // If another text was imported since the latest export, that export is an edit.
    let exported = documents.files(&exports_key(path)).await?;
    Ok(exported.iter().skip(1).any(|known| *known == hash))
}
