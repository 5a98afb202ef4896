//! `cargo xtask test`: all tests, including the examples in the documentation.

use std::ffi::OsString;

use anyhow::Result;

use crate::project;

/// The variable with the number of tests that a test program runs at the same time.
const TEST_THREADS: &str = "RUST_TEST_THREADS";

/// Arguments of `cargo xtask test`.
#[derive(Debug, clap::Args)]
pub struct Test {
    /// Arguments for `cargo test`, such as the name of a test
    #[arg(allow_hyphen_values = true)]
    args: Vec<OsString>,
    /// Arguments for the test programs, such as `--nocapture`
    #[arg(last = true)]
    inner: Vec<OsString>,
}

impl Test {
    /// Runs the tests.
    ///
    /// # Errors
    /// A test failed.
    pub fn run(self) -> Result<()> {
        let mut command = project::cargo();
        command
            .current_dir(project::root())
            .args(["test", "--workspace"])
            .args(self.cargo_args());
        if std::env::var_os(TEST_THREADS).is_none() {
            command.env(TEST_THREADS, test_threads().to_string());
        }
        project::run(&mut command)
    }

    /// Returns the arguments as typed: clap removes a leading `--` and keeps one that follows other
    /// arguments.
    fn cargo_args(self) -> Vec<OsString> {
        let mut args = self.args;
        if !self.inner.is_empty() {
            args.push("--".into());
            args.extend(self.inner);
        }
        args
    }
}

/// Returns the number of tests to run at the same time: three for two cores, because most tests wait for
/// a process or a database. On two cores, the tests of the binary take 85 s with two threads, 70 s with
/// three and 75 s with four.
fn test_threads() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    cores + cores.div_ceil(2)
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
    fn options_are_passed_to_cargo_and_the_tests() {
        for typed in [
            "",
            "some",
            "--doc -p wsdb-core some",
            "--doc some -- --nocapture -q",
            "-- --list",
        ] {
            let line = format!("test {typed}");
            let parsed = Line::try_parse_from(line.split_whitespace());
            let parsed = parsed.map_err(|error| error.to_string());
            let words = parsed.expect("a command line").test.cargo_args();
            let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
            assert_eq!(words.join(" "), typed);
        }
    }
}
