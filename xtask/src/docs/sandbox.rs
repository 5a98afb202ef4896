//! A temporary folder in which the commands of a transcript run, the same on every machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use tempfile::TempDir;

use crate::project;

/// The folder that transcripts show as the current one.
const SHOWN_FOLDER: &str = "/home/mira/orchard";

/// When the first command runs; each further command runs a minute later.
const START: &str = "2026-11-24T20:37:00Z";

/// A fresh workspace folder with its own home and clock.
pub(super) struct Sandbox {
    root: TempDir,
    folder: PathBuf,
    binary_folder: PathBuf,
    now: DateTime<Utc>,
    is_colored: bool,
}

impl Sandbox {
    /// Creates a folder with a copy of `tests/fixtures` named `samples`.
    pub(super) fn new(binary: &Path, is_colored: bool) -> Result<Self> {
        // A path of the same length on every machine, because tables are as wide as their paths.
        let parent = if cfg!(unix) {
            PathBuf::from("/tmp")
        } else {
            std::env::temp_dir()
        };
        let root = tempfile::Builder::new()
            .prefix("wsdb-docs-")
            .tempdir_in(parent)
            .context("cannot create a temporary folder")?;
        let folder = root.path().join(&SHOWN_FOLDER[1..]);
        fs::create_dir_all(&folder).context("cannot create a folder")?;
        copy_folder(
            &project::root().join("tests/fixtures"),
            &folder.join("samples"),
        )?;
        Ok(Sandbox {
            root,
            folder,
            binary_folder: binary.parent().unwrap_or(binary).to_owned(),
            now: START.parse().context("invalid start time")?,
            is_colored,
        })
    }

    /// Sets the clock to a time in RFC 3339 format.
    pub(super) fn set_clock(&mut self, time: &str) -> Result<()> {
        self.now = time.parse().context("invalid time")?;
        Ok(())
    }

    /// Returns the current folder of the commands.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs a shell command, and returns its output with errors in between. The clock moves on by a
    /// minute.
    ///
    /// # Errors
    /// The command names a program that does not exist, or prints something other than text. A
    /// command that fails is no error.
    pub(super) fn run(&mut self, command: &str) -> Result<String> {
        let (output, _) = self.execute(command)?;
        self.now += TimeDelta::minutes(1);
        Ok(output)
    }

    /// Runs a shell command without moving the clock.
    ///
    /// # Errors
    /// The command fails.
    pub(super) fn set_up(&self, command: &str) -> Result<()> {
        match self.execute(command)? {
            (_, true) => Ok(()),
            (output, false) => bail!("{command} failed: {}", output.trim()),
        }
    }

    /// Runs a shell command, and returns its output and whether it succeeded.
    fn execute(&self, command: &str) -> Result<(String, bool)> {
        let mut path = self.binary_folder.clone().into_os_string();
        if let Some(rest) = std::env::var_os("PATH") {
            path.push(if cfg!(windows) { ";" } else { ":" });
            path.push(rest);
        }
        let mut bash = Command::new("bash");
        bash.arg("-c")
            .arg(format!("exec 2>&1\n{command}"))
            .current_dir(&self.folder)
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.folder.parent().unwrap_or(&self.folder))
            .env("USER", "mira")
            .env("LANG", "C.UTF-8")
            .env("LC_ALL", "C.UTF-8")
            .env("TZ", "UTC")
            .env("COLUMNS", "80")
            .env("WSDB_ACTOR", "mira")
            .env(
                "WSDB_TEST_NOW",
                self.now.to_rfc3339_opts(SecondsFormat::Secs, true),
            )
            .stdin(Stdio::null());
        if !self.is_colored {
            bash.env("NO_COLOR", "1");
        }
        let output = bash.output().context("cannot run bash")?;
        let text = String::from_utf8(output.stdout)
            .with_context(|| format!("{command}: the output is not UTF-8"))?;
        if output.status.code() == Some(127) || text.contains(": command not found") {
            bail!("{command}: {}", text.trim());
        }
        let root = self.root.path();
        let mut shown = text.replace(&root.display().to_string(), "");
        if let Ok(canonical) = root.canonicalize() {
            shown = shown.replace(&canonical.display().to_string(), "");
        }
        Ok((shown, output.status.success()))
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot create {}", to.display()))?;
    let entries = fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))?;
    for entry in entries {
        let path = entry?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy_folder(&path, &target)?;
        } else {
            fs::copy(&path, &target).with_context(|| format!("cannot copy {}", path.display()))?;
        }
    }
    Ok(())
}
