//! Runs git to read the history of a file.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The variables with which git passes its repository to hooks.
const REPOSITORY_VARIABLES: [&str; 8] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_SHALLOW_FILE",
];

/// Creates a command that reads the repository of a folder. It starts no program that the repository names,
/// writes nothing and fetches nothing.
pub(crate) fn git_in(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C")
        .arg(folder)
        .args([
            "-c",
            "core.fsmonitor=false",
            "-c",
            "protocol.allow=never",
            "--no-pager",
            "--literal-pathspecs",
        ])
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    // In a hook, the file may be in another repository than the hook.
    for variable in REPOSITORY_VARIABLES {
        git.env_remove(variable);
    }
    git
}

/// Returns the output of git; `None` without git and if it fails.
pub(crate) fn output_of(mut git: Command) -> Option<String> {
    let output = git.output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

/// A file in the working tree of a repository, with links resolved.
pub(crate) struct TrackedFile {
    pub(crate) folder: PathBuf,
    pub(crate) name: String,
}

/// Returns the file if a folder above it is the root of a working tree.
pub(crate) fn in_working_tree(file: &Path) -> Option<TrackedFile> {
    let file = file.canonicalize().ok()?;
    let folder = file.parent()?;
    folder
        .ancestors()
        .find(|folder| folder.join(".git").exists())?;
    Some(TrackedFile {
        folder: folder.to_owned(),
        name: file.file_name()?.to_str()?.to_owned(),
    })
}
