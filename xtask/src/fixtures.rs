//! Workspaces to try things on: generated ones of any size, and the way into a database.

mod dice;
mod places;
mod plan;
mod records;
mod sessions;
mod shape;
mod tasks;
mod words;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Subcommand;
use serde::Serialize;

use crate::project;
use dice::Dice;
use plan::Plan;
use sessions::Sessions;

/// What can be done with fixtures.
#[derive(Debug, Subcommand)]
pub enum Fixtures {
    /// Write the documents of a realistic workspace; the same bytes for the same seed
    Generate {
        /// How many tasks; there is a tenth as many sessions, issues and decisions
        #[arg(long, value_name = "N")]
        tasks: usize,
        /// Another seed gives another workspace of the same size
        #[arg(long, value_name = "S", default_value_t = 1)]
        seed: u64,
        /// Where to write [default: fixtures/N-tasks-seed-S in the target directory]
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Import documents into a database, with the release binary
    Load {
        /// Where the documents are [default: tests/fixtures/handwritten]
        dir: Option<PathBuf>,
        /// The database; it is made if it does not exist
        #[arg(long, value_name = "URL", default_value = project::DATABASE)]
        database: String,
    },
}

impl Fixtures {
    /// Does it.
    ///
    /// # Errors
    /// A directory that can't be written, or an import that failed.
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

/// Generates a workspace and writes its documents into a directory, which is made if need be.
///
/// # Errors
/// A directory that can't be made or written.
pub fn write(out: &std::path::Path, tasks: usize, seed: u64) -> Result<()> {
    fs::create_dir_all(out).with_context(|| format!("can't make {}", out.display()))?;
    for (name, content) in generate(tasks, seed) {
        let path = out.join(name);
        fs::write(&path, content).with_context(|| format!("can't write {}", path.display()))?;
    }
    Ok(())
}

/// The documents of a realistic workspace: file name and content, the same for the same seed.
///
/// Beside the tasks there is a tenth as many sessions, issues and decisions, half as many
/// activities, and a hundredth as many records in the tables that our own documents hold, each
/// rounded up. All ids are unique, and all references lead to a record.
///
/// ```
/// let documents = xtask::fixtures::generate(20, 1);
/// assert_eq!(documents[0].0, "WORKSPACE-TASKS.json");
/// assert_eq!(documents, xtask::fixtures::generate(20, 1));
/// ```
pub fn generate(tasks: usize, seed: u64) -> Vec<(&'static str, String)> {
    let plan = &Plan::new(tasks);
    let dice = &mut Dice::new(seed);
    let sessions = Sessions::new(plan, dice);
    let task_document = tasks::write(plan, &sessions, dice);
    let issues = records::issues(plan, &sessions, dice);
    let decisions = records::decisions(plan, &sessions, dice);
    let log = sessions::write(plan, &sessions, &decisions, &issues, dice);
    let architecture = shape::write_architecture(plan, dice);
    let (drift, detections) = shape::write_drift(plan, dice);
    let configuration = places::write_configuration(plan, &detections, dice);
    let contexts = places::write_contexts(plan, dice);
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
    // Structs of texts, numbers and lists are always JSON.
    let mut text = serde_json::to_string_pretty(document).expect("a document is JSON");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests;
