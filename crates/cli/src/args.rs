//! The options that every command has, and the commands.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, CommandFactory, Parser, Subcommand, ValueEnum};
use wsdb_app::{Expected, Options};
use wsdb_core::Page;

use crate::commands;
use crate::error::Usage;

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
  wsdb task add 'Move pricing' --repo orchard-core --priority HIGH

Exit codes: 0 done, 1 the request can't be met, 2 wrong usage, 70 a fault of wsdb.")]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Args {
    /// Reads a command line.
    pub(crate) fn read(given: Vec<OsString>) -> Result<Args, clap::Error> {
        let is_search = given.iter().any(|arg| arg == "search" || arg == "find") && {
            let matches = Args::command().ignore_errors(true);
            let matches = matches.try_get_matches_from(&given);
            matches.is_ok_and(|matches| matches.subcommand_name() == Some("search"))
        };
        match is_search {
            true => Args::try_parse_from(given.into_iter().map(excluding)),
            false => Args::try_parse_from(given),
        }
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

#[derive(Debug, ClapArgs)]
pub(crate) struct Global {
    /// The workspace's folder [default: the first one upward with .wsdb.toml or workspace.db]
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "WSDB_WORKSPACE",
        hide_env_values = true
    )]
    pub(crate) workspace: Option<PathBuf>,
    /// The database: sqlite://PATH, a path, or postgres://… [default: workspace.db in the folder]
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "WSDB_DATABASE_URL",
        hide_env_values = true
    )]
    pub(crate) database: Option<String>,
    /// One JSON document on stdout, errors as JSON on stderr
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// How lists are shown
    #[arg(long, global = true, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// When to use colour; NO_COLOR counts, too
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    pub(crate) color: ColorChoice,
    /// Who is at work [default: the user's name]
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        env = "WSDB_ACTOR",
        hide_env_values = true
    )]
    pub(crate) actor: Option<String>,
    /// How long to wait for others that write to the database, such as 500ms or 2min
    #[arg(
        long,
        global = true,
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
    /// A script that completes wsdb's words in your shell
    Completions(commands::completions::Completions),
}

/// Which records are meant.
#[derive(Debug, ClapArgs)]
pub(crate) struct Ids {
    /// Ids, their numbers, or any unique parts of them
    #[arg(required = true, value_name = "ID")]
    pub(crate) ids: Vec<String>,
}

/// Which records are to be changed, and what they have to be.
#[derive(Debug, ClapArgs)]
pub(crate) struct Targets {
    #[command(flatten)]
    pub(crate) ids: Ids,
    #[command(flatten)]
    expect: Expect,
}

impl Targets {
    /// What the records have to be.
    pub(crate) fn expected(&self) -> anyhow::Result<Expected> {
        self.expect.expected()
    }
}

/// What a record has to be for a change to happen.
#[derive(Debug, ClapArgs)]
pub(crate) struct Expect {
    /// Only if the field, as --json shows it, holds this, such as status=pending; may be repeated
    #[arg(long, value_name = "FIELD=VALUE")]
    expect: Vec<String>,
}

impl Expect {
    pub(crate) fn expected(&self) -> anyhow::Result<Expected> {
        Ok(Expected::parse(&self.expect).map_err(|error| Usage(error.to_string()))?)
    }
}

/// Which part of a list is shown, and in which order.
#[derive(Debug, ClapArgs)]
pub(crate) struct Paging {
    /// At most so many [default: 50 in a table, else all]
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// Leave out so many at the beginning
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: u64,
    /// Last first
    #[arg(long)]
    pub(crate) reverse: bool,
}

impl Paging {
    pub(crate) fn page(&self, format: Format) -> Page {
        Page {
            limit: self.limit.or((format == Format::Table).then_some(50)),
            offset: self.offset,
        }
    }
}

/// The words of a text filter.
pub(crate) fn words(text: &[String]) -> Vec<String> {
    text.iter()
        .flat_map(|text| text.split_whitespace())
        .map(str::to_owned)
        .collect()
}

/// A text from the command line; `-` reads stdin.
pub(crate) fn text_or_stdin(text: Option<String>) -> anyhow::Result<Option<String>> {
    if text.as_deref() != Some("-") {
        return Ok(text);
    }
    let text = std::io::read_to_string(std::io::stdin())?;
    Ok(Some(text.trim_end().to_owned()))
}
