//! The git repository that has the merge driver.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use clap::Args;
use wsdb_app::Error as AppError;
use wsdb_core::{format_io_error, format_read_error};

use crate::args::Global;
use crate::context::{current_folder, locate_workspace};
use crate::error::{GitError, unreadable, unwritable};

const ATTRIBUTES: &str = ".gitattributes";

/// Which git repository to change.
#[derive(Debug, Args)]
pub(super) struct RepositoryArgs {
    /// Any folder in the git repository [default: the workspace folder, or the current folder if
    /// the workspace is not in a repository]
    #[arg(long, value_name = "DIR")]
    repo_dir: Option<PathBuf>,
}

impl RepositoryArgs {
    pub(super) fn find(&self, global: &Global) -> anyhow::Result<Repository> {
        let current = current_folder()?;
        let folders = match &self.repo_dir {
            Some(folder) => {
                let folder = current.join(folder);
                let metadata = folder.metadata();
                let metadata =
                    metadata.map_err(|error| unreadable(&folder, format_read_error(&error)))?;
                if !metadata.is_dir() {
                    return Err(unreadable(&folder, "is a file, not a folder".to_owned()).into());
                }
                vec![folder]
            }
            None => match locate_workspace(global) {
                Ok(location) if location.folder != current => vec![location.folder, current],
                Ok(_) | Err(AppError::NoWorkspace { .. }) => vec![current],
                Err(error) => return Err(error.into()),
            },
        };
        for folder in &folders {
            if let Some(root) = find_root(folder)? {
                return Ok(Repository { root });
            }
            if is_bare(folder)? {
                let message = format!(
                    "{} is a bare git repository, without a working tree; run 'wsdb git install' in its \
                     clones",
                    folder.display()
                );
                return Err(GitError(message).into());
            }
        }
        let folders: Vec<String> = folders.iter().map(|f| f.display().to_string()).collect();
        let message = format!(
            "{} {} not in a git repository; run 'git init' there, or use --repo-dir DIR to \
             specify the repository that contains the documents",
            folders.join(" and "),
            if folders.len() == 1 { "is" } else { "are" },
        );
        Err(GitError(message).into())
    }
}

/// A git repository with a working tree.
#[derive(Debug)]
pub(super) struct Repository {
    pub(super) root: PathBuf,
}

impl Repository {
    /// Returns the value of a key in the settings of this repository.
    pub(super) fn setting(&self, key: &str) -> anyhow::Result<Option<String>> {
        let output = run_git(&self.root, &["config", "--local", "--get", key])?;
        let value = String::from_utf8_lossy(&output.stdout);
        Ok(output
            .status
            .success()
            .then(|| value.trim_end_matches('\n').to_owned()))
    }

    pub(super) fn set(&self, key: &str, value: &str) -> anyhow::Result<()> {
        let arguments = ["config", "--local", "--replace-all", key, value];
        succeed(&run_git(&self.root, &arguments)?)
    }

    pub(super) fn remove_section(&self, section: &str) -> anyhow::Result<()> {
        let arguments = ["config", "--local", "--remove-section", section];
        succeed(&run_git(&self.root, &arguments)?)
    }

    /// Returns the values of the attribute `merge` of files, in their order: `unspecified` without one.
    pub(super) fn merge_attributes(&self, files: &[&str]) -> anyhow::Result<Vec<String>> {
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let mut arguments = vec!["check-attr", "-z", "merge", "--"];
        arguments.extend(files);
        let output = run_git(&self.root, &arguments)?;
        succeed(&output)?;
        let text = String::from_utf8_lossy(&output.stdout);
        // The file, the attribute and its value.
        let values = text.split('\0').skip(2).step_by(3);
        Ok(values.map(str::to_owned).collect())
    }

    /// Returns the subfolders that have a `.gitattributes` of their own, relative to the root.
    pub(super) fn folders_with_attributes(&self) -> anyhow::Result<Vec<String>> {
        let pattern = format!(":(glob)**/{ATTRIBUTES}");
        let listed = ["ls-files", "-z", "--cached", "--others"];
        let arguments = [&listed[..], &["--exclude-standard", "--", &pattern]].concat();
        let output = run_git(&self.root, &arguments)?;
        succeed(&output)?;
        let text = String::from_utf8_lossy(&output.stdout);
        let files = text.split('\0').filter_map(|file| file.rsplit_once('/'));
        let mut folders: Vec<String> = files.map(|(folder, _)| folder.to_owned()).collect();
        folders.sort();
        Ok(folders)
    }

    /// Returns the text of `.gitattributes`, which is empty if there is none.
    pub(super) fn attributes(&self) -> anyhow::Result<String> {
        let file = self.root.join(ATTRIBUTES);
        match std::fs::read_to_string(&file) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(unreadable(&file, format_read_error(&error)).into()),
        }
    }

    /// Writes `.gitattributes`, or removes it if the text is empty.
    pub(super) fn write_attributes(&self, text: &str) -> anyhow::Result<()> {
        let file = self.root.join(ATTRIBUTES);
        let written = match text {
            "" => std::fs::remove_file(&file),
            text => std::fs::write(&file, text),
        };
        Ok(written.map_err(|error| unwritable(&file, error))?)
    }
}

/// Returns the root of the working tree that contains a folder.
fn find_root(folder: &Path) -> anyhow::Result<Option<PathBuf>> {
    let output = run_git(folder, &["rev-parse", "--show-toplevel"])?;
    let root = String::from_utf8(output.stdout);
    let root = root.map_err(|_| AppError::NotUtf8(folder.to_owned()))?;
    let root = root.trim_end_matches('\n');
    Ok((output.status.success() && !root.is_empty()).then(|| PathBuf::from(root)))
}

/// Whether a folder is in a git repository without a working tree.
fn is_bare(folder: &Path) -> anyhow::Result<bool> {
    let output = run_git(folder, &["rev-parse", "--is-bare-repository"])?;
    Ok(output.status.success() && output.stdout.trim_ascii() == b"true")
}

fn run_git(folder: &Path, arguments: &[&str]) -> anyhow::Result<Output> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .output();
    output.map_err(|error| GitError(format!("cannot run git: {}", format_io_error(&error))).into())
}

fn succeed(output: &Output) -> anyhow::Result<()> {
    if output.status.success() {
        return Ok(());
    }
    let message = String::from_utf8_lossy(&output.stderr);
    Err(GitError(format!("git failed: {}", message.trim())).into())
}
