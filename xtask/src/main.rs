//! `cargo xtask`: development tasks.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{bench, ci, docs, fixtures, help_pages, layering, lint_text, migrate, stress, test};

/// Development tasks
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Apply, revert or list schema migrations
    Migrate(migrate::Migrate),
    /// Generate sample documents or import them
    #[command(subcommand)]
    Fixtures(fixtures::Fixtures),
    /// Run all tests
    Test(test::Test),
    /// Run the long tests: many concurrent processes, and the tests that `test` skips
    Stress,
    /// Measure response times of the release binary
    Bench(bench::Bench),
    /// Update console transcripts, the command reference, man pages and pictures
    Docs(docs::Docs),
    /// Write all help pages and message templates into files for proofreading
    HelpPages(help_pages::HelpPages),
    /// Check the wording of help, messages, documents and comments
    LintText(lint_text::LintText),
    /// Check the dependencies between crates and between modules
    Layers,
    /// Run every check that a change has to pass
    Ci,
}

fn main() -> ExitCode {
    let result = match Args::parse().command {
        Command::Migrate(migrate) => migrate.run(),
        Command::Fixtures(fixtures) => fixtures.run(),
        Command::Test(test) => test.run(),
        Command::Stress => stress::run(),
        Command::Bench(bench) => bench.run(),
        Command::Docs(docs) => docs.run(),
        Command::HelpPages(help_pages) => help_pages.run(),
        Command::LintText(lint_text) => lint_text.run(),
        Command::Layers => layering::run(),
        Command::Ci => ci::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
