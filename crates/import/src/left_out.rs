//! Records in files that an import left out, because different records in the database have their ids.

use std::collections::{HashMap, HashSet};

use wsdb_store::{EarlierVersion, RecordVersion, Store, Transaction};

use crate::document_paths::DocumentPaths;
use crate::error::Error;
use crate::identity::{are_different_records, is_version_of};
use crate::merge_base::MergeBase;
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;

/// Returns the ids of the records in files that were left out: each differs from the record with its id in the
/// database, and what the file held of it was never a version of that record.
pub(crate) async fn find_left_out<T: DocumentRecord>(
    store: &Store<Transaction>,
    found: impl IntoIterator<Item = &ParsedRecord<T>>,
    paths: &DocumentPaths,
    known: &HashMap<String, T>,
    base: &MergeBase,
) -> Result<HashSet<String>, Error> {
    let different = found.into_iter().filter_map(|found| {
        let path = paths.of(&found.file);
        let record = known.get(found.record.id().as_ref())?;
        // A record without an id was compared with the others of its file before.
        let is_different = !found.is_recognized && are_different_records(found, record);
        let version = base.of(&path, found).filter(|_| is_different)?;
        let own = base.is_own(&path, found).then_some(version);
        let is_edit = own.is_some_and(|own| is_version_of(own, record));
        (!is_edit).then_some((found.record.id().as_ref().to_owned(), (found, own)))
    });
    let mut different: HashMap<String, _> = different.collect();
    if different.is_empty() {
        return Ok(HashSet::new());
    }
    let ids: Vec<String> = different.keys().cloned().collect();
    let mut visit = |earlier: EarlierVersion<T>| {
        let id = earlier.record.id().as_ref();
        let is_same = |(found, own): &(&ParsedRecord<T>, Option<&RecordVersion>)| {
            !are_different_records(found, &earlier.record)
                || own.is_some_and(|own| is_version_of(own, &earlier.record))
        };
        let is_version = !earlier.is_withdrawn && different.get(id).is_some_and(is_same);
        if is_version {
            different.remove(id);
        }
        !is_version
    };
    store.history().earlier_versions(&ids, &mut visit).await?;
    Ok(different.into_keys().collect())
}
