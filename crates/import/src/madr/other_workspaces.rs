//! Pages that another workspace exported: its ids may be those of different decisions here.

use std::collections::HashSet;

use wsdb_core::{Decision, DecisionId};

use super::adr::{Adr, title};
use super::imported_page::ImportedPage;
use super::page_versions::PageVersions;
use super::reference::Reference;
use crate::report::{Renumbered, Warning};

/// Whether a decision and that of a page were made at the same time, and have the same title if others
/// may have been made at that time, too.
fn is_same_decision(adr: &Adr, decision: &Decision) -> bool {
    let by_wsdb = adr.wsdb_decision.as_ref();
    by_wsdb.is_some_and(|by_wsdb| {
        let has_title = || title(&decision.decision) == adr.title;
        by_wsdb.date == decision.date && (by_wsdb.date.has_fraction() || has_title())
    })
}

/// Whether a page with the id of a decision is that of a different one, which another workspace made.
pub(super) fn is_made_apart(adr: &Adr, own: &Decision, versions: &PageVersions) -> bool {
    let is_exported =
        adr.wsdb_decision.is_some() && !adr.has_only_id && adr.decision_hash.is_some();
    let is_known = || versions.of(adr, &own.id).is_some() || versions.held(adr, &own.id).is_some();
    is_exported && !is_same_decision(adr, own) && !is_known()
}

/// Returns the decision of a page that has another id here; `own` is the one that has its id. If there
/// is none, it is only looked for if ids may differ.
pub(super) fn find_under_other_id<'a>(
    adr: &Adr,
    own: Option<&Decision>,
    all: &'a [Decision],
    versions: &PageVersions,
    may_differ: bool,
) -> Option<&'a Decision> {
    let is_possible = match own {
        Some(own) => is_made_apart(adr, own, versions),
        None => may_differ,
    };
    if !is_possible {
        return None;
    }
    let mut same = all.iter().filter(|decision| {
        Some(&decision.id) != adr.id.as_ref() && is_same_decision(adr, decision)
    });
    same.next().filter(|_| same.next().is_none())
}

/// Changes the references of new pages in the folders of those that got new ids: to each other, they are
/// known; those to other records of the other workspace are left out.
pub(super) fn set_references(
    pages: &mut [ImportedPage<'_>],
    renumbered: &[Renumbered],
    warnings: &mut Vec<Warning>,
) {
    let is_renumbered = |page: &&ImportedPage<'_>| {
        let id = page.decision.id.as_str();
        page.is_new && renumbered.iter().any(|renumbered| renumbered.to == id)
    };
    let folders = pages.iter().filter(is_renumbered);
    let folders: HashSet<String> = folders.map(|page| page.adr.folder.clone()).collect();
    let is_foreign = |page: &&mut ImportedPage<'_>| {
        page.is_new && page.adr.wsdb_decision.is_some() && folders.contains(&page.adr.folder)
    };
    let new_id = |id: &str| {
        let found = renumbered.iter().find(|renumbered| renumbered.from == id);
        found.map(|renumbered| renumbered.to.clone())
    };
    for page in pages.iter_mut().filter(is_foreign) {
        let adr = page.adr.to_mut();
        for reference in adr.superseded_by.iter_mut().chain(&mut adr.supersedes) {
            if let Some(new) = new_id(&reference.to_string()) {
                *reference = Reference::Name(new);
            }
        }
        let decision = &mut page.decision;
        for id in &mut decision.supersedes {
            if let Some(new) = new_id(id.as_str()).and_then(|new| DecisionId::new(new).ok()) {
                *id = new;
            }
        }
        let session = decision.session.take().map(|id| id.to_string());
        let tasks = decision.related_tasks.drain(..).map(|id| id.to_string());
        let mut others: Vec<String> = session.into_iter().chain(tasks).collect();
        let components = decision.related_components.drain(..);
        others.extend(components.map(|id| id.to_string()));
        let detections = decision.related_detections.drain(..);
        others.extend(detections.map(|id| id.to_string()));
        if !others.is_empty() {
            warnings.push(Warning {
                file: Some(adr.file.clone()),
                path: String::new(),
                message: format!(
                    "references to {} were left out because these records belong to another workspace",
                    others.join(", ")
                ),
            });
        }
    }
}
