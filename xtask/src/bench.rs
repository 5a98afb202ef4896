//! `cargo xtask bench`: how long people wait, measured with the release binary.

mod drift;
mod next;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::{fixtures, project};

/// What is measured.
#[derive(Debug, clap::Args)]
pub struct Bench {
    /// Only this one
    #[arg(value_enum)]
    only: Option<Trial>,
    /// A PostgreSQL database to search in, too; what is in it is replaced
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Trial {
    /// An import of 10,000 tasks, and what goes with them, into a new database
    Import,
    /// From start to end of a process that adds one task, beside the sqlite3 shell
    Start,
    /// A search for two words in a database of 10,000 tasks, beside a process that does nothing
    Search,
    /// What to do next and what to know, at 10,000 and at 100,000 tasks, beside a process that
    /// does nothing
    Next,
    /// A scan of 10,000 detections against 10,000 that are known, 1 % new and 1 % gone, beside the
    /// plain statements in the sqlite3 shell
    Drift,
}

const TASKS: usize = 10_000;
const SEED: u64 = 1;
const IMPORTS: usize = 7;
const WARM_UPS: usize = 5;
const RUNS: usize = 50;

/// How many seconds an import may take.
const IMPORT_LIMIT: f64 = 0.5;
/// How many times as long as the sqlite3 shell an added task may take.
const START_LIMIT: f64 = 2.0;
/// How many seconds a search may take.
const SEARCH_LIMIT: f64 = 0.05;
/// Two words that few records have, and two that many have.
const SEARCHES: [[&str; 2]; 2] = [["seasonal", "pricing"], ["the", "orchard"]];

impl Bench {
    /// Builds the binary, and measures it.
    ///
    /// # Errors
    /// A build or a run that failed.
    pub fn run(self) -> Result<()> {
        let mut build = project::cargo();
        build
            .current_dir(project::root())
            .args(["build", "--release", "--package", "wsdb"]);
        project::run(&mut build)?;

        // On the disk that the project is on: a temporary folder is often in memory.
        let target = project::target()?;
        let folder = tempfile::tempdir_in(&target).context("can't make a folder")?;
        let place = Place {
            binary: target
                .join("release/wsdb")
                .with_extension(std::env::consts::EXE_EXTENSION),
            documents: folder.path().join("documents"),
            folder: folder.path().to_owned(),
        };
        fixtures::write(&place.documents, TASKS, SEED)?;
        let wanted = |trial| self.only.is_none_or(|only| only == trial);
        if wanted(Trial::Import) {
            place.import()?;
        }
        if wanted(Trial::Start) {
            place.start()?;
        }
        if wanted(Trial::Search) {
            place.search(self.postgres.as_deref())?;
        }
        if wanted(Trial::Next) {
            place.next()?;
        }
        if wanted(Trial::Drift) {
            place.drift(self.postgres.as_deref())?;
        }
        Ok(())
    }
}

/// Where it is measured.
struct Place {
    binary: PathBuf,
    documents: PathBuf,
    folder: PathBuf,
}

impl Place {
    fn import(&self) -> Result<()> {
        let mut seconds = Vec::new();
        for number in 0..IMPORTS {
            let database = self.folder.join(format!("import-{number}.db"));
            seconds.push(timed(&mut self.import_into(&database))?);
        }
        let times = Times::new(seconds);
        println!("import of {TASKS} tasks and what goes with them, {IMPORTS} runs:");
        println!(
            "  min {:.3} s, median {:.3} s, max {:.3} s",
            times.min, times.median, times.max
        );
        println!(
            "  limit {IMPORT_LIMIT} s: {}",
            held(times.median <= IMPORT_LIMIT)
        );
        Ok(())
    }

    fn start(&self) -> Result<()> {
        let [ours, theirs, relaxed] = ["wsdb", "sqlite3", "sqlite3-normal"]
            .map(|name| self.folder.join(format!("start-{name}.db")));
        timed(&mut self.import_into(&ours))?;
        let shell = has_shell();
        if shell {
            copy(&ours, &theirs)?;
            copy(&ours, &relaxed)?;
        }

        let mut trials = vec![
            Contest::new("wsdb task add"),
            Contest::new("wsdb --version"),
        ];
        if shell {
            trials.push(Contest::new("sqlite3 INSERT"));
            trials.push(Contest::new(
                "sqlite3 INSERT, synchronous=NORMAL as wsdb has it",
            ));
        }
        // In turn, so that whatever else the machine does touches all of them.
        for run in 0..WARM_UPS + RUNS {
            for (number, trial) in trials.iter_mut().enumerate() {
                let mut command = match number {
                    0 => self.add(&ours, run),
                    1 => self.version(),
                    2 => insert(&theirs, "", run),
                    _ => insert(&relaxed, "PRAGMA synchronous=NORMAL; ", run),
                };
                let seconds = timed(&mut command)?;
                if run >= WARM_UPS {
                    trial.seconds.push(seconds);
                }
            }
        }

        println!("one process, on a database of {TASKS} tasks, {RUNS} runs in turn:");
        let medians: Vec<f64> = trials.into_iter().map(Contest::show).collect();
        match medians[..] {
            [ours, _, theirs, relaxed] => {
                let ratio = ours / theirs;
                println!("  wsdb task add is {ratio:.2} x sqlite3 INSERT");
                println!("  and {:.2} x with synchronous=NORMAL", ours / relaxed);
                println!("  limit {START_LIMIT} x: {}", held(ratio <= START_LIMIT));
            }
            _ => println!("  sqlite3 is not installed: there is nothing to compare with"),
        }
        Ok(())
    }

    fn search(&self, postgres: Option<&str>) -> Result<()> {
        let database = self.folder.join("search.db");
        timed(&mut self.import_into(&database))?;
        let mut databases = vec![("SQLite", url(&database))];
        if let Some(postgres) = postgres {
            let mut copy = self.wsdb();
            copy.args([
                "copy",
                "--replace",
                "--from",
                &url(&database),
                "--to",
                postgres,
            ]);
            timed(&mut copy)?;
            databases.push(("PostgreSQL", postgres.to_owned()));
        }
        for (name, database) in databases {
            let mut trials: Vec<Contest> = ["wsdb --version"]
                .into_iter()
                .chain(SEARCHES.map(|_| "wsdb search"))
                .map(Contest::new)
                .collect();
            for run in 0..WARM_UPS + RUNS {
                for (number, trial) in trials.iter_mut().enumerate() {
                    let mut command = match number {
                        0 => self.version(),
                        _ => self.find(&database, SEARCHES[number - 1]),
                    };
                    let seconds = timed(&mut command)?;
                    if run >= WARM_UPS {
                        trial.seconds.push(seconds);
                    }
                }
            }
            println!("search for two words in {TASKS} tasks on {name}, {RUNS} runs in turn:");
            let medians: Vec<f64> = trials.into_iter().map(Contest::show).collect();
            let (nothing, searches) = medians.split_first().context("no trial")?;
            for (words, median) in SEARCHES.iter().zip(searches) {
                println!(
                    "  {words:?} is {:.2} x wsdb --version; limit {:.0} ms: {}",
                    median / nothing,
                    SEARCH_LIMIT * 1e3,
                    held(*median <= SEARCH_LIMIT)
                );
            }
        }
        Ok(())
    }

    fn find(&self, database: &str, words: [&str; 2]) -> Command {
        let mut command = self.wsdb();
        command.args(["--database", database, "search"]).args(words);
        command
    }

    /// The binary, away from whatever workspace the caller is in.
    fn wsdb(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.current_dir(&self.folder);
        for variable in ["WSDB_WORKSPACE", "WSDB_DATABASE_URL"] {
            command.env_remove(variable);
        }
        command
    }

    fn import_into(&self, database: &Path) -> Command {
        let mut command = self.wsdb();
        command.arg("--database").arg(url(database));
        command.arg("import").arg(&self.documents);
        command
    }

    fn add(&self, database: &Path, run: usize) -> Command {
        let mut command = self.wsdb();
        command.arg("--database").arg(url(database));
        command.args(["task", "add"]).arg(title(run));
        command
    }

    fn version(&self) -> Command {
        let mut command = self.wsdb();
        command.arg("--version");
        command
    }
}

fn has_shell() -> bool {
    let shell = Command::new("sqlite3").arg("--version").output();
    shell.is_ok_and(|output| output.status.success())
}

fn url(database: &Path) -> String {
    format!("sqlite://{}", database.display())
}

fn title(run: usize) -> String {
    format!("Measure how long this takes, run {run}")
}

/// The row that `wsdb task add` writes, through the sqlite3 shell.
fn insert(database: &Path, before: &str, run: usize) -> Command {
    let mut command = Command::new("sqlite3");
    command.arg(database).arg(format!(
        "{before}INSERT INTO workspace_tasks (id, title, status, created, updated) VALUES \
         ('BENCH-{run:03}', '{}', 'pending', '2025-11-30 18:00:00.000001', \
         '2025-11-30 18:00:00.000001')",
        title(run)
    ));
    command
}

/// Copies a database that nobody has open, with the log if it was left behind.
fn copy(from: &Path, to: &Path) -> Result<()> {
    for end in ["", "-wal"] {
        let with_end = |path: &Path| PathBuf::from(format!("{}{end}", path.display()));
        let from = with_end(from);
        if from.exists() {
            fs::copy(&from, with_end(to))
                .with_context(|| format!("can't copy {}", from.display()))?;
        }
    }
    Ok(())
}

/// The seconds from a command's start to its end.
fn timed(command: &mut Command) -> Result<f64> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(Stdio::piped());
    let start = Instant::now();
    let output = command
        .output()
        .with_context(|| format!("can't run {}", command.get_program().display()))?;
    let seconds = start.elapsed().as_secs_f64();
    if !output.status.success() {
        bail!(
            "{} failed ({}): {}",
            command.get_program().display(),
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(seconds)
}

fn held(held: bool) -> &'static str {
    if held { "held" } else { "NOT HELD" }
}

/// One of those that run in turn.
struct Contest {
    name: &'static str,
    seconds: Vec<f64>,
}

impl Contest {
    fn new(name: &'static str) -> Self {
        Contest {
            name,
            seconds: Vec::with_capacity(RUNS),
        }
    }

    /// Prints its times, and returns the median.
    fn show(self) -> f64 {
        let times = Times::new(self.seconds);
        println!(
            "  {:8.2} ms median ({:.2} to {:.2})  {}",
            times.median * 1e3,
            times.min * 1e3,
            times.max * 1e3,
            self.name
        );
        times.median
    }
}

/// What several runs took, in seconds.
#[derive(Debug, PartialEq)]
struct Times {
    min: f64,
    median: f64,
    max: f64,
}

impl Times {
    /// Of at least one run.
    fn new(mut seconds: Vec<f64>) -> Self {
        seconds.sort_by(f64::total_cmp);
        let middle = seconds.len() / 2;
        let median = if seconds.len().is_multiple_of(2) {
            (seconds[middle - 1] + seconds[middle]) / 2.0
        } else {
            seconds[middle]
        };
        Times {
            min: seconds[0],
            median,
            max: seconds[seconds.len() - 1],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(Times::new(vec![3.0, 1.0, 10.0]).median, 3.0);
        let even = Times::new(vec![4.0, 1.0, 3.0, 2.0]);
        assert_eq!((even.min, even.median, even.max), (1.0, 2.5, 4.0));
    }
}
