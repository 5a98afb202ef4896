//! Writes the documents, all or none.

mod documents;
mod files;

use std::path::{Path, PathBuf};

use wsdb_store::{Store, Transaction};

use crate::digest::hash;
use crate::document::Document;
use crate::error::Error;
use crate::export::documents::{DocumentText, build_documents};
use crate::report::{Progress, ProgressStage};

pub(crate) use files::remember_file_hash;
pub use files::write_files;

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
#[derive(Debug, Clone, Copy, Default)]
pub struct ExportOptions {
    /// Whether to overwrite files with content that was never imported.
    pub force: bool,
    /// Whether to write `HISTORY.json` too.
    pub history: bool,
}

/// Writes the documents into a folder, and stores the written values as the merge base.
///
/// Documents that only wsdb has are left out if they are empty and their file does not exist.
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
    store
        .write(async |store| export_all(store, folder, options, progress).await)
        .await
}

async fn export_all(
    store: &Store<Transaction>,
    folder: &Path,
    options: &ExportOptions,
    progress: &dyn Progress,
) -> Result<Vec<ExportedFile>, Error> {
    progress.step(ProgressStage::Read);
    let documents = build_documents(store, options.history).await?;

    let mut texts = Vec::new();
    let mut lost = Vec::new();
    for DocumentText {
        document,
        records,
        text,
    } in documents
    {
        let file = folder.join(document.file_name());
        let before = match std::fs::read(&file) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(source) => return Err(Error::Write { path: file, source }),
        };
        if records == 0 && !document.is_legacy_format() && before.is_none() {
            continue;
        }
        let changed = before.as_deref() != Some(text.as_bytes());
        if changed
            && !options.force
            && let Some(before) = &before
        {
            let known = store.documents().files(document.file_name()).await?;
            if !known.contains(&hash(before)) {
                lost.push(file.clone());
            }
        }
        texts.push((
            ExportedFile {
                document,
                file,
                records,
                changed,
            },
            text,
        ));
    }
    if !lost.is_empty() {
        return Err(Error::NotImported(lost));
    }

    progress.step(ProgressStage::Write(texts.len()));
    let changed = texts.iter().filter(|(exported, _)| exported.changed);
    write_files(
        folder,
        changed.map(|(e, text)| (e.file.as_path(), text.as_str())),
    )?;
    for (exported, text) in &texts {
        let documents = store.documents().without_history();
        remember_file_hash(&documents, exported.document, hash(text.as_bytes())).await?;
        progress.advance(1);
    }
    Ok(texts.into_iter().map(|(exported, _)| exported).collect())
}
