//! `cargo xtask ci`: every check that a change has to pass.

use std::fs;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::{docs, layering, lint_text, project, readme, stress};

/// A check.
struct Step {
    name: &'static str,
    run: fn() -> Result<()>,
}

const fn step(name: &'static str, run: fn() -> Result<()>) -> Step {
    Step { name, run }
}

/// All steps, the quick ones first.
const STEPS: &[Step] = &[
    step("format", || cargo("fmt --all --check", &[])),
    step("layers", layering::run),
    step("lint-text", lint_text::run),
    step("clippy", || {
        cargo("clippy --workspace --all-targets -- -D warnings", &[])
    }),
    step("documentation", || {
        let flags = ("RUSTDOCFLAGS", "-D warnings");
        cargo("doc --workspace --no-deps", &[flags])
    }),
    step("README's test command", readme_test),
    step("README's main command", readme_main),
    step("generated documentation", docs::check),
    // A program that depends on wsdb may turn these on, for wsdb as well; exports must not change.
    step(
        "tests with serde_json's features of another program",
        || {
            let tests = "--lib --test import --test copy";
            cargo(
                &format!("test --workspace --features wsdb-tests/host-json {tests}"),
                &[],
            )
        },
    ),
    step("stress", stress::run),
];

/// Runs the steps and stops at the first that fails.
///
/// # Errors
/// A step fails; the error names it and how long it took.
pub fn run() -> Result<()> {
    let all = Instant::now();
    for Step { name, run } in STEPS {
        eprintln!("ci: {name} ...");
        let start = Instant::now();
        let result = run();
        let seconds = start.elapsed().as_secs_f64();
        result.with_context(|| format!("{name} failed after {seconds:.1} s"))?;
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

/// Settings with which Cargo builds a release in half the time: what the command does is the same.
const QUICK_RELEASE: [(&str, &str); 3] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
];

/// Runs the main command, which creates a database in a folder where a developer may already have
/// one. So `WSDB_DATABASE_URL` names a temporary file, and the database has to be created there.
fn readme_main() -> Result<()> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let database = folder.path().join("workspace.db");
    let mut command = readme_command("main")?;
    command.env(
        "WSDB_DATABASE_URL",
        format!("sqlite://{}", database.display()),
    );
    command.envs(QUICK_RELEASE);
    project::run(&mut command)?;
    let size = fs::metadata(&database).map_or(0, |file| file.len());
    ensure!(
        size > 0,
        "the command did not create the database that WSDB_DATABASE_URL names"
    );
    Ok(())
}

fn readme_command(name: &str) -> Result<Command> {
    let path = project::root().join("README.md");
    let text = fs::read_to_string(&path).context("cannot read README.md")?;
    let mut command = Command::new("bash");
    command
        .current_dir(project::root())
        .arg("-euc")
        .arg(readme::command(&text, name)?);
    // The developer's own settings must not affect the result.
    for variable in ["WSDB_WORKSPACE", "WSDB_DATABASE_URL", "WSDB_ACTOR"] {
        command.env_remove(variable);
    }
    Ok(command)
}
