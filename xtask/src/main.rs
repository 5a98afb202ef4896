//! `cargo xtask`: what developers of wsdb do.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{bench, ci, fixtures, layers, migrate, stress, test};

/// What developers of wsdb do
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Change or show the schema of a database
    Migrate(migrate::Migrate),
    /// Make documents to try things on, or load them
    #[command(subcommand)]
    Fixtures(fixtures::Fixtures),
    /// Run every test of the workspace
    Test(test::Test),
    /// Measure the release binary
    Bench(bench::Bench),
    /// Let many processes write at once, at full size and with the release binary
    Stress,
    /// Check that the crates depend on each other as design allows
    Layers,
    /// Run everything that has to pass before a change goes in
    Ci,
}

fn main() -> ExitCode {
    let done = match Args::parse().command {
        Command::Migrate(migrate) => migrate.run(),
        Command::Fixtures(fixtures) => fixtures.run(),
        Command::Test(test) => test.run(),
        Command::Bench(bench) => bench.run(),
        Command::Stress => stress::run(),
        Command::Layers => layers::run(),
        Command::Ci => ci::run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
