//! `cargo xtask stress`: the tests in `tests/tests/stress/` at full size, and the tests that take too
//! long for every run.

use anyhow::Result;

use crate::project;

/// Runs the tests.
///
/// # Errors
/// A test fails.
pub fn run() -> Result<()> {
    run_full_size()?;
    run_ignored()
}

/// Runs the stress tests one after the other, so that the times they print are comparable. They use
/// the debug binary, which is there after the other tests: a release build takes longer than it saves.
fn run_full_size() -> Result<()> {
    let mut command = project::cargo();
    command
        .current_dir(project::root())
        .args(["test", "--workspace", "--test", "stress"])
        .args(["--", "--include-ignored"])
        .args(["--nocapture", "--test-threads=1"])
        .env("WSDB_STRESS_FULL", "1");
    project::run(&mut command)
}

/// Runs the tests of commands that are marked with `#[ignore]`.
fn run_ignored() -> Result<()> {
    let mut command = project::cargo();
    command.current_dir(project::root()).args([
        "test",
        "--workspace",
        "--test",
        "cli",
        "--",
        "--ignored",
    ]);
    project::run(&mut command)
}
