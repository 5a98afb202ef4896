//! Imports pages as decisions.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use wsdb_core::{Decision, DecisionId, IdSeries, Timestamp};
use wsdb_store::{Store, Transaction};

use super::adr::Adr;
use super::page_location::{file_of, is_from, is_page_of};
use super::seal::state;
use super::sources::{AdrSources, number};
use crate::error::{AdrConflict, Error};
use crate::report::{ConflictResolution, Warning};

/// The effect of importing a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdrOutcome {
    /// The decision is new.
    New,
    /// The decision existed and was changed.
    Changed,
    /// The decision existed and did not change.
    Unchanged,
}

/// A page that was imported.
#[derive(Debug, Clone)]
pub struct AdrFile {
    /// The file.
    pub file: PathBuf,
    /// The decision.
    pub id: DecisionId,
    /// Its title.
    pub title: String,
    /// The effect.
    pub outcome: AdrOutcome,
}

/// The result of an import.
#[derive(Debug, Clone, Default)]
pub struct AdrImported {
    /// The pages, in their order.
    pub files: Vec<AdrFile>,
    /// New pairs of a superseding and a superseded decision.
    pub superseded: Vec<(DecisionId, DecisionId)>,
    /// Problems that did not stop the import.
    pub warnings: Vec<Warning>,
}

/// Imports pages. Each is the decision whose id it contains, else the one that was imported from
/// that file before, else a new one. A number alone does not identify a decision: other repos have
/// a decision 1 as well.
///
/// # Errors
/// Returns [`Error::ChangedOnBothSides`] if a page and its decision both changed since the page was
/// written and `prefer` is `None`, and errors of the database.
pub async fn import_adr(
    store: &Store<Transaction>,
    sources: &AdrSources,
    root: &Path,
    prefer: Option<ConflictResolution>,
    now: Timestamp,
) -> Result<AdrImported, Error> {
    let decisions = store.decisions();
    let all = decisions.all().await?;
    let known: HashMap<&str, &Decision> = all.iter().map(|d| (d.id.as_str(), d)).collect();
    let mut taken: HashSet<String> = sources
        .adrs
        .iter()
        .filter_map(|adr| adr.id.as_ref().map(ToString::to_string))
        .collect();

    let mut imported = AdrImported::default();
    let mut conflicts: Vec<AdrConflict> = Vec::new();
    let mut keeps: HashSet<DecisionId> = HashSet::new();
    let mut now_is: Vec<(Decision, Option<&Decision>)> = Vec::new();
    for adr in &sources.adrs {
        let name = adr.file_name();
        let before = match &adr.id {
            Some(id) => known.get(id.as_str()).copied(),
            None => {
                let its = all.iter().filter(|decision| {
                    !taken.contains(decision.id.as_str()) && is_page_of(adr, decision, root)
                });
                let its: Vec<&Decision> = its.collect();
                let here = its.iter().find(|decision| is_from(decision, &adr.folder));
                here.or(its.first()).copied()
            }
        };
        let decision = match (before, &adr.id) {
            // A page that nobody changed is skipped: the decision may be newer.
            (Some(before), Some(_)) if adr.is_as_written => before.clone(),
            (Some(before), _) => {
                let said = adr.decision(before.id.clone(), Some(before), now);
                let is_newer = adr.state.as_ref().is_some_and(|at| *at != state(before));
                match (is_newer && said != *before, prefer) {
                    (false, _) | (true, Some(ConflictResolution::File)) => said,
                    (true, Some(ConflictResolution::Database)) => {
                        keeps.insert(before.id.clone());
                        before.clone()
                    }
                    (true, None) => {
                        conflicts.push(AdrConflict {
                            file: adr.file.clone(),
                            id: before.id.clone(),
                            fields: differing(&said, before),
                        });
                        before.clone()
                    }
                }
            }
            (None, Some(id)) => {
                decisions
                    .insert(adr.decision(id.clone(), None, now))
                    .await?
            }
            (None, None) => {
                let own = number(&name).map(|number| IdSeries::DECISIONS.id(number));
                let own = own.filter(|id| !known.contains_key(id.as_str()) && !taken.contains(id));
                match own.and_then(|id| DecisionId::new(id).ok()) {
                    Some(id) => decisions.insert(adr.decision(id, None, now)).await?,
                    None => decisions.add(|id| adr.decision(id, None, now)).await?,
                }
            }
        };
        taken.insert(decision.id.to_string());
        imported.files.push(AdrFile {
            file: adr.file.clone(),
            id: decision.id.clone(),
            title: adr.title.clone(),
            outcome: match before {
                Some(_) => AdrOutcome::Unchanged,
                None => AdrOutcome::New,
            },
        });
        now_is.push((decision, before));
    }

    if !conflicts.is_empty() {
        return Err(Error::ChangedOnBothSides(conflicts));
    }
    let meant = DecisionResolver {
        sources,
        ids: now_is
            .iter()
            .map(|(decision, _)| decision.id.clone())
            .collect(),
        all: &all,
    };
    let mut links: Vec<(DecisionId, DecisionId)> = Vec::new();
    for (place, adr) in sources.adrs.iter().enumerate() {
        let id = &meant.ids[place];
        let says_nothing = adr.is_as_written && known.contains_key(id.as_str());
        if says_nothing || keeps.contains(id) {
            continue;
        }
        for (words, is_old) in [(&adr.superseded_by, true), (&adr.supersedes, false)] {
            for word in words {
                match meant.find(word, adr) {
                    Some(other) if is_old => links.push((other, id.clone())),
                    Some(other) => links.push((id.clone(), other)),
                    None => imported.warnings.push(Warning {
                        file: Some(adr.file.clone()),
                        path: String::new(),
                        message: format!(
                            "its status refers to {word}, which is not a known decision"
                        ),
                    }),
                }
            }
        }
    }
    let written: Vec<Decision> = now_is
        .iter()
        .map(|(decision, _)| decision.clone())
        .collect();
    for (by, old) in &links {
        let place = meant.ids.iter().position(|id| id == by);
        match place {
            Some(place) => {
                let list = &mut now_is[place].0.supersedes;
                if !list.contains(old) {
                    list.push(old.clone());
                }
            }
            None => {
                let before = decisions.get(by).await?;
                let mut decision = before.clone();
                if !decision.supersedes.contains(old) {
                    decision.supersedes.push(old.clone());
                    decisions.save_changed(before, decision).await?;
                    imported.superseded.push((by.clone(), old.clone()));
                }
            }
        }
    }
    for (place, (decision, before)) in now_is.into_iter().enumerate() {
        let old = before.map_or(&[][..], |before| &before.supersedes[..]);
        let new = decision.supersedes.iter().filter(|id| !old.contains(id));
        imported
            .superseded
            .extend(new.map(|id| (decision.id.clone(), id.clone())));
        let there = before.unwrap_or(&written[place]);
        if decision != *there {
            if before.is_some() {
                imported.files[place].outcome = AdrOutcome::Changed;
            }
            decisions.save_changed(there.clone(), decision).await?;
        }
    }
    Ok(imported)
}

/// Returns the parts of the page in which two decisions differ.
fn differing(a: &Decision, b: &Decision) -> Vec<&'static str> {
    let mut fields = Vec::new();
    let mut rest = a.clone();
    let mut say = |differs: bool, what: &'static str| {
        if differs {
            fields.push(what);
        }
    };
    say(a.decision != b.decision, "title");
    say(a.rationale != b.rationale, "outcome");
    say(a.status != b.status, "status");
    say(a.date != b.date, "date");
    say(a.extra_metadata != b.extra_metadata, "other sections");
    rest.decision.clone_from(&b.decision);
    rest.rationale.clone_from(&b.rationale);
    (rest.status, rest.date) = (b.status, b.date);
    rest.extra_metadata.clone_from(&b.extra_metadata);
    say(rest != *b, "fields under wsdb");
    fields
}

/// Resolves references in pages to decisions.
struct DecisionResolver<'a> {
    sources: &'a AdrSources,
    /// The ids of the decisions on the pages, in their order.
    ids: Vec<DecisionId>,
    all: &'a [Decision],
}

impl DecisionResolver<'_> {
    /// Finds a decision by id, or by the name or number of a file in the same folder.
    fn find(&self, word: &str, from: &Adr) -> Option<DecisionId> {
        let known = self.all.iter().find(|known| known.id.as_str() == word);
        let named = self.ids.iter().find(|id| id.as_str() == word);
        if let Some(id) = named.or(known.map(|known| &known.id)) {
            return Some(id.clone());
        }
        let beside = |is: &dyn Fn(&str) -> bool| {
            let mut pages = self.sources.adrs.iter().zip(&self.ids);
            let page = pages.find(|(adr, _)| adr.folder == from.folder && is(&adr.file_name()));
            let known = || {
                self.all.iter().find(|known| {
                    is_from(known, &from.folder) && file_of(known).is_some_and(|file| is(&file))
                })
            };
            page.map(|(_, id)| id)
                .or_else(|| Some(&known()?.id))
                .cloned()
        };
        beside(&|file| file == word).or_else(|| {
            let digits = number(word)?;
            beside(&|file| number(file) == Some(digits))
        })
    }
}
