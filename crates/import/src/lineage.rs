//! The versions that git has of the records of a document, and which of them others were made from.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use wsdb_store::Rev;

use crate::git::{TrackedFile, git_in, in_working_tree, output_of};
use crate::record_reader::REV_KEY;

/// The versions to find the origin of, each with the known versions of the same record.
pub(crate) type WantedVersions = HashMap<Rev, HashSet<Rev>>;

/// Returns the known versions that the wanted ones were made from: the last ones in the commits before them.
/// If several commits have a wanted version that none before them has, such as one that copied the file from
/// another branch, these are the versions of all of them. It has no entry for a wanted version that is not in the commits, and an empty one if none of those before it
/// has a known version.
pub(crate) fn find_origins(file: &Path, mut wanted: WantedVersions) -> HashMap<Rev, Vec<Rev>> {
    let mut origins = HashMap::new();
    let Some(file) = in_working_tree(file) else {
        return origins;
    };
    // Otherwise, the file is from another branch, or from an earlier commit.
    if !is_from_commit(&file) {
        let committed = current_revs(&file);
        wanted.retain(|rev, _| committed.contains(rev));
    }
    read_log(&file, wanted, &mut origins);
    origins
}

/// Returns the versions in the file as the current commit has it.
fn current_revs(file: &TrackedFile) -> HashSet<Rev> {
    let mut git = git_in(&file.folder);
    git.args(["cat-file", "blob"])
        .arg(format!("HEAD:./{}", file.name));
    let text = output_of(git).unwrap_or_default();
    text.lines()
        .flat_map(|line| revs_in(line.as_bytes()))
        .collect()
}

/// Returns whether the repository has the file as it is now.
fn is_from_commit(file: &TrackedFile) -> bool {
    let mut git = git_in(&file.folder);
    // Filters are programs that the repository names.
    git.args(["hash-object", "--no-filters", "--", &file.name]);
    let Some(hash) = output_of(git) else {
        return false;
    };
    let mut git = git_in(&file.folder);
    git.args(["cat-file", "-e", hash.trim()]);
    output_of(git).is_some()
}

/// Returns whether a repository has all commits; in a shallow clone, the oldest one seems to add every file.
fn is_complete(folder: &Path) -> bool {
    let mut git = git_in(folder);
    git.args(["rev-parse", "--is-shallow-repository"]);
    output_of(git).is_some_and(|is_shallow| is_shallow.trim() == "false")
}

/// Number of commits after which no other origin of a version is expected. Copies of a file from another
/// branch are usually committed within days, and a log can be long: 1,500 commits of 1 MB take 8 s.
const MAX_COMMITS_BETWEEN_ORIGINS: usize = 200;

/// The search for the origins of one version.
struct Search {
    wanted: Rev,
    known: HashSet<Rev>,
    /// Whether a commit with the version was found.
    is_found: bool,
    /// The commits before it that come next.
    commits: HashSet<String>,
    /// The known versions that it was made from.
    origins: Vec<Rev>,
    /// Number of commits since the last one that showed an origin.
    commit_count: usize,
}

impl Search {
    fn new((wanted, known): (Rev, HashSet<Rev>)) -> Self {
        Search {
            wanted,
            known,
            is_found: false,
            commits: HashSet::new(),
            origins: Vec::new(),
            commit_count: 0,
        }
    }

    /// Adds the versions that the wanted one was made from if this commit shows them. Returns whether the
    /// search ends.
    fn visit(&mut self, commit: &Commit) -> bool {
        self.commit_count += 1;
        let is_before = self.commits.remove(&commit.hash);
        if is_before || commit.added.contains(&self.wanted) {
            self.is_found = true;
            let known = |revs: &HashSet<Rev>| -> Vec<Rev> {
                revs.intersection(&self.known).copied().collect()
            };
            let mut found = known(&commit.added);
            // A merge may have the version of one of the commits before it.
            if found.is_empty() && !(is_before && commit.parents.len() > 1) {
                // The versions that a commit removes are those of the commits before it.
                found = known(&commit.removed);
            }
            if found.is_empty() {
                self.commits.extend(commit.parents.iter().cloned());
            } else {
                self.commit_count = 0;
                self.origins.extend(found);
            }
        }
        let is_complete = !self.origins.is_empty() && self.commits.is_empty();
        is_complete && self.commit_count >= MAX_COMMITS_BETWEEN_ORIGINS
    }

    /// Returns the origins, in an order that does not depend on the commits.
    fn finish(mut self) -> (Rev, Vec<Rev>) {
        self.origins.sort_unstable();
        self.origins.dedup();
        (self.wanted, self.origins)
    }
}

/// What a commit changed in the file.
#[derive(Debug, Default)]
struct Commit {
    hash: String,
    parents: Vec<String>,
    /// The versions that none of the commits before it has.
    added: HashSet<Rev>,
    /// The versions that it replaced in any of the commits before it.
    removed: HashSet<Rev>,
    /// The versions that it has and one of the commits before it does not, for each that differs.
    added_to: Vec<HashSet<Rev>>,
}

impl Commit {
    /// Finishes a commit when all its differences are read. Nothing is listed for a commit before it that has
    /// the same file.
    fn finish(mut self) -> Self {
        let is_listed_completely = self.added_to.len() >= self.parents.len();
        let mut added = std::mem::take(&mut self.added_to).into_iter();
        let first = added.next().filter(|_| is_listed_completely);
        self.added = added.fold(first.unwrap_or_default(), |all, added| &all & &added);
        self
    }
}

/// Reads the commits of a file, the newest first, until the origins of all wanted versions are found.
fn read_log(file: &TrackedFile, wanted: WantedVersions, origins: &mut HashMap<Rev, Vec<Rev>>) {
    let mut searches: Vec<Search> = wanted.into_iter().map(Search::new).collect();
    if searches.is_empty() {
        return;
    }
    let mut git = git_in(&file.folder);
    git.args([
        "log",
        "HEAD",
        "--all",
        "--topo-order",
        "--full-history",
        "--parents",
        // Merges are compared with each of the commits before them.
        "-m",
        "--patch",
        "--unified=0",
        "--text",
        "--no-renames",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "--no-show-signature",
        "--format=%x00%H %P",
        "--",
        &file.name,
    ])
    .stdout(Stdio::piped());
    let Ok(mut git) = git.spawn() else {
        return;
    };
    let is_read = git.stdout.take().is_some_and(|output| {
        let visit = |commit: &Commit| {
            let ended = searches.extract_if(.., |search| search.visit(commit));
            origins.extend(ended.map(Search::finish));
            !searches.is_empty()
        };
        parse_log(BufReader::new(output), visit).is_ok()
    });
    if searches.is_empty() {
        // The rest is not needed.
        let _ = git.kill();
    }
    let is_success = git.wait().is_ok_and(|status| status.success());
    searches.retain(|search| search.is_found);
    // In a shallow clone, other commits may show the origin.
    if !(is_read && is_success && is_complete(&file.folder)) {
        searches.retain(|search| !search.origins.is_empty());
    }
    origins.extend(searches.into_iter().map(Search::finish));
}

/// Calls `visit` with each commit until it returns false.
fn parse_log(mut log: impl BufRead, mut visit: impl FnMut(&Commit) -> bool) -> std::io::Result<()> {
    let mut commit = Commit::default();
    let mut line = Vec::new();
    while log.read_until(b'\n', &mut line)? > 0 {
        match line.split_first() {
            Some((0, header)) => {
                let header = String::from_utf8_lossy(header);
                let mut hashes = header.split_whitespace().map(str::to_owned);
                let hash = hashes.next().unwrap_or_default();
                if hash != commit.hash {
                    let next = Commit {
                        hash,
                        parents: hashes.collect(),
                        ..Commit::default()
                    };
                    if !visit(&std::mem::replace(&mut commit, next).finish()) {
                        return Ok(());
                    }
                }
                commit.added_to.push(HashSet::new());
            }
            Some((b'+', text)) => {
                if let Some(added) = commit.added_to.last_mut() {
                    added.extend(revs_in(text));
                }
            }
            Some((b'-', text)) => commit.removed.extend(revs_in(text)),
            _ => {}
        }
        line.clear();
    }
    visit(&commit.finish());
    Ok(())
}

/// Returns the versions that a line of a document names.
fn revs_in(line: &[u8]) -> Vec<Rev> {
    let line = String::from_utf8_lossy(line);
    let values = line.match_indices(REV_KEY).filter_map(|(at, key)| {
        let is_key = line[..at].ends_with('"');
        let value = line[at + key.len()..].strip_prefix('"')?.trim_start();
        let value = value.strip_prefix(':')?.trim_start().strip_prefix('"')?;
        let (value, _) = value.split_once('"')?;
        value.parse().ok().filter(|_| is_key)
    });
    values.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revs_are_the_values_of_their_key() {
        let line = r#"  {"id": "x", "rev": "00ab12cd34ef5678", "prev": "01ab12cd34ef5678"}, {"rev":"02ab12cd34ef5678"},"#;
        let revs = revs_in(line.as_bytes()).into_iter();
        let revs: Vec<String> = revs.map(|rev| rev.to_string()).collect();
        assert_eq!(revs, ["00ab12cd34ef5678", "02ab12cd34ef5678"]);
        assert_eq!(revs_in(br#""rev": "", "rev": 7, "rev""#), []);
    }

    /// What one of the commits before a merge has was not added by the merge.
    #[test]
    fn additions_of_a_merge_are_those_to_all_commits_before_it() {
        let line = |digit: u8| format!("\"rev\": \"000000000000000{digit}\"\n");
        let log = format!(
            "\0n m c\n\n-{}+{}\0m a b\n\n+++ b/docs\n-{}+{}\0m a b\n\n-{}+{}\0a\n\n+{}",
            line(4),
            line(3),
            line(1),
            line(3),
            line(2),
            line(3),
            line(1)
        );
        let mut commits = Vec::new();
        let visit = |commit: &Commit| {
            let count = |revs: &HashSet<Rev>| revs.len();
            commits.push((
                commit.hash.clone(),
                commit.parents.len(),
                count(&commit.added),
                count(&commit.removed),
            ));
            true
        };
        assert!(parse_log(log.as_bytes(), visit).is_ok());
        let expected = [
            ("", 0, 0, 0),
            ("n", 2, 0, 1),
            ("m", 2, 1, 2),
            ("a", 0, 1, 0),
        ];
        let expected = expected
            .map(|(hash, parents, added, removed)| (hash.to_owned(), parents, added, removed));
        assert_eq!(commits, expected);
    }
}
