//! Gives rejected records new ids if different records in the database have theirs, so that references to them
//! in the files do not lead to those records.

use std::collections::HashSet;

use wsdb_core::{Json, Timestamp};
use wsdb_store::{EarlierVersion, Rev, Store, Transaction};

use crate::digest::digest;
use crate::document_paths::{DocumentPaths, folder_of};
use crate::error::{Error, Reject};
use crate::identity::{has_only_date, is_version_of, time_of_creation};
use crate::merge_base::load_by_id;
use crate::record::DocumentRecord;
use crate::record_reader::{ParsedRecord, REV_KEY};
use crate::rejected_records::RejectedRecords;
use crate::renumber::references::NewIds;

/// What is added to the id of a rejected record. A number of the series could be that of a later record.
const SUFFIX: &str = "-rejected";

/// Gives the rejected records of one kind ids that no record has, if different records here have theirs.
pub(super) async fn set_ids_of_rejected<T: DocumentRecord>(
    store: &Store<Transaction>,
    paths: &DocumentPaths,
    found: &[ParsedRecord<T>],
    rejects: &[Reject],
    records: &mut RejectedRecords,
    ids: &mut NewIds,
) -> Result<(), Error> {
    let of_kind = rejects.iter().filter_map(|reject| {
        let identity = reject.identity.as_deref()?;
        let id = identity.id.as_deref()?;
        (identity.kind == T::KIND).then_some((reject, id))
    });
    let of_kind: Vec<(&Reject, &str)> = of_kind.collect();
    if of_kind.is_empty() || T::CREATED.is_none() {
        return Ok(());
    }
    let known = load_by_id::<T>(store).await?;
    let ids_by_folder = found
        .iter()
        .map(|found| (folder_of(&found.file), found.record.id().as_ref()));
    let ids_by_folder: HashSet<_> = ids_by_folder.collect();
    for (reject, id) in of_kind {
        let Some(record) = known.get(id) else {
            continue;
        };
        // References lead to the other record in the files with this id, or to one that was imported earlier.
        let is_found = ids_by_folder.contains(&(folder_of(&reject.file), id));
        let is_renumbered = || {
            let ids = ids.of(&reject.file);
            ids.is_some_and(|ids| ids.of_kind(T::KIND, id).is_some())
        };
        if is_found || is_renumbered() {
            continue;
        }
        let documents = store.documents();
        let entries = documents.entries(&paths.of(&reject.file), T::KIND).await?;
        let held = entries.iter().find(|entry| entry.id_in_file == id);
        let in_file = records.get(reject);
        let is_version = |record: &T| {
            held.is_some_and(|held| is_version_of(&held.version, record))
                || in_file.is_some_and(|in_file| is_version_in_file(in_file, record))
        };
        let mut is_same = is_version(record);
        if !is_same {
            let mut visit = |earlier: EarlierVersion<T>| {
                is_same |= !earlier.is_withdrawn && is_version(&earlier.record);
                !is_same
            };
            let history = store.history();
            history
                .earlier_versions(&[id.to_owned()], &mut visit)
                .await?;
        }
        if !is_same {
            let mut new = format!("{id}{SUFFIX}");
            while known.contains_key(&new) {
                new.push_str(SUFFIX);
            }
            ids.add(&reject.file, T::KIND, id, new);
        }
    }
    Ok(())
}

/// Returns whether an object that cannot be read as a record is this version of the one here: it names the
/// version, or was made at the same time, and has the same name if that is only a date or cannot be read.
fn is_version_in_file<T: DocumentRecord>(in_file: &Json, record: &T) -> bool {
    let version = record.version();
    let text = |field: &str| in_file.get(field).and_then(Json::as_str);
    let rev = text(REV_KEY).and_then(|rev| rev.parse::<Rev>().ok());
    if rev == Some(T::rev_of(&version)) {
        return true;
    }
    let has_name =
        || T::NAME.is_none_or(|name| in_file.get(name).and_then(digest) == version.digest(name));
    let created = T::CREATED.and_then(text);
    match created.and_then(|time| time.parse::<Timestamp>().ok()) {
        Some(time) => {
            let is_same_time = time_of_creation(record) == Some(time);
            is_same_time && (!has_only_date(record) || has_name())
        }
        None => T::NAME.is_some() && has_name(),
    }
}
