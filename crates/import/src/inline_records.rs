//! Inline records: entries in other documents that become records of their own if no document
//! contains the record.

use std::collections::{HashMap, HashSet};

use wsdb_store::HeldRecord;

use crate::error::OrphanReject;
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::rejected_ids::RejectedIds;
use crate::report::ImportSummary;

/// What is known about the records of a kind that may be inline.
pub(crate) struct Known<'k> {
    /// The ids of the records in the database.
    pub(crate) ids: &'k HashSet<String>,
    /// How files held the records, by their ids.
    pub(crate) in_files: HashMap<String, HeldRecord>,
    /// The ids of rejected records of the documents.
    pub(crate) rejected: RejectedIds,
    /// Whether the documents are all there is of the kind.
    pub(crate) is_replaced: bool,
}

impl Known<'_> {
    /// Returns whether a document that is not imported now contains the record.
    fn is_in_other_document(&self, id: &str) -> bool {
        let held = self.in_files.get(id);
        !self.is_replaced && self.ids.contains(id) && held.is_some_and(|held| held.is_in_document)
    }
}

/// Rejects inline records that cannot be imported and that no document contains.
pub(crate) fn reject_orphans<T: DocumentRecord>(
    orphan_rejects: &mut Vec<OrphanReject>,
    parsed: &[ParsedRecord<T>],
    known: &Known<'_>,
    summary: &mut ImportSummary,
) {
    let in_documents = parsed.iter().filter(|parsed| !parsed.is_inline);
    let in_documents: HashSet<&str> = in_documents.map(|p| p.record.id().as_ref()).collect();
    let of_kind = orphan_rejects.extract_if(.., |orphan| orphan.kind == T::KIND);
    let orphans = of_kind.filter(|orphan| {
        !in_documents.contains(orphan.id.as_str())
            && !known.rejected.ids.contains(&orphan.id)
            && !known.is_in_other_document(&orphan.id)
    });
    summary.rejects.extend(orphans.map(|orphan| orphan.reject));
}

/// Adds the inline records that no document contains to the records of a document. Returns the ids of those
/// that were deleted here, and stay deleted.
pub(crate) fn add_inline_records<T: DocumentRecord>(
    parsed: &mut Vec<ParsedRecord<T>>,
    inline: Vec<ParsedRecord<T>>,
    known: &Known<'_>,
) -> HashSet<String> {
    let mut deleted_ids = HashSet::new();
    let mut ids: HashSet<String> = parsed
        .iter()
        .map(|parsed| parsed.record.id().as_ref().to_owned())
        .chain(known.rejected.ids.iter().cloned())
        .collect();
    for mut inline in inline {
        let id = inline.record.id().as_ref().to_owned();
        let held = known.in_files.get(&id);
        let is_added = match (known.is_replaced, known.ids.contains(&id)) {
            (true, _) => true,
            // Nothing else contains the record, so a change of it is made here.
            (false, true) => held.is_some_and(|held| held.is_inline && !held.is_in_document),
            (false, false) if held.is_some() => {
                deleted_ids.insert(id.clone());
                false
            }
            (false, false) => true,
        };
        if is_added && ids.insert(id) {
            inline.is_inline = true;
            parsed.push(inline);
        }
    }
    deleted_ids
}
