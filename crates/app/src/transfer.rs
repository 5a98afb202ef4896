//! Documents in and out.

use std::path::{Path, PathBuf};

use wsdb_import::{Exported, ImportOptions, Imported, Progress};

use crate::{Error, Workspace};

/// Imports documents from folders and files, all or none.
///
/// # Errors
/// As [`wsdb_import::import`].
pub async fn import_documents(
    workspace: &Workspace,
    sources: &[PathBuf],
    options: &ImportOptions,
    progress: &dyn Progress,
) -> Result<Imported, Error> {
    Ok(wsdb_import::import(&workspace.store, sources, options, progress).await?)
}

/// Exports every document into a folder, all or none.
///
/// # Errors
/// As [`wsdb_import::export`].
pub async fn export_documents(
    workspace: &Workspace,
    folder: &Path,
    force: bool,
    progress: &dyn Progress,
) -> Result<Vec<Exported>, Error> {
    Ok(wsdb_import::export(&workspace.store, folder, force, progress).await?)
}
