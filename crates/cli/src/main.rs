//! `wsdb`, the management plane of a multi-repo workspace: the command line.

mod args;
mod changes;
mod commands;
mod error;
mod periods;
mod progress;
mod render;
mod secrets;
mod spark;
mod table;
mod time;
mod ui;

use std::process::ExitCode;

use clap::error::ErrorKind;

/// An import makes millions of small texts, on several threads: this allocator halves its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Arguments such as `--since 2h` are relative to the clock.
    if let Err(message) = time::fix_now_from_env() {
        return error::usage(&clap::Error::raw(ErrorKind::InvalidValue, message));
    }
    let args = match args::parse() {
        Ok(args) => args,
        Err(error) => return error::usage(&error),
    };
    let (json, color) = (args.global.json, args.global.color);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(commands::run(args)),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) => error::report(&error, json, color),
    }
}
