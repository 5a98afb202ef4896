//! `wsdb git merge-document`

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use wsdb_app::documents::{DocumentVersions, merge_documents};
use wsdb_app::views::{MergeMethod, MergedDocumentView};
use wsdb_core::format_io_error;

use crate::args::number;
use crate::error::{GitError, unreadable, unwritable};
use crate::ui::{Ui, escape_control_chars};

/// Maximum length of conflict markers: git uses 7 by default, and some more in nested merges.
const MAX_MARKER_SIZE: usize = 1000;

/// Parses the length of conflict markers.
fn marker_size(text: &str) -> Result<usize, String> {
    match number(text)? {
        size @ 1..=MAX_MARKER_SIZE => Ok(size),
        _ => Err(format!("must be between 1 and {MAX_MARKER_SIZE}")),
    }
}

/// Exit code if there are conflicts, which makes git stop.
const CONFLICTS: u8 = 1;

#[derive(Debug, Args)]
#[command(
    before_help = "Git calls this command for documents after 'wsdb git install'. It needs no
workspace. It merges OURS and THEIRS record by record and field by field, and
writes the result to OURS. Conflicting values are written between conflict
markers, and the exit code is 1. If a version is not JSON, the document is
merged line by line, as by 'git merge-file'. An empty ANCESTOR means that both
sides added the document.",
    after_help = "Example:\n  wsdb git merge-document base.json ours.json theirs.json"
)]
pub(crate) struct MergeDocument {
    /// File with the common ancestor
    ancestor: PathBuf,
    /// File with our version; the result is written here
    ours: PathBuf,
    /// File with their version
    theirs: PathBuf,
    /// Path of the document, for messages [default: OURS]
    #[arg(long, value_name = "NAME")]
    path: Option<PathBuf>,
    /// Length of conflict markers
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = marker_size)]
    marker_size: usize,
}

impl MergeDocument {
    pub(crate) fn run(self, ui: &Ui) -> anyhow::Result<u8> {
        let path = self.path.as_ref().unwrap_or(&self.ours);
        let path = escape_control_chars(&path.display().to_string());
        let versions = [
            read("the common ancestor", &self.ancestor)?,
            read("our version", &self.ours)?,
            read("their version", &self.theirs)?,
        ];
        let merged = match &versions {
            [Ok(ancestor), Ok(ours), Ok(theirs)] => {
                let versions = DocumentVersions {
                    ancestor,
                    ours,
                    theirs,
                };
                merge_documents(versions, self.marker_size).map_err(|error| error.to_string())
            }
            [ancestor, ours, theirs] => {
                let errors = [ancestor, ours, theirs].map(|version| version.as_ref().err());
                Err(errors
                    .into_iter()
                    .flatten()
                    .cloned()
                    .collect::<Vec<_>>()
                    .join("; "))
            }
        };
        let merged = match merged {
            Ok(merged) => merged,
            Err(error) => {
                ui.print_note(&format!("{path}: {error}; merged line by line"));
                let is_clean = self.merge_lines()?;
                if ui.is_json() {
                    ui.print_changed_json(&MergedDocumentView {
                        file_path: path,
                        merged: MergeMethod::Lines,
                        clean: is_clean,
                        conflicts: Vec::new(),
                    })?;
                }
                return Ok(if is_clean { 0 } else { CONFLICTS });
            }
        };
        std::fs::write(&self.ours, &merged.text).map_err(|error| unwritable(&self.ours, error))?;
        let is_clean = merged.conflicts.is_empty();
        if ui.is_json() {
            ui.print_changed_json(&MergedDocumentView {
                file_path: path,
                merged: MergeMethod::Records,
                clean: is_clean,
                conflicts: merged.conflicts.into_iter().map(Into::into).collect(),
            })?;
        } else {
            for conflict in &merged.conflicts {
                ui.print_labeled("conflict", &format!("{path}: {conflict}"));
            }
        }
        Ok(if is_clean { 0 } else { CONFLICTS })
    }

    /// Merges the files as git does by default. Returns whether there are no conflicts.
    fn merge_lines(&self) -> anyhow::Result<bool> {
        let output = Command::new("git")
            .args(["merge-file", "--quiet"])
            .arg(format!("--marker-size={}", self.marker_size))
            .args(["-L", "ours", "-L", "ancestor", "-L", "theirs", "--"])
            .args([&self.ours, &self.ancestor, &self.theirs])
            .output()
            .map_err(|error| GitError(format!("cannot run git: {}", format_io_error(&error))))?;
        match output.status.code() {
            Some(0) => Ok(true),
            // The number of conflicts, at most 127.
            Some(1..=127) => Ok(false),
            _ => {
                let message = String::from_utf8_lossy(&output.stderr);
                Err(GitError(format!("git merge-file failed: {}", message.trim())).into())
            }
        }
    }
}

/// Returns the text of a version, or why it is not text.
fn read(version: &str, file: &Path) -> anyhow::Result<Result<String, String>> {
    let bytes = std::fs::read(file)
        .map_err(|error| unreadable(file, wsdb_core::format_read_error(&error)))?;
    let text = String::from_utf8(bytes);
    Ok(text.map_err(|_| format!("{version} is not valid UTF-8")))
}
