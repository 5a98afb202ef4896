//! Inline records: entries in other documents that become records of their own if no document
//! contains the record.

use std::collections::HashSet;

use wsdb_store::{Store, Transaction};

use crate::error::{Error, OrphanReject};
use crate::merge::MergeOptions;
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::rejected_ids::RejectedIds;
use crate::report::{ImportSummary, Mode};

/// Rejects inline records that cannot be imported and that exist nowhere else.
pub(crate) fn reject_orphans<T: DocumentRecord>(
    orphan_rejects: &mut Vec<OrphanReject>,
    parsed: &[ParsedRecord<T>],
    known: &HashSet<String>,
    rejected: &RejectedIds,
    summary: &mut ImportSummary,
) {
    let parsed: HashSet<&str> = parsed.iter().map(|p| p.record.id().as_ref()).collect();
    let of_kind = orphan_rejects.extract_if(.., |orphan| orphan.kind == T::KIND);
    let orphans = of_kind.filter(|orphan| {
        !parsed.contains(orphan.id.as_str())
            && !known.contains(&orphan.id)
            && !rejected.ids.contains(&orphan.id)
    });
    summary.rejects.extend(orphans.map(|orphan| orphan.reject));
}

/// The records of a document together with its inline records.
pub(crate) struct MergedRecords<T> {
    /// The records of the document, then the inline records that exist nowhere else.
    pub(crate) records: Vec<ParsedRecord<T>>,
    /// The ids of the records that earlier imports made from inline records.
    pub(crate) existing_ids: HashSet<String>,
    /// The ids of inline records that were deleted here, and stay deleted.
    pub(crate) deleted_ids: HashSet<String>,
}

/// Adds the inline records that exist nowhere else to the records of a document.
pub(crate) async fn merge_inline_records<T: DocumentRecord>(
    store: &Store<Transaction>,
    mut parsed: Vec<ParsedRecord<T>>,
    inline: Vec<ParsedRecord<T>>,
    known: &HashSet<String>,
    rejected: &RejectedIds,
    has_document: bool,
    options: MergeOptions,
) -> Result<MergedRecords<T>, Error> {
    let mut existing_ids = HashSet::new();
    let mut deleted_ids = HashSet::new();
    if inline.is_empty() {
        return Ok(MergedRecords {
            records: parsed,
            existing_ids,
            deleted_ids,
        });
    }
    let in_files = store.documents().ids_in_files(T::KIND).await?;
    let replaces = has_document && options.mode == Mode::Replace;
    let mut ids: HashSet<String> = parsed
        .iter()
        .map(|parsed| parsed.record.id().as_ref().to_owned())
        .chain(rejected.ids.iter().cloned())
        .collect();
    for mut inline in inline {
        let id = inline.record.id().as_ref().to_owned();
        if !replaces && (known.contains(&id) || in_files.contains_key(&id)) {
            // A record that a document contained once, and no longer does, has vanished from it.
            if known.contains(&id) && !ids.contains(&id) && in_files.get(&id) == Some(&true) {
                existing_ids.insert(id);
            } else if !known.contains(&id) {
                deleted_ids.insert(id);
            }
            continue;
        }
        if ids.insert(id) {
            inline.is_inline = true;
            parsed.push(inline);
        }
    }
    Ok(MergedRecords {
        records: parsed,
        existing_ids,
        deleted_ids,
    })
}
