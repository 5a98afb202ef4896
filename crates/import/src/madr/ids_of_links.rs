//! Sets the IDs of the decisions that wsdb named in pages: in another workspace, they may be others.

use std::path::Path;

use wsdb_core::{Decision, DecisionId};

use super::adr::Adr;
use super::imported_page::ImportedPage;
use super::page_location::location_of;
use super::reference::Reference;
use super::supersession::DecisionResolver;
use crate::report::Warning;

/// A decision that wsdb named in a page.
struct NamedDecision {
    /// Its ID in the page.
    written: DecisionId,
    /// Its ID here; `None` if it may be any decision.
    here: Option<DecisionId>,
}

/// Replaces the IDs in pages by those that the decisions have here: the decision of a page without an ID is known
/// by the file that the page links to. A new link to a decision that may be a different one is left out.
pub(super) fn set_ids_of_links(
    pages: &mut [ImportedPage<'_>],
    all: &[Decision],
    root: &Path,
    warnings: &mut Vec<Warning>,
) {
    let resolver = DecisionResolver::new(pages, all, root);
    let named = pages.iter().map(|page| {
        let ids = written_ids(&page.adr).into_iter();
        let named = ids.map(|written| NamedDecision {
            here: find_id(page, &written, &resolver, pages, all, root),
            written,
        });
        named.collect()
    });
    let named: Vec<Vec<NamedDecision>> = named.collect();
    for (page, named) in pages.iter_mut().zip(named) {
        let is_other = |named: &NamedDecision| named.here.as_ref() != Some(&named.written);
        if page.is_refused || !named.iter().any(is_other) {
            continue;
        }
        let here = |written: &DecisionId, current: &DecisionId| {
            let found = named.iter().find(|named| named.written == *written);
            match found.map(|named| &named.here) {
                Some(None) if written == current => None,
                Some(Some(id)) => Some(id.clone()),
                Some(None) | None => Some(current.clone()),
            }
        };
        let supersedes = &page.decision.supersedes;
        let by_wsdb = page.adr.wsdb_decision.as_ref();
        let written = by_wsdb.map(|decision| &decision.supersedes);
        // The list in the database has the IDs of this workspace.
        if let Some(written) = written.filter(|written| written.len() == supersedes.len())
            && (page.is_new || *supersedes != page.stored.supersedes)
        {
            let ids = written.iter().zip(supersedes);
            let ids = ids.filter_map(|(written, current)| here(written, current));
            page.decision.supersedes = ids.collect();
        }
        let unknown = named.iter().filter(|named| named.here.is_none());
        warnings.extend(unknown.map(|named| Warning {
            file: Some(page.adr.file.clone()),
            path: String::new(),
            message: format!(
                "its link to {} was left out because that ID may belong to a different decision in this workspace",
                named.written
            ),
        }));
        let set_references = |adr: &mut Adr| {
            let written = adr.written_successors.clone();
            for references in [&mut adr.superseded_by, &mut adr.written_successors] {
                if references.len() != written.len() {
                    continue;
                }
                let ids = references.iter().zip(&written).filter_map(|pair| {
                    let (Reference::Name(current), Reference::Name(written)) = pair else {
                        return Some(pair.0.clone());
                    };
                    let (Ok(current), Ok(written)) = (
                        DecisionId::new(current.as_str()),
                        DecisionId::new(written.as_str()),
                    ) else {
                        return Some(pair.0.clone());
                    };
                    Some(Reference::Name(here(&written, &current)?.to_string()))
                });
                *references = ids.collect();
            }
        };
        set_references(page.adr.to_mut());
        page.base.iter_mut().for_each(set_references);
    }
}

/// Returns the IDs that wsdb wrote into a page.
fn written_ids(adr: &Adr) -> Vec<DecisionId> {
    let supersedes = adr.wsdb_decision.iter();
    let mut ids: Vec<DecisionId> = supersedes.flat_map(|it| it.supersedes.clone()).collect();
    let successors = adr.written_successors.iter();
    ids.extend(successors.filter_map(|id| DecisionId::new(id.to_string()).ok()));
    ids.dedup();
    ids
}

/// Finds the decision that a page names by an ID.
fn find_id(
    page: &ImportedPage<'_>,
    written: &DecisionId,
    resolver: &DecisionResolver<'_>,
    pages: &[ImportedPage<'_>],
    all: &[Decision],
    root: &Path,
) -> Option<DecisionId> {
    let folder = &page.adr.folder;
    let mut beside = pages.iter().filter(|other| other.adr.folder == *folder);
    if let Some(other) = beside.find(|other| other.adr.id.as_ref() == Some(written)) {
        return Some(other.decision.id.clone());
    }
    let mut files = page.adr.linked_files.iter();
    let file = files.find(|link| link.id == *written);
    let file = file.map(|link| Reference::File(link.file.clone()));
    let found = file.as_ref().and_then(|file| resolver.find(file, folder));
    if found.is_some() {
        return found;
    }
    let is_new_without_id = pages
        .iter()
        .any(|other| other.is_new && other.decision.id == *written);
    let has_other_file = file.is_some()
        && all.iter().any(|decision| {
            let location = location_of(decision, root);
            decision.id == *written && location.is_some_and(|it| it.folder == *folder)
        });
    let is_doubtful = page.is_new && (is_new_without_id || has_other_file);
    (!is_doubtful).then(|| written.clone())
}
