//! The `wsdb` command line.

mod args;
mod command_format;
mod command_line;
mod commands;
mod context;
mod dispatch;
mod error;
mod period;
mod progress;
mod redact;
mod render;
mod sparkline;
mod table;
mod time;
mod ui;

use std::process::ExitCode;

use clap::error::ErrorKind;

/// An import makes millions of small allocations on several threads; mimalloc halves its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Arguments such as `--since 2h` are relative to the clock.
    if let Err(message) = time::fix_now_from_env() {
        return error::print::usage(&clap::Error::raw(ErrorKind::InvalidValue, message));
    }
    let args = match command_line::parse::parse() {
        Ok(args) => args,
        Err(error) => return error::print::usage(&error),
    };
    let (json, color) = (args.global.has_json_errors(), args.global.color);
    let typed = args.global.typed.clone();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(dispatch::run(args)),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) => error::print::print_error(&error, json, color, typed),
    }
}
