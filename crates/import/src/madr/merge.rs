//! Merges an edited page with its decision, with the page of the last import as the merge base.

use std::path::Path;

use wsdb_core::{Decision, DecisionStatus, Json, JsonObject, json};

use super::adr::Adr;
use super::page_hash::decision_hash;
use super::write::without_page_facts;
use super::{MAPPED_STATUS_KEY, PAGE_FACTS, PAGE_KEY, metadata_text, metadata_value, read};

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

/// The version of a decision that a page was made from.
pub(super) enum MergeBase<'a> {
    /// The page of a person as it was when it was last imported.
    Page(&'a Adr),
    /// The decision that was exported as the page.
    Decision(&'a Decision),
}

/// Merges a page with its decision: a part that changed on one side only takes the new value. In a
/// conflict, the page wins here.
pub(super) fn merge(adr: &Adr, base: MergeBase<'_>, stored: &Decision) -> MergeResult {
    let read = |adr: &Adr| adr.to_decision(stored.id.clone(), Some(stored), stored.date);
    let page = read(adr);
    let (base, has_base) = match base {
        MergeBase::Page(kept) => (read(kept), kept.wsdb_decision.is_some()),
        MergeBase::Decision(decision) => (decision.clone(), true),
    };
    let is_current = adr.decision_hash.as_ref() == Some(&decision_hash(stored));
    let mut merged = page.clone();
    let mut conflicts = Vec::new();
    macro_rules! merge_field {
        ($field:ident, $name:literal) => {
            if page.$field == base.$field {
                merged.$field.clone_from(&stored.$field);
            } else if stored.$field != base.$field && stored.$field != page.$field {
                conflicts.push($name);
            }
        };
    }
    merge_field!(decision, "title");
    merge_field!(rationale, "outcome");
    merge_field!(status, "status");
    merge_field!(date, "date");
    if adr.wsdb_decision.is_some() {
        if has_base {
            merge_field!(session, "session");
            merge_field!(repos_affected, "repos");
            merge_field!(impact, "impact");
            merge_field!(related_files, "files");
            merge_field!(documentation, "documentation");
            merge_field!(supersedes, "supersedes");
            merge_field!(related_tasks, "tasks");
            merge_field!(related_components, "components");
            merge_field!(related_detections, "detections");
            merge_field!(document_fields, "other fields under wsdb");
            let [in_base, in_page, in_store] = [&base, &page, stored].map(content_metadata);
            if in_page == in_base && in_store != in_base {
                merged.extra_metadata = with_page_facts(stored, &page);
            } else if in_page != in_base && in_store != in_base && in_page != in_store {
                conflicts.push("other sections");
            }
        } else if own_fields(&page, stored) != *stored && !is_current {
            conflicts.push("fields under wsdb");
        }
    }
    MergeResult {
        decision: merged,
        conflicts,
    }
}

/// Returns the metadata of a decision without the facts about its page.
fn content_metadata(decision: &Decision) -> Option<Json> {
    let mut metadata = without_page_facts(decision).extra_metadata?;
    let fields = metadata.as_object_mut()?;
    if fields
        .get("madr")
        .and_then(Json::as_object)
        .is_some_and(JsonObject::is_empty)
    {
        fields.remove("madr");
    }
    (!fields.is_empty()).then_some(metadata)
}

/// Returns the metadata of a decision with the facts about the page of another one.
fn with_page_facts(decision: &Decision, page: &Decision) -> Option<Json> {
    let mut metadata = content_metadata(decision).unwrap_or_else(|| json!({}));
    for key in PAGE_FACTS {
        if let Some(fact) = metadata_value(page, key) {
            metadata["madr"][key] = fact;
        }
    }
    metadata
        .as_object()
        .is_some_and(|fields| !fields.is_empty())
        .then_some(metadata)
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
