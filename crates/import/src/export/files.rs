//! Writes files, all or none, and remembers their contents.

use std::io::Write;
use std::path::Path;

use wsdb_store::{Documents, Transaction};

use crate::document::Document;
use crate::error::Error;

/// Writes all files under temporary names first, then renames them, so that all or none appear.
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
        let mut beside = tempfile::Builder::new()
            .prefix(".wsdb-export-")
            .permissions(permissions(file))
            .tempfile_in(folder)
            // Without the name of the temporary file.
            .map_err(|error| fail(file)(error.kind().into()))?;
        beside.write_all(text.as_bytes()).map_err(fail(file))?;
        beside.as_file().sync_data().map_err(fail(file))?;
        written.push((beside, file));
    }
    for (beside, file) in written {
        beside
            .persist(file)
            .map_err(|error| fail(file)(error.error))?;
    }
    Ok(())
}

/// Returns the permissions of an existing file, or the default ones for a new file.
fn permissions(file: &Path) -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    match std::fs::metadata(file) {
        Ok(metadata) => metadata.permissions(),
        Err(_) => std::fs::Permissions::from_mode(0o666),
    }
}

/// Maximum number of states to remember per file: it may exist in several folders.
const MAX_FILE_HASHES: usize = 8;

/// Notes that a file with this content was imported or exported.
pub(crate) async fn remember_file_hash(
    documents: &Documents<'_, Transaction>,
    document: Document,
    hash: u64,
) -> Result<(), Error> {
    let mut hashes = documents.files(document.file_name()).await?;
    if hashes.first() == Some(&hash) {
        return Ok(());
    }
    hashes.retain(|known| *known != hash);
    hashes.insert(0, hash);
    hashes.truncate(MAX_FILE_HASHES);
    Ok(documents.set_files(document.file_name(), &hashes).await?)
}
