//! Parses the command line.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::IsTerminal;

use clap::builder::{PossibleValuesParser, Resettable, TypedValueParser};
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, CommandFactory, FromArgMatches, ValueEnum};
use wsdb_app::{RepoPaths, shell_quote};

use super::formats::{self, formats_of};
use super::{Args, foreign_commands, named};
use crate::args::{CHANGED_SESSION, GivenRepos, Global, OwnSession, is_path, name, set_repo_paths};
use crate::command_format::TypedOptions;
use crate::context::{current_folder, locate_workspace};
use crate::ui::format::{Format, color_asked_for};

/// Width of the help pages in characters where there is no terminal, such as in a pipe.
const WIDTH_WITHOUT_TERMINAL: usize = 80;

/// Layout of the help pages: the description is above the options, the examples are below them.
const HELP_TEMPLATE: &str = "\
{about-with-newline}
{before-help}{usage-heading} {usage}

{all-args}{after-help}";

/// Layout of the overview, with the commands in groups.
const OVERVIEW_TEMPLATE: &str = "\
{about-with-newline}
{usage-heading} {usage}

COMMANDS{options}{after-help}";

/// Groups of commands in the overview, each with its first command.
const GROUPS: [(&str, &str); 5] = [
    ("Getting started", "init"),
    ("Records", "task"),
    ("Architecture", "state"),
    ("History and data", "search"),
    ("Tools", "completions"),
];

/// Returns the command tree, with the arguments that single commands change.
pub(crate) fn command() -> clap::Command {
    adjust(Args::command(), "", &|_| true, &override_args)
}

/// Changes a command and those of its subcommands that `is_included` accepts. `path` is the command
/// without `wsdb`.
fn adjust(
    command: clap::Command,
    path: &str,
    is_included: &dyn Fn(&clap::Command) -> bool,
    change: &dyn Fn(clap::Command, &str) -> clap::Command,
) -> clap::Command {
    change(command, path).mut_subcommands(|command| {
        if is_included(&command) {
            let path = format!("{path} {}", command.get_name());
            adjust(command, path.trim_start(), is_included, change)
        } else {
            command
        }
    })
}

/// Lays out the help pages. Those of subcommands only list the names of the global options.
fn set_help_templates(
    command: clap::Command,
    is_included: &dyn Fn(&clap::Command) -> bool,
) -> clap::Command {
    let global = command.get_arguments().filter(|arg| arg.is_global_set());
    let global: Vec<Arg> = global.map(|arg| arg.clone().hide(true)).collect();
    let mut names: Vec<String> = global
        .iter()
        .filter_map(Arg::get_long)
        .map(|name| format!("--{name}"))
        .collect();
    // After --actor, as in the overview.
    names.insert(names.len().saturating_sub(1), format!("--{SESSION}"));
    let style = command.get_styles().get_header();
    let names = format!(
        "\n\n{style}Global options{style:#} (see 'wsdb --help'):\n  {}{{after-help}}",
        names.join(", ").replace("--actor, ", "--actor,\n  ")
    );
    let template = HELP_TEMPLATE.replace("{after-help}", &names);
    let overview = OVERVIEW_TEMPLATE.replace("COMMANDS", &list_commands(&command));
    adjust(command, "", is_included, &|command, path| {
        if path.is_empty() {
            let session = own_session().env("WSDB_SESSION").hide_env_values(true);
            return command.arg(session).help_template(overview.clone());
        }
        let command = add_own_session(command).help_template(template.clone());
        if path.contains(' ') {
            return command;
        }
        let own: Vec<_> = command
            .get_arguments()
            .map(|arg| arg.get_id().clone())
            .collect();
        let global = global.iter().filter(|arg| !own.contains(arg.get_id()));
        command.args(global)
    })
}

/// The name of the option for the session that changes belong to.
const SESSION: &str = "session";

/// Returns the option for the session that changes belong to. It is not one of clap's global options,
/// because several commands have a filter of the same name.
fn own_session() -> Arg {
    Arg::new("own_session")
        .long(SESSION)
        .value_name("ID")
        .help("Session that your changes belong to [default: your current session]")
        .help_heading("Global options")
        .display_order(905)
        .value_parser(name)
}

/// Adds the option to a command that has no option of that name.
fn add_own_session(command: clap::Command) -> clap::Command {
    let has_filter = command
        .get_arguments()
        .any(|arg| arg.get_long() == Some(SESSION));
    if has_filter {
        command
    } else {
        command.arg(own_session().hide(true))
    }
}

/// Returns the session that changes belong to, as given: the innermost option counts. What a command
/// changes in a session belongs to that session.
fn given_session(matches: &ArgMatches) -> Option<OwnSession> {
    let inner = matches
        .subcommand()
        .and_then(|(_, matches)| given_session(matches));
    let given = |id| {
        let name = matches.try_get_one::<String>(id).ok()??;
        Some(OwnSession {
            name: name.clone(),
            is_typed: matches.value_source(id) == Some(ValueSource::CommandLine),
            is_changed: id == CHANGED_SESSION,
        })
    };
    inner
        .or_else(|| given(CHANGED_SESSION))
        .or_else(|| given("own_session"))
}

/// The ids of the arguments that name repos.
pub(super) const REPO_ARGS: [&str; 3] = ["repo", "repos", "assigned-repo"];

/// The commands that write the repos that they are given.
const REPO_WRITERS: [&str; 5] = ["add", "edit", "record", "snapshot", "switch"];

/// Returns the repos that were given to the command.
fn given_repos(matches: &ArgMatches) -> GivenRepos {
    let (mut command, mut matches) = ("", matches);
    while let Some((name, inner)) = matches.subcommand() {
        (command, matches) = (name, inner);
    }
    let values = REPO_ARGS
        .into_iter()
        .filter_map(|id| matches.try_get_many::<String>(id).ok().flatten());
    GivenRepos {
        names: values.flatten().cloned().collect(),
        are_written: REPO_WRITERS.contains(&command),
    }
}

/// Returns the commands in groups, and the heading of the options.
fn list_commands(command: &clap::Command) -> String {
    let styles = command.get_styles();
    let (header, literal) = (styles.get_header(), styles.get_literal());
    let mut text = String::new();
    for command in command.get_subcommands().filter(|c| !c.is_hide_set()) {
        let name = command.get_name();
        if let Some((title, _)) = GROUPS.iter().find(|(_, first)| *first == name) {
            let line = if text.is_empty() { "" } else { "\n" };
            text.push_str(&format!("{line}{header}{title}:{header:#}\n"));
        }
        let about = command.get_about().map(ToString::to_string);
        let about = about.unwrap_or_default();
        text.push_str(&format!("  {literal}{name:<12}{literal:#}  {about}\n"));
    }
    format!("{text}\n{header}Global options:{header:#}\n")
}

/// Parses the arguments of this process.
pub(crate) fn parse() -> Result<Args, clap::Error> {
    let given = command_line();
    let command = named::command_of::<Args>(&given);
    let mut command = prepare(command, &given, &str::is_empty);
    let (mut matches, mut args) = parse_with(&mut command, &given)?;
    let names = given_repos(&matches).names;
    let repos = repos_at_paths(&args.global, &names);
    if !repos.is_empty() || names.iter().any(|name| is_path(name)) {
        set_repo_paths(repos);
        (matches, args) = parse_with(&mut command, &given)?;
    }
    formats::check(&matches, &args.global, &command)?;
    args.global.typed = typed_options(&matches);
    args.global.session = given_session(&matches);
    args.global.repos = given_repos(&matches);
    // Dropping the tree of commands takes a third of the time that building it takes.
    std::mem::forget(command);
    Ok(args)
}

/// Parses the arguments once; [`parse`] does it twice if repos are given as paths.
fn parse_with(
    command: &mut clap::Command,
    given: &[OsString],
) -> Result<(ArgMatches, Args), clap::Error> {
    let matches = command.try_get_matches_from_mut(given);
    let matches = matches.map_err(|error| explain(error, given))?;
    let args = Args::from_arg_matches(&matches);
    let args = args.map_err(|error| error.format(command))?;
    Ok((matches, args))
}

/// Returns the repos whose folders some of the names lead to, by these paths. The name of a repo is not
/// taken for a path.
fn repos_at_paths(global: &Global, names: &[String]) -> BTreeMap<String, String> {
    let mut repos = BTreeMap::new();
    if names.is_empty() {
        return repos;
    }
    // If there is no workspace, paths lead to no repo.
    let (Ok(location), Ok(current)) = (locate_workspace(global), current_folder()) else {
        return repos;
    };
    let paths = RepoPaths::new(&location, &current);
    for name in names.iter().filter(|name| !paths.has_folder(name)) {
        if let Some(repo) = paths.repo_at(name) {
            repos.insert(name.clone(), repo.to_owned());
        }
    }
    repos
}

/// Prepares the command tree for the arguments of this process. Only the commands that they may name
/// are adjusted: adjusting all of them takes longer than most commands run.
fn prepare(
    command: clap::Command,
    given: &[OsString],
    is_ignored: &dyn Fn(&str) -> bool,
) -> clap::Command {
    let is_named = |command: &clap::Command| named::is_named(command, given);
    let command = adjust(command, "", &is_named, &override_args);
    let command = set_help_templates(command, &is_named).color(color_asked_for().into());
    let command = adjust(command, "", &is_named, &|command, _| {
        ignore_env(command, is_ignored)
    });
    let is_width_known = std::env::var_os("COLUMNS").is_some() || std::io::stdout().is_terminal();
    if is_width_known {
        command
    } else {
        command.term_width(WIDTH_WITHOUT_TERMINAL)
    }
}

/// Completes an error of clap.
fn explain(error: clap::Error, given: &[OsString]) -> clap::Error {
    if !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        // The help page names the environment variables.
        return error;
    }
    if error.kind() == ErrorKind::InvalidUtf8 {
        let command = prepare(Args::command(), given, &str::is_empty);
        return describe_invalid_utf8(error, &command, given);
    }
    // The usage line in an error lists what was given; without this, it would also list options
    // set by environment variables.
    let mut command = prepare(Args::command(), given, &|_| true);
    let typed = command.try_get_matches_from_mut(given);
    foreign_commands::suggest(typed.err().unwrap_or(error), &command, given)
}

/// Adds the argument or the environment variable to the error about one that is not valid UTF-8.
fn describe_invalid_utf8(
    error: clap::Error,
    command: &clap::Command,
    given: &[OsString],
) -> clap::Error {
    let is_invalid = |value: &OsString| value.to_str().is_none();
    let (name, value) = match given.iter().position(is_invalid) {
        Some(position) => (format!("argument {position}"), given[position].clone()),
        None => match invalid_variable(command) {
            Some((name, value)) => (format!("the environment variable {name}"), value),
            None => return error,
        },
    };
    let message = format!("{name} is not valid UTF-8: {}\n", value.to_string_lossy());
    clap::Error::raw(ErrorKind::InvalidUtf8, message)
}

/// Returns the first environment variable of a command whose value is not valid UTF-8.
fn invalid_variable(command: &clap::Command) -> Option<(String, OsString)> {
    let own = command.get_arguments().filter_map(|arg| {
        let name = arg.get_env()?;
        let value = std::env::var_os(name).filter(|value| value.to_str().is_none())?;
        Some((name.to_string_lossy().into_owned(), value))
    });
    let mut own = own.take(1);
    own.next()
        .or_else(|| command.get_subcommands().find_map(invalid_variable))
}

/// Returns the options that select a database and an actor, if they were typed.
fn typed_options(matches: &ArgMatches) -> TypedOptions {
    let [workspace, database, actor] = ["workspace", "database", "actor"].map(|name| {
        let is_typed = matches.value_source(name) == Some(ValueSource::CommandLine);
        let value = matches.get_raw(name).and_then(Iterator::last);
        match value.filter(|_| is_typed) {
            Some(value) => format!(" --{name} {}", shell_quote(&value.to_string_lossy())),
            None => String::new(),
        }
    });
    TypedOptions {
        database: workspace + &database,
        actor,
    }
}

/// Replaces `--format` for commands that have formats of their own, and the help of shared arguments
/// that a command uses differently. `path` is the command without `wsdb`.
fn override_args(command: clap::Command, path: &str) -> clap::Command {
    // `-1` is a wrong number, not an unknown option.
    let command = command.mut_args(|arg| match arg.get_long() {
        Some(_) if has_number(&arg) => arg.allow_negative_numbers(true),
        _ => arg,
    });
    match path {
        "architecture compare" | "handoff" | "next" | "stats" | "status" | "task graph" | "why" => {
            command.arg(format_arg(formats_of(path)))
        }
        "decision unlink" => set_help(
            command,
            &[
                (
                    "supersedes",
                    "Superseded decisions to unlink (comma-separated)",
                ),
                ("task", "Tasks to unlink (comma-separated)"),
                (
                    "component",
                    "Components to unlink, by name (comma-separated)",
                ),
                ("drift", "Drift detections to unlink (comma-separated)"),
            ],
        ),
        "goal list" => set_help(
            command,
            &[(
                "open",
                "Only open goals (the default unless you filter by status)",
            )],
        ),
        "history" => set_help(command, &[("reverse", "Show the oldest changes first")]),
        "issue add" => set_help(command, &[("severity", "Severity [default: MEDIUM]")]),
        "issue resolve" => set_help(command, &[("notes", "Resolution notes (- reads stdin)")]),
        "issue close" => set_help(command, &[("notes", "Reason for closing (- reads stdin)")]),
        "issue reopen" => set_help(
            command,
            &[("notes", "Reason for reopening (- reads stdin)")],
        ),
        "task rm" => set_help(
            command,
            &[(
                "force",
                "Delete even if claimed by others or referenced by other records; the references are kept",
            )],
        ),
        "session activity show" => set_help(
            command,
            &[("id", "Activity ID, or a unique part of it (whole words)")],
        ),
        "session activity edit" | "session activity rm" => set_help(
            command,
            &[("ids", "Activity IDs, or unique parts of IDs (whole words)")],
        ),
        "session rm" => set_help(
            command,
            &[("ids", "Session IDs, or unique parts of IDs (whole words)")],
        ),
        "state show" => set_help(
            command,
            &[(
                "id",
                "State, by ID, number, type, name or a unique part of the ID (whole words)",
            )],
        ),
        "state edit" | "state rm" => set_help(
            command,
            &[(
                "ids",
                "States, by ID, number, type, name or a unique part of the ID (whole words)",
            )],
        ),
        "placement show" => set_help(
            command,
            &[(
                "id",
                "Placement, by ID, number, component or a unique part of the ID (whole words)",
            )],
        ),
        "placement edit" | "placement rm" => set_help(
            command,
            &[(
                "ids",
                "Placements, by ID, number, component or a unique part of the ID (whole words)",
            )],
        ),
        "session unlink" => set_help(
            command,
            &[
                ("decision", "Decisions to unlink (comma-separated)"),
                ("issue", "Issues to unlink (comma-separated)"),
            ],
        ),
        _ => command,
    }
}

/// Whether the values of an argument are numbers.
pub(super) fn has_number(arg: &Arg) -> bool {
    let id = arg.get_value_parser().type_id();
    [
        TypeId::of::<u64>(),
        TypeId::of::<u32>(),
        TypeId::of::<u16>(),
        TypeId::of::<usize>(),
        TypeId::of::<i64>(),
    ]
    .iter()
    .any(|number| id == *number)
}

fn format_arg(formats: &'static [&'static str]) -> Arg {
    let parser = PossibleValuesParser::new(formats);
    Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .help("Output format")
        .display_order(903)
        .default_value(formats[0])
        .value_parser(parser.try_map(|word| Format::from_str(&word, false)))
}

fn set_help(command: clap::Command, texts: &[(&'static str, &'static str)]) -> clap::Command {
    texts.iter().fold(command, |command, (arg, help)| {
        command.mut_arg(arg, |arg| arg.help(*help))
    })
}

/// Makes a command ignore the environment variables whose value `is_ignored` accepts; its help still names
/// them. An empty variable counts as unset.
fn ignore_env(command: clap::Command, is_ignored: &dyn Fn(&str) -> bool) -> clap::Command {
    command.mut_args(|arg| match arg.get_env().and_then(std::env::var_os) {
        Some(value) if is_ignored(&value.to_string_lossy()) => {
            let name = arg
                .get_env()
                .map(|name| name.to_string_lossy().into_owned());
            let help = arg.get_help().map(ToString::to_string);
            let (name, help) = (name.unwrap_or_default(), help.unwrap_or_default());
            arg.env(Resettable::Reset)
                .help(format!("{help} [env: {name}]"))
        }
        _ => arg,
    })
}

/// Returns the arguments of this process, with the excluded words of a search escaped.
fn command_line() -> Vec<OsString> {
    let given: Vec<OsString> = std::env::args_os().collect();
    let is_search = given.iter().any(|arg| arg == "search" || arg == "find") && {
        let outline = named::command_of::<Args>(&[]).ignore_errors(true);
        let matches = outline.try_get_matches_from(&given);
        matches.is_ok_and(|matches| matches.subcommand_name() == Some("search"))
    };
    if is_search {
        given.into_iter().map(escape_negated_word).collect()
    } else {
        given
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overview_has_every_group() {
        let commands = list_commands(&command());
        for (title, _) in GROUPS {
            assert!(commands.contains(&format!("{title}:")), "{title}");
        }
    }
}
