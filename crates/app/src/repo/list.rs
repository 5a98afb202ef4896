//! Lists the repos of a workspace.

use std::collections::BTreeMap;

use wsdb_core::{
    DetectionFilter, DetectionStatus, IssueFilter, IssueStatus, Lifecycle, Moment, TaskFilter,
    TaskStatus,
};

use super::known::WHOLE_WORKSPACE;
use crate::repo_folders::repo_folders;
use crate::views::{RepoSource, RepoView};
use crate::{Error, Workspace};

/// Returns the repos of a workspace by name: the folders of repos, and the names in records.
pub async fn list_repos(workspace: &Workspace, now: Moment) -> Result<Vec<RepoView>, Error> {
    let mut repos: BTreeMap<String, RepoView> = BTreeMap::new();
    let store = &workspace.store;
    for folder in repo_folders(&workspace.location) {
        let path = std::path::absolute(&folder.path).unwrap_or(folder.path);
        let source = if folder.is_configured {
            RepoSource::Settings
        } else {
            RepoSource::Folder
        };
        let repo = entry(&mut repos, &folder.name);
        repo.repo_path = Some(path.display().to_string());
        repo.found_in.push(source);
    }
    for name in store.repos().names().await? {
        let repo = entry(&mut repos, &name);
        repo.found_in.push(RepoSource::Records);
        let folder = workspace.location.folder.join(&name);
        if repo.repo_path.is_none() && folder.is_dir() {
            let path = std::path::absolute(&folder).unwrap_or(folder);
            repo.repo_path = Some(path.display().to_string());
        }
    }
    let open_tasks = TaskFilter {
        status: TaskStatus::open(),
        ..TaskFilter::default()
    };
    for task in store.tasks().list(&open_tasks).await? {
        for name in &task.repos_affected {
            entry(&mut repos, name).open_task_count += 1;
        }
    }
    let open_issues = IssueFilter {
        status: IssueStatus::open(),
        ..IssueFilter::default()
    };
    for issue in store.issues().list(&open_issues).await? {
        for name in &issue.repos_affected {
            entry(&mut repos, name).open_issue_count += 1;
        }
    }
    let open_drift = DetectionFilter {
        status: DetectionStatus::open(),
        now: Some(now),
        ..DetectionFilter::default()
    };
    for detection in store.drift().detections().list(&open_drift).await? {
        entry(&mut repos, &detection.repo).open_detection_count += 1;
    }
    let is_only_for_states = |repo: &RepoView| {
        repo.repo_path.is_none()
            && repo.open_task_count + repo.open_issue_count + repo.open_detection_count == 0
    };
    repos.retain(|name, repo| name != WHOLE_WORKSPACE || !is_only_for_states(repo));
    Ok(repos.into_values().collect())
}

fn entry<'r>(repos: &'r mut BTreeMap<String, RepoView>, name: &str) -> &'r mut RepoView {
    repos.entry(name.to_owned()).or_insert_with(|| RepoView {
        name: name.to_owned(),
        repo_path: None,
        found_in: Vec::new(),
        open_task_count: 0,
        open_issue_count: 0,
        open_detection_count: 0,
    })
}
