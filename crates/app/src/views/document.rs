//! Views of exported documents.

use serde::Serialize;
use wsdb_import::ExportedFile;

/// Documents that were exported.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExportView {
    /// The files.
    pub files: Vec<ExportedFileView>,
    /// Number of files.
    pub total: usize,
}

/// A document that was exported.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExportedFileView {
    /// Its file.
    pub file_path: String,
    /// Number of records in it, nested records included.
    pub record_count: usize,
    /// Whether the content of the file changed.
    pub changed: bool,
}

impl From<&[ExportedFile]> for ExportView {
    fn from(files: &[ExportedFile]) -> Self {
        let files = files.iter().map(|exported| ExportedFileView {
            file_path: exported.file.display().to_string(),
            record_count: exported.records,
            changed: exported.changed,
        });
        let files: Vec<ExportedFileView> = files.collect();
        ExportView {
            total: files.len(),
            files,
        }
    }
}
