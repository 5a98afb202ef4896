//! `cargo xtask bench`: measures response times of the release binary.

mod drift;
mod next;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::{fixtures, project};

/// Arguments of `cargo xtask bench`.
#[derive(Debug, clap::Args)]
pub struct Bench {
    /// Run only this benchmark
    #[arg(value_enum)]
    only: Option<Benchmark>,
    /// PostgreSQL database to measure as well; its contents are replaced
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Benchmark {
    /// Import of 10,000 tasks and their related records into a new database
    Import,
    /// A process that adds one task, compared with the sqlite3 shell
    Start,
    /// Search for two words among 10,000 tasks, compared with `wsdb --version`
    Search,
    /// `next`, `handoff` and `status` with 10,000 and 100,000 tasks, compared with
    /// `wsdb --version`
    Next,
    /// Scan of 10,000 detections against 10,000 known ones, 1 % new and 1 % gone, compared with
    /// the bare statements in the sqlite3 shell
    Drift,
}

const TASKS: usize = 10_000;
const SEED: u64 = 1;
const IMPORTS: usize = 7;
const WARM_UPS: usize = 5;
const RUNS: usize = 50;

/// Maximum duration of an import, in seconds.
const IMPORT_LIMIT: f64 = 0.5;
/// Maximum duration of adding a task, relative to the sqlite3 shell.
const START_LIMIT: f64 = 2.0;
/// Maximum duration of a search, in seconds.
const SEARCH_LIMIT: f64 = 0.05;
/// Two words that occur in few records, and two that occur in many.
const SEARCHES: [[&str; 2]; 2] = [["seasonal", "pricing"], ["the", "orchard"]];

impl Bench {
    /// Builds the binary and measures it.
    ///
    /// # Errors
    /// The build or a run fails.
    pub fn run(self) -> Result<()> {
        let mut build = project::cargo();
        build
            .current_dir(project::root())
            .args(["build", "--release", "--package", "wsdb"]);
        project::run(&mut build)?;

        // On the project's disk: the system's temporary folder is often in memory.
        let target = project::target()?;
        let folder = tempfile::tempdir_in(&target).context("cannot create a folder")?;
        let bench = BenchSetup {
            binary: target
                .join("release/wsdb")
                .with_extension(std::env::consts::EXE_EXTENSION),
            documents: folder.path().join("documents"),
            folder: folder.path().to_owned(),
        };
        fixtures::write(&bench.documents, TASKS, SEED)?;
        let is_selected = |benchmark| self.only.is_none_or(|only| only == benchmark);
        if is_selected(Benchmark::Import) {
            bench.import()?;
        }
        if is_selected(Benchmark::Start) {
            bench.start()?;
        }
        if is_selected(Benchmark::Search) {
            bench.search(self.postgres.as_deref())?;
        }
        if is_selected(Benchmark::Next) {
            bench.next()?;
        }
        if is_selected(Benchmark::Drift) {
            bench.drift(self.postgres.as_deref())?;
        }
        Ok(())
    }
}

/// The binary, and a folder for the databases it is measured with.
struct BenchSetup {
    binary: PathBuf,
    documents: PathBuf,
    folder: PathBuf,
}

impl BenchSetup {
    fn import(&self) -> Result<()> {
        let mut seconds = Vec::new();
        for number in 0..IMPORTS {
            let database = self.folder.join(format!("import-{number}.db"));
            seconds.push(timed(&mut self.import_into(&database))?);
        }
        let times = Times::new(seconds);
        println!("import of {TASKS} tasks and their related records, {IMPORTS} runs:");
        println!(
            "  min {:.3} s, median {:.3} s, max {:.3} s",
            times.min, times.median, times.max
        );
        println!(
            "  limit {IMPORT_LIMIT} s: {}",
            format_limit_check(times.median <= IMPORT_LIMIT)
        );
        Ok(())
    }

    fn start(&self) -> Result<()> {
        let [ours, theirs, relaxed] = ["wsdb", "sqlite3", "sqlite3-normal"]
            .map(|name| self.folder.join(format!("start-{name}.db")));
        timed(&mut self.import_into(&ours))?;
        let has_shell = has_sqlite_shell();
        if has_shell {
            copy(&ours, &theirs)?;
            copy(&ours, &relaxed)?;
        }

        let mut commands = vec![
            MeasuredCommand::new("wsdb task add"),
            MeasuredCommand::new("wsdb --version"),
        ];
        if has_shell {
            commands.push(MeasuredCommand::new("sqlite3 INSERT"));
            commands.push(MeasuredCommand::new(
                "sqlite3 INSERT, synchronous=NORMAL as wsdb has it",
            ));
        }
        measure(&mut commands, |number, run| match number {
            0 => self.add(&ours, run),
            1 => self.version(),
            2 => insert(&theirs, "", run),
            _ => insert(&relaxed, "PRAGMA synchronous=NORMAL; ", run),
        })?;

        println!("one process, on a database of {TASKS} tasks, {RUNS} alternating runs:");
        let medians: Vec<f64> = commands.into_iter().map(MeasuredCommand::print).collect();
        match medians[..] {
            [ours, _, theirs, relaxed] => {
                let ratio = ours / theirs;
                println!("  wsdb task add is {ratio:.2} x sqlite3 INSERT");
                println!("  and {:.2} x with synchronous=NORMAL", ours / relaxed);
                println!(
                    "  limit {START_LIMIT} x: {}",
                    format_limit_check(ratio <= START_LIMIT)
                );
            }
            _ => println!("  sqlite3 is not installed; nothing to compare with"),
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
            let mut commands: Vec<MeasuredCommand> = ["wsdb --version"]
                .into_iter()
                .chain(SEARCHES.map(|_| "wsdb search"))
                .map(MeasuredCommand::new)
                .collect();
            measure(&mut commands, |number, _| match number {
                0 => self.version(),
                _ => self.find(&database, SEARCHES[number - 1]),
            })?;
            println!("search for two words in {TASKS} tasks on {name}, {RUNS} alternating runs:");
            let medians: Vec<f64> = commands.into_iter().map(MeasuredCommand::print).collect();
            let (baseline, searches) = medians.split_first().context("no command")?;
            for (words, median) in SEARCHES.iter().zip(searches) {
                println!(
                    "  {words:?} is {:.2} x wsdb --version; limit {:.0} ms: {}",
                    median / baseline,
                    SEARCH_LIMIT * 1e3,
                    format_limit_check(*median <= SEARCH_LIMIT)
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

    /// Returns a command for the binary that ignores the caller's workspace.
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

fn has_sqlite_shell() -> bool {
    let shell = Command::new("sqlite3").arg("--version").output();
    shell.is_ok_and(|output| output.status.success())
}

fn url(database: &Path) -> String {
    format!("sqlite://{}", database.display())
}

fn title(run: usize) -> String {
    format!("Measure how long this takes, run {run}")
}

/// Returns a command that inserts the row of `wsdb task add` through the sqlite3 shell.
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

/// Copies a database that nobody has open, including a leftover write-ahead log.
fn copy(from: &Path, to: &Path) -> Result<()> {
    for end in ["", "-wal"] {
        let with_end = |path: &Path| PathBuf::from(format!("{}{end}", path.display()));
        let from = with_end(from);
        if from.exists() {
            fs::copy(&from, with_end(to))
                .with_context(|| format!("cannot copy {}", from.display()))?;
        }
    }
    Ok(())
}

/// Times the commands, given the number of the command and of the run. They alternate, so that
/// other load on the machine affects all of them.
fn measure(
    commands: &mut [MeasuredCommand],
    command: impl Fn(usize, usize) -> Command,
) -> Result<()> {
    for run in 0..WARM_UPS + RUNS {
        for (number, measured) in commands.iter_mut().enumerate() {
            let seconds = timed(&mut command(number, run))?;
            if run >= WARM_UPS {
                measured.seconds.push(seconds);
            }
        }
    }
    Ok(())
}

/// Runs a command and returns how many seconds it took.
fn timed(command: &mut Command) -> Result<f64> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(Stdio::piped());
    let start = Instant::now();
    let output = command
        .output()
        .with_context(|| format!("cannot run {}", command.get_program().display()))?;
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

fn format_limit_check(is_within: bool) -> &'static str {
    if is_within { "met" } else { "EXCEEDED" }
}

/// A command whose runs alternate with those of others.
struct MeasuredCommand {
    name: &'static str,
    seconds: Vec<f64>,
}

impl MeasuredCommand {
    fn new(name: &'static str) -> Self {
        MeasuredCommand {
            name,
            seconds: Vec::with_capacity(RUNS),
        }
    }

    /// Prints the times and returns the median.
    fn print(self) -> f64 {
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

/// The durations of several runs, in seconds.
#[derive(Debug, PartialEq)]
struct Times {
    min: f64,
    median: f64,
    max: f64,
}

impl Times {
    /// Summarizes the durations of at least one run.
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
    fn median_is_the_middle_value() {
        assert_eq!(Times::new(vec![3.0, 1.0, 10.0]).median, 3.0);
        let even = Times::new(vec![4.0, 1.0, 3.0, 2.0]);
        assert_eq!((even.min, even.median, even.max), (1.0, 2.5, 4.0));
    }
}
