//! Arguments that many commands share.

mod common;
mod values;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use wsdb_app::Options;

pub(crate) use self::common::{Ids, OpenArgs, Paging, PreconditionArgs, Targets, chosen_statuses};
pub(crate) use self::values::{
    ACTIVITY_TYPES, DETECTED_BY, DRIFT_DETECTED_BY, ISSUE_TYPES, STATE_STATUS, busy_timeout,
    duration, is_path, json_or_file, label_parser, name, new_repo_name, number, number_from,
    old_repo_name, path_in_repo, person_name, repo_name, set_repo_paths, sort_parser, split_words,
    status_parser, text_or_stdin, vocabulary_parser,
};
use crate::command_format::TypedOptions;
use crate::ui::format::{ColorChoice, Format};

#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Workspace folder [default: the current folder or the nearest parent with a workspace]
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
    /// Output format (jsonl, csv and md mainly for lists; some commands support others)
    #[arg(long, global = true, display_order = 903, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// When to use color (with auto, NO_COLOR turns it off)
    #[arg(
        long,
        global = true,
        display_order = 904,
        value_enum,
        default_value_t = ColorChoice::Auto,
        value_name = "WHEN"
    )]
    pub(crate) color: ColorChoice,
    /// Person or agent to act as [default: the OS user]
    #[arg(
        long,
        global = true,
        display_order = 905,
        value_name = "NAME",
        env = "WSDB_ACTOR",
        hide_env_values = true,
        value_parser = person_name
    )]
    pub(crate) actor: Option<String>,
    /// Maximum time to wait for other writers, such as 2min [default: 1min]
    #[arg(
        long,
        global = true,
        display_order = 906,
        value_name = "DURATION",
        env = "WSDB_BUSY_TIMEOUT",
        hide_env_values = true,
        default_value = "1min",
        hide_default_value = true,
        value_parser = busy_timeout
    )]
    pub(crate) busy_timeout: Duration,
    /// The session that changes belong to: the option `--session`, which commands with a filter of
    /// that name lack, or `WSDB_SESSION`.
    #[arg(skip)]
    pub(crate) session: Option<OwnSession>,
    /// The repos on the command line.
    #[arg(skip)]
    pub(crate) repos: GivenRepos,
    /// Options as typed, which commands in hints repeat.
    #[arg(skip)]
    pub(crate) typed: TypedOptions,
}

/// The session that the caller's changes belong to, as given.
#[derive(Debug, Clone)]
pub(crate) struct OwnSession {
    /// Its ID, or if the option was typed, anything that refers to it.
    pub(crate) name: String,
    /// Whether the option was typed.
    pub(crate) is_typed: bool,
    /// Whether it is the session that the command changes, which may have ended.
    pub(crate) is_changed: bool,
}

/// The id of the option `--session` of commands that change this session.
pub(crate) const CHANGED_SESSION: &str = "changed_session";

/// The repos that are named on the command line.
#[derive(Debug, Clone, Default)]
pub(crate) struct GivenRepos {
    pub(crate) names: Vec<String>,
    /// Whether the command writes them to a record, so that they may be new.
    pub(crate) are_written: bool,
}

impl Global {
    /// Returns whether errors are printed as JSON.
    pub(crate) fn has_json_errors(&self) -> bool {
        self.json || matches!(self.format, Format::Json | Format::Jsonl)
    }

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
