//! `wsdb git install`

use std::path::{Path, PathBuf};

use clap::Args;
use wsdb_app::documents::Document;
use wsdb_app::shell_quote;
use wsdb_app::views::InstalledDriverView;
use wsdb_core::format_io_error;

use super::attributes::{ChangedAttributes, add_lines};
use super::repository::{Repository, RepositoryArgs};
use crate::args::Global;
use crate::error::GitError;
use crate::ui::{Ui, escape_control_chars, format_count};

/// The settings of the merge driver.
pub(super) const SECTION: &str = "merge.wsdb";

/// The value of the attribute that selects the driver.
const DRIVER: &str = "wsdb";

const DRIVER_NAME: &str = "wsdb: merge documents record by record";

#[derive(Debug, Args)]
#[command(
    before_help = "With the merge driver, git merges exported documents record by record and field
by field. It stops only at conflicts: both branches changed the same field or
added the same ID, or one changed a record that the other deleted. Both versions
are then written between conflict markers.

Adds the driver to the repository's git configuration and the file names of the
documents to its .gitattributes. Commit .gitattributes, and run this command
once in each clone; clones without the driver merge documents line by line.",
    after_help = "Examples:
  wsdb git install
  wsdb git install --repo-dir ~/orchard/documents"
)]
pub(crate) struct Install {
    #[command(flatten)]
    repository: RepositoryArgs,
}

impl Install {
    pub(crate) fn run(self, global: &Global, ui: &Ui) -> anyhow::Result<()> {
        let repository = self.repository.find(global)?;
        let driver = driver_command(&program()?);
        // Read first: if it cannot be read, nothing is changed.
        let ChangedAttributes { text, documents } = add_lines(&repository.attributes()?);
        let before = repository.merge_attributes(&documents)?;
        let mut is_changed = false;
        for (key, value) in [("name", DRIVER_NAME), ("driver", driver.as_str())] {
            let key = format!("{SECTION}.{key}");
            if repository.setting(&key)?.as_deref() != Some(value) {
                repository.set(&key, value)?;
                is_changed = true;
            }
        }
        if !documents.is_empty() {
            repository.write_attributes(&text)?;
        }
        for (document, before) in documents.iter().zip(before) {
            if !matches!(before.as_str(), "unspecified" | "set") {
                ui.print_note(&format!(
                    "{document} had the attribute {}; the line added to .gitattributes overrides that",
                    escape_control_chars(&format_attribute(&before))
                ));
            }
        }
        let all = Document::ALL.map(Document::file_name);
        for (document, merge) in all.iter().zip(repository.merge_attributes(&all)?) {
            if merge != DRIVER {
                ui.print_labeled(
                    "warning",
                    &format!(
                        "{document} has the attribute {}, because a later line in .gitattributes or \
                         .git/info/attributes overrides merge={DRIVER}; remove that line",
                        escape_control_chars(&format_attribute(&merge))
                    ),
                );
            }
        }
        print_overriding_folders(&repository, ui)?;
        let root = repository.root.display().to_string();
        if ui.is_json() {
            return ui.print_changed_json(&InstalledDriverView {
                repository: root,
                driver,
                changed: is_changed || !documents.is_empty(),
                added: documents.into_iter().map(str::to_owned).collect(),
            });
        }
        if !is_changed && documents.is_empty() {
            return ui.print(&escape_control_chars(&format!(
                "The merge driver is already installed in {root}"
            )));
        }
        let title = escape_control_chars(&format!("Installed the merge driver in {root}"));
        let driver = format!("{SECTION}.driver = {driver}");
        let details = ui.format_pairs(&[
            ("settings", if is_changed { driver } else { String::new() }),
            (
                ".gitattributes",
                match documents.len() {
                    0 => String::new(),
                    count => format!("added {}", format_count(count as u64, "document")),
                },
            ),
        ]);
        ui.print_changed(&format!(
            "{title}\n{details}\nNext: commit .gitattributes, and run 'wsdb git install' once in \
             every other clone"
        ))
    }
}

/// Prints a note for each subfolder whose own `.gitattributes` has another way to merge documents. These
/// lines may be intended, and are left alone.
fn print_overriding_folders(repository: &Repository, ui: &Ui) -> anyhow::Result<()> {
    let all = Document::ALL.map(Document::file_name);
    let in_root = repository.merge_attributes(&all)?;
    for folder in repository.folders_with_attributes()? {
        let files = all.map(|document| format!("{folder}/{document}"));
        let in_folder = repository.merge_attributes(&files.each_ref().map(String::as_str))?;
        let overridden = in_root.iter().zip(&in_folder);
        let overridden =
            overridden.filter(|(in_root, merge)| *in_root == DRIVER && *merge != DRIVER);
        let mut attributes: Vec<String> = overridden
            .map(|(_, merge)| format_attribute(merge))
            .collect();
        let count = format_count(attributes.len() as u64, "document");
        attributes.sort();
        attributes.dedup();
        if !attributes.is_empty() {
            ui.print_note(&escape_control_chars(&format!(
                "{folder}/.gitattributes overrides merge={DRIVER} for {count} in {folder}: {}",
                attributes.join(", ")
            )));
        }
    }
    Ok(())
}

/// Returns the attribute `merge` as `.gitattributes` has it.
fn format_attribute(value: &str) -> String {
    match value {
        "unset" => "-merge".to_owned(),
        "unspecified" => "!merge".to_owned(),
        "set" => "merge".to_owned(),
        value => format!("merge={value}"),
    }
}

/// Returns the command of the merge driver. If the shell cannot run the program (exit codes 126 and 127),
/// git merges by lines: else it would take our version for a merge with conflicts.
fn driver_command(program: &str) -> String {
    format!(
        "{program} git merge-document %O %A %B --path %P --marker-size %L; code=$?; \
         if [ $code = 126 ] || [ $code = 127 ]; then \
         git merge-file -L ours -L ancestor -L theirs --marker-size=%L %A %O %B; else exit $code; fi"
    )
}

/// Returns this program as git runs it: `wsdb` if the shell finds it under that name, else its path.
fn program() -> anyhow::Result<String> {
    let own = std::env::current_exe().map_err(|error| {
        GitError(format!(
            "cannot determine the path of the wsdb executable: {}",
            format_io_error(&error)
        ))
    })?;
    let is_own = |path: PathBuf| is_same_file(&path, &own);
    let path = std::env::var_os("PATH").unwrap_or_default();
    // The shell runs the first one.
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join("wsdb"))
        .find(|path| path.is_file());
    if found.is_some_and(is_own) {
        return Ok("wsdb".to_owned());
    }
    let own = own.to_str().ok_or_else(|| {
        GitError(format!(
            "the path of the wsdb executable is not valid UTF-8: {}; install wsdb in a folder on your PATH",
            own.display()
        ))
    })?;
    // In the command of a driver, a percent sign starts a placeholder.
    Ok(shell_quote(own).replace('%', "%%"))
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}
