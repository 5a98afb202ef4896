//! The command line as it was typed.

use std::ffi::OsString;

use clap::builder::{PossibleValuesParser, Resettable, TypedValueParser};
use clap::{CommandFactory, FromArgMatches, ValueEnum};

use super::{Args, ColorChoice, Format};

/// Returns the command tree, with the formats that single commands have.
pub(crate) fn command() -> clap::Command {
    with_own_formats(Args::command())
}

/// What was typed.
pub(crate) fn parse() -> Result<Args, clap::Error> {
    let command = command().color(color_asked_for().into());
    let mut command = without_variables(command, &str::is_empty);
    let matches = command.clone().try_get_matches_from_mut(given());
    // Usage names what was typed. What variables say would stand there, too.
    let matches = matches.map_err(|error| {
        let typed = without_variables(command.clone(), &|_| true).try_get_matches_from(given());
        typed.err().unwrap_or(error)
    })?;
    Args::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// Some commands show no list, and have formats of their own.
fn with_own_formats(command: clap::Command) -> clap::Command {
    let format = |formats: &'static [&'static str]| {
        clap::Arg::new("format")
            .long("format")
            .value_name("FORMAT")
            .help("How it is shown")
            .help_heading("Global options")
            .display_order(903)
            .default_value(formats[0])
            .value_parser(
                PossibleValuesParser::new(formats).try_map(|word| Format::from_str(&word, false)),
            )
    };
    command
        .mut_subcommand("task", |task| {
            task.mut_subcommand("graph", |graph| {
                graph.arg(format(&["table", "json", "dot", "mermaid"]))
            })
        })
        .mut_subcommand("history", |history| {
            history.mut_arg("reverse", |reverse| {
                reverse.help("First first: here the last come first")
            })
        })
        .mut_subcommand("next", |next| next.arg(format(&["table", "json"])))
        .mut_subcommand("status", |status| status.arg(format(&["table", "json"])))
        .mut_subcommand("stats", |stats| stats.arg(format(&["table", "json"])))
        .mut_subcommand("handoff", |handoff| handoff.arg(format(&["md", "json"])))
}

/// The command, deaf to some variables: one that is set to nothing counts as one that is not set.
fn without_variables(command: clap::Command, deaf: &dyn Fn(&str) -> bool) -> clap::Command {
    command
        .mut_args(|arg| match arg.get_env().and_then(std::env::var_os) {
            Some(value) if deaf(&value.to_string_lossy()) => arg.env(Resettable::Reset),
            _ => arg,
        })
        .mut_subcommands(|command| without_variables(command, deaf))
}

/// What --color says, also where the rest can't be read.
pub(crate) fn color_asked_for() -> ColorChoice {
    let mut args = std::env::args();
    let mut choice = ColorChoice::Auto;
    while let Some(arg) = args.next() {
        let value = match arg.strip_prefix("--color") {
            Some("") => args.next(),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        };
        if let Some(Ok(value)) = value.map(|value| ColorChoice::from_str(&value, false)) {
            choice = value;
        }
    }
    choice
}

/// The command line.
fn given() -> Vec<OsString> {
    let given: Vec<OsString> = std::env::args_os().collect();
    let is_search = given.iter().any(|arg| arg == "search" || arg == "find") && {
        let matches = Args::command().ignore_errors(true);
        let matches = matches.try_get_matches_from(&given);
        matches.is_ok_and(|matches| matches.subcommand_name() == Some("search"))
    };
    match is_search {
        true => given.into_iter().map(excluding).collect(),
        false => given,
    }
}

/// `-word` is no option of search, and clap takes it for none with a blank before it. Were it told
/// to take what begins with a minus, it would take `--json` for a word, too.
fn excluding(arg: OsString) -> OsString {
    match arg.to_str() {
        Some(word) if word.starts_with('-') && !word.starts_with("--") && word != "-h" => {
            format!(" {word}").into()
        }
        _ => arg,
    }
}
