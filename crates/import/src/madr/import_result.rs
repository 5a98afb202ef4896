//! What an import of pages did.

use std::path::PathBuf;

use wsdb_core::DecisionId;

use super::supersession::Supersession;
use crate::report::{Renumbered, Warning};

/// The effect of importing a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdrOutcome {
    /// The decision is new.
    New,
    /// The decision existed and was changed.
    Changed,
    /// The decision existed and did not change.
    Unchanged,
}

/// A page that was imported.
#[derive(Debug, Clone)]
pub struct AdrFile {
    /// The file.
    pub file: PathBuf,
    /// The decision.
    pub id: DecisionId,
    /// The title of the page, or of the decision if conflicts were resolved in favor of the database.
    pub title: String,
    /// Whether conflicts were resolved in favor of the database, or the page is that of a different decision.
    pub is_database_kept: bool,
    /// The name that the file had before, if it was renamed.
    pub former_file: Option<String>,
    /// The effect.
    pub outcome: AdrOutcome,
    /// Whether the page has no status.
    pub has_no_status: bool,
}

/// A file in a folder that is not a decision.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SkippedFile {
    /// The file.
    pub file: PathBuf,
    /// Why it is not read as a decision.
    pub reason: String,
}

/// The result of an import.
#[derive(Debug, Clone, Default)]
pub struct AdrImportResult {
    /// The pages, in their order.
    pub files: Vec<AdrFile>,
    /// The links that are new.
    pub superseded: Vec<Supersession>,
    /// Problems that did not stop the import.
    pub warnings: Vec<Warning>,
    /// Files in the folders that are not decisions.
    pub skipped: Vec<SkippedFile>,
    /// The decisions that got new ids, because different decisions here have those of their pages.
    pub renumbered: Vec<Renumbered>,
}
