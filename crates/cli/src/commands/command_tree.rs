//! `wsdb command-tree`, hidden: the help of every command as JSON. `cargo xtask docs` turns it into
//! the command reference.

use clap::builder::StyledStr;
use clap::{Arg, Command};
use serde::Serialize;

use super::man::built_command;
use crate::ui::Ui;

#[derive(Serialize)]
struct CommandHelp {
    /// Words of the command, starting with `wsdb`.
    path: Vec<String>,
    aliases: Vec<String>,
    about: String,
    /// Rest of the description, below the summary.
    before_help: String,
    usage: String,
    /// Notes and examples below the options.
    after_help: String,
    arguments: Vec<ArgumentHelp>,
    subcommands: Vec<CommandHelp>,
}

#[derive(Serialize)]
struct ArgumentHelp {
    /// How the argument is written, such as `-r, --repo <REPO>` or `<TITLE>`.
    synopsis: String,
    heading: Option<String>,
    help: String,
    default: Option<String>,
    values: Vec<ValueHelp>,
    env: Option<String>,
    is_global: bool,
}

#[derive(Serialize)]
struct ValueHelp {
    name: String,
    help: String,
}

pub(crate) fn run(command: Command, ui: &Ui) -> anyhow::Result<()> {
    ui.print_json(&describe(&built_command(command), &[]))
}

fn describe(command: &Command, parents: &[String]) -> CommandHelp {
    let path = [parents, &[command.get_name().to_owned()]].concat();
    let usage = command.clone().render_usage().to_string();
    let usage = usage.strip_prefix("Usage:").unwrap_or(&usage).trim();
    let arguments = command.get_arguments().filter(|arg| !arg.is_hide_set());
    let subcommands = command.get_subcommands().filter(|c| !c.is_hide_set());
    CommandHelp {
        aliases: command.get_visible_aliases().map(str::to_owned).collect(),
        about: text(command.get_long_about().or(command.get_about())),
        before_help: text(command.get_before_help()),
        usage: usage.to_owned(),
        after_help: text(command.get_after_long_help().or(command.get_after_help())),
        arguments: arguments.map(describe_argument).collect(),
        subcommands: subcommands.map(|c| describe(c, &path)).collect(),
        path,
    }
}

fn describe_argument(arg: &Arg) -> ArgumentHelp {
    let values = if arg.is_hide_possible_values_set() || !arg.get_action().takes_values() {
        Vec::new()
    } else {
        arg.get_possible_values()
    };
    let values = values.iter().filter(|value| !value.is_hide_set());
    let defaults = arg.get_default_values().iter();
    let defaults: Vec<_> = defaults.map(|value| value.to_string_lossy()).collect();
    let shows_default =
        arg.get_action().takes_values() && !arg.is_hide_default_value_set() && !defaults.is_empty();
    let long_name = arg.to_string();
    ArgumentHelp {
        synopsis: match (arg.get_short(), arg.get_long()) {
            (Some(short), Some(_)) => format!("-{short}, {long_name}"),
            _ => long_name,
        },
        heading: arg.get_help_heading().map(str::to_owned),
        help: text(arg.get_long_help().or(arg.get_help())),
        default: shows_default.then(|| defaults.join(",")),
        values: values
            .map(|value| ValueHelp {
                name: value.get_name().to_owned(),
                help: text(value.get_help()),
            })
            .collect(),
        env: arg
            .get_env()
            .filter(|_| !arg.is_hide_env_set())
            .map(|name| name.to_string_lossy().into_owned()),
        is_global: arg.is_global_set(),
    }
}

fn text(styled: Option<&StyledStr>) -> String {
    styled.map(StyledStr::to_string).unwrap_or_default()
}
