//! The date of the commit that added a file.

use std::path::Path;

use wsdb_core::Timestamp;

use crate::git::{git_in, output_of};

/// Returns the author's date of the first commit with a file. `None` without git, outside of a
/// repository, for a file that was never committed, and if a shallow clone lacks that commit.
pub(super) fn first_commit_date(file: &Path) -> Option<Timestamp> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let name = file.file_name()?;
    let name = Path::new(".").join(name);
    let mut git = git_in(folder);
    git.args([
        "log",
        "--follow",
        "--diff-filter=A",
        "--no-show-signature",
        "--format=%H %aI",
        "--",
    ])
    .arg(&name);
    let log = output_of(git)?;
    let (commit, date) = log
        .lines()
        .rev()
        .find(|line| !line.is_empty())?
        .split_once(' ')?;
    // In a shallow clone, the oldest commit seems to add every file.
    let mut git = git_in(folder);
    git.args(["rev-parse", "--git-path", "shallow"]);
    let shallow = output_of(git)?;
    let shallow = std::fs::read_to_string(folder.join(shallow.trim())).unwrap_or_default();
    if shallow.lines().any(|line| line.trim() == commit) {
        return None;
    }
    date.parse().ok()
}
