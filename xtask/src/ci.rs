//! `cargo xtask ci`: everything that has to pass before a change goes in.

use std::fs;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::{layers, project, readme};

/// A step's name, and what it does.
type Step = (&'static str, fn() -> Result<()>);

/// Every step, the quick ones first.
const STEPS: &[Step] = &[
    ("format", || cargo("fmt --all --check", &[])),
    ("layers", layers::run),
    ("clippy", || {
        cargo("clippy --workspace --all-targets -- -D warnings", &[])
    }),
    ("documentation", || {
        let flags = ("RUSTDOCFLAGS", "-D warnings");
        cargo("doc --workspace --no-deps", &[flags])
    }),
    ("README's test command", readme_test),
    ("README's main command", readme_main),
];

/// Runs every step, and stops at the first that fails.
///
/// # Errors
/// A step failed: the error names it and how long it took.
pub fn run() -> Result<()> {
    let all = Instant::now();
    for (name, step) in STEPS {
        eprintln!("ci: {name} …");
        let start = Instant::now();
        let done = step();
        let seconds = start.elapsed().as_secs_f64();
        done.with_context(|| format!("ci stopped: {name} failed after {seconds:.1} s"))?;
        eprintln!("ci: {name}: passed in {seconds:.1} s");
    }
    let seconds = all.elapsed().as_secs_f64();
    eprintln!("ci: all {} steps passed in {seconds:.1} s", STEPS.len());
    Ok(())
}

fn cargo(args: &str, variables: &[(&str, &str)]) -> Result<()> {
    let mut command = project::cargo();
    command
        .current_dir(project::root())
        .args(args.split(' '))
        .envs(variables.iter().copied());
    project::run(&mut command)
}

fn readme_test() -> Result<()> {
    project::run(&mut readme_command("test")?)
}

/// The command is to make a new database, in a folder where a developer may well have one. So it
/// is sent to a place of its own, and has to have made one there.
fn readme_main() -> Result<()> {
    let folder = tempfile::tempdir().context("can't make a temporary folder")?;
    let database = folder.path().join("workspace.db");
    let mut command = readme_command("main")?;
    command.env(
        "WSDB_DATABASE_URL",
        format!("sqlite://{}", database.display()),
    );
    project::run(&mut command)?;
    let size = fs::metadata(&database).map_or(0, |file| file.len());
    ensure!(
        size > 0,
        "the command made no database where WSDB_DATABASE_URL names one"
    );
    Ok(())
}

fn readme_command(name: &str) -> Result<Command> {
    let path = project::root().join("README.md");
    let text = fs::read_to_string(&path).context("can't read README.md")?;
    let mut command = Command::new("bash");
    command
        .current_dir(project::root())
        .arg("-euc")
        .arg(readme::command(&text, name)?);
    // What a developer has set for their own work must not decide whether README is right.
    for variable in ["WSDB_WORKSPACE", "WSDB_DATABASE_URL", "WSDB_ACTOR"] {
        command.env_remove(variable);
    }
    Ok(command)
}
