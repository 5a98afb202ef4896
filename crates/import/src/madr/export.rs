//! Exports decisions as pages.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use wsdb_core::{Decision, DecisionId, natural_order};
use wsdb_store::{Connection, Store};

use super::adr::Adr;
use super::page_hash::{has_valid_page_hash, render_with_hashes};
use super::page_location::{file_of, is_page_of};
use super::read::is_same;
use super::sources;
use super::write::{PageContext, file_name, number};
use crate::error::Error;
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
    /// Pages without the id of a decision.
    without_id: BTreeMap<String, Adr>,
    numbers: HashSet<u64>,
}

fn read_folder(folder: &Path, root: &Path) -> Result<ExistingPages, Error> {
    let mut existing = ExistingPages::default();
    let all = match sources::list_pages(folder) {
        Ok(all) => all,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(existing),
        Err(source) => {
            let path = folder.to_owned();
            return Err(Error::Write { path, source });
        }
    };
    for file in all {
        let name = sources::file_name(&file);
        existing.numbers.extend(sources::number(&name));
        // A file that cannot be read is not ours.
        if let Ok(adr) = sources::read_page(&file, root) {
            match &adr.id {
                Some(id) => _ = existing.by_id.entry(id.to_string()).or_insert(name),
                None => _ = existing.without_id.insert(name, adr),
            }
        }
    }
    Ok(existing)
}

/// Writes decisions into a folder in MADR 4 format, one file each. An empty `ids` means all
/// decisions. A decision keeps the file that it has existing.
///
/// # Errors
/// Returns [`Error::ModifiedPages`] if a file with other content would be overwritten, unless `force` is
/// set; nothing is written then.
pub async fn export_adr<C: Connection>(
    store: &Store<C>,
    folder: &Path,
    root: &Path,
    ids: &[DecisionId],
    force: bool,
) -> Result<Vec<ExportedAdr>, Error> {
    let mut all = store.decisions().all().await?;
    all.sort_by(|a, b| natural_order(a.id.as_str(), b.id.as_str()));
    let chosen: Vec<&Decision> = all
        .iter()
        .filter(|decision| ids.is_empty() || ids.contains(&decision.id))
        .collect();
    let existing = read_folder(folder, root)?;
    let names = assign_file_names(&chosen, &existing, root);
    let mut files = existing.by_id.clone();
    files.extend(names.clone());
    let mut context = PageContext {
        files,
        superseded_by: Vec::new(),
    };

    let mut texts = Vec::new();
    let mut modified = Vec::new();
    for decision in &chosen {
        let by = all
            .iter()
            .filter(|other| other.supersedes.contains(&decision.id));
        context.superseded_by = by.map(|other| other.id.clone()).collect();
        let Some(name) = names.get(decision.id.as_str()) else {
            continue;
        };
        let file = folder.join(name);
        let text = render_with_hashes(decision, &context);
        let before = match std::fs::read_to_string(&file) {
            Ok(before) => Some(before),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            // Not UTF-8, so not ours.
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => Some(String::new()),
            Err(source) => return Err(Error::Write { path: file, source }),
        };
        let changed = before.as_ref() != Some(&text);
        if changed
            && !force
            && before.is_some_and(|before| !can_overwrite(&before, &file, root, decision))
        {
            modified.push(file.clone());
        }
        let id = decision.id.clone();
        texts.push((ExportedAdr { id, file, changed }, text));
    }
    if !modified.is_empty() {
        return Err(Error::ModifiedPages(modified));
    }
    let changed = texts.iter().filter(|(exported, _)| exported.changed);
    export::write_files(
        folder,
        changed.map(|(e, text)| (e.file.as_path(), text.as_str())),
    )?;
    Ok(texts.into_iter().map(|(exported, _)| exported).collect())
}

/// Whether a file can be overwritten without losing anything: it is the page of this decision, and
/// is either as it was written or has been imported since.
fn can_overwrite(before: &str, file: &Path, root: &Path, decision: &Decision) -> bool {
    let Ok(adr) = sources::read_page(file, root) else {
        return false;
    };
    match &adr.id {
        Some(id) => {
            *id == decision.id && (has_valid_page_hash(before) || is_same(decision, before))
        }
        None => is_page_of(&adr, decision, root) && adr.is_unchanged(decision),
    }
}

/// Returns the file of each decision: the current one, the one it was imported from, or a new one.
fn assign_file_names(
    chosen: &[&Decision],
    existing: &ExistingPages,
    root: &Path,
) -> BTreeMap<String, String> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut numbers = existing.numbers.clone();
    let mut rest = Vec::new();
    for decision in chosen {
        let id = decision.id.as_str();
        let imported_from = file_of(decision).filter(|file| is_plain(file));
        let is_taken = |file: &String| {
            let other = existing.without_id.get(file);
            other.is_some_and(|adr| !is_page_of(adr, decision, root))
                || existing
                    .by_id
                    .iter()
                    .any(|(other, name)| name == file && other != id)
        };
        let name = existing.by_id.get(id).cloned();
        match name.or_else(|| {
            imported_from.filter(|file| !is_taken(file) && !names.values().any(|n| n == file))
        }) {
            Some(name) => {
                numbers.extend(sources::number(&name));
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

/// Whether a name is the plain name of a Markdown file, without folders.
fn is_plain(name: &str) -> bool {
    sources::is_markdown(Path::new(name))
        && Path::new(name)
            .file_name()
            .is_some_and(|file_name| file_name == name)
}
