//! Renames a repo in all records.

use wsdb_core::{
    Activity, ArchitectureState, ComponentPlacement, ConfigurationChange, ConfigurationSnapshot,
    ContextSwitch, Decision, DriftDetection, DriftScan, Issue, Json, JsonObject, Session,
    SessionDecision, SessionIssue, SnapshotType, Task,
};
use wsdb_store::{Record, Store, Transaction};

use super::known::{WHOLE_WORKSPACE, similar_repos};
use crate::repo_folders::repo_folders;
use crate::views::{Counts, RenamedRepoView};
use crate::{Actor, Error, Workspace};

/// A record that has the names of repos.
trait HasRepos: Record + PartialEq {
    /// The key of a list of the records among which these count, in JSON.
    const LIST: &'static str;

    /// Replaces the name of a repo, also at the beginning of paths in the workspace. The time of the
    /// last change stays: statistics go by it where no other time is known.
    fn rename_repo(&mut self, from: &str, to: &str);
}

fn rename_one(name: &mut String, from: &str, to: &str) {
    if name == from {
        to.clone_into(name);
    }
}

fn rename_optional(name: &mut Option<String>, from: &str, to: &str) {
    if let Some(name) = name {
        rename_one(name, from, to);
    }
}

/// Renames a repo at the beginning of a path.
fn rename_in_path(path: &mut String, from: &str, to: &str) {
    let Some(rest) = path.strip_prefix("./").unwrap_or(path).strip_prefix(from) else {
        return;
    };
    if rest.is_empty() || rest.starts_with('/') {
        *path = format!("{to}{rest}");
    }
}

fn rename_in_paths<'p>(paths: impl IntoIterator<Item = &'p mut String>, from: &str, to: &str) {
    for path in paths {
        rename_in_path(path, from, to);
    }
}

/// Renames a repo in the paths that the rules of a placement allow or forbid.
fn rename_in_rules(rules: &mut Json, from: &str, to: &str) {
    for list in ["allowed_paths", "forbidden_paths"] {
        let rules = rules.get_mut(list).and_then(Json::as_array_mut);
        for rule in rules.into_iter().flatten() {
            let path = match rule {
                Json::Object(rule) => rule.get_mut("path"),
                path => Some(path),
            };
            if let Some(Json::String(path)) = path {
                rename_in_path(path, from, to);
            }
        }
    }
}

/// Keys of documents under which people write repos, for fields that wsdb does not know.
const REPO_KEYS: [&str; 4] = ["repo", "repos", "repos_affected", "repositories"];

/// Keys of documents under which people write files.
const FILE_KEYS: [&str; 9] = [
    "file",
    "file_path",
    "file_paths",
    "files",
    "files_affected",
    "files_changed",
    "path",
    "paths",
    "related_files",
];

/// Renames a repo in fields of a document that wsdb does not know.
fn rename_in_document(fields: &mut JsonObject, from: &str, to: &str) {
    for repo in texts_of(fields, &REPO_KEYS) {
        rename_one(repo, from, to);
    }
    rename_in_paths(texts_of(fields, &FILE_KEYS), from, to);
}

/// Returns the texts under some keys, single or in lists.
fn texts_of<'f>(
    fields: &'f mut JsonObject,
    keys: &'static [&'static str],
) -> impl Iterator<Item = &'f mut String> {
    let fields = fields.iter_mut();
    let fields = fields.filter(|(key, _)| keys.contains(&key.as_str()));
    let values = fields.flat_map(|(_, value)| match value {
        Json::Array(values) => values.as_mut_slice(),
        value => std::slice::from_mut(value),
    });
    values.filter_map(|value| match value {
        Json::String(text) => Some(text),
        _ => None,
    })
}

/// Renames a repo in a list, which then contains it once.
fn rename_in_list(names: &mut Vec<String>, from: &str, to: &str) {
    let Some(at) = names.iter().position(|name| name == from) else {
        return;
    };
    if names.iter().any(|name| name == to) {
        names.retain(|name| name != from);
    } else {
        to.clone_into(&mut names[at]);
    }
}

impl HasRepos for Task {
    const LIST: &'static str = "tasks";

    fn rename_repo(&mut self, from: &str, to: &str) {
        rename_in_list(&mut self.repos_affected, from, to);
        rename_optional(&mut self.assigned_repo, from, to);
        rename_in_paths(&mut self.related_files, from, to);
        rename_in_document(&mut self.document_fields, from, to);
    }
}

impl HasRepos for Issue {
    const LIST: &'static str = "issues";

    fn rename_repo(&mut self, from: &str, to: &str) {
        rename_in_list(&mut self.repos_affected, from, to);
        rename_in_document(&mut self.document_fields, from, to);
    }
}

impl HasRepos for Session {
    const LIST: &'static str = "sessions";

    fn rename_repo(&mut self, from: &str, to: &str) {
        rename_in_document(&mut self.document_fields, from, to);
    }
}

impl HasRepos for SessionDecision {
    const LIST: &'static str = Session::LIST;

    fn rename_repo(&mut self, from: &str, to: &str) {
        rename_in_document(&mut self.document_fields, from, to);
    }
}

impl HasRepos for SessionIssue {
    const LIST: &'static str = Session::LIST;

    fn rename_repo(&mut self, from: &str, to: &str) {
        rename_in_document(&mut self.document_fields, from, to);
    }
}

impl HasRepos for Activity {
    const LIST: &'static str = "activities";

    fn rename_repo(&mut self, from: &str, to: &str) {
        rename_in_document(&mut self.document_fields, from, to);
        let files = self
            .files_created
            .iter_mut()
            .chain(&mut self.files_modified);
        rename_in_paths(files, from, to);
    }
}

impl HasRepos for Decision {
    const LIST: &'static str = "decisions";

    fn rename_repo(&mut self, from: &str, to: &str) {
        rename_in_list(&mut self.repos_affected, from, to);
        rename_in_paths(&mut self.related_files, from, to);
        rename_in_paths(&mut self.documentation, from, to);
        rename_in_document(&mut self.document_fields, from, to);
    }
}

impl HasRepos for ArchitectureState {
    const LIST: &'static str = "states";

    fn rename_repo(&mut self, from: &str, to: &str) {
        rename_one(&mut self.repo, from, to);
        rename_in_paths(&mut self.architecture_doc_path, from, to);
        rename_in_paths(&mut self.roadmap_file, from, to);
    }
}

impl HasRepos for ComponentPlacement {
    const LIST: &'static str = "placements";

    fn rename_repo(&mut self, from: &str, to: &str) {
        rename_one(&mut self.correct_repo, from, to);
        rename_in_paths(&mut self.correct_location, from, to);
        if let Some(rules) = &mut self.rules {
            rename_in_rules(rules, from, to);
        }
    }
}

impl HasRepos for DriftScan {
    const LIST: &'static str = "scans";

    fn rename_repo(&mut self, from: &str, to: &str) {
        rename_in_list(&mut self.repos_scanned, from, to);
    }
}

impl HasRepos for DriftDetection {
    const LIST: &'static str = "detections";

    fn rename_repo(&mut self, from: &str, to: &str) {
        if self.repo == from {
            self.set_repo(to);
        }
        rename_in_paths(&mut self.expected_location, from, to);
        rename_in_paths(&mut self.actual_location, from, to);
    }
}

impl HasRepos for ContextSwitch {
    const LIST: &'static str = "visits";

    fn rename_repo(&mut self, from: &str, to: &str) {
        rename_one(&mut self.repo, from, to);
        rename_optional(&mut self.previous_context, from, to);
        rename_in_path(&mut self.repo_path, from, to);
    }
}

impl HasRepos for ConfigurationSnapshot {
    const LIST: &'static str = "configuration_snapshots";

    fn rename_repo(&mut self, from: &str, to: &str) {
        rename_one(&mut self.repo, from, to);
    }
}

impl HasRepos for ConfigurationChange {
    const LIST: &'static str = "configuration_changes";

    fn rename_repo(&mut self, from: &str, to: &str) {
        rename_one(&mut self.repo, from, to);
    }
}

/// Renames a repo in all records. With `merge`, other records may have the new name already.
///
/// # Errors
/// [`Error::NotFound`] if no record has the old name, and [`Error::Invalid`] if a record has the new
/// one without `merge`, or if incremental snapshots of both repos would be combined.
pub async fn rename_repo(
    workspace: &Workspace,
    actor: &Actor,
    from: &str,
    to: &str,
    merge: bool,
) -> Result<RenamedRepoView, Error> {
    if from == WHOLE_WORKSPACE || to == WHOLE_WORKSPACE {
        return Err(Error::Malformed(format!(
            "'{WHOLE_WORKSPACE}' stands for all repos and cannot be the name of one"
        )));
    }
    workspace
        .by(actor, "repo rename")
        .write(async |store| {
            let known = store.repos().names().await?;
            if !known.contains(from) {
                let mut folders = repo_folders(&workspace.location).into_iter();
                if folders.any(|folder| folder.name == from) {
                    return Err(Error::Invalid(format!(
                        "no record refers to the repo {from}; this command renames repos in records, and does not rename folders"
                    )));
                }
                return Err(Error::NotFound {
                    noun: "repo",
                    word: from.to_owned(),
                    suggestion: match similar_repos(from, &known).as_slice() {
                        [only] => Some(only.clone()),
                        _ => None,
                    },
                });
            }
            if known.contains(to) {
                if !merge {
                    return Err(Error::RepoExists(to.to_owned()));
                }
                refuse_mixed_snapshots(store, from, to).await?;
            }
            let mut renaming = Renaming {
                store,
                from,
                to,
                counts: Counts::default(),
            };
            renaming.apply::<Task>().await?;
            renaming.apply::<Session>().await?;
            renaming.apply::<SessionDecision>().await?;
            renaming.apply::<SessionIssue>().await?;
            renaming.apply::<Activity>().await?;
            renaming.apply::<Issue>().await?;
            renaming.apply::<Decision>().await?;
            renaming.apply::<ArchitectureState>().await?;
            renaming.apply::<ComponentPlacement>().await?;
            renaming.apply::<DriftScan>().await?;
            renaming.apply::<DriftDetection>().await?;
            renaming.apply::<ContextSwitch>().await?;
            renaming.apply::<ConfigurationSnapshot>().await?;
            renaming.apply::<ConfigurationChange>().await?;
            let counts = renaming.counts;
            Ok(RenamedRepoView {
                from: from.to_owned(),
                to: to.to_owned(),
                total: counts.total(),
                counts,
            })
        })
        .await
}

/// A repo that is being renamed.
struct Renaming<'r> {
    store: &'r Store<Transaction>,
    from: &'r str,
    to: &'r str,
    counts: Counts,
}

impl Renaming<'_> {
    async fn apply<R: HasRepos>(&mut self) -> Result<(), Error> {
        let records = self.store.records::<R>();
        self.counts.add(R::LIST, 0);
        for before in records.all().await? {
            let mut record = before.clone();
            record.rename_repo(self.from, self.to);
            if record != before {
                records.save_changed(before, record).await?;
                self.counts.add(R::LIST, 1);
            }
        }
        Ok(())
    }
}

/// Returns an error if both repos have snapshots and one of them is incremental: it would be based on
/// those of the other repo.
async fn refuse_mixed_snapshots(
    store: &Store<Transaction>,
    from: &str,
    to: &str,
) -> Result<(), Error> {
    let snapshots = store.configuration().snapshots().all().await?;
    let of = |repo: &str| snapshots.iter().any(|snapshot| snapshot.repo == repo);
    let incremental = snapshots.iter().find(|snapshot| {
        let is_affected = snapshot.repo == from || snapshot.repo == to;
        is_affected && snapshot.snapshot_type == SnapshotType::Incremental
    });
    match incremental {
        Some(snapshot) if of(from) && of(to) => Err(Error::Invalid(format!(
            "{from} and {to} both have configuration snapshots, and {} is incremental: it would be \
             based on snapshots of the other repo; delete it first",
            snapshot.id
        ))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renamed_repo_is_in_a_list_once() {
        let renamed = |names: &[&str]| {
            let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            rename_in_list(&mut names, "a", "b");
            names.join(",")
        };
        assert_eq!(renamed(&["x", "a", "y"]), "x,b,y");
        assert_eq!(renamed(&["b", "a", "y"]), "b,y");
        assert_eq!(renamed(&["x"]), "x");
    }

    #[test]
    fn repo_is_renamed_at_the_beginning_of_paths() {
        for (path, renamed) in [
            ("core/src/a.py", "kernel/src/a.py"),
            ("./core/src", "kernel/src"),
            ("core", "kernel"),
            ("core-2/a.py", "core-2/a.py"),
            ("src/core/a.py", "src/core/a.py"),
            ("/core/a.py", "/core/a.py"),
        ] {
            let mut path = path.to_owned();
            rename_in_path(&mut path, "core", "kernel");
            assert_eq!(path, renamed);
        }
    }
}
