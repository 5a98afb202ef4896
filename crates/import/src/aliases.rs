//! Fields that a record in a file has under two names with different values.

use wsdb_core::{Json, JsonObject};
use wsdb_store::{RecordVersion, Store, Transaction};

use crate::document_paths::DocumentPaths;
use crate::error::{Error, Problem, Reject};
use crate::file_diagnostics::FileDiagnostics;
use crate::identity::{empty_name_of, is_unchanged};
use crate::mappings::ValueMappings;
use crate::merge_base::{MergeBase, load_by_id};
use crate::record::DocumentRecord;
use crate::record_reader::{AliasConflict, ParsedRecord, RecordReader, is_empty};

/// Chooses between two names of one field in each record, and removes the records for which it is
/// not clear.
pub(crate) async fn resolve<T: DocumentRecord>(
    store: &Store<Transaction>,
    paths: &DocumentPaths,
    records: &mut Vec<ParsedRecord<T>>,
    rejects: &mut Vec<Reject>,
) -> Result<(), Error> {
    if records.iter().all(|found| found.alias_conflicts.is_empty()) {
        return Ok(());
    }
    let known = load_by_id::<T>(store).await?;
    let mut files: Vec<_> = records.iter().map(|found| paths.of(&found.file)).collect();
    files.sort_unstable();
    files.dedup();
    let base = MergeBase::load(store, &files, paths, records, &known).await?;
    for found in std::mem::take(records) {
        if found.alias_conflicts.is_empty() {
            records.push(found);
            continue;
        }
        let path = paths.of(&found.file);
        let base = base.of(&path, &found);
        match resolve_aliases(found, base) {
            Ok(found) => records.push(found),
            Err(reject) => rejects.push(*reject),
        }
    }
    Ok(())
}

/// Chooses between two names of one field with different values: the value that changed wins, or
/// without a merge base the one that is not empty.
pub(crate) fn resolve_aliases<T: DocumentRecord>(
    mut found: ParsedRecord<T>,
    base: Option<&RecordVersion>,
) -> Result<ParsedRecord<T>, Box<Reject>> {
    let id = found.record.id().as_ref().to_owned();
    let mut reasons = Vec::new();
    let mut replaced: Vec<(String, Json)> = Vec::new();
    let fields = found.record.to_fields();
    for AliasConflict {
        name,
        key,
        alias,
        value,
    } in std::mem::take(&mut found.alias_conflicts)
    {
        let named = fields.iter().find(|(field, _)| *field == name);
        let named = named.map_or(Json::Null, |(_, value)| value.clone());
        if named == value {
            continue;
        }
        let was = |value: &Json| base.is_some_and(|base| is_unchanged(base, &name, value));
        match (was(&named), was(&value), is_empty(&named), is_empty(&value)) {
            (true, false, ..) => replaced.push((name, value)),
            (false, true, ..) => {}
            (.., true, true) => {}
            (.., true, false) => replaced.push((name, value)),
            (.., false, true) => {}
            _ => reasons.push(Problem::new(
                format!("{}.{alias}", found.path),
                format!(
                    "{alias} and {key} are the same field, but their values differ: {value} and \
                     {named}; keep only one of them"
                ),
            )),
        }
    }
    if reasons.is_empty() && !replaced.is_empty() {
        let fields = fields.into_iter();
        let mut object: JsonObject = fields
            .map(|(name, value)| (name.into_owned(), value))
            .collect();
        object.extend(replaced);
        let mappings = ValueMappings::default();
        let mut diagnostics = FileDiagnostics::new(&found.file, &mappings);
        let mut reader = RecordReader::new(object, found.path.clone(), &mut diagnostics);
        let record = T::from_fields(&mut reader);
        match reader.finish(record) {
            Some(read) => found.record = read.record,
            None => reasons = diagnostics.rejects.remove(0).reasons,
        }
    }
    if reasons.is_empty() {
        Ok(found)
    } else {
        let mut reject = Reject::new(&found.file, &found.path, reasons);
        reject.empty_names.extend(empty_name_of(&found));
        Err(Box::new(reject.of_record(T::KIND, Some(id))))
    }
}
