//! `cargo xtask fixtures`: generates sample workspaces of any size and imports them.

mod architecture;
mod contexts;
mod plan;
mod records;
mod rng;
mod sessions;
mod tasks;
mod vocabulary;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Subcommand;
use serde::Serialize;

use crate::project;
use plan::{Plan, Sessions};
use rng::Rng;

/// Arguments of `cargo xtask fixtures`.
#[derive(Debug, Subcommand)]
pub enum Fixtures {
    /// Write the documents of a realistic workspace; a seed always gives the same bytes
    Generate {
        /// Number of tasks; there are a tenth as many sessions, issues and decisions
        #[arg(long, value_name = "N")]
        tasks: usize,
        /// Seed of the random number generator
        #[arg(long, value_name = "S", default_value_t = 1)]
        seed: u64,
        /// Output folder [default: fixtures/N-tasks-seed-S in the target directory]
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Import documents into a database with the release binary
    Load {
        /// Folder with the documents [default: tests/fixtures/handwritten]
        dir: Option<PathBuf>,
        /// Database; created if it does not exist
        #[arg(long, value_name = "URL", default_value = project::DATABASE)]
        database: String,
    },
}

impl Fixtures {
    /// Runs the command.
    ///
    /// # Errors
    /// A folder cannot be written, or the import fails.
    pub fn run(self) -> Result<()> {
        match self {
            Fixtures::Generate { tasks, seed, out } => {
                let out = match out {
                    Some(out) => out,
                    None => default_out(tasks, seed)?,
                };
                write(&out, tasks, seed)?;
                println!("{}", out.display());
                Ok(())
            }
            Fixtures::Load { dir, database } => {
                let dir = dir.unwrap_or_else(|| project::root().join("tests/fixtures/handwritten"));
                let mut command = project::cargo();
                command
                    .args(["run", "--quiet", "--release", "--package", "wsdb", "--"])
                    .args(["--database", &database, "import"])
                    .arg(dir);
                project::run(&mut command)
            }
        }
    }
}

fn default_out(tasks: usize, seed: u64) -> Result<PathBuf> {
    let name = format!("{tasks}-tasks-seed-{seed}");
    Ok(project::target()?.join("fixtures").join(name))
}

/// Generates a workspace and writes its documents into a folder, which is created if necessary.
///
/// # Errors
/// The folder cannot be created or written.
pub fn write(out: &std::path::Path, tasks: usize, seed: u64) -> Result<()> {
    fs::create_dir_all(out).with_context(|| format!("cannot create {}", out.display()))?;
    for (name, content) in generate(tasks, seed) {
        let path = out.join(name);
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Generates the documents of a realistic workspace: pairs of file name and content. A seed always
/// gives the same documents.
///
/// For the given number of tasks there are half as many activities, a tenth as many sessions, issues
/// and decisions, and a hundredth as many records in the other tables, each rounded up. All ids are
/// unique, and all references name existing records.
///
/// ```
/// let documents = xtask::fixtures::generate(20, 1);
/// assert_eq!(documents[0].0, "WORKSPACE-TASKS.json");
/// assert_eq!(documents, xtask::fixtures::generate(20, 1));
/// ```
pub fn generate(tasks: usize, seed: u64) -> Vec<(&'static str, String)> {
    let plan = &Plan::new(tasks);
    let rng = &mut Rng::new(seed);
    let sessions = Sessions::new(plan, rng);
    let task_document = tasks::write(plan, &sessions, rng);
    let issues = records::issues(plan, &sessions, rng);
    let decisions = records::decisions(plan, &sessions, rng);
    let log = sessions::write(plan, &sessions, &decisions, &issues, rng);
    let architecture = architecture::write_architecture(plan, rng);
    let (drift, detections) = architecture::write_drift(plan, rng);
    let configuration = contexts::write_configuration(plan, &detections, rng);
    let contexts = contexts::write_contexts(plan, rng);
    vec![
        ("WORKSPACE-TASKS.json", text(&task_document)),
        ("SESSION-LOG.json", text(&log)),
        (
            "CROSS-REPO-ISSUES.json",
            text(&records::write_issues(&issues)),
        ),
        (
            "ARCHITECTURE-DECISIONS.json",
            text(&records::write_decisions(&decisions)),
        ),
        ("ARCHITECTURE.json", text(&architecture)),
        ("DRIFT.json", text(&drift)),
        ("CONFIGURATION.json", text(&configuration)),
        ("CONTEXT-LOG.json", text(&contexts)),
    ]
}

fn text(document: &impl Serialize) -> String {
    // Structs of strings, numbers and lists can always be written as JSON.
    let mut text = serde_json::to_string_pretty(document).expect("a document is JSON");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests;
