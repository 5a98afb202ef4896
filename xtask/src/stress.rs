//! `cargo xtask stress`: the tests in `tests/tests/stress.rs` at full size, with the release binary.

use anyhow::Result;

use crate::project;

/// Runs the tests one after the other, so that the times they print are comparable.
///
/// # Errors
/// A test fails.
pub fn run() -> Result<()> {
    let mut command = project::cargo();
    command
        .current_dir(project::root())
        .args(["test", "--release", "--package", "wsdb-tests"])
        .args(["--test", "stress", "--", "--nocapture", "--test-threads=1"])
        .env("WSDB_STRESS_FULL", "1");
    project::run(&mut command)
}
