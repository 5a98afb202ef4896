//! Which decisions supersede others, according to the statuses of pages.

use std::path::Path;

use wsdb_core::{Decision, DecisionId, find_cycle};

use super::adr::Adr;
use super::file_names::number;
use super::imported_page::ImportedPage;
use super::page_location::{file_of, is_from};
use crate::report::Warning;

/// A decision that supersedes another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supersession {
    /// The decision that supersedes the other one.
    pub newer: DecisionId,
    /// The superseded decision.
    pub older: DecisionId,
}

/// Resolves the decisions that the statuses of pages refer to.
pub(super) fn find_supersessions(
    pages: &[ImportedPage<'_>],
    all: &[Decision],
    root: &Path,
    warnings: &mut Vec<Warning>,
) -> Vec<Supersession> {
    let resolver = DecisionResolver { pages, all, root };
    let mut links = Vec::new();
    for page in pages.iter().filter(|page| !page.is_ignored) {
        let (adr, id) = (page.adr.as_ref(), &page.decision.id);
        let mut resolve = |reference: &str| {
            let decision = resolver.find(reference, adr);
            if decision.is_none() {
                warnings.push(Warning {
                    file: Some(adr.file.clone()),
                    path: String::new(),
                    message: format!(
                        "its status refers to {reference}, which is not a known decision"
                    ),
                });
            }
            decision
        };
        // A link that the page had before may have been removed in the database.
        let is_added = |other: &DecisionId, reference: &String, before: Option<&Vec<String>>| {
            before.is_none_or(|before| !before.contains(reference))
                || pages
                    .iter()
                    .any(|page| page.is_new && page.decision.id == *other)
        };
        let base = page.base.as_ref();
        for reference in &adr.superseded_by {
            let before = base.map(|base| &base.superseded_by);
            if let Some(newer) = resolve(reference).filter(|id| is_added(id, reference, before)) {
                let older = id.clone();
                links.push(Supersession { newer, older });
            }
        }
        for reference in &adr.supersedes {
            let before = base.map(|base| &base.supersedes);
            if let Some(older) = resolve(reference).filter(|id| is_added(id, reference, before)) {
                let newer = id.clone();
                links.push(Supersession { newer, older });
            }
        }
    }
    links
}

/// Leaves out links by which a decision would supersede itself: one odd page should not stop the
/// others.
pub(super) fn without_cycles(
    links: Vec<Supersession>,
    known: Vec<(DecisionId, DecisionId)>,
    warnings: &mut Vec<Warning>,
) -> Vec<Supersession> {
    let mut pairs = known;
    let mut kept = Vec::with_capacity(links.len());
    for link in links {
        let (newer, older) = (&link.newer, &link.older);
        let is_known = pairs.iter().any(|(a, b)| a == newer && b == older);
        let all = pairs.iter().map(|(a, b)| (a, b));
        if !is_known && find_cycle(all, newer, std::slice::from_ref(older)).is_some() {
            warnings.push(Warning {
                file: None,
                path: String::new(),
                message: format!(
                    "the link from {older} to its successor {newer} was left out because it would create a cycle"
                ),
            });
            continue;
        }
        pairs.push((newer.clone(), older.clone()));
        kept.push(link);
    }
    kept
}

/// Resolves references in pages to decisions.
struct DecisionResolver<'a> {
    pages: &'a [ImportedPage<'a>],
    all: &'a [Decision],
    root: &'a Path,
}

impl DecisionResolver<'_> {
    /// Finds a decision by id, or by the name or number of a file in the same folder.
    fn find(&self, reference: &str, from: &Adr) -> Option<DecisionId> {
        let imported = self.pages.iter().map(|page| &page.decision.id);
        let mut ids = imported.chain(self.all.iter().map(|decision| &decision.id));
        if let Some(id) = ids.find(|id| id.as_str() == reference) {
            return Some(id.clone());
        }
        self.find_in_folder(&from.folder, |file| file == reference)
            .or_else(|| {
                let digits = number(reference)?;
                self.find_in_folder(&from.folder, |file| number(file) == Some(digits))
            })
    }

    /// Finds the decision of a page in a folder by the name of its file.
    fn find_in_folder(&self, folder: &str, is_file: impl Fn(&str) -> bool) -> Option<DecisionId> {
        let page = self
            .pages
            .iter()
            .find(|page| page.adr.folder == folder && is_file(&page.adr.file_name()));
        if let Some(page) = page {
            return Some(page.decision.id.clone());
        }
        let decision = self.all.iter().find(|decision| {
            is_from(decision, folder, self.root)
                && file_of(decision).is_some_and(|file| is_file(&file))
        });
        decision.map(|decision| decision.id.clone())
    }
}
