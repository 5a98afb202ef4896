//! The folders of the repos of a workspace.

use std::path::{Component, Path, PathBuf};

use crate::Location;

/// Number of levels below the workspace folder in which git repositories are found.
const MAX_DEPTH: usize = 2;

/// A folder that contains thousands of files of other people.
const SKIPPED_FOLDER: &str = "node_modules";

/// Folders in which no repositories are searched, though they may be one: `target` is what cargo
/// builds.
fn is_searched(name: &str) -> bool {
    !name.starts_with('.') && name != "target"
}

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
/// below the workspace folder, each once, whatever links lead to it. A repository has the name of its
/// folder. If several folders have that name, the one directly in the workspace has it, and the others
/// are named by their paths in the workspace.
pub fn repo_folders(location: &Location) -> Vec<RepoFolder> {
    let mut folders = Vec::new();
    let mut known = vec![canonical(&location.folder)];
    for (name, path) in &location.repos {
        let path = resolve_dots(&location.folder.join(path));
        known.push(canonical(&path));
        folders.push(RepoFolder {
            name: name.clone(),
            path,
            is_configured: true,
        });
    }
    let mut repositories = Vec::new();
    collect_repositories(&location.folder, "", MAX_DEPTH, &mut repositories);
    repositories.sort_by_key(|found| (found.is_link, found.path.clone()));
    let mut paths = Vec::new();
    for Repository { path, .. } in repositories {
        let real = canonical(&location.folder.join(&path));
        if !known.contains(&real) {
            known.push(real);
            paths.push(path);
        }
    }
    let last = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let names: Vec<String> = paths.iter().map(|path| last(path)).collect();
    for (path, name) in paths.iter().zip(&names) {
        let is_unique = names.iter().filter(|other| *other == name).count() == 1;
        let is_taken = folders.iter().any(|folder| folder.name == *name);
        let name = if is_unique && !is_taken { name } else { path };
        if !folders.iter().any(|folder| folder.name == *name) {
            folders.push(RepoFolder {
                name: name.clone(),
                path: location.folder.join(path),
                is_configured: false,
            });
        }
    }
    folders.sort_by(|a, b| a.name.cmp(&b.name));
    folders
}

/// A git repository in the workspace folder.
struct Repository {
    /// Its path in the workspace.
    path: String,
    /// Whether the path leads through a symbolic link.
    is_link: bool,
}

/// Collects the git repositories in a folder. A `.git` is a file in worktrees and submodules.
fn collect_repositories(folder: &Path, prefix: &str, depth: usize, found: &mut Vec<Repository>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let is_in_link = folder.is_symlink() && !prefix.is_empty();
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let path = entry.path();
        if name == SKIPPED_FOLDER || !path.is_dir() {
            continue;
        }
        let relative = format!("{prefix}{name}");
        if path.join(".git").exists() {
            found.push(Repository {
                path: relative.clone(),
                is_link: is_in_link || path.is_symlink(),
            });
        }
        if depth > 1 && is_searched(name) {
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

/// Returns the path without `.` and `..`, as far as that is possible.
pub(crate) fn resolve_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

/// Returns the path without `.` and `..`, unless that is another place because of a symbolic link.
pub fn without_dots(path: &Path) -> PathBuf {
    let plain = resolve_dots(path);
    if canonical(&plain) == canonical(path) {
        plain
    } else {
        path.to_owned()
    }
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
            "ws/.hidden/x/.git",
            "ws/.github/.git",
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
            (".github", false),
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
        let expected = [".github", "core", "orchard-core", "pears", "shop", "sub"];
        assert_eq!(names, expected);
    }

    #[test]
    fn folders_of_one_name_have_their_paths_as_names() {
        let root = tempfile::tempdir().expect("a folder");
        let names = |new: &str| {
            std::fs::create_dir_all(root.path().join(new).join(".git")).expect("a folder");
            let folders = repo_folders(&Location::in_folder(root.path()));
            let names = folders.into_iter().map(|folder| folder.name);
            names.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names("m/web"), "web");
        assert_eq!(names("a/web"), "a/web m/web");
        assert_eq!(names("web"), "a/web m/web web");
    }

    #[cfg(unix)]
    #[test]
    fn linked_folder_has_the_name_of_the_folder() {
        use std::os::unix::fs::symlink;
        let root = workspace();
        let link = |to: &str, from: &str| {
            symlink(root.path().join(to), root.path().join(from)).expect("a link")
        };
        link("ws/core", "ws/a-link");
        link("ws", "ws/self");
        link("web", "ws/website");
        let folders = repo_folders(&Location::in_folder(&root.path().join("ws")));
        let names: Vec<&str> = folders.iter().map(|folder| folder.name.as_str()).collect();
        let expected = [".github", "core", "libs/core", "pears", "sub", "website"];
        assert_eq!(names, expected);
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
