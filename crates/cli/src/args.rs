//! The options that every command has, and the commands.

use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser, Resettable, TypedValueParser};
use clap::{Args as ClapArgs, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use wsdb_app::{Expected, Options};
use wsdb_core::{Page, Vocabulary, Word};

use crate::commands;
use crate::error::Usage;

/// What was typed.
pub(crate) fn parse() -> Result<Args, clap::Error> {
    let command = with_own_formats(Args::command()).color(color_asked_for().into());
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

/// A name: one that is empty names nothing.
pub(crate) fn name(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("a name is not empty".to_owned()),
        _ => Ok(text.to_owned()),
    }
}

/// A path in a repo: one that leaves it is refused.
pub(crate) fn path_in_repo(text: &str) -> Result<String, String> {
    match wsdb_core::normal_path(text).split('/').next() {
        Some("..") => Err("the path leaves the repo".to_owned()),
        _ => name(text),
    }
}

/// Reads a word of a closed vocabulary, also by its aliases; help and completions show the words.
pub(crate) fn known<V: Vocabulary + Send + Sync>() -> Words<V> {
    Words {
        words: V::WORDS,
        read: |text| text.parse::<V>().map_err(|error| error.to_string()),
    }
}

/// Reads a word of an open vocabulary; completions offer those that are usual.
pub(crate) fn suggested(words: &'static [&'static str]) -> Words<Word> {
    Words {
        words,
        read: |text| text.parse::<Word>().map_err(|error| error.to_string()),
    }
}

/// Usual types of issues.
pub(crate) const ISSUE_TYPES: &[&str] = &[
    "code_creep",
    "governance",
    "task_tracking",
    "missing_component",
];

/// Usual states of an architecture state of the older shape.
pub(crate) const STATE_STATUS: &[&str] = &["draft", "active", "reached", "dropped"];

/// Usual types of activities.
pub(crate) const ACTIVITY_TYPES: &[&str] = &["note", "implementation", "analysis", "documentation"];

/// Usual ways to find drift.
pub(crate) const DRIFT_DETECTED_BY: &[&str] = &["manual", "drift-scan", "ci_cd"];

/// Usual ways to find an issue.
pub(crate) const DETECTED_BY: &[&str] = &["manual-review", "drift-scan"];

/// See [`known`] and [`suggested`].
#[derive(Debug, Clone)]
pub(crate) struct Words<V> {
    words: &'static [&'static str],
    read: fn(&str) -> Result<V, String>,
}

impl<V: Clone + Send + Sync + 'static> TypedValueParser for Words<V> {
    type Value = V;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<V, clap::Error> {
        TypedValueParser::parse_ref(&self.read, command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.words.iter().map(PossibleValue::new)))
    }
}

/// Whether an edit says something, and nothing twice: fields that are given a value, and fields
/// that are emptied.
pub(crate) fn check_edit<F: ValueEnum + Copy>(
    gives: bool,
    clears: &[F],
    is_given: impl Fn(F) -> bool,
) -> Result<(), Usage> {
    if !gives && clears.is_empty() {
        let nothing = "nothing to change: name a field with its new value, or --clear FIELD";
        return Err(Usage(nothing.to_owned()));
    }
    let both: Vec<String> = clears
        .iter()
        .filter(|field| is_given(**field))
        .filter_map(|field| Some(field.to_possible_value()?.get_name().to_owned()))
        .collect();
    match both.is_empty() {
        true => Ok(()),
        false => Err(Usage(format!(
            "{} can't be given a value and be cleared at once",
            both.join(", ")
        ))),
    }
}

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
    let mut bytes = Vec::new();
    std::io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|error| Usage(format!("stdin can't be read: {error}")))?;
    let text = String::from_utf8(bytes)
        .map_err(|error| Usage(format!("stdin is no UTF-8 text: {}", error.utf8_error())))?;
    Ok(Some(text.trim_end().to_owned()))
}

/// JSON from the command line: as it stands, from the file that is named, or from stdin with `-`.
pub(crate) fn json_or_file(given: &str) -> anyhow::Result<serde_json::Value> {
    let (place, text) = match given.trim_start().chars().next() {
        Some('{' | '[' | '"') => ("the JSON".to_owned(), given.to_owned()),
        _ if given == "-" => {
            let text = text_or_stdin(Some(given.to_owned()))?.unwrap_or_default();
            ("stdin".to_owned(), text)
        }
        _ => match std::fs::read_to_string(given) {
            Ok(text) => (given.to_owned(), text),
            Err(error) => {
                let wrong = format!("{given} is no JSON, and as a file it can't be read: {error}");
                return Err(Usage(wrong).into());
            }
        },
    };
    let read = serde_json::from_str(&text);
    Ok(read.map_err(|error| Usage(format!("{place} can't be read: {error}")))?)
}
