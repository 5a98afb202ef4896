//! `cargo xtask test`: every test there is, the examples in the documentation among them.

use std::ffi::OsString;

use anyhow::Result;

use crate::project;

/// The tests, and what to tell `cargo test` about them.
#[derive(Debug, clap::Args)]
pub struct Test {
    /// Passed on to `cargo test`, such as a name
    #[arg(allow_hyphen_values = true)]
    args: Vec<OsString>,
    /// Passed on to the tests themselves, such as `--nocapture`
    #[arg(last = true)]
    inner: Vec<OsString>,
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
            .args(self.words());
        project::run(&mut command)
    }

    /// What was passed on, as it was typed: clap takes away a `--` that stands first, and leaves
    /// one that comes after other words.
    fn words(self) -> Vec<OsString> {
        let mut words = self.args;
        if !self.inner.is_empty() {
            words.push("--".into());
            words.extend(self.inner);
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        test: Test,
    }

    #[test]
    fn options_reach_cargo_and_the_tests() {
        for passed in [
            "",
            "some",
            "--doc -p wsdb-core some",
            "--doc some -- --nocapture -q",
            "-- --list",
        ] {
            let line = format!("test {passed}");
            let parsed = Line::try_parse_from(line.split_whitespace());
            let parsed = parsed.map_err(|error| error.to_string());
            let words = parsed.expect("a command line").test.words();
            let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
            assert_eq!(words.join(" "), passed);
        }
    }
}
