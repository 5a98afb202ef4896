//! Writes the documents, all or none.

mod contents;
mod documents;
mod files;
mod sessions;

use std::path::{Path, PathBuf};

use wsdb_store::{Store, Transaction};

use crate::digest::hash;
use crate::document::Document;
use crate::document_paths::{check_path, stored_path};
use crate::error::{Error, is_missing};
use crate::export::documents::{DocumentText, build_documents};
use crate::report::{Progress, ProgressStage};

pub use files::write_files;
pub(crate) use files::{forget_last_text, remember_import};

/// An exported document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedFile {
    /// The document.
    pub document: Document,
    /// Its file.
    pub file: PathBuf,
    /// How many records it contains, nested records included.
    pub records: usize,
    /// Whether the content of the file changed.
    pub changed: bool,
}

/// Options of an export.
#[derive(Debug, Clone, Default)]
pub struct ExportOptions {
    /// Whether to overwrite files with content that was never imported.
    pub force: bool,
    /// Whether to write `HISTORY.json` too.
    pub history: bool,
    /// The folder of the workspace: files in it are remembered by their path from there.
    pub workspace: Option<PathBuf>,
}

/// Writes the documents into a folder, and stores what they hold, unless the database is read-only.
///
/// Documents that are empty and whose file does not exist are left out if only wsdb has them, or if others
/// were imported or exported before, but they were not.
///
/// # Errors
/// Returns [`Error::NotImported`] if a file has content that was never imported, unless `force` is
/// set; nothing is written then.
pub async fn export(
    store: &Store,
    folder: &Path,
    options: &ExportOptions,
    progress: &dyn Progress,
) -> Result<Vec<ExportedFile>, Error> {
    progress.step(ProgressStage::Read);
    let documents = store
        .read(async |store| read_documents(store, folder, options).await)
        .await?;
    progress.step(ProgressStage::Write(documents.len()));
    let changed = documents.iter().filter(|(exported, _)| exported.changed);
    write_files(
        folder,
        changed.map(|(e, document)| (e.file.as_path(), document.text.as_str())),
    )?;
    let remembered = store
        .write(async |store| remember(store, &documents, options.workspace.as_deref()).await)
        .await;
    match remembered {
        Ok(()) => {}
        // The records in the files name their versions, so an import can merge them without it.
        Err(Error::Store(error)) if error.is_not_writable() => {}
        Err(error) => return Err(error),
    }
    progress.advance(documents.len());
    Ok(documents
        .into_iter()
        .map(|(exported, _)| exported)
        .collect())
}

/// Builds the documents, and compares them with the files.
async fn read_documents(
    store: &Store<Transaction>,
    folder: &Path,
    options: &ExportOptions,
) -> Result<Vec<(ExportedFile, DocumentText)>, Error> {
    let documents = build_documents(store, options.history).await?;
    let mut texts = Vec::new();
    let mut lost = Vec::new();
    let is_any_known = documents.iter().any(|document| !document.is_new());
    for document in documents {
        let (name, records) = (document.document, document.records);
        let file = folder.join(name.file_name());
        check_path(&file, options.workspace.as_deref())
            .map_err(|error| Error::Unreadable(vec![error]))?;
        let before = match std::fs::read(&file) {
            Ok(bytes) => Some(bytes),
            Err(error) if is_missing(&error) => None,
            Err(error) => return Err(Error::unreadable(&file, &error)),
        };
        // A workspace whose documents were imported gets no others.
        let is_optional = !name.is_legacy_format() || is_any_known && document.is_new();
        if records == 0 && is_optional && before.is_none() {
            continue;
        }
        let changed = before.as_deref() != Some(document.text.as_bytes());
        if changed
            && !options.force
            && let Some(before) = &before
        {
            let path = stored_path(&file, options.workspace.as_deref());
            if !files::is_overwritable(&store.documents(), &path, hash(before)).await? {
                lost.push(file.clone());
            }
        }
        let exported = ExportedFile {
            document: name,
            file,
            records,
            changed,
        };
        texts.push((exported, document));
    }
    if !lost.is_empty() {
        return Err(Error::NotImported(lost));
    }
    Ok(texts)
}

/// Stores what the files hold now.
async fn remember(
    store: &Store<Transaction>,
    documents: &[(ExportedFile, DocumentText)],
    workspace: Option<&Path>,
) -> Result<(), Error> {
    for (exported, document) in documents {
        let path = stored_path(&exported.file, workspace);
        document.remember(store, &path).await?;
        let documents = store.documents().without_history();
        let hash = hash(document.text.as_bytes());
        files::remember_export(&documents, exported.document, &path, hash).await?;
    }
    Ok(())
}
