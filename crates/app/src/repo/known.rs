//! Which names of repos the workspace knows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use wsdb_core::has_segments;

use crate::lookup::nearest;
use crate::repo_folders::{RepoFolder, canonical, innermost_repo, repo_folders};
use crate::{Error, Workspace};

/// The name that stands for all repos in architecture states; it is the default of `state add`.
pub const WHOLE_WORKSPACE: &str = "workspace";

/// Maximum number of repos that are named as likely ones: with more of them, the typed name is too vague.
const MAX_SUGGESTIONS: usize = 3;

/// How many times as many records a similar repo has if a name in records is taken for a typo.
const TYPO_RATIO: u64 = 3;

/// A name that no repo of the workspace has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRepo {
    /// The name.
    pub name: String,
    /// The repos that were most likely meant, all of them equally likely.
    pub suggestions: Vec<String>,
}

/// Returns those names that no repo of the workspace has: neither a folder nor a record. A folder that
/// is not a git repository counts if the workspace has no folders of repos. If the workspace has no repos
/// at all, every name is accepted. With `allows_new`, so is a name that is not similar to another one in a
/// workspace without folders of repos.
///
/// A name in records that is probably a typo is returned, too.
pub async fn unknown_repos(
    workspace: &Workspace,
    names: &[String],
    allows_new: bool,
) -> Result<Vec<UnknownRepo>, Error> {
    let folders = RepoFolders::find(workspace);
    let names = folders.without_folder(names);
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let known = workspace.store.repos().record_counts().await?;
    Ok(folders.unknown(&names, &known, allows_new))
}

/// Returns the repos of records, for [`imported_unknown_repos`].
pub async fn repos_in_records(workspace: &Workspace) -> Result<BTreeSet<String>, Error> {
    Ok(workspace.store.repos().names().await?)
}

/// Returns the names that an import brought to the workspace and that no repo had, if any had been
/// known: see [`unknown_repos`]. `before` are the repos that records had before the import.
pub async fn imported_unknown_repos(
    workspace: &Workspace,
    before: &BTreeSet<String>,
) -> Result<Vec<UnknownRepo>, Error> {
    let folders = RepoFolders::find(workspace);
    let mut known = workspace.store.repos().record_counts().await?;
    let new = known.keys().filter(|name| !before.contains(*name));
    let new: Vec<String> = new.cloned().collect();
    let new = folders.without_folder(&new);
    known.retain(|name, _| before.contains(name));
    Ok(folders.unknown(&new, &known, true))
}

/// The folders of the repos of a workspace.
struct RepoFolders<'a> {
    workspace: &'a Workspace,
    folders: Vec<RepoFolder>,
    names: BTreeSet<String>,
}

impl<'a> RepoFolders<'a> {
    fn find(workspace: &'a Workspace) -> Self {
        let folders = repo_folders(&workspace.location);
        let names = folders.iter().map(|folder| folder.name.clone()).collect();
        RepoFolders {
            workspace,
            folders,
            names,
        }
    }

    /// Returns those names that are not the name of a repo's folder, each once.
    fn without_folder(&self, names: &[String]) -> BTreeSet<String> {
        let has_folder = |name: &str| {
            self.names.contains(name)
                || name == WHOLE_WORKSPACE
                || self.names.is_empty() && self.folder_in_workspace(name).is_some()
        };
        let names = names.iter().filter(|name| !has_folder(name));
        names.cloned().collect()
    }

    /// Returns the folder in the workspace that a name is the path of.
    fn folder_in_workspace(&self, name: &str) -> Option<PathBuf> {
        let mut parts = Path::new(name).components();
        let is_inside = parts.all(|part| matches!(part, Component::Normal(_)));
        let folder = self.workspace.location.folder.join(name);
        (is_inside && !name.is_empty() && folder.is_dir()).then_some(folder)
    }

    /// Returns the repo that contains the folder of this path in the workspace.
    fn repo_around(&self, name: &str) -> Option<&str> {
        let folder = self.folder_in_workspace(name)?;
        let repo = innermost_repo(&self.folders, &folder)?;
        Some(repo.name.as_str())
    }

    /// Returns the unknown ones of names without a folder; `known` has the number of records of each
    /// repo.
    fn unknown(
        &self,
        names: &BTreeSet<String>,
        known: &BTreeMap<String, u64>,
        allows_new: bool,
    ) -> Vec<UnknownRepo> {
        let has_folders = !self.names.is_empty();
        if !has_folders && known.is_empty() {
            return Vec::new();
        }
        let records: BTreeSet<String> = known.keys().cloned().collect();
        let unknown = names.iter().filter_map(|name| {
            let (suggestions, is_new) = match known.get(name) {
                Some(count) => {
                    // A folder in a repo is not a repo, however many records name it.
                    let around = self.repo_around(name).map(|repo| vec![repo.to_owned()]);
                    let typo = || likely_typo_of(name, *count, &self.names, known);
                    (around.unwrap_or_else(typo), false)
                }
                // A name in a record may be an earlier typo.
                None => (self.likely_repos(name, known, &records), true),
            };
            let is_reported = !suggestions.is_empty() || is_new && (has_folders || !allows_new);
            let name = name.clone();
            is_reported.then_some(UnknownRepo { name, suggestions })
        });
        unknown.collect()
    }
}

impl RepoFolders<'_> {
    /// Returns the repos that a name in neither folders nor records is likely to mean: the one that
    /// contains a folder of this name, or similar ones, first of those with a folder.
    fn likely_repos(
        &self,
        name: &str,
        known: &BTreeMap<String, u64>,
        records: &BTreeSet<String>,
    ) -> Vec<String> {
        if let Some(repo) = self.repo_around(name) {
            return vec![repo.to_owned()];
        }
        let similar = similar_repos(name, &self.names);
        if !similar.is_empty() {
            return similar;
        }
        // A name in a record may be an earlier typo.
        let intended = similar_repos(name, records)
            .into_iter()
            .flat_map(|similar| {
                let count = known.get(&similar).copied().unwrap_or_default();
                match likely_typo_of(&similar, count, &self.names, known) {
                    intended if intended.is_empty() => vec![similar],
                    intended => intended,
                }
            });
        let intended: BTreeSet<String> = intended.collect();
        intended.into_iter().collect()
    }
}

/// Returns the repos of which a name in records is probably a typo: similar ones that have a folder, or
/// far more records. A name that differs only in a number is none.
fn likely_typo_of(
    name: &str,
    count: u64,
    folders: &BTreeSet<String>,
    known: &BTreeMap<String, u64>,
) -> Vec<String> {
    let letters = |name: &str| name.replace(|c: char| c.is_ascii_digit(), "");
    let is_typo = |other: &&String| *other != name && letters(other) != letters(name);
    let in_folders = folders.iter().filter(is_typo).cloned().collect();
    let found = nearest(None, name, in_folders);
    if !found.is_empty() {
        return at_most_few(found);
    }
    let frequent = known
        .iter()
        .filter(|(_, records)| **records >= count * TYPO_RATIO);
    let frequent = frequent.map(|(other, _)| other).filter(is_typo);
    at_most_few(nearest(None, name, frequent.cloned().collect()))
}

/// Returns the names that were most likely meant: similar ones, or those that contain it or begin with
/// it.
pub(super) fn similar_repos(name: &str, known: &BTreeSet<String>) -> Vec<String> {
    let matching = |is_match: &dyn Fn(&str) -> bool| {
        let matches = known.iter().filter(|known| is_match(known));
        at_most_few(matches.cloned().collect())
    };
    let lower = name.to_lowercase();
    let similar = at_most_few(nearest(None, name, known.iter().cloned().collect()));
    if !similar.is_empty() {
        return similar;
    }
    let containing = matching(&|known| has_segments(known, name));
    if !containing.is_empty() {
        return containing;
    }
    matching(&|known| lower.len() > 1 && known.to_lowercase().starts_with(&lower))
}

/// Returns the names, or none if there are too many to suggest.
fn at_most_few(names: Vec<String>) -> Vec<String> {
    if names.len() > MAX_SUGGESTIONS {
        return Vec::new();
    }
    names
}

/// Returns the repo that contains a path: the innermost folder of a repo, or else a folder with the
/// name of a repo in records that is a git repository or is in the workspace.
pub async fn repo_of_path(workspace: &Workspace, path: &Path) -> Result<Option<String>, Error> {
    let location = &workspace.location;
    if let Some(folder) = innermost_repo(&repo_folders(location), path) {
        return Ok(Some(folder.name.clone()));
    }
    let path = canonical(path);
    let root = canonical(&location.folder);
    let mut candidates = Vec::new();
    for folder in path.ancestors().filter(|folder| folder.is_dir()) {
        let in_workspace = folder.strip_prefix(&root).ok().and_then(Path::to_str);
        candidates.extend(in_workspace.map(str::to_owned));
        if folder.join(".git").exists() && folder != root {
            let name = folder.file_name().and_then(|name| name.to_str());
            candidates.extend(name.map(str::to_owned));
        }
    }
    candidates.retain(|name| !name.is_empty());
    if candidates.is_empty() {
        return Ok(None);
    }
    let known = workspace.store.repos().names().await?;
    Ok(candidates.into_iter().find(|name| known.contains(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn equally_similar_repos_are_all_suggested() {
        let known = names(&["gateway-a", "gateway-b", "portal", "portal-admin"]);
        let similar = |name| similar_repos(name, &known);
        assert_eq!(similar("gateway-c"), ["gateway-a", "gateway-b"]);
        assert_eq!(similar("gatewy-a"), ["gateway-a"]);
        assert_eq!(similar("gateway"), ["gateway-a", "gateway-b"]);
        assert_eq!(similar("xyz"), [""; 0]);
        let many = names(&["core-1", "core-2", "core-3", "core-4"]);
        assert_eq!(similar_repos("core", &many), [""; 0]);
    }

    #[test]
    fn rare_name_that_is_similar_to_a_frequent_one_is_a_typo() {
        let counts = [
            ("gateway", 6),
            ("gatway", 2),
            ("gatewaz", 3),
            ("core-1", 1),
            ("core-2", 9),
        ];
        let known = counts.map(|(name, count)| (name.to_owned(), count)).into();
        let typo_of = |name: &str, folders: &[&str]| {
            likely_typo_of(
                name,
                BTreeMap::get(&known, name).copied().unwrap_or(0),
                &names(folders),
                &known,
            )
        };
        assert_eq!(typo_of("gatway", &[]), ["gateway"]);
        assert_eq!(typo_of("gatewaz", &[]), [""; 0]);
        assert_eq!(typo_of("gatewaz", &["gateway"]), ["gateway"]);
        assert_eq!(typo_of("core-1", &["core-2"]), [""; 0], "another number");
    }
}
