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

/// An import makes millions of small allocations on several threads; mimalloc halves its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Arguments such as `--since 2h` are relative to the clock. The help needs none.
    let clock = time::fix_now_from_env();
    let args = match command_line::parse::parse() {
        Ok(args) => args,
        Err(error) => return error::print::usage(&error),
    };
    let (json, color) = (args.global.has_json_errors(), args.global.color);
    let typed = args.global.typed.clone();
    if let Err(message) = clock {
        let error = error::ClockError(message).into();
        return error::print::print_error(&error, json, color, typed);
    }
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
