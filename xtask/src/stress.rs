//! `cargo xtask stress`: the tests in `tests/tests/stress/` at full size.

use anyhow::Result;

use crate::project;

/// Runs the tests one after the other, so that the times they print are comparable. They use the
/// debug binary, which is there after the other tests: a release build takes longer than it saves.
///
/// # Errors
/// A test fails.
pub fn run() -> Result<()> {
    let mut command = project::cargo();
    command
        .current_dir(project::root())
        .args(["test", "--workspace", "--test", "stress"])
        .args(["--", "--nocapture", "--test-threads=1"])
        .env("WSDB_STRESS_FULL", "1");
    project::run(&mut command)
}
