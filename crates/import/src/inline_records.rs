//! Inline records: entries in other documents that become records of their own if no document
//! contains the record.

use std::collections::HashSet;

use wsdb_store::{Store, Transaction};

use crate::error::{Error, OrphanReject};
use crate::merge::MergeOptions;
use crate::merge_base::MergeBase;
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::report::{Mode, Summary};

/// Rejects inline records that cannot be imported and that exist nowhere else.
pub(crate) fn reject_orphans<T: DocumentRecord>(
    orphan_rejects: &mut Vec<OrphanReject>,
    parsed: &[ParsedRecord<T>],
    known: &HashSet<String>,
    summary: &mut Summary,
) {
    let parsed: HashSet<&str> = parsed.iter().map(|p| p.record.id().as_ref()).collect();
    let of_kind = orphan_rejects.extract_if(.., |orphan| orphan.kind == T::KIND);
    let orphans = of_kind
        .filter(|orphan| !parsed.contains(orphan.id.as_str()) && !known.contains(&orphan.id));
    summary.rejects.extend(orphans.map(|orphan| orphan.reject));
}

/// Returns the records of the document together with the inline records that exist nowhere else,
/// and the ids of those that earlier imports made from inline records.
pub(crate) async fn with_inline_records<T: DocumentRecord>(
    store: &Store<Transaction>,
    mut parsed: Vec<ParsedRecord<T>>,
    inline: Vec<ParsedRecord<T>>,
    known: &HashSet<String>,
    has_document: bool,
    options: MergeOptions,
) -> Result<(Vec<ParsedRecord<T>>, HashSet<String>), Error> {
    let mut existing = HashSet::new();
    if inline.is_empty() {
        return Ok((parsed, existing));
    }
    let base = MergeBase::load::<T>(store).await?;
    let replaces = has_document && options.mode == Mode::Replace;
    let mut ids: HashSet<String> = parsed
        .iter()
        .map(|parsed| parsed.record.id().as_ref().to_owned())
        .collect();
    for mut inline in inline {
        let id = inline.record.id().as_ref().to_owned();
        if !replaces && (known.contains(&id) || base.contains(&id)) {
            // A record that a document contained once, and no longer does, has vanished from it.
            if known.contains(&id) && !ids.contains(&id) && base.is_inline(&id) {
                existing.insert(id);
            }
            continue;
        }
        if ids.insert(id) {
            inline.is_inline = true;
            parsed.push(inline);
        }
    }
    Ok((parsed, existing))
}
