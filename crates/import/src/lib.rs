//! Reads the JSON documents of a workspace into a store, and writes them back.
//!
//! Reads both generations in use: written by hand, and exported by the earlier tool. Every value that
//! is imported comes out again on export.
//!
//! ```
//! use wsdb_import::{ExportOptions, ImportOptions, NoProgress, export, import};
//! use wsdb_store::{Store, Transaction};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let documents = folder.path();
//! let task = r#"[{"id": "WS-TASK-001", "title": "x", "status": "done", "created": "2025-11-20"}]"#;
//! std::fs::write(documents.join("WORKSPACE-TASKS.json"), task)?;
//!
//! let store = Store::connect(&format!("sqlite://{}/w.db", documents.display())).await?;
//! let imported =
//!     import(&store, &[documents.to_owned()], &ImportOptions::default(), &NoProgress).await?;
//! assert_eq!(imported.summary.counts[0].new, 1);
//!
//! export(&store, documents, &ExportOptions::default(), &NoProgress).await?;
//! let text = std::fs::read_to_string(documents.join("WORKSPACE-TASKS.json"))?;
//! assert!(text.contains("\"status\": \"completed\""));
//! # Ok(())
//! # }
//! ```

mod adopt;
mod aliases;
mod claim;
mod committed_versions;
mod configuration_file;
mod conflict;
mod digest;
mod document;
mod document_header;
mod document_merge;
mod document_paths;
mod edited_entries;
mod empty_names;
mod error;
mod export;
mod field;
mod file_diagnostics;
mod forgotten_versions;
mod git;
mod history;
mod identity;
mod import;
mod inferred_status;
mod inline_records;
mod invalid_revs;
mod json;
mod left_out;
mod lineage;
mod madr;
mod mappings;
mod merge;
mod merge_base;
mod near_misses;
mod newest_files;
mod normalize;
mod number;
mod options;
mod page_facts;
mod parse_mappings;
mod planner;
mod record;
mod record_reader;
mod references;
mod rejected_ids;
mod rejected_records;
mod renumber;
mod report;
mod scan_report;
mod shape;
mod shapes;
mod sources;
mod unique;
mod unnamed_version;
mod value_context;
mod yaml;

use std::path::PathBuf;

use wsdb_store::{Store, Transaction};

use document_paths::DocumentPaths;
use sources::SourceFile;

pub use adopt::{
    AdoptOptions, AdoptTarget, AdoptedTable, Adoption, UnknownColumn, adopt, adopt_into,
    plan_adoption,
};
pub use configuration_file::{FileFormat, read_configuration};
pub use conflict::Conflict;
pub use document::Document;
pub use document_merge::{
    ConflictKind, DocumentConflict, DocumentVersions, MergedDocument, UnmergeableDocument,
    merge_documents,
};
pub use error::{
    AdrConflict, AdrConflictKind, Error, ParseError, Position, Problem, Reject, TakenId,
};
pub use export::{ExportOptions, ExportedFile, export, write_files};
pub use forgotten_versions::remember_versions;
pub use madr::{
    Adr, AdrConflictOptions, AdrFile, AdrImportResult, AdrOptions, AdrOutcome, AdrSources,
    ExportedAdr, SkippedFile, Supersession, export_adr, find_first_commits, import_adr,
    metadata_without_page, read_adr,
};
pub use mappings::ValueMappings;
pub use options::ImportOptions;
pub use report::{
    ConflictResolution, Counts, ImportSummary, KindCount, MissingRecord, Mode, NoProgress,
    Progress, ProgressStage, Renumbered, Warning,
};
pub use scan_report::{PathBase, ScanOverrides, ScanReport, StorePath};

/// The result of an import.
#[derive(Debug, Clone, Default)]
pub struct ImportResult {
    /// The files that were read.
    pub files: Vec<ImportedFile>,
    /// What changed, or would change in a dry run.
    pub summary: ImportSummary,
    /// The records that were left out.
    pub rejects: Vec<Reject>,
}

/// A file that was read.
#[derive(Debug, Clone)]
pub struct ImportedFile {
    /// The file.
    pub file: PathBuf,
    /// The document that it contains.
    pub document: Document,
}

/// Documents that have been read.
#[derive(Debug)]
pub struct ParsedDocuments<'a> {
    sources: &'a [PathBuf],
    options: &'a ImportOptions,
    read: sources::SourceFiles,
}

/// Reads documents without accessing a database.
///
/// `sources` are files, or folders that contain documents under their usual names. Problems are
/// kept until [`ParsedDocuments::import`], which reports them together with those that only the
/// database shows.
///
/// # Errors
/// Returns [`Error::NothingToImport`] if there is no document.
pub fn read<'a>(
    sources: &'a [PathBuf],
    options: &'a ImportOptions,
    progress: &dyn Progress,
) -> Result<ParsedDocuments<'a>, Error> {
    progress.step(ProgressStage::Read);
    let read = sources::read(sources, options)?;
    Ok(ParsedDocuments {
        sources,
        options,
        read,
    })
}

impl ParsedDocuments<'_> {
    /// Returns whether the documents cannot be imported, whatever the database contains.
    pub fn has_errors(&self) -> bool {
        self.read.has_errors(self.options.skip_rejects)
    }

    /// Returns the error that [`Self::import`] would return for an empty database.
    pub fn into_error(mut self) -> Option<Error> {
        self.read.take_error(self.options.skip_rejects)
    }

    /// Imports all documents in one transaction.
    ///
    /// # Errors
    /// Returns [`Error::Unreadable`] if a file is not a valid document, or [`Error::Rejected`] if a
    /// record cannot be imported, unless `skip_rejects` is set; both with all problems of all files.
    /// Returns the errors of the database, too.
    pub async fn import(
        self,
        store: &Store,
        progress: &dyn Progress,
    ) -> Result<ImportResult, Error> {
        let (sources, options) = (self.sources, self.options);
        let first = std::cell::Cell::new(Some(self.read));
        store
            .write(async |store| {
                // Records are moved instead of cloned, so a retry reads the documents again.
                let read = match first.take() {
                    Some(read) => read,
                    None => self::read(sources, options, progress)?.read,
                };
                apply_all(store, read, options, progress).await
            })
            .await
    }
}

/// Imports documents in one transaction.
///
/// # Errors
/// Fails like [`read`] and [`ParsedDocuments::import`]; nothing is written then.
pub async fn import(
    store: &Store,
    sources: &[PathBuf],
    options: &ImportOptions,
    progress: &dyn Progress,
) -> Result<ImportResult, Error> {
    let options = ImportOptions {
        for_postgres: options.for_postgres || store.is_postgres(),
        ..options.clone()
    };
    read(sources, &options, progress)?
        .import(store, progress)
        .await
}

async fn apply_all(
    store: &Store<Transaction>,
    mut read: sources::SourceFiles,
    options: &ImportOptions,
    progress: &dyn Progress,
) -> Result<ImportResult, Error> {
    let mut summary = ImportSummary {
        warnings: std::mem::take(&mut read.warnings),
        rejects: std::mem::take(&mut read.rejects),
        ..ImportSummary::default()
    };
    let rules = merge::MergeOptions {
        mode: options.mode,
        prefer: options.prefer,
        renumber: options.renumber,
    };
    progress.step(ProgressStage::Compare);
    read.forget_known_fields(store).await?;
    let mut contents = std::mem::take(&mut read.contents);
    let files = read.files.iter().map(|file| file.file.as_path());
    let paths = DocumentPaths::new(files, options.workspace.as_deref());
    newest_files::note_added_records(store, &read.files, &paths, &mut contents.records).await?;
    let mut plan = import::plan(store, contents, &paths, rules, &mut summary).await?;
    read.rejects = std::mem::take(&mut summary.rejects);
    if let Some(mut error) = read.take_error(options.skip_rejects) {
        if let Error::Rejected { different, .. } = &mut error {
            let conflicts = summary.conflicts.into_iter();
            different.extend(conflicts.filter(Conflict::is_of_different_records));
        }
        return Err(error);
    }
    let rejects = read.rejects;
    // Documents of another workspace are imported with new ids, or not at all.
    let is_refused = summary
        .conflicts
        .iter()
        .any(Conflict::is_of_different_records);
    if is_refused {
        summary.clear_counts();
    }
    if !options.dry_run && !is_refused {
        let is_change = !summary.is_unchanged();
        let incomplete = std::mem::take(&mut plan.incomplete);
        import::write(store, plan, is_change, progress).await?;
        // A file with a reject or a conflict contains values that the database does not.
        let are_complete = rejects.is_empty() && summary.conflicts.is_empty();
        let mut documents = store.documents();
        if !is_change {
            documents = documents.without_history();
        }
        for file in &read.files {
            let path = paths.of(&file.file);
            if are_complete && !incomplete.contains(&path) {
                export::remember_import(&documents, file.document, &path, file.hash).await?;
            } else if is_change {
                export::forget_last_text(&documents, &path).await?;
            }
        }
    }
    Ok(ImportResult {
        files: read
            .files
            .into_iter()
            .map(|SourceFile { file, document, .. }| ImportedFile { file, document })
            .collect(),
        summary,
        rejects,
    })
}
