//! The help of every command, as `wsdb command-tree` prints it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// The help of one command.
#[derive(Debug, Deserialize)]
pub(crate) struct CommandHelp {
    /// Words of the command, starting with `wsdb`.
    pub(crate) path: Vec<String>,
    pub(crate) aliases: Vec<String>,
    pub(crate) about: String,
    /// Rest of the description, below the summary.
    pub(crate) before_help: String,
    pub(crate) usage: String,
    /// Notes and examples below the options.
    pub(crate) after_help: String,
    pub(crate) arguments: Vec<ArgumentHelp>,
    pub(crate) subcommands: Vec<CommandHelp>,
}

/// The help of one argument or option.
#[derive(Debug, Deserialize)]
pub(crate) struct ArgumentHelp {
    /// How the argument is written, such as `-r, --repo <REPO>` or `<TITLE>`.
    pub(crate) synopsis: String,
    pub(crate) heading: Option<String>,
    pub(crate) help: String,
    pub(crate) default: Option<String>,
    pub(crate) values: Vec<ValueHelp>,
    pub(crate) env: Option<String>,
    pub(crate) is_global: bool,
}

/// One of the possible values of an option.
#[derive(Debug, Deserialize)]
pub(crate) struct ValueHelp {
    pub(crate) name: String,
    pub(crate) help: String,
}

impl CommandHelp {
    /// Reads the command tree of a binary.
    ///
    /// # Errors
    /// The binary fails, or prints something else.
    pub(crate) fn load(binary: &Path) -> Result<Self> {
        let output = Command::new(binary).arg("command-tree").output();
        let output = output.with_context(|| format!("cannot run {}", binary.display()))?;
        ensure!(
            output.status.success(),
            "wsdb command-tree failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout)
            .context("cannot read the output of wsdb command-tree")
    }

    /// Returns this command and all commands below it, parents first.
    pub(crate) fn all(&self) -> Vec<&CommandHelp> {
        let below = self.subcommands.iter().flat_map(CommandHelp::all);
        std::iter::once(self).chain(below).collect()
    }

    /// Returns whether it does something without a subcommand.
    pub(crate) fn is_runnable(&self) -> bool {
        // Its own usage is on a line above that of its subcommands.
        self.subcommands.is_empty() || self.usage.contains('\n')
    }

    /// Returns the words after `wsdb`, such as `task add`.
    pub(crate) fn words(&self) -> String {
        self.path[1..].join(" ")
    }

    /// Returns the command as typed, such as `wsdb task add`.
    pub(crate) fn name(&self) -> String {
        self.path.join(" ")
    }
}
