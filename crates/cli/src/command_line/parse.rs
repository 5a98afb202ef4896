//! Parses the command line.

use std::ffi::OsString;

use clap::builder::{PossibleValuesParser, Resettable, TypedValueParser};
use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, FromArgMatches, ValueEnum};
use wsdb_app::shell_quote;

use super::Args;
use crate::ui::format::{Format, color_asked_for};

/// Layout of the help pages: the description is above the options, the examples are below them.
const HELP_TEMPLATE: &str = "\
{about-with-newline}
{before-help}{usage-heading} {usage}

{all-args}{after-help}";

/// Returns the command tree, with the formats that single commands have.
pub(crate) fn command() -> clap::Command {
    set_help_template(override_format_args(Args::command()))
}

fn set_help_template(command: clap::Command) -> clap::Command {
    command
        .help_template(HELP_TEMPLATE)
        .mut_subcommands(set_help_template)
}

/// Parses the arguments of this process.
pub(crate) fn parse() -> Result<Args, clap::Error> {
    let command = command().color(color_asked_for().into());
    let mut command = ignoring_env(command, &str::is_empty);
    let matches = command.clone().try_get_matches_from_mut(command_line());
    // The usage line in an error lists what was given; without this, it would also list options
    // set by environment variables.
    let matches = matches.map_err(|error| {
        let typed = ignoring_env(command.clone(), &|_| true).try_get_matches_from(command_line());
        typed.err().unwrap_or(error)
    })?;
    let args = Args::from_arg_matches(&matches);
    let mut args = args.map_err(|error| error.format(&mut command))?;
    args.global.typed = typed_options(&matches);
    Ok(args)
}

/// Returns the options that select a database and an actor, if they were typed.
fn typed_options(matches: &ArgMatches) -> String {
    let options = ["workspace", "database", "actor"].map(|name| {
        let is_typed = matches.value_source(name) == Some(ValueSource::CommandLine);
        let value = matches.get_raw(name).and_then(Iterator::last);
        match value.filter(|_| is_typed) {
            Some(value) => format!(" --{name} {}", shell_quote(&value.to_string_lossy())),
            None => String::new(),
        }
    });
    options.concat()
}

/// Replaces `--format` for commands that do not print a list and have formats of their own.
fn override_format_args(command: clap::Command) -> clap::Command {
    let format = |formats: &'static [&'static str]| {
        clap::Arg::new("format")
            .long("format")
            .value_name("FORMAT")
            .help("Output format")
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
                reverse.help("Show the oldest changes first")
            })
        })
        .mut_subcommand("next", |next| next.arg(format(&["table", "json"])))
        .mut_subcommand("status", |status| status.arg(format(&["table", "json"])))
        .mut_subcommand("stats", |stats| stats.arg(format(&["table", "json"])))
        .mut_subcommand("handoff", |handoff| handoff.arg(format(&["md", "json"])))
        .mut_subcommand("why", |why| why.arg(format(&["table", "json"])))
        .mut_subcommand("architecture", |architecture| {
            architecture.mut_subcommand("compare", |compare| {
                compare.arg(format(&["table", "json", "md"]))
            })
        })
}

/// Makes a command ignore the environment variables whose value `is_ignored` accepts. An empty variable
/// counts as unset.
fn ignoring_env(command: clap::Command, is_ignored: &dyn Fn(&str) -> bool) -> clap::Command {
    command
        .mut_args(|arg| match arg.get_env().and_then(std::env::var_os) {
            Some(value) if is_ignored(&value.to_string_lossy()) => arg.env(Resettable::Reset),
            _ => arg,
        })
        .mut_subcommands(|command| ignoring_env(command, is_ignored))
}

/// Returns the arguments of this process, with the excluded words of a search escaped.
fn command_line() -> Vec<OsString> {
    let given: Vec<OsString> = std::env::args_os().collect();
    let is_search = given.iter().any(|arg| arg == "search" || arg == "find") && {
        let matches = Args::command().ignore_errors(true);
        let matches = matches.try_get_matches_from(&given);
        matches.is_ok_and(|matches| matches.subcommand_name() == Some("search"))
    };
    match is_search {
        true => given.into_iter().map(escape_negated_word).collect(),
        false => given,
    }
}

/// Escapes an excluded search word such as `-word` with a leading blank, so that clap does not take
/// it for an option. `allow_hyphen_values` would also turn `--json` into a search word.
fn escape_negated_word(arg: OsString) -> OsString {
    match arg.to_str() {
        Some(word) if word.starts_with('-') && !word.starts_with("--") && word != "-h" => {
            format!(" {word}").into()
        }
        _ => arg,
    }
}
