//! Merges an edited page with its decision, with the page of the last import as the merge base.

use std::path::PathBuf;

use wsdb_core::{Decision, DecisionStatus, Json, json};

use super::adr::Adr;
use super::page_hash::decision_hash;
use super::without_page_facts::without_page_facts;
use super::{FILE_KEY, MAPPED_STATUS_KEY, PAGE_KEY, metadata_text, metadata_without_page, read};
use crate::report::ConflictResolution;

/// Returns the page as it was when it was last imported.
pub(super) fn kept_page(decision: &Decision) -> Option<Adr> {
    let text = metadata_text(decision, PAGE_KEY)?;
    let mut adr = read::parse_adr(&file_of_page(decision), &text).ok()?;
    if let Some(mapped) =
        metadata_text(decision, MAPPED_STATUS_KEY).and_then(|text| text.parse().ok())
    {
        set_mapped_status(&mut adr, mapped);
    }
    adr.text = Some(text);
    Some(adr)
}

/// Returns the name of the file that a decision was imported from: it may have the number of the page.
fn file_of_page(decision: &Decision) -> PathBuf {
    metadata_text(decision, FILE_KEY)
        .unwrap_or_else(|| "page.md".to_owned())
        .into()
}

/// Reads an earlier text of a decision's page.
pub(super) fn parse_page(text: &str, decision: &Decision) -> Option<Adr> {
    let mut adr = read::parse_adr(&file_of_page(decision), text).ok()?;
    adr.text = Some(text.to_owned());
    if let Some(kept) = kept_page(decision) {
        keep_mapping(&mut adr, &kept);
    }
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
    /// The page of a person as it was at its last import or export.
    Page {
        adr: &'a Adr,
        /// Whether the decision was not imported from another page since.
        is_latest: bool,
    },
    /// The decision that was exported as the page.
    Decision(&'a Decision),
}

/// Merges a page with its decision: a part that changed on one side only takes the new value. In a
/// conflict, the page wins unless the database is preferred.
pub(super) fn merge(
    adr: &Adr,
    base: MergeBase<'_>,
    stored: &Decision,
    prefer: Option<ConflictResolution>,
) -> MergeResult {
    let is_database_preferred = prefer == Some(ConflictResolution::Database);
    let read = |adr: &Adr| adr.to_decision(stored.id.clone(), Some(stored), stored.date);
    let page = read(adr);
    let (base, has_base, is_latest) = match base {
        MergeBase::Page { adr, is_latest } => (read(adr), adr.wsdb_decision.is_some(), is_latest),
        MergeBase::Decision(decision) => (decision.clone(), true, false),
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
                if is_database_preferred {
                    merged.$field.clone_from(&stored.$field);
                }
            }
        };
    }
    merge_field!(decision, "title");
    merge_field!(rationale, "outcome");
    merge_field!(status, "status");
    merge_field!(date, "date");
    // If the page is the latest import, the stored sections differ from it only in the words of the status.
    let [in_base, in_page, in_store] = [&base, &page, stored].map(sections);
    if !is_latest && in_store != in_base && in_store != in_page {
        let is_conflict = in_page != in_base;
        if is_conflict {
            conflicts.push("other sections");
        }
        if !is_conflict || is_database_preferred {
            let rest = metadata_without_page(page.extra_metadata.as_ref());
            merged.extra_metadata = with_page_of(rest, stored);
        }
    }
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
            let [in_base, in_page, in_store] = [&base, &page, stored]
                .map(|decision| metadata_without_page(decision.extra_metadata.as_ref()));
            if in_store != in_base && in_store != in_page {
                let is_conflict = in_page != in_base;
                if is_conflict {
                    conflicts.push("metadata");
                }
                if !is_conflict || is_database_preferred {
                    merged.extra_metadata = with_page_of(in_store, &merged);
                }
            }
        } else if with_parts_of(&page, stored) != *stored && !is_current {
            conflicts.push("fields under wsdb");
            if is_database_preferred {
                merged = with_parts_of(stored, &merged);
            }
        }
    }
    MergeResult {
        decision: merged,
        conflicts,
    }
}

/// Returns what a decision keeps of the content of its page.
fn sections(decision: &Decision) -> Option<Json> {
    let metadata = without_page_facts(decision).extra_metadata?;
    let sections = metadata.get("madr").filter(|sections| sections.is_object());
    sections.cloned()
}

/// Returns metadata with what a decision keeps of its page.
fn with_page_of(rest: Option<Json>, decision: &Decision) -> Option<Json> {
    let metadata = decision.extra_metadata.as_ref();
    let page = metadata.and_then(|metadata| metadata.get("madr"));
    let Some(page) = page.filter(|page| page.is_object()) else {
        return rest;
    };
    let mut metadata = rest.unwrap_or_else(|| json!({}));
    if let Some(fields) = metadata.as_object_mut() {
        fields.insert("madr".to_owned(), page.clone());
    }
    Some(metadata)
}

/// Returns a decision with the parts of another one that a page has without fields under `wsdb`.
fn with_parts_of(decision: &Decision, other: &Decision) -> Decision {
    Decision {
        decision: other.decision.clone(),
        rationale: other.rationale.clone(),
        status: other.status,
        date: other.date,
        extra_metadata: other.extra_metadata.clone(),
        ..decision.clone()
    }
}
