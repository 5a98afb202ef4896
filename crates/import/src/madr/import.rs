//! Imports pages as decisions.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::path::Path;

use wsdb_core::{Decision, DecisionId, IdSeries, Timestamp};
use wsdb_store::{Store, Transaction};

use super::adr::Adr;
use super::exported_pages::ExportedPages;
use super::file_names::{begins_with_date, number};
use super::held_texts::{HeldPage, HeldTexts};
use super::ids_of_links::set_ids_of_links;
use super::import_result::AdrImportResult;
use super::imported_page::ImportedPage;
use super::merge::{MergeBase, keep_mapping, kept_page, merge};
use super::other_workspaces::{find_under_other_id, is_made_apart, set_references};
use super::page_hash::decision_hash;
use super::page_location::{file_of, is_copy_of, is_from};
use super::page_owners::{KnownPages, PageOwners};
use super::page_versions::PageVersions;
use super::save_page::save_page;
use super::save_supersessions::save_supersessions;
use super::sources::{AdrSources, skipped_file};
use super::without_page_facts::without_page_facts;
use crate::error::{AdrConflict, AdrConflictKind, Error};
use crate::record::DocumentRecord;
use crate::report::{ConflictResolution, Renumbered, Warning};

/// What to do with a page that cannot simply be applied to its decision.
#[derive(Debug, Clone, Copy, Default)]
pub struct AdrConflictOptions {
    /// The side that wins if both changed; `None` if that is an error.
    pub prefer: Option<ConflictResolution>,
    /// Whether a page of another workspace gets a new id if a different decision here has its id.
    pub renumber: bool,
}

/// Imports pages. Each is the decision whose id it contains, else the one that was imported from
/// that file before, else a new one. A number alone does not identify a decision: other repos have
/// a decision 1 as well.
///
/// # Errors
/// Returns [`Error::ChangedOnBothSides`] if a page and its decision both changed since the page was
/// written and no side is preferred, or if it is the page of a different decision and gets no new id, and
/// errors of the database.
pub async fn import_adr(
    store: &Store<Transaction>,
    sources: &AdrSources,
    root: &Path,
    options: AdrConflictOptions,
    now: Timestamp,
) -> Result<AdrImportResult, Error> {
    let all = store.decisions().all().await?;
    let exported = ExportedPages::load(store, sources.all()).await?;
    let mut versions = PageVersions::load(store, sources.all(), &all).await?;
    let recognized = sources.all().filter_map(|adr| {
        let own = all.iter().find(|own| Some(&own.id) == adr.id.as_ref());
        let recognized = find_under_other_id(adr, own, &all, &versions, options.renumber)?;
        Some((adr.id.clone()?, recognized))
    });
    let recognized: HashMap<DecisionId, &Decision> = recognized.collect();
    versions.add_recognized(store, &recognized).await?;
    let ids = sources.adrs.iter().filter_map(|adr| adr.id.as_ref());
    let by_id: HashMap<&str, &Decision> = all.iter().map(|d| (d.id.as_str(), d)).collect();
    let by_id_in_page = |id: &DecisionId| {
        let recognized = recognized.get(id).copied();
        recognized.or_else(|| by_id.get(id.as_str()).copied())
    };
    let files: Vec<&Adr> = sources.all().collect();
    let known = KnownPages {
        all: &all,
        by_id: &by_id_in_page,
        exported: &exported,
        root,
    };
    let owners = PageOwners::find(&files, &known);
    let held = HeldTexts::load(store, sources.all(), |adr| owners.of(adr)).await?;
    let mut importer = PageImporter {
        store,
        root,
        options,
        now,
        exported,
        held,
        versions,
        by_id,
        owners,
        ids_with_page: ids.map(ToString::to_string).collect(),
        conflicts: Vec::new(),
        renumbered: Vec::new(),
    };
    let mut imported = AdrImportResult {
        warnings: sources.warnings.clone(),
        skipped: sources.skipped.clone(),
        ..AdrImportResult::default()
    };
    let mut pages = Vec::with_capacity(sources.adrs.len());
    for adr in &sources.adrs {
        pages.push(importer.import(adr).await?);
    }
    // Other files are pages only of decisions that are known.
    for adr in &sources.others {
        match importer.owners.of(adr) {
            Some(_) => pages.push(importer.import(adr).await?),
            None => imported
                .skipped
                .push(skipped_file(adr.file.clone(), Ok(adr))),
        }
    }
    imported.skipped.sort();
    if pages.is_empty() {
        return Err(Error::NothingToImport(
            "no decision files found; name them like 0001-use-one-core.md".to_owned(),
        ));
    }
    if !importer.conflicts.is_empty() {
        return Err(Error::ChangedOnBothSides(importer.conflicts));
    }
    imported.renumbered = importer.renumbered;
    set_references(&mut pages, &imported.renumbered, &mut imported.warnings);
    set_ids_of_links(&mut pages, &all, root, &mut imported.warnings);
    for page in pages.iter().filter(|page| !page.is_ignored) {
        let (front, status) = (&page.adr.odd_front, &page.adr.odd_status);
        let messages = front.iter().chain(status).chain(&page.adr.odd_date);
        let warnings = messages.map(|message| Warning {
            file: Some(page.adr.file.clone()),
            path: String::new(),
            message: message.clone(),
        });
        imported.warnings.extend(warnings);
    }

    save_supersessions(store, &mut pages, &all, root, &mut imported).await?;
    for page in pages {
        save_page(store, page, root, &mut imported).await?;
    }
    Ok(imported)
}

/// Maximum number of a file that becomes the number of an id.
const MAX_FILE_NUMBER: u64 = 99_999;

/// Finds or adds the decisions of pages.
struct PageImporter<'a> {
    store: &'a Store<Transaction>,
    root: &'a Path,
    options: AdrConflictOptions,
    now: Timestamp,
    exported: ExportedPages,
    held: HeldTexts,
    versions: PageVersions,
    by_id: HashMap<&'a str, &'a Decision>,
    owners: PageOwners<'a>,
    /// The decisions that belong to one of the pages.
    ids_with_page: HashSet<String>,
    conflicts: Vec<AdrConflict>,
    renumbered: Vec<Renumbered>,
}

impl<'a> PageImporter<'a> {
    async fn import(&mut self, adr: &'a Adr) -> Result<ImportedPage<'a>, Error> {
        let existing = self.owners.of(adr);
        let is_apart =
            existing.is_some_and(|existing| is_made_apart(adr, existing, &self.versions));
        let page = match existing {
            Some(existing) if is_apart && !self.options.renumber => {
                self.refuse(adr, existing);
                ImportedPage {
                    is_refused: true,
                    ..unchanged_page(adr, existing)
                }
            }
            Some(existing) if !is_apart => self.update(adr, existing),
            Some(_) | None => {
                let decision = self.insert(adr, is_apart).await?;
                if let Some(from) = adr.id.as_ref().filter(|_| is_apart) {
                    self.renumbered.push(Renumbered {
                        kind: Decision::KIND,
                        from: from.to_string(),
                        to: decision.id.to_string(),
                    });
                }
                ImportedPage {
                    adr: Cow::Borrowed(adr),
                    is_new: true,
                    is_ignored: false,
                    is_refused: false,
                    is_database_kept: false,
                    base: None,
                    former_file: None,
                    stored: decision.clone(),
                    decision,
                }
            }
        };
        self.ids_with_page.insert(page.decision.id.to_string());
        let former_file = file_of(&page.stored).filter(|_| self.owners.is_renamed(adr));
        Ok(ImportedPage {
            former_file,
            ..page
        })
    }

    /// Applies a page to its decision, unless both changed since the page was written.
    fn update(&mut self, adr: &'a Adr, existing: &Decision) -> ImportedPage<'a> {
        let mut page = unchanged_page(adr, existing);
        // A page that nobody changed is skipped: the decision may be newer.
        let is_exported = self.exported.is_page_of(adr, &existing.id);
        let is_moved = !is_exported && !is_from(existing, &adr.folder, self.root);
        let is_moved = is_moved || self.owners.is_renamed(adr);
        let is_known = is_copy_of(adr, existing) && !is_moved && !adr.is_mapped;
        let is_held = self.held.is_unmodified(adr) && !is_moved && !adr.is_mapped;
        if is_known || is_held || self.exported.is_unmodified(adr) {
            return page;
        }
        let held = self.held.page_of(adr, existing);
        let held = held.as_ref();
        let held_version = held.filter(|held| {
            adr.decision_hash.is_none() || held.adr.decision_hash == adr.decision_hash
        });
        let kept = kept_page(existing);
        let is_from_here = is_from(existing, &adr.folder, self.root)
            && file_of(existing).is_some_and(|file| file == adr.file_name());
        // The file of an export that was edited before: edited further, or back.
        let kept_edit = kept.as_ref().filter(|kept| {
            kept.decision_hash == adr.decision_hash && (adr.decision_hash.is_none() || is_from_here)
        });
        let written = self.versions.of(adr, &existing.id);
        let is_known = written.is_some() || self.versions.is_held(adr);
        if adr.is_unmodified && kept_edit.is_none() && is_known {
            return page;
        }
        let is_same = |base: &&Decision| {
            let by_wsdb = adr.wsdb_decision.as_ref();
            by_wsdb.is_none_or(|decision| decision.date == base.date)
        };
        // The version that the page names takes precedence over what the file held last.
        fn of_held(held: &HeldPage) -> MergeBase<'_> {
            MergeBase::Page {
                adr: &held.adr,
                is_latest: held.is_latest,
            }
        }
        fn of_kept(adr: &Adr) -> MergeBase<'_> {
            let is_latest = true;
            MergeBase::Page { adr, is_latest }
        }
        let base = held_version
            .map(of_held)
            .or_else(|| kept_edit.map(of_kept))
            .or_else(|| written.map(MergeBase::Decision))
            .or_else(|| held.map(of_held))
            .or_else(|| {
                let held = self.versions.held(adr, &existing.id).filter(is_same);
                held.map(MergeBase::Decision)
            })
            .or_else(|| kept.as_ref().map(of_kept));
        let has_base = base.is_some();
        let (decision, conflicts) = match base {
            Some(base) => {
                let adr = page.adr.to_mut();
                if let MergeBase::Page { adr: base, .. } = base {
                    keep_mapping(adr, base);
                    page.base = Some(base.clone());
                }
                let merged = merge(adr, base, existing, self.options.prefer);
                (merged.decision, merged.conflicts)
            }
            None => {
                let decision = adr.to_decision(existing.id.clone(), Some(existing), self.now);
                let hash = adr.decision_hash.as_ref();
                let is_conflict = hash.is_some_and(|hash| *hash != decision_hash(existing))
                    && without_page_facts(&decision) != without_page_facts(existing);
                let fields = if is_conflict {
                    changed_fields(&decision, existing)
                } else {
                    Vec::new()
                };
                (decision, fields)
            }
        };
        let is_conflict = !conflicts.is_empty();
        page.is_database_kept =
            is_conflict && self.options.prefer == Some(ConflictResolution::Database);
        match self.options.prefer {
            Some(ConflictResolution::Database) if is_conflict && !has_base => {}
            None if is_conflict => self.conflicts.push(AdrConflict {
                file: adr.file.clone(),
                id: existing.id.clone(),
                fields: conflicts,
                kind: if has_base {
                    AdrConflictKind::ChangedOnBothSides
                } else {
                    AdrConflictKind::UnknownVersion
                },
            }),
            _ => {
                page.is_ignored = false;
                page.decision = decision;
            }
        }
        page
    }

    /// Notes a page of a different decision, unless the one in the database is preferred.
    fn refuse(&mut self, adr: &Adr, existing: &Decision) {
        if self.options.prefer == Some(ConflictResolution::Database) {
            return;
        }
        let decision = adr.to_decision(existing.id.clone(), Some(existing), self.now);
        self.conflicts.push(AdrConflict {
            file: adr.file.clone(),
            id: existing.id.clone(),
            fields: changed_fields(&decision, existing),
            kind: AdrConflictKind::DifferentDecision,
        });
    }

    /// Adds the decision of a page, with a new id if a different decision has its id.
    async fn insert(&self, adr: &Adr, has_new_id: bool) -> Result<Decision, Error> {
        let decisions = self.store.decisions();
        let id = adr.id.clone().filter(|_| !has_new_id);
        let id = id.or_else(|| self.id_from_number(adr).filter(|_| !has_new_id));
        let id = match id {
            Some(id) => Some(id),
            None => self.next_id().await?,
        };
        Ok(match id {
            Some(id) => {
                decisions
                    .insert(adr.to_decision(id, None, self.now))
                    .await?
            }
            None => {
                decisions
                    .add(|id| adr.to_decision(id, None, self.now))
                    .await?
            }
        })
    }

    /// Returns the next id that neither a decision nor a page has.
    async fn next_id(&self) -> Result<Option<DecisionId>, Error> {
        let series = IdSeries::DECISIONS;
        let prefix = series.prefix();
        let ids = self.by_id.keys().copied();
        let ids = ids.chain(self.ids_with_page.iter().map(String::as_str));
        let numbers = ids.filter_map(|id| id.strip_prefix(prefix)?.parse::<u64>().ok());
        let last = self.store.last_number(prefix).await?;
        let id = IdSeries::DECISIONS.id(numbers.fold(last, u64::max) + 1);
        Ok(DecisionId::new(id).ok())
    }

    /// Returns the id with the number of the file, if it is free. A date is not the number of a
    /// decision: all later ones would have longer numbers still.
    fn id_from_number(&self, adr: &Adr) -> Option<DecisionId> {
        let name = adr.file_name();
        let number = number(&name).filter(|number| *number <= MAX_FILE_NUMBER)?;
        if begins_with_date(&name) {
            return None;
        }
        let id = IdSeries::DECISIONS.id(number);
        let is_free = !self.by_id.contains_key(id.as_str()) && !self.ids_with_page.contains(&id);
        DecisionId::new(id).ok().filter(|_| is_free)
    }
}

/// Returns a page whose decision stays as it is.
fn unchanged_page<'a>(adr: &'a Adr, existing: &Decision) -> ImportedPage<'a> {
    ImportedPage {
        adr: Cow::Borrowed(adr),
        is_new: false,
        is_ignored: true,
        is_refused: false,
        is_database_kept: false,
        base: None,
        former_file: None,
        stored: existing.clone(),
        decision: existing.clone(),
    }
}

/// Returns the parts of the page in which two decisions differ.
fn changed_fields(a: &Decision, b: &Decision) -> Vec<&'static str> {
    let (a, b) = (&without_page_facts(a), &without_page_facts(b));
    let mut rest = a.clone();
    rest.decision.clone_from(&b.decision);
    rest.rationale.clone_from(&b.rationale);
    (rest.status, rest.date) = (b.status, b.date);
    rest.extra_metadata.clone_from(&b.extra_metadata);
    let fields = [
        (a.decision != b.decision, "title"),
        (a.rationale != b.rationale, "outcome"),
        (a.status != b.status, "status"),
        (a.date != b.date, "date"),
        (a.extra_metadata != b.extra_metadata, "other sections"),
        (rest != *b, "fields under wsdb"),
    ];
    let changed = fields.into_iter().filter(|(is_changed, _)| *is_changed);
    changed.map(|(_, field)| field).collect()
}
