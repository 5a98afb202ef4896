//! The date of the commit that added a file.

use std::path::Path;
use std::process::{Command, Stdio};

use wsdb_core::Timestamp;

/// Returns the author's date of the first commit with a file. `None` without git, outside of a
/// repository, for a file that was never committed, and if a shallow clone lacks that commit.
pub(super) fn first_commit_date(file: &Path) -> Option<Timestamp> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let name = file.file_name()?;
    let name = Path::new(".").join(name);
    let log = run_git(folder, |git| {
        git.args([
            "log",
            "--follow",
            "--diff-filter=A",
            "--no-show-signature",
            "--format=%H %aI",
            "--",
        ])
        .arg(&name);
    })?;
    let (commit, date) = log
        .lines()
        .rev()
        .find(|line| !line.is_empty())?
        .split_once(' ')?;
    // In a shallow clone, the oldest commit seems to add every file.
    let shallow = run_git(folder, |git| {
        git.args(["rev-parse", "--git-path", "shallow"]);
    })?;
    let shallow = std::fs::read_to_string(folder.join(shallow.trim())).unwrap_or_default();
    if shallow.lines().any(|line| line.trim() == commit) {
        return None;
    }
    date.parse().ok()
}

fn run_git(folder: &Path, arguments: impl FnOnce(&mut Command)) -> Option<String> {
    let mut git = Command::new("git");
    git.arg("-C")
        .arg(folder)
        // No program that the repository names is started, and nothing is written.
        .args([
            "-c",
            "core.fsmonitor=false",
            "--no-pager",
            "--literal-pathspecs",
        ])
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    arguments(&mut git);
    let output = git.output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}
