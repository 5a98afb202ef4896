//! The command line: global options and the list of commands.

mod common;
mod typed;
mod values;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use wsdb_app::Options;

pub(crate) use self::common::{Ids, Paging, PreconditionArgs, Targets};
pub(crate) use self::typed::{color_asked_for, command, parse};
pub(crate) use self::values::{
    ACTIVITY_TYPES, DETECTED_BY, DRIFT_DETECTED_BY, ISSUE_TYPES, STATE_STATUS, check_edit,
    duration, json_or_file, label_parser, name, number, path_in_repo, split_words, text_or_stdin,
    vocabulary_parser,
};
use crate::commands;

/// Shared tasks, decisions and handoffs for a workspace of many git repositories, for people and
/// their coding agents
#[derive(Debug, Parser)]
#[command(
    name = "wsdb",
    version,
    max_term_width = 100,
    arg_required_else_help = true
)]
#[command(after_help = "Examples:
    wsdb import                     Import the JSON documents in this folder
    wsdb status                     Show the whole workspace on one screen
    wsdb next                       Show the next task to work on
    wsdb task claim --next          Claim it so that nobody else takes it
    wsdb search pricing             Search tasks, sessions, issues and decisions
    wsdb why src/core/pricing.py    Show what governs a path or a component
    wsdb stats                      Show trends: open tasks, throughput, age
  wsdb task add 'Move pricing' --repo orchard-core --priority HIGH

Exit codes: 0 success, 1 the request failed, 2 wrong usage, 3 a check found
problems, 70 internal error.")]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Workspace folder [default: search upward]
    #[arg(
        long,
        global = true,
        display_order = 900,
        value_name = "DIR",
        env = "WSDB_WORKSPACE",
        hide_env_values = true
    )]
    pub(crate) workspace: Option<PathBuf>,
    /// Database file or URL [default: workspace.db]
    #[arg(
        long,
        global = true,
        display_order = 901,
        value_name = "URL",
        env = "WSDB_DATABASE_URL",
        hide_env_values = true,
        value_parser = name
    )]
    pub(crate) database: Option<String>,
    /// Print results and errors as JSON
    #[arg(long, global = true, display_order = 902)]
    pub(crate) json: bool,
    /// Output format
    #[arg(long, global = true, display_order = 903, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Color (auto respects NO_COLOR)
    #[arg(
        long,
        global = true,
        display_order = 904,
        value_enum,
        default_value_t = ColorChoice::Auto,
        value_name = "WHEN"
    )]
    pub(crate) color: ColorChoice,
    /// Acting person or agent [default: the OS user]
    #[arg(
        long,
        global = true,
        display_order = 905,
        value_name = "NAME",
        env = "WSDB_ACTOR",
        hide_env_values = true,
        value_parser = name
    )]
    pub(crate) actor: Option<String>,
    /// Maximum wait for other writers, such as 2min
    #[arg(
        long,
        global = true,
        display_order = 906,
        value_name = "DURATION",
        env = "WSDB_BUSY_TIMEOUT",
        hide_env_values = true,
        default_value = "1min",
        value_parser = duration
    )]
    pub(crate) busy_timeout: Duration,
}

impl Global {
    /// Returns the name of the acting person or agent.
    pub(crate) fn actor_name(&self) -> String {
        let name = self.actor.clone();
        name.unwrap_or_else(|| whoami::username().unwrap_or_else(|_| "unknown".to_owned()))
    }

    /// Returns the options for opening a database.
    pub(crate) fn options(&self) -> Options {
        Options {
            busy_timeout: self.busy_timeout,
            name: Some(format!(
                "wsdb ({}, process {})",
                self.actor_name(),
                std::process::id()
            )),
            ..Options::default()
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Table,
    Json,
    Jsonl,
    Csv,
    Md,
    /// For `task graph`
    #[value(hide = true)]
    Dot,
    /// For `task graph`
    #[value(hide = true)]
    Mermaid,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ColorChoice {
    Auto,
    Always,
    Never,
}

impl ColorChoice {
    /// Returns whether to use color on a stream. An explicit choice takes precedence over NO_COLOR.
    pub(crate) fn is_colored(self, terminal: bool) -> bool {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        match self {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !plain,
        }
    }
}

impl From<ColorChoice> for clap::ColorChoice {
    fn from(choice: ColorChoice) -> Self {
        match choice {
            ColorChoice::Auto => clap::ColorChoice::Auto,
            ColorChoice::Always => clap::ColorChoice::Always,
            ColorChoice::Never => clap::ColorChoice::Never,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create a workspace in this folder or in DIR
    Init(commands::init::Init),
    /// Import JSON documents from this folder, other folders or files
    Import(commands::import::Import),
    /// Export JSON documents to the workspace folder or to DIR
    Export(commands::export::Export),
    /// Copy the workspace to another database and verify the copy
    Copy(commands::copy::Copy),
    /// Show the whole workspace on one screen
    Status,
    /// Show trends: open tasks, throughput, age, time and drift
    Stats(commands::stats::ShowStats),
    /// Show the next task to work on, and why
    Next(commands::next::ShowNext),
    /// Print a handoff for the next session, within a token budget
    Handoff(commands::handoff::ShowHandoff),
    /// Show who changed what, when and in which session
    History(commands::history::History),
    /// Undo the last change, or another one
    Undo(commands::undo::Undo),
    /// Search tasks, sessions, issues and decisions
    #[command(visible_alias = "find")]
    Search(commands::search::Search),
    /// Manage tasks, their dependencies and claims
    #[command(subcommand, visible_alias = "tasks")]
    Task(commands::task::Task),
    /// Manage sessions, their activities and handoff notes
    #[command(subcommand, visible_alias = "sessions")]
    Session(commands::session::Session),
    /// Manage cross-repo issues
    #[command(subcommand, visible_alias = "issues")]
    Issue(commands::issue::Issue),
    /// Manage architecture decisions
    #[command(subcommand, visible_alias = "decisions")]
    Decision(commands::decision::Decision),
    /// Manage architecture states, such as current and target
    #[command(subcommand, visible_alias = "states")]
    State(commands::state::State),
    /// Manage component placements and their rules
    #[command(subcommand, visible_aliases = ["placements", "component"])]
    Placement(commands::placement::Placement),
    /// Manage architecture goals
    #[command(subcommand, visible_alias = "goals")]
    Goal(commands::goal::Goal),
    /// Show the architecture, or compare two states
    #[command(subcommand, visible_alias = "arch")]
    Architecture(commands::architecture::Architecture),
    /// Show what governs a path or a component
    Why(commands::why::ShowWhy),
    /// Manage drift: rule violations found by scans
    Drift(commands::drift::DriftArgs),
    /// Switch between repos and see where time was spent
    #[command(visible_alias = "contexts")]
    Context(commands::context::ContextArgs),
    /// Manage configuration snapshots, differences and changes
    #[command(subcommand, visible_alias = "configuration")]
    Config(commands::configuration::Configuration),
    /// Print a shell completion script
    Completions(commands::completions::Completions),
    /// Print a manual page, or write all of them into a folder
    Man(commands::man::Man),
    /// Print the command tree as JSON, for the generated documentation
    #[command(hide = true)]
    CommandTree,
}
