//! Paths in a workspace, and how they relate to each other.
//!
//! People write paths relative to a repo, or relative to the workspace, so that they start with the
//! repo's name; a repo may also contain a folder with its own name. So a path may be ambiguous, and
//! two paths are the same if any of their interpretations are.

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

/// Returns the interpretations of a path: as written, and with its first segment as the repo if
/// `is_repo` accepts it. `repo` is the repo to which the path is supposed to be relative.
///
/// ```
/// use wsdb_core::{PathRelation, candidate_paths};
/// let is_repo = |name: &str| name == "core";
/// let asked = candidate_paths(None, "core/src/pricing.py", is_repo);
/// let known = candidate_paths(Some("core"), "./src/", is_repo);
/// assert_eq!(asked[1].relation_to(&known[0]), Some(PathRelation::Within));
/// ```
pub fn candidate_paths(
    repo: Option<&str>,
    path: &str,
    is_repo: impl Fn(&str) -> bool,
) -> Vec<RepoPath> {
    let path = normalize_path(path);
    let (first, rest) = path.split_once('/').unwrap_or((&path, ""));
    let named = match repo {
        Some(repo) => first == repo,
        None => is_repo(first),
    };
    let mut places = vec![RepoPath {
        repo: repo.map(str::to_owned),
        path: path.clone(),
    }];
    if named {
        places.push(RepoPath {
            repo: Some(first.to_owned()),
            path: rest.to_owned(),
        });
    }
    places
}

impl RepoPath {
    /// Returns how this path relates to another one; `None` if they are unrelated.
    pub fn relation_to(&self, other: &RepoPath) -> Option<PathRelation> {
        let apart = self.repo.is_some() && other.repo.is_some() && self.repo != other.repo;
        if apart || (other.path.is_empty() && other.repo.is_none()) {
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
    pub fn closest_relation(places: &[RepoPath], others: &[RepoPath]) -> Option<PathRelation> {
        let pairs = places.iter().flat_map(|place| {
            let others = others.iter();
            others.filter_map(|other| place.relation_to(other))
        });
        pairs.min()
    }

    /// Returns the forms of the path that rules may use: relative to the repo and to the workspace.
    pub fn path_forms(&self) -> Vec<String> {
        let whole = self.repo.as_ref().map(|repo| match self.path.as_str() {
            "" => repo.clone(),
            path => format!("{repo}/{path}"),
        });
        let mut spellings = vec![self.path.clone()];
        spellings.extend(whole);
        spellings.retain(|path| !path.is_empty());
        spellings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn relation(asked: &str, repo: &str, path: &str) -> Option<PathRelation> {
        let is_repo = |name: &str| ["core", "web"].contains(&name);
        RepoPath::closest_relation(
            &candidate_paths(None, asked, is_repo),
            &candidate_paths(Some(repo), path, is_repo),
        )
    }

    #[test]
    fn a_path_is_known_however_it_is_spelled() {
        for asked in ["src/a.py", "./src/a.py", "core/src/a.py", "src//x/../a.py"] {
            assert_eq!(
                relation(asked, "core", "src/a.py"),
                Some(PathRelation::Same),
                "{asked}"
            );
            assert_eq!(
                relation(asked, "core", "core/src/a.py"),
                Some(PathRelation::Same)
            );
            assert_eq!(relation(asked, "core", "src"), Some(PathRelation::Within));
            assert_eq!(
                relation(asked, "core", "src/*.py"),
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
    fn rules_may_spell_it_in_two_ways() {
        let asked = candidate_paths(None, "core/src/a.py", |name| name == "core");
        assert_eq!(asked[0].path_forms(), ["core/src/a.py"]);
        assert_eq!(asked[1].path_forms(), ["src/a.py", "core/src/a.py"]);
    }

    proptest! {
        #[test]
        fn normalized_path_is_stable(path in "[a./\\\\ ]{0,12}") {
            let normalized = normalize_path(&path);
            prop_assert_eq!(normalize_path(&normalized), normalized.clone());
            prop_assert!(!normalized.contains("//") && !normalized.contains("/./"));
            let normalized = normalize_file_path(&path);
            prop_assert_eq!(normalize_file_path(&normalized), normalized);
        }

        #[test]
        fn within_and_around_mirror_each_other(a in "[ab](/[ab]){0,3}", b in "[ab](/[ab]){0,3}") {
            let place = |path: &String| RepoPath { repo: None, path: path.clone() };
            let there = place(&a).relation_to(&place(&b));
            let back = match place(&b).relation_to(&place(&a)) {
                Some(PathRelation::Within) => Some(PathRelation::Around),
                Some(PathRelation::Around) => Some(PathRelation::Within),
                other => other,
            };
            prop_assert_eq!(there, back);
        }
    }
}
