//! The repos of a workspace: their folders, and their names in records.

mod known;
mod list;
mod rename;

pub use known::{
    UnknownRepo, WHOLE_WORKSPACE, imported_unknown_repos, repo_of_path, repos_in_records,
    unknown_repos,
};
pub use list::list_repos;
pub use rename::rename_repo;
