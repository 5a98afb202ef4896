//! Many processes that write at the same moment. `cargo xtask stress` runs these tests at full size
//! and prints how long they took.

#![allow(clippy::unwrap_used)]

mod adoption;
mod backups;
mod claims;
mod imports;
mod readers;
mod writes;

use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;
use wsdb_tests::TestWorkspace;
use wsdb_tests::store::Database;

/// Whether to run at full size.
fn is_full() -> bool {
    std::env::var_os("WSDB_STRESS_FULL").is_some()
}

/// A workspace in which the binary runs with the real clock, on its own database.
struct StressWorkspace {
    folder: TestWorkspace,
    database: Database,
}

impl StressWorkspace {
    fn new(database: Database) -> Self {
        let workspace = StressWorkspace {
            folder: TestWorkspace::new(),
            database,
        };
        workspace.json(&["init"]);
        workspace
    }

    /// The binary, with the real clock.
    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.folder.command(args);
        command
            .env("WSDB_DATABASE_URL", self.database.url())
            .env_remove("WSDB_TEST_NOW");
        command
    }

    /// Runs the binary with `--json`, which has to succeed.
    fn json(&self, args: &[&str]) -> Value {
        let output = self.command(&[args, &["--json"]].concat()).output();
        let output = output.unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "wsdb {args:?}: {error}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn spawn(&self, args: &[&str]) -> Child {
        let mut command = self.command(args);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    fn print_duration(&self, what: &str, begin: Instant) {
        let database = if self.database.is_postgres() {
            "PostgreSQL"
        } else {
            "SQLite"
        };
        println!(
            "stress: {what} on {database}: {:.1} s",
            begin.elapsed().as_secs_f64()
        );
    }
}

/// Runs `count` workers, each in a thread of its own, and returns their results.
fn run_in_parallel<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let work = &work;
        let workers: Vec<_> = (0..count)
            .map(|number| scope.spawn(move || work(number)))
            .collect();
        let results = workers.into_iter().map(|worker| worker.join());
        results
            .map(|result| result.expect("no worker fails"))
            .collect()
    })
}

/// The error that a failed command with `--json` printed.
fn error(output: &Output) -> Value {
    let mut error: Value = serde_json::from_slice(&output.stderr).unwrap();
    error["error"].take()
}

fn id(record: &Value) -> String {
    record["id"].as_str().unwrap().to_owned()
}

/// Waits until a process closes its standard output, at most for `timeout`.
///
/// Nothing marks a moment inside a command: the binary prints its first byte after the commit. So
/// the moment of a kill can only be chosen by time.
fn wait_for_output_end(child: &mut Child, timeout: Duration) {
    let mut output = child.stdout.take().unwrap();
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let copied = std::io::copy(&mut output, &mut std::io::sink());
        sender.send(copied)
    });
    match receiver.recv_timeout(timeout) {
        Ok(copied) => drop(copied.unwrap()),
        Err(error) => assert_eq!(error, mpsc::RecvTimeoutError::Timeout),
    }
}
