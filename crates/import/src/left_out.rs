//! Records in files that an import left out, because different records in the database have their ids.

use std::collections::{HashMap, HashSet};

use wsdb_store::{EarlierVersion, Store, Transaction};

use crate::error::Error;
use crate::merge::are_different_records;
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;

/// Returns the ids of the records in files that were left out. `different` are those that differ from the
/// records with their ids: some of these may have been other versions of the same record before.
pub(crate) async fn find_left_out<T: DocumentRecord>(
    store: &Store<Transaction>,
    different: impl Iterator<Item = &ParsedRecord<T>>,
) -> Result<HashSet<String>, Error> {
    let different = different.map(|found| (found.record.id().as_ref().to_owned(), found));
    let mut different: HashMap<String, &ParsedRecord<T>> = different.collect();
    if different.is_empty() {
        return Ok(HashSet::new());
    }
    let ids: Vec<String> = different.keys().cloned().collect();
    let mut visit = |earlier: EarlierVersion<T>| {
        let id = earlier.record.id().as_ref();
        let is_same = |found: &&ParsedRecord<T>| !are_different_records(found, &earlier.record);
        let is_version = !earlier.is_withdrawn && different.get(id).is_some_and(is_same);
        if is_version {
            different.remove(id);
        }
        !is_version
    };
    store.history().earlier_versions(&ids, &mut visit).await?;
    Ok(different.into_keys().collect())
}
