//! Exports decisions as pages.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use wsdb_core::{Decision, DecisionId, DecisionStatus, Timestamp, natural_order};
use wsdb_store::Store;

use super::adr::{Adr, title};
use super::exported_pages::{ExportedPages, remember_page};
use super::file_names;
use super::held_texts::{HeldTexts, remember_text};
use super::merge::kept_page;
use super::other_workspaces::{find_under_other_id, is_made_apart};
use super::page_context::PageContext;
use super::page_hash::{decision_hash, has_valid_page_hash, render_with_hashes};
use super::page_location::{file_of, folder_of, is_copy_of, is_from, is_page_of, location_of};
use super::page_owners::{KnownPages, PageOwners};
use super::page_versions::{PageVersions, remember_version};
use super::patch::{UnwritableChange, render_own_page};
use super::read::{contains_id, is_same};
use super::sources;
use super::write::{file_name, number};
use super::{PAGE_KEY, metadata_text};
use crate::error::{Error, TakenId, UnwritablePage, is_missing};
use crate::export;

/// A page that was written or was already up to date.
#[derive(Debug, Clone)]
pub struct ExportedAdr {
    /// The decision.
    pub id: DecisionId,
    /// Its file.
    pub file: PathBuf,
    /// Whether the content of the file changed.
    pub changed: bool,
}

/// The contents of a folder.
#[derive(Default)]
struct ExistingPages {
    /// The file of each decision that has a page here.
    by_id: BTreeMap<String, String>,
    /// The decision of each file that contains an id, unless it is the page of a different decision
    /// that another workspace made.
    owners: HashMap<String, DecisionId>,
    /// The pages by the names of their files.
    pages: BTreeMap<String, Adr>,
    /// The file of each page of a different decision that another workspace made, by the id in it.
    foreign: HashMap<DecisionId, String>,
    /// The file of each decision whose file was renamed.
    renamed: HashMap<DecisionId, String>,
    /// All Markdown files, readable or not.
    files: HashSet<String>,
    numbers: HashSet<u64>,
    exported: ExportedPages,
    held: HeldTexts,
    versions: PageVersions,
}

fn read_folder(folder: &Path, root: &Path) -> Result<ExistingPages, Error> {
    let mut existing = ExistingPages::default();
    let all = match sources::list_pages(folder) {
        Ok(all) => all,
        Err(error) if is_missing(&error) => return Ok(existing),
        Err(error) => return Err(Error::unreadable(folder, &error)),
    };
    for file in all {
        let name = file_names::file_name(&file);
        existing.numbers.extend(file_names::number(&name));
        existing.files.insert(name.clone());
        // A file that cannot be read is not ours.
        if let Ok(adr) = sources::read_page(&file, root) {
            existing.pages.insert(name, adr);
        }
    }
    Ok(existing)
}

impl ExistingPages {
    /// Loads what is known about the pages, and finds the decisions that they belong to.
    async fn identify(
        &mut self,
        store: &Store,
        all: &[Decision],
        root: &Path,
    ) -> Result<(), Error> {
        self.exported = ExportedPages::load(store, self.pages.values()).await?;
        self.held = HeldTexts::load(store, self.pages.values(), |_| None).await?;
        self.versions = PageVersions::load(store, self.pages.values(), all).await?;
        let mut recognized = HashMap::new();
        for (name, adr) in &self.pages {
            let Some(id) = &adr.id else { continue };
            let own = all.iter().find(|own| own.id == *id);
            let owner = match find_under_other_id(adr, own, all, &self.versions, true) {
                Some(decision) => {
                    recognized.insert(id.clone(), decision);
                    &decision.id
                }
                None if own.is_some_and(|own| is_made_apart(adr, own, &self.versions)) => {
                    self.foreign.insert(id.clone(), name.clone());
                    continue;
                }
                None => id,
            };
            self.by_id.entry(owner.to_string()).or_insert(name.clone());
            self.owners.insert(name.clone(), owner.clone());
        }
        let by_id = |id: &DecisionId| all.iter().find(|decision| decision.id == *id);
        let known = KnownPages {
            all,
            by_id: &by_id,
            exported: &self.exported,
            root,
        };
        let pages: Vec<&Adr> = self.pages.values().collect();
        let owners = PageOwners::find(&pages, &known);
        let renamed = self.pages.iter().filter(|(_, adr)| owners.is_renamed(adr));
        let renamed =
            renamed.filter_map(|(name, adr)| Some((owners.of(adr)?.id.clone(), name.clone())));
        self.renamed = renamed.collect();
        self.versions.add_recognized(store, &recognized).await
    }

    /// Returns the date of a decision as its file has it.
    fn zoned_date(&self, name: &str, decision: &Decision) -> Option<String> {
        let written = self.pages.get(name)?.zoned_date.clone()?;
        (written.parse() == Ok(decision.date)).then_some(written)
    }

    /// Whether a file contains the id of a decision, and is not the page of a different one.
    fn is_owned_by(&self, name: &str, id: &DecisionId) -> bool {
        self.owners.get(name) == Some(id)
    }
}

/// Writes decisions into a folder, one file each: the page of a person as it was imported, with what
/// the decision changed since, other decisions in MADR 4 format. An empty `ids` means all decisions.
/// A decision keeps the file that it has. With `force`, files with other content are overwritten, and
/// pages of persons are written in MADR 4 format too. `zoned` formats a time in the time zone of the user,
/// whose day new pages get.
///
/// # Errors
/// Returns [`Error::TakenIds`] if the page of a different decision in the folder has the id of a decision,
/// [`Error::ModifiedPages`] if a file with other content would be overwritten, and
/// [`Error::UnwritablePages`] if a change cannot be written into the page of a person, unless
/// `force` is set, or [`Error::ModifiedAndUnwritablePages`] for both; nothing is written then.
pub async fn export_adr(
    store: &Store,
    folder: &Path,
    root: &Path,
    ids: &[DecisionId],
    force: bool,
    zoned: impl Fn(Timestamp) -> String,
) -> Result<Vec<ExportedAdr>, Error> {
    let mut all = store.decisions().all().await?;
    all.sort_by(|a, b| natural_order(a.id.as_str(), b.id.as_str()));
    let chosen: Vec<&Decision> = all
        .iter()
        .filter(|decision| ids.is_empty() || ids.contains(&decision.id))
        .collect();
    let mut existing = read_folder(folder, root)?;
    existing.identify(store, &all, root).await?;
    let names = assign_file_names(&chosen, &all, &existing, root);
    let mut files = existing.by_id.clone();
    files.extend(names.clone());
    let says_successor = |decision: &&Decision| {
        let kept = kept_page(decision);
        let has_page = kept.is_some() || files.contains_key(decision.id.as_str());
        has_page && decision.status == DecisionStatus::Superseded
            || kept.is_some_and(|kept| !kept.superseded_by.is_empty())
    };
    let superseded = all.iter().filter(says_successor);
    let superseded = superseded.map(|decision| decision.id.clone()).collect();
    let imported = all
        .iter()
        .filter_map(|decision| Some((decision.id.to_string(), location_of(decision, root)?)));
    let imported = imported.collect();
    let titles = all.iter();
    let titles = titles.map(|decision| (decision.id.to_string(), title(&decision.decision)));
    let titles = titles.collect();
    let mut context = PageContext {
        files,
        imported,
        titles,
        superseded,
        ..PageContext::default()
    };

    let mut pages = Vec::new();
    let (mut modified, mut unwritable, mut taken) = (Vec::new(), Vec::new(), Vec::new());
    for decision in &chosen {
        let by = all
            .iter()
            .filter(|other| other.supersedes.contains(&decision.id));
        let by: Vec<&Decision> = by.collect();
        context.superseded_by = by.iter().map(|other| other.id.clone()).collect();
        context.folder = folder_in(&context, &decision.id);
        let names_this = |other: &Decision| match kept_page(other) {
            Some(kept) => {
                let folder = folder_in(&context, &other.id);
                let mut references = kept.supersedes.iter();
                references
                    .any(|reference| context.is_reference_from(&folder, reference, &decision.id))
            }
            None => context.files.contains_key(other.id.as_str()),
        };
        let unnamed = by.iter().filter(|other| !names_this(other));
        context.unnamed_successors = unnamed.map(|other| other.id.clone()).collect();
        context.successor_titles = by.iter().map(|other| title(&other.decision)).collect();
        let Some(name) = names.get(decision.id.as_str()) else {
            continue;
        };
        context.zoned_date = if decision.date.is_date() {
            None
        } else {
            // A page does not change with the time zone of who exports it.
            let written = existing.zoned_date(name, decision);
            Some(written.unwrap_or_else(|| zoned(decision.date)))
        };
        let file = folder.join(name);
        let before = read_text(&file)?;
        // A page that was written in MADR 4 format keeps that.
        let is_generated = before.as_deref().is_some_and(has_valid_page_hash);
        let own = if force || is_generated {
            None
        } else {
            render_own_page(decision, &context)
        };
        let (text, is_own) = match own {
            Some(Ok(text)) => (text, true),
            Some(Err(UnwritableChange(parts))) => {
                let id = decision.id.clone();
                unwritable.push(UnwritablePage { id, file, parts });
                continue;
            }
            None => (render_with_hashes(decision, &context), false),
        };
        // An import would refuse a folder in which two pages have the same id.
        if let Some(foreign) = existing.foreign.get(&decision.id)
            && (!is_own || contains_id(&text))
        {
            taken.push(TakenId {
                id: decision.id.clone(),
                file: folder.join(foreign),
            });
        }
        let changed = before.as_ref() != Some(&text);
        if changed
            && !force
            && before.is_some_and(|before| !can_overwrite(&before, name, decision, &existing, root))
        {
            modified.push(file.clone());
        }
        let id = decision.id.clone();
        pages.push(PageToWrite {
            exported: ExportedAdr { id, file, changed },
            text,
            is_own,
        });
    }
    if !taken.is_empty() {
        return Err(Error::TakenIds(taken));
    }
    match (modified.is_empty(), unwritable.is_empty()) {
        (true, true) => {}
        (false, true) => return Err(Error::ModifiedPages(modified)),
        (true, false) => return Err(Error::UnwritablePages(unwritable)),
        (false, false) => {
            return Err(Error::ModifiedAndUnwritablePages {
                modified,
                unwritable,
            });
        }
    }
    let write = || {
        let changed = pages.iter().filter(|page| page.exported.changed);
        export::write_files(
            folder,
            changed.map(|page| (page.exported.file.as_path(), page.text.as_str())),
        )
    };
    remember_pages(store, &pages, &chosen, root, write).await?;
    Ok(pages.into_iter().map(|page| page.exported).collect())
}

/// Returns the folder that a decision was imported from.
fn folder_in(context: &PageContext, id: &DecisionId) -> String {
    let location = context.imported.get(id.as_str());
    location.map_or(String::new(), |location| location.folder.clone())
}

/// A page to be written.
struct PageToWrite {
    exported: ExportedAdr,
    text: String,
    /// Whether it is in the style of the person who wrote it.
    is_own: bool,
}

/// Returns the text of a file; `None` if it does not exist.
fn read_text(file: &Path) -> Result<Option<String>, Error> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if is_missing(&error) => Ok(None),
        // Not UTF-8, so not ours.
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => Ok(Some(String::new())),
        Err(error) => Err(Error::unreadable(file, &error)),
    }
}

/// A written page with what is remembered about it.
struct RememberedPage<'a> {
    folder: String,
    name: String,
    page: &'a PageToWrite,
    decision: &'a Decision,
    /// Whether the decision was imported from this file.
    is_imported: bool,
}

impl RememberedPage<'_> {
    /// Whether it is in the style of a person, and differs from what was imported or is in another folder:
    /// such a page need not contain the id of its decision.
    fn needs_id(&self) -> bool {
        let is_kept = || metadata_text(self.decision, PAGE_KEY).as_ref() == Some(&self.page.text);
        self.page.is_own && !(self.is_imported && is_kept())
    }
}

/// Writes the pages, and remembers what they contain.
async fn remember_pages(
    store: &Store,
    pages: &[PageToWrite],
    chosen: &[&Decision],
    root: &Path,
    write: impl Fn() -> Result<(), Error>,
) -> Result<(), Error> {
    let remembered = pages.iter().filter_map(|page| {
        let (id, file) = (&page.exported.id, &page.exported.file);
        let decision = *chosen.iter().find(|decision| decision.id == *id)?;
        let folder = folder_of(file, root);
        let name = file_names::file_name(file);
        let is_imported =
            file_of(decision).as_ref() == Some(&name) && is_from(decision, &folder, root);
        Some(RememberedPage {
            folder,
            name,
            page,
            decision,
            is_imported,
        })
    });
    let remembered: Vec<RememberedPage<'_>> = remembered.collect();
    let stored = store
        .write(async |store| {
            let documents = store.documents().without_history();
            for remembered in &remembered {
                let RememberedPage { page, decision, .. } = remembered;
                let place = (&*remembered.folder, &*remembered.name);
                if remembered.needs_id() {
                    remember_page(&documents, place, &decision.id, &page.text).await?;
                }
                if !page.is_own {
                    remember_version(&documents, place, &decision_hash(decision)).await?;
                }
                let text = page.is_own.then_some(page.text.as_str());
                let is_imported = remembered.is_imported;
                remember_text(&documents, place, text, decision, is_imported).await?;
            }
            write()
        })
        .await;
    let all_have_ids = !remembered.iter().any(RememberedPage::needs_id);
    match stored {
        // These pages contain the ids of their decisions, so an import finds these without it.
        Err(Error::Store(error)) if error.is_not_writable() && all_have_ids => write(),
        stored => stored,
    }
}

/// Whether a file can be overwritten without losing anything: it is the page of this decision, and
/// is either as it was written or has been imported since.
fn can_overwrite(
    before: &str,
    name: &str,
    decision: &Decision,
    existing: &ExistingPages,
    root: &Path,
) -> bool {
    let ExistingPages {
        exported,
        held,
        versions,
        ..
    } = existing;
    let Some(adr) = existing.pages.get(name) else {
        return false;
    };
    if adr.id.is_some() && !existing.is_owned_by(name, &decision.id) {
        return false;
    }
    let is_exported = exported.is_page_of(adr, &decision.id);
    let is_remembered = is_exported && exported.is_unmodified(adr);
    let is_its_page = adr.id.is_some() || is_exported || is_page_of(adr, decision, root);
    let is_held = is_its_page && held.is_unmodified(adr);
    // Another database may have exported a newer decision.
    let is_written = || {
        let is_known = versions.of(adr, &decision.id).is_some() || versions.is_held(adr);
        has_valid_page_hash(before) && is_known
    };
    is_remembered
        || is_held
        || is_copy_of(adr, decision)
        || adr.id.is_some() && (is_written() || is_same(decision, before))
}

/// Returns the file of each decision: the current one, the one it was imported from, or a new one.
fn assign_file_names(
    chosen: &[&Decision],
    all: &[Decision],
    existing: &ExistingPages,
    root: &Path,
) -> BTreeMap<String, String> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut numbers = existing.numbers.clone();
    let mut rest = Vec::new();
    for decision in chosen {
        let id = decision.id.as_str();
        // In another folder, a name such as `README.md` would not be that of a decision.
        let kept = kept_page(decision);
        let is_read = |file: &String| {
            existing.pages.contains_key(file)
                || kept
                    .as_ref()
                    .is_none_or(|kept| sources::is_decision_file(file, kept))
        };
        let imported_from = file_of(decision).filter(|file| is_plain(file) && is_read(file));
        let is_taken = |file: &String| match existing.pages.get(file) {
            Some(adr) if adr.id.is_some() => !existing.is_owned_by(file, &decision.id),
            Some(adr) => !is_own_file(adr, decision, all, &existing.exported, root),
            None => existing.files.contains(file),
        };
        let exported = existing
            .pages
            .iter()
            .find(|(_, adr)| adr.id.is_none() && existing.exported.is_page_of(adr, &decision.id));
        let exported = exported.map(|(name, _)| name.clone());
        let exported = exported.or_else(|| existing.renamed.get(&decision.id).cloned());
        let name = existing.by_id.get(id).cloned().or(exported);
        match name.or_else(|| {
            imported_from.filter(|file| !is_taken(file) && !names.values().any(|n| n == file))
        }) {
            Some(name) => {
                numbers.extend(file_names::number(&name));
                names.insert(id.to_owned(), name);
            }
            None => rest.push(*decision),
        }
    }
    // Decisions with a number come first: a file with that number may be free.
    rest.sort_by_key(|decision| number(&decision.id).is_none());
    for decision in rest {
        let own = number(&decision.id).filter(|number| !numbers.contains(number));
        let next = || numbers.iter().max().map_or(1, |last| last + 1);
        let number = own.unwrap_or_else(next);
        numbers.insert(number);
        let name = file_name(number, &decision.decision);
        names.insert(decision.id.to_string(), name);
    }
    names
}

/// Whether a file without an id is the page of a decision and of no other one.
fn is_own_file(
    adr: &Adr,
    decision: &Decision,
    all: &[Decision],
    exported: &ExportedPages,
    root: &Path,
) -> bool {
    if exported.is_page_of(adr, &decision.id) || is_page_of(adr, decision, root) {
        return true;
    }
    // A copy of the folder; but an equal page of another repo is that of its own decision.
    let is_other = |other: &Decision| other.id != decision.id && is_page_of(adr, other, root);
    is_copy_of(adr, decision) && !all.iter().any(is_other)
}

/// Whether a name is the plain name of a Markdown file, without folders.
fn is_plain(name: &str) -> bool {
    file_names::is_markdown(Path::new(name))
        && Path::new(name)
            .file_name()
            .is_some_and(|file_name| file_name == name)
}
