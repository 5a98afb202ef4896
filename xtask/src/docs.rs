//! `cargo xtask docs`: the generated parts of the documentation.
//!
//! Console transcripts in README.md and docs/ are produced by running their commands, and the
//! command reference, man pages and pictures come from the binary, the JSON Schemas from the types that
//! it prints. So they cannot become outdated: `cargo xtask docs --check` is a step of `cargo xtask ci`.

mod files;
mod pictures;
mod reference;
mod sandbox;
mod transcript;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};

use crate::command_tree::CommandHelp;
use crate::project;
use crate::rust_source::{find_files, relative};
use crate::schemas;
use files::{Files, MAN_PAGES, REFERENCE};

/// Arguments of `cargo xtask docs`.
#[derive(Debug, clap::Args)]
pub struct Docs {
    /// Write nothing, and fail if a file is outdated
    #[arg(long)]
    check: bool,
}

impl Docs {
    /// Generates all files and writes those that have changed.
    ///
    /// # Errors
    /// A command of a transcript cannot be run or, with `--check`, a file is outdated.
    pub fn run(self) -> Result<()> {
        let binary = project::build_binary()?;
        let mut files = Files::new();
        for path in documents()? {
            let text = fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            let name = relative(&path);
            let filled = transcript::fill(&text, &binary).with_context(|| name.clone())?;
            files.insert(name, filled);
        }
        let tree = CommandHelp::load(&binary)?;
        files.extend(reference::pages(&tree));
        files.extend(reference::man_pages(&binary)?);
        files.extend(pictures::render(&binary)?);
        files.extend(schemas::generate(&binary)?);

        let outdated = outdated(&files)?;
        if self.check {
            ensure!(
                outdated.is_empty(),
                "outdated documentation; run `cargo xtask docs`:\n  {}",
                outdated.join("\n  ")
            );
            println!("docs: {} files are up to date", files.len());
            return Ok(());
        }
        for name in &outdated {
            write(name, files.get(name))?;
            println!("{name}");
        }
        println!("docs: {} of {} files changed", outdated.len(), files.len());
        Ok(())
    }
}

/// Checks that all generated files are up to date.
///
/// # Errors
/// As [`Docs::run`].
pub fn check() -> Result<()> {
    Docs { check: true }.run()
}

/// Returns the documents that may contain transcripts.
fn documents() -> Result<Vec<PathBuf>> {
    let mut documents = find_files(&["README.md"], "md")?;
    if project::root().join("docs").exists() {
        documents.extend(find_files(&["docs"], "md")?);
    }
    documents.retain(|path| !relative(path).starts_with(&format!("{REFERENCE}/")));
    Ok(documents)
}

/// Returns the files that differ from what they should be, including those that should not exist.
fn outdated(files: &Files) -> Result<Vec<String>> {
    let mut outdated = Vec::new();
    for (name, text) in files {
        let current = fs::read_to_string(project::root().join(name)).ok();
        if current.as_deref() != Some(text) {
            outdated.push(name.clone());
        }
    }
    let folders = [
        (REFERENCE, "md"),
        (MAN_PAGES, "1"),
        (schemas::FOLDER, schemas::EXTENSION),
    ];
    for (folder, extension) in folders {
        if project::root().join(folder).exists() {
            let found = find_files(&[folder], extension)?;
            let names = found.iter().map(|path| relative(path));
            outdated.extend(names.filter(|name| !files.contains_key(name)));
        }
    }
    Ok(outdated)
}

/// Writes a file, or removes it if there is no text for it.
fn write(name: &str, text: Option<&String>) -> Result<()> {
    let path = project::root().join(name);
    let Some(text) = text else {
        return fs::remove_file(&path).with_context(|| format!("cannot remove {name}"));
    };
    let Some(folder) = path.parent() else {
        bail!("{name} has no folder");
    };
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    fs::write(&path, text).with_context(|| format!("cannot write {name}"))
}
