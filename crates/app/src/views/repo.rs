//! Views of repos.

use std::collections::BTreeMap;

use serde::Serialize;

/// Where a repo was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RepoSource {
    /// A git repository in the workspace folder.
    Folder,
    /// `[repos]` in `.wsdb.toml`.
    Settings,
    /// A record.
    Records,
}

impl RepoSource {
    /// Returns the name in JSON and in texts.
    pub fn as_str(self) -> &'static str {
        match self {
            RepoSource::Folder => "folder",
            RepoSource::Settings => "settings",
            RepoSource::Records => "records",
        }
    }
}

/// A repo of the workspace.
#[derive(Debug, Clone, Serialize)]
pub struct RepoView {
    /// Its name.
    pub name: String,
    /// Its folder on this machine.
    pub path: Option<String>,
    /// Where it was found.
    pub found_in: Vec<RepoSource>,
    /// Number of open tasks that affect it.
    pub open_tasks: u64,
    /// Number of open issues that affect it.
    pub open_issues: u64,
    /// Number of open drift detections in it.
    pub open_drift: u64,
}

/// A repo that was renamed.
#[derive(Debug, Clone, Serialize)]
pub struct RenamedRepoView {
    /// The old name.
    pub from: String,
    /// The new name.
    pub to: String,
    /// Number of records that changed, by kind.
    pub changed: BTreeMap<&'static str, u64>,
    /// Number of records that changed.
    pub total: u64,
}
