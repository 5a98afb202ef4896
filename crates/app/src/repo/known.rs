//! Which names of repos the workspace knows.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use wsdb_core::has_segments;

use crate::lookup::suggestion;
use crate::repo_folders::{canonical, innermost_repo, repo_folders};
use crate::{Error, Workspace};

/// The name that stands for all repos in architecture states; it is the default of `state add`.
pub const WHOLE_WORKSPACE: &str = "workspace";

/// A name that no repo of the workspace has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRepo {
    /// The name.
    pub name: String,
    /// The repo that was most likely meant.
    pub suggestion: Option<String>,
}

/// Returns those names that no repo of the workspace has: neither a folder nor a record. If the
/// workspace has no repos at all, every name is fine. With `allows_new`, so is a name that is not
/// similar to another one in a workspace without folders of repos.
pub async fn unknown_repos(
    workspace: &Workspace,
    names: &[String],
    allows_new: bool,
) -> Result<Vec<UnknownRepo>, Error> {
    let names: BTreeSet<&String> = names.iter().collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let location = &workspace.location;
    let folders = repo_folders(location).into_iter().map(|folder| folder.name);
    let known: BTreeSet<String> = folders.collect();
    let has_folders = !known.is_empty();
    let has_folder = |name: &str| {
        let mut parts = Path::new(name).components();
        let is_inside = parts.all(|part| matches!(part, Component::Normal(_)));
        known.contains(name)
            || name == WHOLE_WORKSPACE
            || is_inside && !name.is_empty() && location.folder.join(name).is_dir()
    };
    let mut names: Vec<&String> = names.into_iter().filter(|name| !has_folder(name)).collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let folders = known;
    let known = workspace.store.repos().names().await?;
    if folders.is_empty() && known.is_empty() {
        return Ok(Vec::new());
    }
    names.retain(|name| !known.contains(*name));
    // A name in a record may be an earlier typo.
    let unknown = names.into_iter().map(|name| UnknownRepo {
        name: name.clone(),
        suggestion: similar_repo(name, &folders).or_else(|| similar_repo(name, &known)),
    });
    let is_reported =
        |unknown: &UnknownRepo| has_folders || !allows_new || unknown.suggestion.is_some();
    Ok(unknown.filter(is_reported).collect())
}

/// Returns the name that was most likely meant: a similar one, or the only one that contains it or
/// begins with it.
pub(super) fn similar_repo(name: &str, known: &BTreeSet<String>) -> Option<String> {
    let only = |is_match: &dyn Fn(&str) -> bool| {
        let mut matches = known.iter().filter(|known| is_match(known));
        let first = matches.next();
        first.filter(|_| matches.next().is_none()).cloned()
    };
    let lower = name.to_lowercase();
    suggestion(None, name, known.iter().cloned().collect())
        .or_else(|| only(&|known| has_segments(known, name)))
        .or_else(|| only(&|known| lower.len() > 1 && known.to_lowercase().starts_with(&lower)))
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
