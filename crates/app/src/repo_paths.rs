//! Paths of files relative to the folder of their repo, whichever way they were written.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use wsdb_core::{RepoPath, RepoPrefixes, candidate_paths, is_absolute_path, leads_up};

use crate::Location;
use crate::repo_folders::{RepoFolder, innermost_repo, repo_folders, resolve_dots};

/// Makes paths relative to the folders of repos.
///
/// The folder of a repo is the first of these: the one that [`repo_folders`] finds; the folder with its
/// name in the workspace; a git repository with its name that contains the file; without a workspace folder
/// (`--database`), any folder with its name that contains the file. A path that leads through symbolic links is relative to the
/// repo if the place where it ends is in the repo's folder.
#[derive(Debug)]
pub struct RepoPaths {
    current: PathBuf,
    workspace: PathBuf,
    folders: Vec<RepoFolder>,
    /// Paths of folders without symbolic links.
    canonical: RefCell<HashMap<PathBuf, PathBuf>>,
}

impl RepoPaths {
    /// Creates it for a workspace; relative paths are relative to `current`.
    pub fn new(location: &Location, current: &Path) -> Self {
        RepoPaths {
            current: current.to_owned(),
            workspace: resolve_dots(&current.join(&location.folder)),
            folders: repo_folders(location),
            canonical: RefCell::default(),
        }
    }

    /// Returns a path relative to a repo, with forward slashes; `None` if it is not in the repo.
    pub fn in_repo(&self, repo: &str, path: &Path) -> Option<String> {
        let path = self.absolute(path)?;
        let folder = self.folder(repo);
        let is_in_workspace = folder.is_dir();
        if is_in_workspace && let Some(relative) = self.relative(&folder, &path) {
            return Some(relative);
        }
        let place = self.canonical(&path);
        let named = |folder: &&Path| folder.file_name() == Some(repo.as_ref());
        let mut folders = place.ancestors().skip(1).filter(named);
        let folder = folders.find(|folder| !is_in_workspace || folder.join(".git").exists())?;
        self.relative(folder, &path)
    }

    /// Returns a path relative to the workspace's folder; `None` if it is not in it.
    pub fn in_workspace(&self, path: &Path) -> Option<String> {
        let path = self.absolute(path)?;
        self.relative(&self.workspace, &path)
    }

    /// Returns the path under which a file of a repo is stored: relative to the repo, with `..` if it
    /// is elsewhere in the workspace, or else absolute; `None` if that is not valid UTF-8.
    pub fn of_file(&self, repo: &str, path: &Path) -> Option<String> {
        let relative = self.in_repo(repo, path);
        relative
            .or_else(|| self.outside_repo(repo, path))
            .or_else(|| {
                let path = self.current.join(path);
                with_slashes(&self.canonical_in_folder(&path))
            })
    }

    /// Returns the path of a file in the workspace but outside the repo: relative to the repo, such as
    /// `../x.toml`, or to the workspace if the repo has no folder in it.
    fn outside_repo(&self, repo: &str, path: &Path) -> Option<String> {
        let in_workspace = self.in_workspace(path)?;
        let folder = self.folder(repo);
        if !folder.is_dir() {
            return Some(in_workspace);
        }
        match self.relative(&self.workspace, &folder) {
            Some(folder) => {
                let folder: Vec<&str> = folder.split('/').collect();
                let parts: Vec<&str> = in_workspace.split('/').collect();
                let same = folder
                    .iter()
                    .zip(&parts)
                    .take_while(|(a, b)| a == b)
                    .count();
                let up = "../".repeat(folder.len() - same);
                Some(format!("{up}{}", parts[same..].join("/")))
            }
            None => Some(in_workspace),
        }
    }

    /// Returns the path under which earlier versions stored a file outside of the repo: relative to the
    /// workspace. `None` if the repo contains a file with this path.
    pub fn earlier_path_of_file(&self, repo: &str, path: &Path) -> Option<String> {
        let is_outside = self.in_repo(repo, path).is_none();
        let in_workspace = self.in_workspace(path).filter(|_| is_outside)?;
        let is_in_repo = self.folder(repo).join(&in_workspace).exists();
        (!is_in_repo).then_some(in_workspace)
    }

    /// Returns the path of a file that need not exist: an absolute one like [`Self::of_file`]; a
    /// relative one is relative to the current folder if there is such a file of the repo, if it begins
    /// with `..`, or if it leads into the folder of the repo from outside of it. A path that begins with
    /// the repo's name or its folder in the workspace is relative to the workspace, unless the repo itself
    /// has such a folder. Any other path is relative to the repo.
    pub fn of_name(&self, repo: &str, path: &str) -> String {
        let path = &*path_of_url(path);
        let typed = wsdb_core::normalize_file_path(path);
        if is_absolute_path(path) {
            return self.in_repo(repo, Path::new(path)).unwrap_or(typed);
        }
        let folder = self.folder(repo);
        let here = self.current.join(path);
        let is_from_here = here.exists()
            || leads_up(&typed)
            || folder.is_dir()
                && self.relative(&folder, &here).is_some()
                && !self
                    .canonical(&self.current)
                    .starts_with(self.canonical(&folder));
        if is_from_here && let Some(path) = self.in_repo(repo, &here) {
            return path;
        }
        if leads_up(&typed)
            && let Some(path) = self.outside_repo(repo, &resolve_dots(&here))
        {
            return path;
        }
        self.without_repo_prefix(repo, typed)
    }

    /// Returns the path of a file that a report on a repo names: like [`Self::of_name`], but independent of
    /// the current folder. `None` if the file is not in the repo.
    pub fn of_report(&self, repo: &str, path: &str) -> Option<String> {
        let path = path_of_url(path);
        if is_absolute_path(&path) {
            return self.in_repo(repo, Path::new(&*path));
        }
        let typed = wsdb_core::normalize_file_path(&path);
        let folder = self.folder(repo);
        if leads_up(&typed) {
            return self.in_repo(repo, &resolve_dots(&folder.join(typed)));
        }
        let in_repo = self.without_repo_prefix(repo, typed);
        let in_workspace = self.workspace.join(&in_repo);
        let is_elsewhere = self
            .other_repo_around(repo, &in_repo, &in_workspace)
            .is_some();
        (!is_elsewhere).then_some(in_repo)
    }

    /// Returns the path of a file that a report names, relative to the workspace if it is absolute.
    pub fn of_report_in_workspace(&self, path: &str) -> String {
        let path = path_of_url(path);
        let relative = is_absolute_path(&path).then(|| self.in_workspace(Path::new(&*path)));
        relative.flatten().unwrap_or_else(|| path.into_owned())
    }

    /// Returns the other repo that contains a file, by its path from the current folder. The file need
    /// not exist.
    pub fn other_repo_of(&self, repo: &str, path: &str) -> Option<&str> {
        let path = path_of_url(path);
        let file = self.absolute(Path::new(&*path))?;
        if self.in_repo(repo, &file).is_some() {
            return None;
        }
        let typed = wsdb_core::normalize_file_path(&path);
        if file.exists() || is_absolute_path(&path) || leads_up(&typed) {
            // The path refers to the file of this name in the repo.
            if !is_absolute_path(&path) && self.folder(repo).join(&*path).exists() {
                return None;
            }
            let other = innermost_repo(&self.folders, &resolve_dots(&file));
            return other.map(|other| other.name.as_str());
        }
        let other = self.other_repo_around(repo, &typed, &file)?;
        let is_in_other = self
            .canonical(&self.current)
            .starts_with(self.canonical(&other.path));
        (!is_in_other).then_some(other.name.as_str())
    }

    /// Returns the other repo whose folder a relative path leads to, unless the repo itself has the file
    /// or a folder of that name.
    fn other_repo_around(&self, repo: &str, path: &str, file: &Path) -> Option<&RepoFolder> {
        let folder = self.folder(repo);
        let first = path.split('/').next().unwrap_or_default();
        let is_own = folder.join(path).exists()
            || !file.is_file() && (!path.contains('/') || folder.join(first).exists());
        let other = innermost_repo(&self.folders, file).filter(|other| other.name != repo);
        other.filter(|_| !is_own)
    }

    /// Returns a path in a repo without the repo's name or its folder in the workspace, unless the repo
    /// itself has such a folder.
    fn without_repo_prefix(&self, repo: &str, path: String) -> String {
        let folder = self.folder(repo);
        if !self.has_folder(repo) && !folder.is_dir() {
            return path;
        }
        match candidate_paths(Some(repo), &path, &self.prefixes()).as_slice() {
            [_, in_repo] if !in_repo.path.is_empty() => {
                let first = path.split('/').next().unwrap_or_default();
                let has_file = folder.join(&path).exists();
                let is_own_folder = folder.join(first).exists();
                if has_file || is_own_folder && !folder.join(&in_repo.path).exists() {
                    path
                } else {
                    in_repo.path.clone()
                }
            }
            _ => path,
        }
    }

    /// Returns the path of a file that a record with these repos mentions: in the repo, if there is
    /// exactly one and the file is in it, or else in the workspace. The file need not exist; without a
    /// single repo, its path is then relative to the repo of the current folder. A URL, a text with spaces
    /// that is no file, and a path of another operating system stay as they are.
    pub fn of_mention(&self, repos: &[String], path: &str) -> String {
        let Some(here) = self.absolute(Path::new(path)) else {
            return path.to_owned();
        };
        if !here.exists() && (has_scheme(path) || path.contains(char::is_whitespace)) {
            return path.to_owned();
        }
        let typed = wsdb_core::normalize_file_path(path);
        let is_from_here = here.exists() || leads_up(&typed) || is_absolute_path(path);
        if let [repo] = repos
            && (!is_from_here || self.in_repo(repo, &here).is_some())
        {
            return self.of_name(repo, path);
        }
        let in_workspace = |path: &Path| {
            self.in_workspace(path).or_else(|| {
                let folder = innermost_repo(&self.folders, path)?;
                let path = self.relative(&folder.path, path)?;
                Some(format!("{}/{path}", folder.name))
            })
        };
        if is_from_here {
            return in_workspace(&resolve_dots(&here)).unwrap_or(typed);
        }
        let begins_with_repo = candidate_paths(None, &typed, &self.prefixes()).len() > 1;
        match innermost_repo(&self.folders, &self.current) {
            Some(folder) if !begins_with_repo => {
                let path = folder.path.join(self.of_name(&folder.name, path));
                in_workspace(&path).unwrap_or(typed)
            }
            _ => typed,
        }
    }

    /// Returns the repo whose folder a path leads to, relative to the current folder or to the workspace. A
    /// path that begins with `.` or `..` or is absolute may also lead to a folder in the repo.
    pub fn repo_at(&self, path: &str) -> Option<&str> {
        let first = Path::new(path).components().next();
        if !matches!(first, Some(Component::Normal(_)) | None) {
            let folder = self.current.join(path);
            let repo = innermost_repo(&self.folders, &folder).filter(|_| folder.is_dir());
            return repo.map(|folder| folder.name.as_str());
        }
        let from = [&self.current, &self.workspace];
        let mut targets = from
            .map(|folder| self.canonical(&folder.join(path)))
            .into_iter();
        targets.find_map(|target| {
            let mut folders = self.folders.iter();
            let folder = folders.find(|folder| self.canonical(&folder.path) == target)?;
            Some(folder.name.as_str())
        })
    }

    /// Returns whether a repo with this name has a folder.
    pub fn has_folder(&self, repo: &str) -> bool {
        self.folders.iter().any(|folder| folder.name == repo)
    }

    /// Returns what a path may begin with in the workspace, for the repos that have a folder.
    pub fn prefixes(&self) -> RepoPrefixes {
        let folders = self.folders.iter();
        let in_workspace = folders.filter_map(|folder| {
            let prefix = self.in_workspace(&folder.path)?;
            Some((prefix, folder.name.clone()))
        });
        let names = self.folders.iter().map(|folder| &folder.name);
        let names = names.map(|name| (name.clone(), name.clone()));
        // A folder with the name of another repo is that repo's.
        in_workspace.chain(names).collect()
    }

    /// Returns the interpretations of a path: relative to the current folder if it exists there, and
    /// otherwise see [`candidate_paths`].
    pub fn candidates(&self, typed: &str, repos: &RepoPrefixes) -> Vec<RepoPath> {
        let path = self.current.join(typed);
        let is_from_here = is_absolute_path(typed)
            || path.exists()
            || leads_up(&wsdb_core::normalize_file_path(typed));
        if !is_from_here {
            return candidate_paths(None, typed, repos);
        }
        let in_workspace = self.in_workspace(&path);
        let repo = innermost_repo(&self.folders, &resolve_dots(&path)).map(|folder| RepoPath {
            repo: Some(folder.name.clone()),
            path: self.relative(&folder.path, &path).unwrap_or_default(),
        });
        match (in_workspace, repo) {
            (Some(path), Some(in_repo)) => vec![RepoPath { repo: None, path }, in_repo],
            (None, Some(in_repo)) => vec![in_repo],
            (Some(path), None) => candidate_paths(None, &path, repos),
            (None, None) => candidate_paths(None, typed, repos),
        }
    }

    /// Returns the folder of a repo, whether it exists or not.
    fn folder(&self, repo: &str) -> PathBuf {
        let found = self.folders.iter().find(|folder| folder.name == repo);
        found.map_or_else(
            || self.workspace.join(repo),
            |folder| self.current.join(&folder.path),
        )
    }

    /// Returns an absolute path; `None` for an absolute path of another operating system.
    fn absolute(&self, path: &Path) -> Option<PathBuf> {
        let is_foreign = path.to_str().is_some_and(is_absolute_path) && !path.is_absolute();
        (!is_foreign).then(|| self.current.join(path))
    }

    fn relative(&self, folder: &Path, path: &Path) -> Option<String> {
        let real_folder = self.canonical(folder);
        let relative = |folder: &Path, path: &Path| {
            let relative = with_slashes(path.strip_prefix(folder).ok()?)?;
            (!relative.is_empty()).then_some(relative)
        };
        // The last part is not resolved first: a linked file has the name of the link.
        relative(&real_folder, &self.canonical_in_folder(path))
            .or_else(|| relative(&resolve_dots(folder), &resolve_dots(path)))
            .or_else(|| relative(&real_folder, &self.canonical(path)))
    }

    /// Returns a path whose folder has no symbolic links.
    fn canonical_in_folder(&self, path: &Path) -> PathBuf {
        match (path.parent(), path.file_name()) {
            (Some(folder), Some(name)) => self.canonical(folder).join(name),
            _ => self.canonical(path),
        }
    }

    /// Returns a path without symbolic links, as far as it exists.
    fn canonical(&self, path: &Path) -> PathBuf {
        if let Some(known) = self.canonical.borrow().get(path) {
            return known.clone();
        }
        let real = match (
            path.canonicalize(),
            path.parent(),
            path.components().next_back(),
        ) {
            (Ok(real), _, _) => real,
            (Err(_), Some(folder), Some(last)) => resolve_dots(&self.canonical(folder).join(last)),
            _ => path.to_owned(),
        };
        let mut known = self.canonical.borrow_mut();
        known.insert(path.to_owned(), real.clone());
        real
    }
}

/// Returns whether a text begins like a URL, such as `https:` or `doi:`, and not with a drive.
fn has_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.len() > 1
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

/// Returns the path in a URL such as `file:///home/mira/a.py`, and any other text as it is.
fn path_of_url(text: &str) -> Cow<'_, str> {
    let path = text
        .get(.."file://".len())
        .filter(|scheme| scheme.eq_ignore_ascii_case("file://"))
        .and_then(|_| url::Url::parse(text).ok()?.to_file_path().ok());
    match path.as_deref().and_then(Path::to_str) {
        Some(path) => Cow::Owned(path.to_owned()),
        None => Cow::Borrowed(text),
    }
}

/// Returns the path with forward slashes; `None` if it is not valid UTF-8.
fn with_slashes(path: &Path) -> Option<String> {
    let text = path.to_str()?;
    Some(text.replace(std::path::MAIN_SEPARATOR, "/"))
}
