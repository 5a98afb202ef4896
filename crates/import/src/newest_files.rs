//! Finds the files that are edited versions of the newest export to their path. What they contain in addition
//! was added by hand, also if the database had it before.

use std::collections::HashMap;
use std::path::Path;

use wsdb_store::{Rev, Store, Transaction};

use crate::document::{Document, ParsedRecords};
use crate::document_paths::DocumentPaths;
use crate::error::Error;
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::sources::SourceFile;

/// Notes that the records within the sessions of such files are not identified by their contents.
pub(crate) async fn note_added_records(
    store: &Store<Transaction>,
    files: &[SourceFile],
    paths: &DocumentPaths,
    records: &mut ParsedRecords,
) -> Result<(), Error> {
    let documents = store.documents();
    for source in files.iter().filter(|it| it.document == Document::Sessions) {
        let known = documents.files(source.document.file_name()).await?;
        let file = source.file.as_path();
        let path = paths.of(file);
        // Nobody edited a file with a known content.
        let is_newest = !known.contains(&source.hash)
            && names_held_versions(store, &path, file, &records.sessions).await?
            && names_held_versions(store, &path, file, &records.activities).await?
            && names_held_versions(store, &path, file, &records.session_decisions).await?
            && names_held_versions(store, &path, file, &records.session_issues).await?;
        if is_newest {
            note_added(file, &mut records.activities);
            note_added(file, &mut records.session_decisions);
            note_added(file, &mut records.session_issues);
        }
    }
    Ok(())
}

/// Returns whether the records of a file name the versions that it held last.
async fn names_held_versions<T: DocumentRecord>(
    store: &Store<Transaction>,
    path: &str,
    file: &Path,
    records: &[ParsedRecord<T>],
) -> Result<bool, Error> {
    let entries = store.documents().entries(path, T::KIND).await?;
    let entries = entries.into_iter();
    let held: HashMap<String, Option<Rev>> = entries.map(|it| (it.id_in_file, it.rev)).collect();
    let mut named = records
        .iter()
        .filter(|it| &*it.file == file && it.rev.is_some());
    Ok(named.all(|found| held.get(found.id_in_file()) == Some(&found.rev)))
}

fn note_added<T>(file: &Path, records: &mut [ParsedRecord<T>]) {
    for found in records.iter_mut().filter(|found| &*found.file == file) {
        found.is_nested_in_export = false;
    }
}
