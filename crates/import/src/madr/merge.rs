//! Merges an edited page with its decision, with the page of the last import as the merge base.

use std::path::Path;

use wsdb_core::{Decision, DecisionStatus};

use super::adr::Adr;
use super::page_hash::decision_hash;
use super::{MAPPED_STATUS_KEY, PAGE_KEY, metadata_text, read};

/// Returns the page as it was when it was last imported.
pub(super) fn kept_page(decision: &Decision) -> Option<Adr> {
    let text = metadata_text(decision, PAGE_KEY)?;
    let mut adr = read::parse_adr(Path::new("page.md"), &text).ok()?;
    if let Some(mapped) =
        metadata_text(decision, MAPPED_STATUS_KEY).and_then(|text| text.parse().ok())
    {
        set_mapped_status(&mut adr, mapped);
    }
    adr.text = Some(text);
    Some(adr)
}

/// Uses the status that the words of a page were mapped to before.
pub(super) fn keep_mapping(adr: &mut Adr, kept: &Adr) {
    let text = |adr: &Adr| adr.fields.status.as_ref().map(|status| status.text.clone());
    let is_unknown =
        adr.status == Some(DecisionStatus::Unknown) && !adr.is_mapped && !adr.has_wsdb_status;
    if is_unknown
        && kept.is_mapped
        && text(adr) == text(kept)
        && let Some(mapped) = kept.status
    {
        set_mapped_status(adr, mapped);
    }
}

/// Sets the status that the user mapped the words of a page to.
pub(super) fn set_mapped_status(adr: &mut Adr, status: DecisionStatus) {
    adr.is_mapped = adr.status != Some(status);
    adr.status = Some(status);
    adr.odd_status = None;
    if let Some(decision) = &mut adr.wsdb_decision {
        decision.status = status;
    }
}

/// The result of merging.
pub(super) struct MergeResult {
    pub(super) decision: Decision,
    /// The parts that changed on both sides.
    pub(super) conflicts: Vec<&'static str>,
}

/// Merges a page with its decision: a part that changed on one side only takes the new value. In a
/// conflict, the page wins here.
pub(super) fn merge(adr: &Adr, kept: &Adr, stored: &Decision) -> MergeResult {
    let read = |adr: &Adr| adr.to_decision(stored.id.clone(), Some(stored), stored.date);
    let (base, page) = (read(kept), read(adr));
    let mut merged = page.clone();
    let mut conflicts = Vec::new();
    let mut choose = |name: &'static str, in_base: bool, in_page: bool| {
        // The part of the decision is equal to the one of the base, or of the page.
        let is_conflict = !in_base && !in_page;
        if is_conflict {
            conflicts.push(name);
        }
        is_conflict
    };
    macro_rules! merge_field {
        ($field:ident, $name:literal) => {
            if page.$field == base.$field {
                merged.$field.clone_from(&stored.$field);
            } else {
                choose(
                    $name,
                    stored.$field == base.$field,
                    stored.$field == page.$field,
                );
            }
        };
    }
    merge_field!(decision, "title");
    merge_field!(rationale, "outcome");
    merge_field!(status, "status");
    merge_field!(date, "date");
    if adr.wsdb_decision.is_some() {
        let has_base = kept.wsdb_decision.is_some();
        let fields = |decision: &Decision| own_fields(decision, stored);
        let (in_base, in_page, in_store) = (fields(&base), fields(&page), stored.clone());
        let is_current = adr.decision_hash.as_ref() == Some(&decision_hash(stored));
        if has_base && in_page == in_base {
            merged = copy_own_fields(merged, stored);
        } else if in_page != in_store && !(is_current || has_base && in_base == in_store) {
            conflicts.push("fields under wsdb");
        }
    }
    MergeResult {
        decision: merged,
        conflicts,
    }
}

/// Returns a decision of which only the fields under `wsdb` can differ from the stored one.
fn own_fields(decision: &Decision, stored: &Decision) -> Decision {
    let mut fields = decision.clone();
    fields.decision.clone_from(&stored.decision);
    fields.rationale.clone_from(&stored.rationale);
    fields.extra_metadata.clone_from(&stored.extra_metadata);
    (fields.status, fields.date) = (stored.status, stored.date);
    fields
}

/// Returns a decision with the fields under `wsdb` of the stored one.
fn copy_own_fields(merged: Decision, stored: &Decision) -> Decision {
    Decision {
        decision: merged.decision,
        rationale: merged.rationale,
        status: merged.status,
        date: merged.date,
        extra_metadata: merged.extra_metadata,
        ..stored.clone()
    }
}
