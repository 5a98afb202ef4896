//! Reads the JSON documents of a workspace into a store, and writes them.
//!
//! Both generations in use are read: kept by hand, and written by the earlier tool's export. The
//! promise is that every value that goes in comes out again.
//!
//! ```
//! use wsdb_import::{ExportOptions, ImportOptions, Quiet, export, import};
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
//!     import(&store, &[documents.to_owned()], &ImportOptions::default(), &Quiet).await?;
//! assert_eq!(imported.summary.counts[0].new, 1);
//!
//! export(&store, documents, &ExportOptions::default(), &Quiet).await?;
//! let text = std::fs::read_to_string(documents.join("WORKSPACE-TASKS.json"))?;
//! assert!(text.contains("\"status\": \"completed\""));
//! # Ok(())
//! # }
//! ```

mod apply;
mod base;
mod claim;
mod configuration_file;
mod document;
mod error;
mod export;
mod field;
mod header;
mod history;
mod json;
mod madr;
mod plan;
mod reader;
mod record;
mod references;
mod sources;
mod unique;
mod words;
mod yaml;

use std::path::PathBuf;

use wsdb_store::{Store, Transaction};

pub use configuration_file::{FileFormat, read_configuration};
pub use document::Document;
pub use error::{AdrConflict, Error, Position, Reject, Unreadable};
pub use export::{ExportOptions, Exported, export, write_files};
pub use madr::{
    Adr, AdrExported, AdrFile, AdrImported, AdrOutcome, AdrSources, export_adr, import_adr,
    read_adr,
};
pub use plan::{Conflict, Counts, Gone, Mode, Prefer, Summary, Warning};
pub use reader::Mappings;

/// What long work is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Reading.
    Read,
    /// Comparing with what is there.
    Compare,
    /// Writing so many things.
    Write(usize),
}

/// Hears how long work gets on.
pub trait Progress {
    /// A step begins.
    fn step(&self, step: Step);
    /// So much more of the step is done.
    fn advance(&self, done: usize);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy)]
pub struct Quiet;

impl Progress for Quiet {
    fn step(&self, _: Step) {}
    fn advance(&self, _: usize) {}
}

/// How to import.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// How the records meet those that are there.
    pub mode: Mode,
    /// Which side wins where both have changed.
    pub prefer: Option<Prefer>,
    /// Words that are mapped to words that we know.
    pub mappings: Mappings,
    /// Only tell what would happen.
    pub dry_run: bool,
    /// Reject what PostgreSQL can't keep, too: see [`wsdb_store::unkept`].
    pub for_postgres: bool,
    /// Import the rest where some records can't be.
    pub skip_rejects: bool,
}

/// What was imported.
#[derive(Debug, Clone, Default)]
pub struct Imported {
    /// The files that were read.
    pub files: Vec<(PathBuf, Document)>,
    /// What happened, or would happen.
    pub summary: Summary,
    /// The records that were left out.
    pub rejects: Vec<Reject>,
}

/// Documents that have been read, and are ready to be imported.
#[derive(Debug)]
pub struct Incoming<'a> {
    sources: &'a [PathBuf],
    options: &'a ImportOptions,
    read: sources::Read,
}

/// Reads documents, without a look at any database.
///
/// `sources` are folders, which hold documents under their names, or files.
///
/// # Errors
/// [`Error::Unreadable`] names every file that is no such document, [`Error::Rejected`] every
/// record that can't be mapped, unless those are to be left out.
pub fn read<'a>(
    sources: &'a [PathBuf],
    options: &'a ImportOptions,
    progress: &dyn Progress,
) -> Result<Incoming<'a>, Error> {
    progress.step(Step::Read);
    let read = sources::read(sources, options)?;
    if !read.rejects.is_empty() && !options.skip_rejects {
        return Err(Error::Rejected(read.rejects));
    }
    Ok(Incoming {
        sources,
        options,
        read,
    })
}

impl Incoming<'_> {
    /// Imports the documents: all of them or none, in one transaction.
    ///
    /// # Errors
    /// What the database reports; and as [`read`] where the transaction lost against another one
    /// and the documents were read again.
    pub async fn import(self, store: &Store, progress: &dyn Progress) -> Result<Imported, Error> {
        let (sources, options) = (self.sources, self.options);
        let first = std::cell::Cell::new(Some(self.read));
        store
            .write(async |store| {
                // Records are moved and not copied: who has to try again reads again.
                let read = match first.take() {
                    Some(read) => read,
                    None => self::read(sources, options, progress)?.read,
                };
                apply_all(store, read, options, progress).await
            })
            .await
    }
}

/// Imports documents: all of them or none, in one transaction.
///
/// # Errors
/// As [`read`] and [`Incoming::import`]; nothing is written then.
pub async fn import(
    store: &Store,
    sources: &[PathBuf],
    options: &ImportOptions,
    progress: &dyn Progress,
) -> Result<Imported, Error> {
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
    read: sources::Read,
    options: &ImportOptions,
    progress: &dyn Progress,
) -> Result<Imported, Error> {
    let mut summary = Summary {
        warnings: read.warnings,
        ..Summary::default()
    };
    let rules = plan::Rules {
        mode: options.mode,
        prefer: options.prefer,
        skip_rejects: options.skip_rejects,
    };
    let dry_run = options.dry_run;
    apply::apply(store, read.contents, rules, dry_run, &mut summary, progress).await?;
    let mut rejects = read.rejects;
    rejects.append(&mut summary.rejects);
    // A file with a reject or a conflict holds something that the database doesn't.
    if !dry_run && rejects.is_empty() && summary.conflicts.is_empty() {
        for (_, document, hash) in &read.files {
            export::note_file(&store.documents(), *document, *hash).await?;
        }
    }
    Ok(Imported {
        files: read
            .files
            .into_iter()
            .map(|(file, document, _)| (file, document))
            .collect(),
        summary,
        rejects,
    })
}
