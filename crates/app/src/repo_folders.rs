//! The folders of the repos of a workspace.

use std::path::{Path, PathBuf};

use crate::Location;

/// Number of levels below the workspace folder in which git repositories are found.
const MAX_DEPTH: usize = 2;

/// Folders that contain other people's repositories, or thousands of files.
const SKIPPED_FOLDERS: [&str; 2] = ["node_modules", "target"];

/// The folder of a repo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepoFolder {
    /// The name of the repo.
    pub name: String,
    /// The folder.
    pub path: PathBuf,
    /// Whether the folder is set in `.wsdb.toml`; otherwise it was found in the workspace.
    pub is_configured: bool,
}

/// Returns the folders of repos: those in the settings, and the git repositories at most two levels
/// below the workspace folder. A repository has the name of its folder, or its path in the workspace
/// if that name is taken.
pub fn repo_folders(location: &Location) -> Vec<RepoFolder> {
    let configured = location.repos.iter().map(|(name, path)| RepoFolder {
        name: name.clone(),
        path: path.clone(),
        is_configured: true,
    });
    let mut folders: Vec<RepoFolder> = configured.collect();
    let known: Vec<PathBuf> = folders
        .iter()
        .map(|folder| canonical(&folder.path))
        .collect();
    let mut repositories = Vec::new();
    collect_repositories(&location.folder, "", MAX_DEPTH, &mut repositories);
    repositories.sort_by_key(|path| (path.matches('/').count(), path.clone()));
    for path in repositories {
        let folder = location.folder.join(&path);
        if known.contains(&canonical(&folder)) {
            continue;
        }
        let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
        let is_taken = folders.iter().any(|folder| folder.name == name);
        folders.push(RepoFolder {
            name: if is_taken { path } else { name },
            path: folder,
            is_configured: false,
        });
    }
    folders.sort_by(|a, b| a.name.cmp(&b.name));
    folders
}

/// Collects the paths of the git repositories in a folder. A `.git` is a file in worktrees and
/// submodules.
fn collect_repositories(folder: &Path, prefix: &str, depth: usize, found: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let path = entry.path();
        if name.starts_with('.') || SKIPPED_FOLDERS.contains(&name) || !path.is_dir() {
            continue;
        }
        let relative = format!("{prefix}{name}");
        if path.join(".git").exists() {
            found.push(relative.clone());
        }
        if depth > 1 {
            collect_repositories(&path, &format!("{relative}/"), depth - 1, found);
        }
    }
}

/// Returns the innermost repo that contains a path.
pub(crate) fn innermost_repo<'f>(folders: &'f [RepoFolder], path: &Path) -> Option<&'f RepoFolder> {
    let path = canonical(path);
    let containing = folders.iter().filter_map(|folder| {
        let root = canonical(&folder.path);
        path.starts_with(&root)
            .then(|| (root.components().count(), folder))
    });
    containing
        .max_by_key(|(depth, _)| *depth)
        .map(|(_, folder)| folder)
}

/// Returns a path without symbolic links, as far as it exists.
pub(crate) fn canonical(path: &Path) -> PathBuf {
    match (path.canonicalize(), path.parent(), path.file_name()) {
        (Ok(real), _, _) => real,
        (Err(_), Some(parent), Some(name)) => canonical(parent).join(name),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A workspace with repositories at several levels.
    fn workspace() -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a folder");
        for folder in [
            "ws/core/.git",
            "ws/core/src",
            "ws/libs/pears/.git",
            "ws/libs/core/.git",
            "ws/a/b/c/.git",
            "ws/docs",
            "ws/node_modules/x/.git",
            "ws/.hidden/.git",
            "web/.git",
        ] {
            std::fs::create_dir_all(root.path().join(folder)).expect("a folder");
        }
        std::fs::create_dir_all(root.path().join("ws/core/sub")).expect("a folder");
        let link = root.path().join("ws/core/sub/.git");
        std::fs::write(link, "gitdir: ../.git/modules/sub").expect("a file");
        root
    }

    fn location(root: &tempfile::TempDir) -> Location {
        let mut location = Location::in_folder(&root.path().join("ws"));
        let web = root.path().join("ws/../web");
        location.repos.insert("shop".to_owned(), web);
        location
    }

    #[test]
    fn repositories_are_found_in_two_levels_and_in_settings() {
        let root = workspace();
        let folders = repo_folders(&location(&root));
        let found: Vec<(&str, bool)> = folders
            .iter()
            .map(|folder| (folder.name.as_str(), folder.is_configured))
            .collect();
        let expected = [
            ("core", false),
            ("libs/core", false),
            ("pears", false),
            ("shop", true),
            ("sub", false),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn configured_folder_in_the_workspace_has_one_name() {
        let root = workspace();
        let mut location = location(&root);
        let core = root.path().join("ws/core");
        location.repos.insert("orchard-core".to_owned(), core);
        let folders = repo_folders(&location);
        let names: Vec<&str> = folders.iter().map(|folder| folder.name.as_str()).collect();
        // The other folder of that name has it now.
        assert_eq!(names, ["core", "orchard-core", "pears", "shop", "sub"]);
    }

    #[test]
    fn innermost_repo_contains_the_path() {
        let root = workspace();
        let folders = repo_folders(&location(&root));
        for (path, name) in [
            ("ws/core", Some("core")),
            ("ws/core/src/gone.py", Some("core")),
            ("ws/core/sub/x", Some("sub")),
            ("web/src", Some("shop")),
            ("ws/docs", None),
            ("ws/core-2", None),
        ] {
            let found = innermost_repo(&folders, &root.path().join(path));
            assert_eq!(found.map(|folder| folder.name.as_str()), name, "{path}");
        }
    }
}
