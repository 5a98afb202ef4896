//! Views of decisions that were imported from Markdown files, or exported to them.

use serde::Serialize;
use wsdb_core::DecisionId;
use wsdb_import::{AdrImportResult, AdrOutcome, ExportedAdr, ParseError, Position};

use super::import::RenumberedView;

/// Decisions that were exported to Markdown files.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AdrExportView {
    /// The files.
    pub files: Vec<ExportedAdrView>,
    /// Number of files.
    pub total: usize,
}

/// A decision that was exported to a Markdown file.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExportedAdrView {
    /// Its file.
    pub file_path: String,
    /// The decision.
    pub id: DecisionId,
    /// Whether the content of the file changed.
    pub changed: bool,
}

impl From<&[ExportedAdr]> for AdrExportView {
    fn from(files: &[ExportedAdr]) -> Self {
        let files = files.iter().map(|exported| ExportedAdrView {
            file_path: exported.file.display().to_string(),
            id: exported.id.clone(),
            changed: exported.changed,
        });
        let files: Vec<ExportedAdrView> = files.collect();
        AdrExportView {
            total: files.len(),
            files,
        }
    }
}

/// Decisions that were imported from Markdown files.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AdrImportView {
    /// Whether this was a dry run, in which nothing was written.
    pub dry_run: bool,
    /// The files.
    pub files: Vec<ImportedAdrView>,
    /// Number of files.
    pub total: usize,
    /// Decisions that got new IDs, because different decisions have those of their files.
    pub renumbered: Vec<RenumberedView>,
    /// Problems that did not stop the import.
    pub warnings: Vec<AdrWarningView>,
    /// Files in the folders that are not decisions.
    pub skipped: Vec<SkippedFileView>,
    /// Files that were left out because they cannot be read.
    pub rejects: Vec<RejectedFileView>,
}

/// A decision that was imported from a Markdown file.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportedAdrView {
    /// The file.
    pub file_path: String,
    /// The decision.
    pub id: DecisionId,
    /// The name that the file had before, if it was renamed.
    pub former_file: Option<String>,
    /// The effect of the import.
    pub result: ImportOutcome,
}

/// The effect of importing a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ImportOutcome {
    /// The decision is new.
    New,
    /// The decision changed.
    Changed,
    /// The decision is unchanged.
    Unchanged,
}

/// A problem that did not stop the import.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AdrWarningView {
    /// The file, if the warning is about one.
    pub file_path: Option<String>,
    /// The warning for people; it may change.
    pub message: String,
}

/// A file in a folder that is not a decision.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SkippedFileView {
    /// The file.
    pub file_path: String,
    /// Why it is not read as a decision.
    pub reason: String,
}

/// A file that cannot be read.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RejectedFileView {
    /// The file.
    pub file_path: String,
    /// The line of the problem, if it is known.
    pub line: Option<usize>,
    /// What is wrong.
    pub reason: String,
}

impl AdrImportView {
    /// Creates the view of an import that left out some files.
    pub fn new(imported: &AdrImportResult, rejects: &[ParseError], dry_run: bool) -> Self {
        let files = imported.files.iter().map(|file| ImportedAdrView {
            file_path: file.file.display().to_string(),
            id: file.id.clone(),
            former_file: file.former_file.clone(),
            result: file.outcome.into(),
        });
        let warnings = imported.warnings.iter().map(|warning| AdrWarningView {
            file_path: warning.file.as_ref().map(|file| file.display().to_string()),
            message: warning.message.clone(),
        });
        let skipped = imported.skipped.iter().map(|skipped| SkippedFileView {
            file_path: skipped.file.display().to_string(),
            reason: skipped.reason.clone(),
        });
        AdrImportView {
            dry_run,
            files: files.collect(),
            total: imported.files.len(),
            renumbered: imported.renumbered.iter().map(Into::into).collect(),
            warnings: warnings.collect(),
            skipped: skipped.collect(),
            rejects: rejects.iter().map(RejectedFileView::from).collect(),
        }
    }
}

impl From<&ParseError> for RejectedFileView {
    fn from(reject: &ParseError) -> Self {
        let line = match reject.position {
            Some(Position::Line(line, _)) => Some(line),
            _ => None,
        };
        RejectedFileView {
            file_path: reject.file.display().to_string(),
            line,
            reason: reject.reason.clone(),
        }
    }
}

impl From<AdrOutcome> for ImportOutcome {
    fn from(outcome: AdrOutcome) -> Self {
        match outcome {
            AdrOutcome::New => ImportOutcome::New,
            AdrOutcome::Changed => ImportOutcome::Changed,
            AdrOutcome::Unchanged => ImportOutcome::Unchanged,
        }
    }
}
