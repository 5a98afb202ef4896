//! The form in which paths of a report are stored.

/// Where a path in a report leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathBase<'r> {
    /// To a file of this repo.
    Repo(&'r str),
    /// To a file of any repo, so that it begins with the name of the repo.
    Workspace,
}

/// Returns the form in which a path of a report is stored.
pub type StorePath<'a> = dyn Fn(PathBase<'_>, &str) -> String + 'a;
