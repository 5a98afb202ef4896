//! The options that every command has, and the commands.

mod common;
mod typed;
mod values;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use wsdb_app::Options;

pub(crate) use self::common::{Expect, Ids, Paging, Targets};
pub(crate) use self::typed::{color_asked_for, command, parse};
pub(crate) use self::values::{
    ACTIVITY_TYPES, DETECTED_BY, DRIFT_DETECTED_BY, ISSUE_TYPES, STATE_STATUS, check_edit,
    json_or_file, known, name, path_in_repo, suggested, text_or_stdin, words,
};
use crate::commands;

/// The management plane of a multi-repo workspace: what people and their AI assistants are doing
/// across all of its repositories, in one database beside them.
#[derive(Debug, Parser)]
#[command(
    name = "wsdb",
    version,
    max_term_width = 100,
    arg_required_else_help = true
)]
#[command(after_help = "Examples:
  wsdb import                     take over the JSON documents of this folder
  wsdb status                     the whole workspace on one screen
  wsdb next                       the one task to do now
  wsdb task claim --next          take it, so that nobody else does
  wsdb search pricing             tasks, sessions, issues and decisions, by their words
  wsdb why src/core/pricing.py    what governs a path or a component
  wsdb stats                      how the workspace has been doing
  wsdb task add 'Move pricing' --repo orchard-core --priority HIGH

Exit codes: 0 done, 1 the request can't be met, 2 wrong usage, 3 a check
found something, 70 a fault of wsdb.")]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// The workspace's folder [default: the first one upward with .wsdb.toml or workspace.db]
    #[arg(
        long,
        global = true,
        display_order = 900,
        value_name = "DIR",
        env = "WSDB_WORKSPACE",
        hide_env_values = true
    )]
    pub(crate) workspace: Option<PathBuf>,
    /// The database: sqlite://PATH, a path, or postgres://… [default: workspace.db in the folder]
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
    /// One JSON document on stdout, errors as JSON on stderr
    #[arg(long, global = true, display_order = 902)]
    pub(crate) json: bool,
    /// How lists are shown
    #[arg(long, global = true, display_order = 903, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// When to use colour; auto heeds NO_COLOR
    #[arg(
        long,
        global = true,
        display_order = 904,
        value_enum,
        default_value_t = ColorChoice::Auto,
        value_name = "WHEN"
    )]
    pub(crate) color: ColorChoice,
    /// Who is at work [default: the user's name]
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
    /// How long to wait for others that write to the database, such as 500ms or 2min
    #[arg(
        long,
        global = true,
        display_order = 906,
        value_name = "SPAN",
        env = "WSDB_BUSY_TIMEOUT",
        hide_env_values = true,
        default_value = "1min",
        value_parser = humantime::parse_duration
    )]
    pub(crate) busy_timeout: Duration,
}

impl Global {
    /// Who is at work.
    pub(crate) fn actor_name(&self) -> String {
        let name = self.actor.clone();
        name.unwrap_or_else(|| whoami::username().unwrap_or_else(|_| "unknown".to_owned()))
    }

    /// How databases are opened.
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
    /// Whether there is colour on a stream. What was asked for wins over NO_COLOR.
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
    /// Make a workspace: a database, in this folder or in DIR
    Init(commands::init::Init),
    /// Take JSON documents over: from this folder, folders or files
    Import(commands::import::Import),
    /// Write the JSON documents, into the workspace's folder or into DIR
    Export(commands::export::Export),
    /// Copy the whole workspace to another database, SQLite or PostgreSQL, and check it
    Copy(commands::copy::Copy),
    /// The whole workspace on one screen
    Status,
    /// How the workspace has been doing: open over time, throughput, age, time, drift
    Stats(commands::stats::ShowStats),
    /// The one task to do now, and why
    Next(commands::next::ShowNext),
    /// What whoever comes next must know, within a budget of tokens
    Handoff(commands::handoff::ShowHandoff),
    /// What was done: by whom, when, in which session, and which fields changed
    History(commands::history::History),
    /// Take the last change back, or another one
    Undo(commands::undo::Undo),
    /// Find tasks, sessions, issues and decisions by their words, the best first
    #[command(visible_alias = "find")]
    Search(commands::search::Search),
    /// Tasks: what is to be done, in which repos, and what it waits for
    #[command(subcommand, visible_alias = "tasks")]
    Task(commands::task::Task),
    /// Sessions: who worked, what they did, and what they hand over
    #[command(subcommand, visible_alias = "sessions")]
    Session(commands::session::Session),
    /// Cross-repo issues: what is wrong, how badly, and who mends it
    #[command(subcommand, visible_alias = "issues")]
    Issue(commands::issue::Issue),
    /// Architecture decisions: what was decided, and why
    #[command(subcommand, visible_alias = "decisions")]
    Decision(commands::decision::Decision),
    /// Architecture states: how an architecture is, shall be, or was
    #[command(subcommand, visible_alias = "states")]
    State(commands::state::State),
    /// Component placements: where each component belongs, and by which rules
    #[command(subcommand, visible_aliases = ["placements", "component"])]
    Placement(commands::placement::Placement),
    /// Architecture goals: which task brings which component into which state
    #[command(subcommand, visible_alias = "goals")]
    Goal(commands::goal::Goal),
    /// The architecture as a whole: what is in a state, and what lies between two
    #[command(subcommand, visible_alias = "arch")]
    Architecture(commands::architecture::Architecture),
    /// What governs a path or a component: placement, rules, decisions, drift, tasks
    Why(commands::why::ShowWhy),
    /// Drift: what breaks the rules, found by scans, until it is mended
    Drift(commands::drift::DriftArgs),
    /// Contexts: in which repo you are, where you were, and for how long
    #[command(visible_alias = "contexts")]
    Context(commands::context::ContextArgs),
    /// Configuration of the repos: snapshots of it, what is different in them, and changes
    #[command(subcommand, visible_alias = "configuration")]
    Config(commands::configuration::Configuration),
    /// A script that completes wsdb's words in your shell
    Completions(commands::completions::Completions),
    /// Print a manual page, or write all of them into a folder
    Man(commands::man::Man),
    /// Print the command tree as JSON, for the generated documentation
    #[command(hide = true)]
    CommandTree,
}
