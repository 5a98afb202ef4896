//! Finds and reads the files of an import.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use wsdb_core::natural_order;
use wsdb_store::{Store, Transaction};

use crate::document::{self, Contents, Document, MisplacedRecords, ParsedFile};
use crate::document_paths::check_path;
use crate::error::{Error, ParseError, Reject};
use crate::file_diagnostics::FileDiagnostics;
use crate::options::ImportOptions;
use crate::parse_mappings::is_field;
use crate::rejected_records::RejectedRecords;
use crate::report::Warning;
use crate::unique::{CONTEXT_ID, PLACEMENT_OF, STATE_NAME, reject_repeated};

/// What the files of an import contain.
#[derive(Debug, Default)]
pub(crate) struct SourceFiles {
    pub(crate) contents: Contents,
    pub(crate) files: Vec<SourceFile>,
    pub(crate) rejects: Vec<Reject>,
    pub(crate) warnings: Vec<Warning>,
    /// Files that cannot be read or are not valid documents. Nothing is imported then.
    pub(crate) unreadable: Vec<ParseError>,
    /// Records that are in other places of their documents. Nothing is imported then, either.
    pub(crate) misplaced: Vec<MisplacedRecords>,
}

impl SourceFiles {
    pub(crate) fn has_errors(&self, skip_rejects: bool) -> bool {
        let is_readable = self.unreadable.is_empty() && self.misplaced.is_empty();
        !is_readable || !self.rejects.is_empty() && !skip_rejects
    }

    /// Leaves out the misplaced records that the stored fields of their document contain as well: they
    /// were never meant to be imported.
    pub(crate) async fn forget_known_fields(
        &mut self,
        store: &Store<Transaction>,
    ) -> Result<(), Error> {
        for found in std::mem::take(&mut self.misplaced) {
            let mut headers = self.contents.headers.iter();
            let header = headers.find(|header| *header.file == *found.error.file);
            let value = header.and_then(|header| header.fields.get(&found.key));
            let stored = store.documents().header(found.document.file_name()).await?;
            let stored = stored.as_ref().and_then(|fields| fields.get(&found.key));
            if value.is_none() || stored != value {
                self.misplaced.push(found);
            }
        }
        Ok(())
    }

    /// Returns the error that reports all problems, if there are any that prevent the import.
    pub(crate) fn take_error(&mut self, skip_rejects: bool) -> Option<Error> {
        let by_place = |a: (&PathBuf, &str), b: (&PathBuf, &str)| {
            a.0.cmp(b.0).then_with(|| natural_order(a.1, b.1))
        };
        let rejects = &mut self.rejects;
        rejects.sort_by(|a, b| by_place((&a.file, &a.path), (&b.file, &b.path)));
        let misplaced = self.misplaced.drain(..);
        self.unreadable.extend(misplaced.map(|found| found.error));
        if !self.unreadable.is_empty() {
            let mut all = std::mem::take(&mut self.unreadable);
            let rejects = std::mem::take(rejects).into_iter();
            all.extend(rejects.flat_map(|reject| {
                let file = reject.file;
                let reasons = reject.reasons.into_iter();
                reasons.map(move |problem| problem.in_file(&file))
            }));
            all.sort_by(|a, b| a.file.cmp(&b.file));
            return Some(Error::Unreadable(all));
        }
        attach_records(rejects);
        let is_rejected = !rejects.is_empty() && !skip_rejects;
        is_rejected.then(|| Error::Rejected {
            rejects: std::mem::take(rejects),
            different: Vec::new(),
        })
    }
}

/// A file of an import.
#[derive(Debug)]
pub(crate) struct SourceFile {
    pub(crate) file: PathBuf,
    pub(crate) document: Document,
    /// A hash of the file.
    pub(crate) hash: u64,
}

/// The files that the sources name.
#[derive(Default)]
struct FoundFiles {
    /// Each with its document if the name is known.
    files: Vec<(PathBuf, Option<Document>)>,
    /// What cannot be read.
    missing: Vec<ParseError>,
    /// Folders without documents.
    empty: Vec<PathBuf>,
}

fn find_files(sources: &[PathBuf], workspace: Option<&Path>) -> FoundFiles {
    let mut found = FoundFiles::default();
    let missing = |file: PathBuf, reason: String| ParseError {
        file,
        position: None,
        reason,
    };
    for source in sources {
        if source.is_dir() {
            let before = found.files.len() + found.missing.len();
            for document in Document::ALL {
                let name = Path::new(document.file_name());
                let file = if source == Path::new(".") {
                    name.to_owned()
                } else {
                    source.join(name)
                };
                // Includes unreadable files and dangling links, which stop the import.
                match file.symlink_metadata() {
                    Ok(_) => found.files.push((file, Some(document))),
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                    Err(error) => {
                        let reason = wsdb_core::format_read_error(&error);
                        found.missing.push(missing(file, reason));
                    }
                }
            }
            if found.files.len() + found.missing.len() == before {
                found.empty.push(source.clone());
            }
        } else if source.exists() {
            let name = source.file_name();
            let document = Document::ALL
                .into_iter()
                .find(|document| name.is_some_and(|name| name == document.file_name()));
            found.files.push((source.clone(), document));
        } else {
            let reason = wsdb_core::format_read_error(&std::io::ErrorKind::NotFound.into());
            found.missing.push(missing(source.clone(), reason));
        }
    }
    found.files.sort();
    found.files.dedup();
    found.files.retain(|(file, _)| {
        let error = check_path(file, workspace).err();
        let is_valid = error.is_none();
        found.missing.extend(error);
        is_valid
    });
    found
}

/// Returns the names of all documents, for messages.
pub(crate) fn document_names() -> String {
    let names: Vec<&str> = Document::ALL.iter().map(|d| d.file_name()).collect();
    names.join(", ")
}

/// Reads every file, and notes all problems together.
pub(crate) fn read(sources: &[PathBuf], options: &ImportOptions) -> Result<SourceFiles, Error> {
    let FoundFiles {
        files,
        missing,
        empty,
    } = find_files(sources, options.workspace.as_deref());
    let mut all = SourceFiles {
        unreadable: missing,
        ..SourceFiles::default()
    };
    if let Some(source) = empty.first()
        && files.is_empty()
        && all.unreadable.is_empty()
    {
        let folder = std::path::absolute(source).unwrap_or_else(|_| source.clone());
        return Err(Error::NothingToImport(format!(
            "no documents found in {}; expected any of: {}",
            folder.display(),
            document_names()
        )));
    }
    all.unreadable
        .extend(empty.into_iter().map(|file| ParseError {
            file,
            position: None,
            reason: format!("no documents found; expected any of: {}", document_names()),
        }));
    let parsed = read_files(&files, options);
    let mut used = HashSet::new();
    let mut broken: Vec<Option<Document>> = Vec::new();
    for (parsed, (file, _)) in parsed.into_iter().zip(&files) {
        let ParsedFile {
            document,
            hash,
            contents,
            misplaced,
            diagnostics,
        } = parsed;
        if !diagnostics.errors.is_empty() || misplaced.is_some() {
            broken.push(document);
        }
        all.files.extend(document.map(|document| SourceFile {
            file: file.clone(),
            document,
            hash,
        }));
        all.contents.extend(contents);
        all.rejects.extend(diagnostics.rejects);
        all.warnings.extend(diagnostics.warnings);
        all.unreadable.extend(diagnostics.errors);
        all.misplaced.extend(misplaced);
        used.extend(diagnostics.used);
    }
    // A file that cannot be read may contain the records that others describe in short.
    all.contents.orphan_rejects.retain(|orphan| {
        let may_contain = |document: &Option<Document>| {
            document.is_none_or(|document| document == orphan.document)
        };
        !broken.iter().any(may_contain)
    });
    for mapping in options.mappings.unused(&used) {
        // A key that is a field itself keeps its meaning.
        let reason = match options.mappings.mapped_key(&mapping) {
            Some(key) if is_field(key) => format!("{key} is already a field"),
            Some(key) => format!("no record has the unknown key {key}"),
            None => "no record has that value".to_owned(),
        };
        all.warnings.push(Warning {
            file: None,
            path: String::new(),
            message: format!("unused mapping {mapping}: {reason}"),
        });
    }
    check_unique(&mut all);
    Ok(all)
}

/// Reads files on all cores, the largest first.
fn read_files<'a>(
    files: &[(PathBuf, Option<Document>)],
    options: &'a ImportOptions,
) -> Vec<ParsedFile<'a>> {
    let mut order: Vec<usize> = (0..files.len()).collect();
    let size = |index: &usize| std::fs::metadata(&files[*index].0).map_or(0, |file| file.len());
    order.sort_by_cached_key(|index| std::cmp::Reverse(size(index)));
    let next = AtomicUsize::new(1);
    let read = |index: usize| {
        let (file, document) = &files[index];
        (index, read_file(file, *document, options))
    };
    let read_rest = || {
        let taken = std::iter::from_fn(|| order.get(next.fetch_add(1, Ordering::Relaxed)));
        taken.map(|index| read(*index)).collect::<Vec<_>>()
    };
    let mut parsed = std::thread::scope(|scope| {
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
        let others: Vec<_> = (1..cores.min(files.len()))
            .map(|_| scope.spawn(read_rest))
            .collect();
        // The largest file is read on this thread, so that its memory is reused for the next stage.
        let mut parsed: Vec<_> = order
            .first()
            .map(|index| read(*index))
            .into_iter()
            .collect();
        parsed.extend(read_rest());
        for other in others {
            match other.join() {
                Ok(more) => parsed.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        parsed
    });
    parsed.sort_by_key(|(index, _)| *index);
    parsed.into_iter().map(|(_, parsed)| parsed).collect()
}

fn read_file<'a>(
    file: &Path,
    document: Option<Document>,
    options: &'a ImportOptions,
) -> ParsedFile<'a> {
    let mut diagnostics = FileDiagnostics::new(file, &options.mappings);
    diagnostics.for_postgres = options.for_postgres;
    document::read(file, document, diagnostics)
}

fn check_unique(read: &mut SourceFiles) {
    let (contents, rejects) = (&mut read.contents, &mut read.rejects);
    contents.reject_repeated_ids(rejects);
    let records = &mut contents.records;
    reject_repeated(&mut records.states, rejects, STATE_NAME);
    reject_repeated(&mut records.placements, rejects, PLACEMENT_OF);
    reject_repeated(&mut records.contexts, rejects, CONTEXT_ID);
}

/// Adds the record to each reject.
fn attach_records(rejects: &mut [Reject]) {
    let mut records = RejectedRecords::default();
    for reject in rejects {
        reject.record = records.get(reject).cloned().unwrap_or_default();
    }
}
