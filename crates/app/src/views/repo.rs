//! Views of repos.

use serde::Serialize;

use super::Counts;

/// Where a repo was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RepoView {
    /// Its name.
    pub name: String,
    /// Its folder on this machine.
    pub repo_path: Option<String>,
    /// Where it was found.
    pub found_in: Vec<RepoSource>,
    /// Number of open tasks that affect it.
    pub open_task_count: u64,
    /// Number of open issues that affect it.
    pub open_issue_count: u64,
    /// Number of open drift detections in it.
    pub open_detection_count: u64,
}

list_record!(RepoView {
    name,
    repo_path,
    found_in,
    open_task_count,
    open_issue_count,
    open_detection_count
});

/// A repo that was renamed.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RenamedRepoView {
    /// The old name.
    pub from: String,
    /// The new name.
    pub to: String,
    /// Number of records that changed, by the key of their list.
    pub counts: Counts,
    /// Number of records that changed.
    pub total: u64,
}
