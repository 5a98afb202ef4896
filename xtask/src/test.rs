//! `cargo xtask test`: every test there is, the examples in the documentation among them.

use std::ffi::OsString;

use anyhow::Result;

use crate::project;

/// The tests, and what to tell `cargo test` about them.
#[derive(Debug, clap::Args)]
pub struct Test {
    /// Passed on to `cargo test`, such as a name or `-- --nocapture`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<OsString>,
}

impl Test {
    /// Runs them.
    ///
    /// # Errors
    /// A test failed.
    pub fn run(self) -> Result<()> {
        let mut command = project::cargo();
        command
            .current_dir(project::root())
            .args(["test", "--workspace"])
            .args(self.args);
        project::run(&mut command)
    }
}
