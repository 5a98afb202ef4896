//! Paths in a workspace, and how they relate to each other.
//!
//! People write paths relative to a repo, or relative to the workspace, so that they start with the
//! repo's name; a repo may also contain a folder with its own name. So a path may be ambiguous, and
//! two paths are the same if any of their interpretations are.

use std::collections::BTreeMap;
use std::path::Path;

use crate::glob::{covers, glob, has_wildcards, is_within};

/// Normalizes a path in a repo: forward slashes only, without `./` and doubled, leading or trailing
/// slashes, and with `..` resolved where possible. Surrounding blanks are removed.
///
/// ```
/// assert_eq!(wsdb_core::normalize_path("./src//core/../web/"), "src/web");
/// assert_eq!(wsdb_core::normalize_path(" /src\\web"), "src/web");
/// ```
pub fn normalize_path(path: &str) -> String {
    join_segments(path.trim())
}

/// Normalizes the path of a file with a violation: like [`normalize_path`], but a leading `/` and
/// blanks are kept, because stored fingerprints depend on them.
///
/// ```
/// assert_eq!(wsdb_core::normalize_file_path(r".\src\core\..\a.py"), "src/a.py");
/// assert_eq!(wsdb_core::normalize_file_path("/src/a.py "), "/src/a.py ");
/// ```
pub fn normalize_file_path(path: &str) -> String {
    let root = if path.starts_with(['/', '\\']) {
        "/"
    } else {
        ""
    };
    format!("{root}{}", join_segments(path))
}

fn join_segments(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split(['/', '\\']) {
        match (segment, segments.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => {
                segments.pop();
            }
            (segment, _) => segments.push(segment),
        }
    }
    segments.join("/")
}

/// Returns whether a path with forward slashes and without needless dots leads out of the folder that it is
/// relative to.
pub fn leads_up(path: &str) -> bool {
    path == ".." || path.starts_with("../")
}

/// Returns whether a path is absolute, here or on Windows.
///
/// ```
/// assert!(wsdb_core::is_absolute_path("/a") && wsdb_core::is_absolute_path(r"C:\a"));
/// assert!(!wsdb_core::is_absolute_path("c:a"));
/// ```
pub fn is_absolute_path(path: &str) -> bool {
    let has_drive = match path.as_bytes() {
        [drive, b':', b'/' | b'\\', ..] => drive.is_ascii_alphabetic(),
        _ => false,
    };
    has_drive || path.starts_with("\\\\") || Path::new(path).is_absolute()
}

/// Returns where the file with a violation is. A file outside its repo has an absolute path, or
/// one that leads out of the repo.
///
/// ```
/// use wsdb_core::format_file_location;
///
/// assert_eq!(format_file_location("core", "src/a.py"), "core/src/a.py");
/// assert_eq!(format_file_location("core", "/etc/hosts"), "/etc/hosts (repo core)");
/// ```
pub fn format_file_location(repo: &str, file_path: &str) -> String {
    if is_absolute_path(file_path) || leads_up(file_path) {
        format!("{file_path} (repo {repo})")
    } else {
        format!("{repo}/{file_path}")
    }
}

/// A path relative to the root of a repo.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RepoPath {
    /// The repo; `None` for any repo.
    pub repo: Option<String>,
    /// The path in the repo; empty for the repo itself.
    pub path: String,
}

/// How one path relates to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathRelation {
    /// It is the same path.
    Same,
    /// It is inside the other one, which is a folder or a glob.
    Within,
    /// It contains the other one.
    Around,
}

/// Repos by what a path in the workspace may begin with: their names, and the folders that they are in.
pub type RepoPrefixes = BTreeMap<String, String>;

/// Returns the interpretations of a path: as written, and relative to the repo that it begins with.
/// `repo` is the repo to which the path is supposed to be relative.
///
/// ```
/// use wsdb_core::{PathRelation, candidate_paths};
/// let repos = [("core", "core"), ("libs/util", "util")];
/// let repos = repos.map(|(prefix, repo)| (prefix.into(), repo.into())).into();
/// let paths = candidate_paths(None, "libs/util/src/pricing.py", &repos);
/// let known = candidate_paths(Some("util"), "./src/", &repos);
/// assert_eq!(paths[1].relation_to(&known[0]), Some(PathRelation::Within));
/// ```
pub fn candidate_paths(repo: Option<&str>, path: &str, repos: &RepoPrefixes) -> Vec<RepoPath> {
    let path = normalize_path(path);
    let repo_at = |prefix: &str| match (repos.get(prefix), repo) {
        (Some(known), None) => Some(known.clone()),
        (known, Some(repo)) if prefix == repo || known.is_some_and(|known| known == repo) => {
            Some(repo.to_owned())
        }
        _ => None,
    };
    let slashes = path.rmatch_indices('/').map(|(index, _)| index);
    let mut prefixes = std::iter::once(path.len()).chain(slashes);
    // The innermost repo comes first.
    let inside = prefixes.find_map(|end| {
        let repo = repo_at(&path[..end])?;
        Some(RepoPath {
            repo: Some(repo),
            path: path[end..].trim_start_matches('/').to_owned(),
        })
    });
    let as_written = RepoPath {
        repo: repo.map(str::to_owned),
        path,
    };
    [Some(as_written), inside].into_iter().flatten().collect()
}

impl RepoPath {
    /// Returns how this path relates to another one; `None` if they are unrelated.
    pub fn relation_to(&self, other: &RepoPath) -> Option<PathRelation> {
        let other_repo = self.repo.is_some() && other.repo.is_some() && self.repo != other.repo;
        if other_repo || (other.path.is_empty() && other.repo.is_none()) {
            None
        } else if self.path == other.path {
            Some(PathRelation::Same)
        } else if is_within(&self.path, &other.path) {
            Some(PathRelation::Within)
        } else if is_within(&other.path, &self.path) {
            Some(PathRelation::Around)
        } else {
            let within = has_wildcards(&other.path)
                && glob(&other.path).is_ok_and(|glob| covers(&glob, &self.path));
            within.then_some(PathRelation::Within)
        }
    }

    /// Returns the closest relation between any path and any other one.
    pub fn closest_relation(paths: &[RepoPath], others: &[RepoPath]) -> Option<PathRelation> {
        let relations = paths.iter().flat_map(|path| {
            let others = others.iter();
            others.filter_map(|other| path.relation_to(other))
        });
        relations.min()
    }

    /// Returns the forms of the path that rules may use: relative to the repo and to the workspace.
    pub fn path_forms(&self) -> Vec<String> {
        let in_workspace = self.repo.as_ref().map(|repo| match self.path.as_str() {
            "" => repo.clone(),
            path => format!("{repo}/{path}"),
        });
        let mut forms = vec![self.path.clone()];
        forms.extend(in_workspace);
        forms.retain(|path| !path.is_empty());
        forms
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn relation(path: &str, repo: &str, known: &str) -> Option<PathRelation> {
        let repos = ["core", "web"].map(|name| (name.to_owned(), name.to_owned()));
        let repos = repos.into();
        RepoPath::closest_relation(
            &candidate_paths(None, path, &repos),
            &candidate_paths(Some(repo), known, &repos),
        )
    }

    #[test]
    fn forms_of_the_same_path_are_the_same() {
        for path in ["src/a.py", "./src/a.py", "core/src/a.py", "src//x/../a.py"] {
            assert_eq!(
                relation(path, "core", "src/a.py"),
                Some(PathRelation::Same),
                "{path}"
            );
            assert_eq!(
                relation(path, "core", "core/src/a.py"),
                Some(PathRelation::Same)
            );
            assert_eq!(relation(path, "core", "src"), Some(PathRelation::Within));
            assert_eq!(
                relation(path, "core", "src/*.py"),
                Some(PathRelation::Within)
            );
        }
        assert_eq!(relation("web/src/a.py", "core", "src/a.py"), None);
        assert_eq!(relation("src/abc.py", "core", "src/a"), None);
        assert_eq!(
            relation("core", "core", "src/a.py"),
            Some(PathRelation::Around)
        );
        assert_eq!(
            relation("src", "core", "src/a.py"),
            Some(PathRelation::Around)
        );
        // A repo with a folder of the same name.
        assert_eq!(
            relation("core/core/a.py", "core", "core/a.py"),
            Some(PathRelation::Same)
        );
        assert_eq!(
            relation("core/a.py", "core", "core/a.py"),
            Some(PathRelation::Same)
        );
    }

    #[test]
    fn path_in_a_repo_has_two_forms() {
        let paths = candidate_paths(
            None,
            "core/src/a.py",
            &[("core".into(), "core".into())].into(),
        );
        assert_eq!(paths[0].path_forms(), ["core/src/a.py"]);
        assert_eq!(paths[1].path_forms(), ["src/a.py", "core/src/a.py"]);
    }

    proptest! {
        #[test]
        fn normalized_path_is_stable(path in "[a./\\\\]{0,12}", with_blanks in "[a./\\\\ ]{0,12}") {
            let normalized = normalize_path(&path);
            prop_assert_eq!(normalize_path(&normalized), normalized.clone());
            prop_assert!(!normalized.contains("//") && !normalized.contains("/./"));
            let normalized = normalize_file_path(&with_blanks);
            prop_assert_eq!(normalize_file_path(&normalized), normalized);
        }

        #[test]
        fn within_is_the_opposite_of_around(a in "[ab](/[ab]){0,3}", b in "[ab](/[ab]){0,3}") {
            let repo_path = |path: &String| RepoPath { repo: None, path: path.clone() };
            let forward = repo_path(&a).relation_to(&repo_path(&b));
            let backward = match repo_path(&b).relation_to(&repo_path(&a)) {
                Some(PathRelation::Within) => Some(PathRelation::Around),
                Some(PathRelation::Around) => Some(PathRelation::Within),
                other => other,
            };
            prop_assert_eq!(forward, backward);
        }
    }

    #[test]
    fn paths_of_windows_are_absolute() {
        for path in ["/a", "C:\\a", "c:/a", "\\\\server\\a"] {
            assert!(is_absolute_path(path), "{path}");
        }
        for path in ["a", "./a", "c:a", "", "ab:/c"] {
            assert!(!is_absolute_path(path), "{path}");
        }
    }
}
