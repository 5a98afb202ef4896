//! Import and export of documents.

use std::path::Path;

use wsdb_import::{ExportOptions, Exported, Imported, ParsedDocuments, Progress};

use crate::{Actor, Error, Workspace};

/// Imports documents that were read, all or none.
///
/// # Errors
/// Same as [`Incoming::import`].
pub async fn import_documents(
    workspace: &Workspace,
    actor: &Actor,
    documents: ParsedDocuments<'_>,
    progress: &dyn Progress,
) -> Result<Imported, Error> {
    Ok(documents
        .import(&workspace.by(actor, "import"), progress)
        .await?)
}

/// Exports every document into a folder, all or none.
///
/// # Errors
/// Same as [`wsdb_import::export`].
pub async fn export_documents(
    workspace: &Workspace,
    folder: &Path,
    options: &ExportOptions,
    progress: &dyn Progress,
) -> Result<Vec<Exported>, Error> {
    Ok(wsdb_import::export(&workspace.store, folder, options, progress).await?)
}
