//! Which decisions supersede others, according to the statuses of pages.

use std::path::Path;

use wsdb_core::{Decision, DecisionId, DecisionStatus, find_cycle};

use super::adr::Adr;
use super::imported_page::ImportedPage;
use super::page_location::{PageLocation, location_of};
use super::reference::{GUESS, Reference, ReferenceTarget};
use crate::report::Warning;

/// A decision that supersedes another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supersession {
    /// The decision that supersedes the other one.
    pub newer: DecisionId,
    /// The superseded decision.
    pub older: DecisionId,
}

/// The links that pages added and removed since they were last imported or exported.
#[derive(Debug, Default)]
pub(super) struct SupersessionChanges {
    pub(super) added: Vec<Supersession>,
    pub(super) removed: Vec<Supersession>,
}

/// Resolves the decisions that the statuses of pages refer to.
pub(super) fn find_supersessions(
    pages: &[ImportedPage<'_>],
    all: &[Decision],
    root: &Path,
    warnings: &mut Vec<Warning>,
) -> SupersessionChanges {
    let resolver = DecisionResolver::new(pages, all, root);
    let mut changes = SupersessionChanges::default();
    let is_new = |id: &DecisionId| {
        let mut new = pages.iter().filter(|page| page.is_new);
        new.any(|page| page.decision.id == *id)
    };
    for page in pages.iter().filter(|page| !page.is_refused) {
        let adr = page.adr.as_ref();
        if page.is_ignored {
            // The page is unchanged, but a decision that it names may be new.
            let links = resolver.links_of(page, adr, &adr.folder, &mut Vec::new());
            let is_superseded = page.decision.status == DecisionStatus::Superseded;
            let links = links.into_iter().filter(|link| {
                let is_older = link.older == page.decision.id;
                is_new(if is_older { &link.newer } else { &link.older })
                    && (is_superseded || !is_older)
            });
            changes.added.extend(links);
            continue;
        }
        let mut unresolved = Vec::new();
        let links = resolver.links_of(page, adr, &adr.folder, &mut unresolved);
        warnings.extend(describe_unresolved(adr, unresolved));
        let mut before = Vec::new();
        if let Some(base) = &page.base {
            let folder = location_of(&page.stored, root).map(|location| location.folder);
            let folder = folder.as_ref().unwrap_or(&adr.folder);
            before = resolver.links_of(page, base, folder, &mut Vec::new());
        } else if !page.is_new {
            let written = adr.written_successors.iter();
            let written = written.filter_map(|reference| resolver.find(reference, &adr.folder));
            before.extend(written.map(|newer| Supersession {
                newer,
                older: page.decision.id.clone(),
            }));
        }
        // A link that the page had before may have been removed in the database.
        let is_added = |link: &&Supersession| {
            !before.contains(link) || is_new(&link.newer) || is_new(&link.older)
        };
        changes.added.extend(links.iter().filter(is_added).cloned());
        let removed = before.into_iter().filter(|link| !links.contains(link));
        changes.removed.extend(removed);
    }
    let SupersessionChanges { added, removed } = &mut changes;
    removed.retain(|link| !added.contains(link));
    changes
}

/// Returns the warnings about references of a page to decisions that are not known, or to one of several.
fn describe_unresolved(adr: &Adr, references: Vec<Unresolved<'_>>) -> Vec<Warning> {
    let mut unknown = Vec::new();
    let mut messages = Vec::new();
    for Unresolved { reference, files } in references {
        if files.is_empty() {
            unknown.push(reference.to_string());
        } else {
            let files = files.join(" or ");
            messages.push(format!(
                "its status refers to {reference}, which could be {files}; no link was added"
            ));
        }
    }
    let known = match unknown.len() {
        1 => "which is not a known decision",
        _ => "which are not known decisions",
    };
    if !unknown.is_empty() {
        let message = format!("its status refers to {}, {known}", unknown.join(" and "));
        messages.insert(0, message);
    }
    let warnings = messages.into_iter().map(|message| Warning {
        file: Some(adr.file.clone()),
        path: String::new(),
        message,
    });
    warnings.collect()
}

/// A reference that is not to exactly one decision.
struct Unresolved<'a> {
    reference: &'a Reference,
    /// The files of the decisions that it could be to, or their IDs.
    files: Vec<String>,
}

/// The decisions that a reference is to.
enum Resolved {
    One(DecisionId),
    /// The files of the decisions that it could be to, or their IDs.
    Several(Vec<String>),
    Unknown,
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

/// A decision that a page may refer to.
pub(super) struct KnownDecision<'a> {
    decision: &'a Decision,
    location: Option<PageLocation>,
}

/// Resolves references in pages to decisions.
pub(super) struct DecisionResolver<'a>(Vec<KnownDecision<'a>>);

impl<'a> DecisionResolver<'a> {
    pub(super) fn new(pages: &'a [ImportedPage<'a>], all: &'a [Decision], root: &Path) -> Self {
        let pages = pages.iter().map(|page| KnownDecision {
            decision: &page.decision,
            location: Some(PageLocation {
                folder: page.adr.folder.clone(),
                file: page.adr.file_name(),
            }),
        });
        let all = all.iter().map(|decision| KnownDecision {
            decision,
            location: location_of(decision, root),
        });
        DecisionResolver(pages.chain(all).collect())
    }

    /// Returns the links in the status of a page as it is or was; `folder` is that of the page. Adds the
    /// references that are not to exactly one decision to `unresolved`.
    fn links_of<'b>(
        &self,
        page: &ImportedPage<'_>,
        adr: &'b Adr,
        folder: &str,
        unresolved: &mut Vec<Unresolved<'b>>,
    ) -> Vec<Supersession> {
        let own = &page.decision.id;
        let mut links = Vec::new();
        for reference in &adr.superseded_by {
            let files = match self.resolve(reference, folder) {
                Resolved::One(newer) => {
                    links.push(Supersession {
                        newer,
                        older: own.clone(),
                    });
                    continue;
                }
                Resolved::Several(files) => files,
                Resolved::Unknown => Vec::new(),
            };
            unresolved.push(Unresolved { reference, files });
        }
        for reference in &adr.supersedes {
            let files = match self.resolve(reference, folder) {
                Resolved::One(older) => {
                    links.push(Supersession {
                        newer: own.clone(),
                        older,
                    });
                    continue;
                }
                Resolved::Several(files) => files,
                Resolved::Unknown if reference.is_explicit() => Vec::new(),
                // `supersedes the old scripts`
                Resolved::Unknown => continue,
            };
            unresolved.push(Unresolved { reference, files });
        }
        links
    }

    /// Finds the decision that a reference in a page of a folder is to.
    pub(super) fn find(&self, reference: &Reference, folder: &str) -> Option<DecisionId> {
        match self.resolve(reference, folder) {
            Resolved::One(id) => Some(id),
            Resolved::Several(_) | Resolved::Unknown => None,
        }
    }

    /// Finds the decisions that a reference in a page of a folder is to. Which one of several it means is
    /// not guessed.
    fn resolve(&self, reference: &Reference, folder: &str) -> Resolved {
        let mut best = u8::MAX;
        let mut found: Vec<&KnownDecision<'_>> = Vec::new();
        for known in &self.0 {
            let location = known.location.as_ref();
            let target = ReferenceTarget {
                id: known.decision.id.as_str(),
                title: &known.decision.decision,
                file: location.map(|location| (&*location.folder, &*location.file)),
            };
            let Some(rank) = reference.rank(folder, &target).filter(|rank| *rank <= best) else {
                continue;
            };
            if rank < best {
                best = rank;
                found.clear();
            }
            // A page that is imported and the stored decision are the same one.
            if found
                .iter()
                .all(|other| other.decision.id != known.decision.id)
            {
                found.push(known);
            }
        }
        match found.as_slice() {
            [] => Resolved::Unknown,
            [known] if best < GUESS => Resolved::One(known.decision.id.clone()),
            several => {
                let names = several.iter().map(|known| match &known.location {
                    Some(location) => location.file.clone(),
                    None => known.decision.id.to_string(),
                });
                let mut names: Vec<String> = names.collect();
                names.sort();
                Resolved::Several(names)
            }
        }
    }
}
