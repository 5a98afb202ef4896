//! Finds and reads the files of an import.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use wsdb_core::Json;

use crate::document::{self, Contents, Document, ParsedFile};
use crate::error::{Error, ParseError, Reject};
use crate::file_diagnostics::{FileDiagnostics, find_by_path};
use crate::json;
use crate::options::ImportOptions;
use crate::report::Warning;
use crate::unique::reject_repeated;

/// What the files of an import contain.
#[derive(Debug, Default)]
pub(crate) struct SourceFiles {
    pub(crate) contents: Contents,
    pub(crate) files: Vec<SourceFile>,
    pub(crate) rejects: Vec<Reject>,
    pub(crate) warnings: Vec<Warning>,
}

/// A file of an import.
#[derive(Debug)]
pub(crate) struct SourceFile {
    pub(crate) file: PathBuf,
    pub(crate) document: Document,
    /// A hash of the file.
    pub(crate) hash: u64,
}

/// Returns the files that the sources name, each with its document if the name is known.
fn files(sources: &[PathBuf]) -> Result<Vec<(PathBuf, Option<Document>)>, Error> {
    let mut files = Vec::new();
    let mut missing = Vec::new();
    for source in sources {
        if source.is_dir() {
            let before = files.len();
            for document in Document::ALL {
                let name = Path::new(document.file_name());
                let file = if source == Path::new(".") {
                    name.to_owned()
                } else {
                    source.join(name)
                };
                // Includes unreadable files and dangling links, which stop the import.
                match file.symlink_metadata() {
                    Ok(_) => files.push((file, Some(document))),
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                    Err(error) => missing.push(ParseError {
                        file,
                        position: None,
                        reason: format!("cannot be read: {error}"),
                    }),
                }
            }
            if files.len() == before && missing.is_empty() {
                let names: Vec<&str> = Document::ALL.iter().map(|d| d.file_name()).collect();
                let folder = std::path::absolute(source).unwrap_or_else(|_| source.clone());
                return Err(Error::NothingToImport(format!(
                    "no documents found in {}; expected any of: {}",
                    folder.display(),
                    names.join(", ")
                )));
            }
        } else if source.exists() {
            let name = source.file_name();
            let document = Document::ALL
                .into_iter()
                .find(|document| name.is_some_and(|name| name == document.file_name()));
            files.push((source.clone(), document));
        } else {
            missing.push(ParseError {
                file: source.clone(),
                position: None,
                reason: "no such file or folder".to_owned(),
            });
        }
    }
    if !missing.is_empty() {
        return Err(Error::Unreadable(missing));
    }
    files.sort();
    files.dedup();
    Ok(files)
}

/// Reads every file, and reports all problems together.
pub(crate) fn read(sources: &[PathBuf], options: &ImportOptions) -> Result<SourceFiles, Error> {
    let files = files(sources)?;
    let parsed = read_files(&files, options);

    let mut all = SourceFiles::default();
    let mut unreadable = Vec::new();
    let mut used = std::collections::HashSet::new();
    for (parsed, (file, _)) in parsed.into_iter().zip(&files) {
        match parsed {
            Ok(ParsedFile {
                document,
                hash,
                contents,
                diagnostics,
            }) => {
                all.files.push(SourceFile {
                    file: file.clone(),
                    document,
                    hash,
                });
                all.contents.extend(contents);
                all.rejects.extend(diagnostics.rejects);
                all.warnings.extend(diagnostics.warnings);
                used.extend(diagnostics.used);
            }
            Err(error) => unreadable.push(error),
        }
    }
    if !unreadable.is_empty() {
        // All problems are reported together.
        let rejects = all.rejects.into_iter();
        unreadable.extend(rejects.flat_map(|reject| {
            let file = reject.file;
            let reasons = reject.reasons.into_iter();
            reasons.map(move |problem| problem.in_file(&file))
        }));
        return Err(Error::Unreadable(unreadable));
    }
    for mapping in options.mappings.unused(&used) {
        all.warnings.push(Warning {
            file: None,
            path: String::new(),
            message: format!("unused mapping {mapping}: no record has that field and value"),
        });
    }
    check_unique(&mut all);
    attach_records(&mut all.rejects);
    Ok(all)
}

/// Reads files on all cores, the largest first.
fn read_files<'a>(
    files: &[(PathBuf, Option<Document>)],
    options: &'a ImportOptions,
) -> Vec<Result<ParsedFile<'a>, ParseError>> {
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
) -> Result<ParsedFile<'a>, ParseError> {
    let mut diagnostics = FileDiagnostics::new(file, &options.mappings);
    diagnostics.for_postgres = options.for_postgres;
    document::read(file, document, diagnostics)
}

fn check_unique(read: &mut SourceFiles) {
    let (records, rejects) = (&mut read.contents.records, &mut read.rejects);
    let mut claims = std::mem::take(&mut records.claims);
    records.reject_repeated_ids(rejects);
    if !claims.is_empty() {
        // A claim is kept or removed with its task.
        let places = records.tasks.iter().map(|task| (&task.file, &task.path));
        let places: HashSet<_> = places.collect();
        claims.retain(|claim| places.contains(&(&claim.file, &claim.path)));
    }
    records.claims = claims;
    reject_repeated(&mut records.states, rejects, "state name", |state| {
        Some(state.state_name.as_str().into())
    });
    reject_repeated(
        &mut records.placements,
        rejects,
        "placement of",
        |placement| {
            let state = placement.architecture_state_id.as_ref()?;
            Some(format!("{} in {state}", placement.component_name).into())
        },
    );
    reject_repeated(&mut records.contexts, rejects, "context ID", |switch| {
        switch.context_id.as_deref().map(Cow::Borrowed)
    });
}

/// Adds the record to each reject. Rejects are few, so their files are read again instead of
/// keeping a copy of every record.
pub(crate) fn attach_records(rejects: &mut [Reject]) {
    let mut values: HashMap<PathBuf, Json> = HashMap::new();
    for reject in rejects {
        let value = values
            .entry(reject.file.clone())
            .or_insert_with(|| json::read(&reject.file).map_or(Json::Null, |(value, _)| value));
        let record = find_by_path(value, &reject.path);
        reject.record = record.cloned().unwrap_or_default();
    }
}
