//! `wsdb man`

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use clap_mangen::roff::{Roff, roman};
use serde_json::json;

use crate::error::{UsageError, unwritable};
use crate::ui::{Ui, format_count};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  wsdb man | man -l -
  wsdb man task add | man -l -
  wsdb man --out ~/.local/share/man/man1")]
pub(crate) struct Man {
    /// Command whose man page to print [default: wsdb]
    command: Vec<String>,
    /// Write the man pages of all commands to this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    out: Option<PathBuf>,
}

impl Man {
    pub(crate) fn run(self, command: clap::Command, ui: &Ui) -> anyhow::Result<()> {
        let root = built_command(command);
        if let Some(folder) = self.out {
            let files = write_pages(&root, &folder)?;
            let total = files.len() as u64;
            if ui.is_json() {
                return ui.print_changed_json(&json!({"files": files, "total": total}));
            }
            let pages = format_count(total, "page");
            return ui.print_changed(&format!("Wrote {pages} to {}", folder.display()));
        }
        if ui.is_json() {
            let reason = "a man page is not JSON; --json only works with --out DIR";
            return Err(UsageError(reason.to_owned()).into());
        }
        let mut command = &root;
        for name in &self.command {
            command = command
                .find_subcommand(name)
                .filter(|found| !found.is_hide_set())
                .ok_or_else(|| {
                    UsageError(format!(
                        "unrecognized subcommand '{}'; run 'wsdb --help' to list the commands",
                        self.command.join(" ")
                    ))
                })?;
        }
        ui.print(&render_page(command)?)
    }
}

/// Returns the command tree with the names and global options of every subcommand filled in.
pub(super) fn built_command(command: clap::Command) -> clap::Command {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    command
}

/// Writes the pages of a command and its subcommands, and returns the files.
fn write_pages(root: &clap::Command, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, error))?;
    let mut files = Vec::new();
    let mut commands = vec![root];
    while let Some(command) = commands.pop() {
        commands.extend(command.get_subcommands().filter(|c| !c.is_hide_set()));
        let name = command.get_display_name().unwrap_or("wsdb");
        let path = folder.join(format!("{name}.1"));
        fs::write(&path, render_page(command)?).map_err(|error| unwritable(&path, error))?;
        files.push(path);
    }
    files.sort();
    Ok(files)
}

/// Start of every roff text that clap_mangen writes: how apostrophes are printed.
const PREAMBLE: &str = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n";

/// Renders a man page as roff.
fn render_page(command: &clap::Command) -> anyhow::Result<String> {
    let page = clap_mangen::Man::new(command.clone())
        .source(format!("wsdb {}", env!("CARGO_PKG_VERSION")))
        .manual("wsdb manual");
    let mut text = Vec::new();
    page.render_title(&mut text)?;
    page.render_name_section(&mut text)?;
    render_synopsis(command).to_writer(&mut text)?;
    page.render_description_section(&mut text)?;
    if let Some(description) = command.get_before_help() {
        render_paragraphs(&description.to_string()).to_writer(&mut text)?;
    }
    page.render_options_section(&mut text)?;
    if command.get_subcommands().any(|c| !c.is_hide_set()) {
        page.render_subcommands_section(&mut text)?;
    }
    let notes = command.get_after_long_help().or(command.get_after_help());
    if let Some(notes) = notes {
        render_notes(&notes.to_string()).to_writer(&mut text)?;
    }
    // Every section starts with the preamble; once is enough.
    let text = String::from_utf8(text)?.replace(PREAMBLE, "");
    Ok(format!("{PREAMBLE}{text}"))
}

/// Renders the usage as the help page shows it. clap_mangen would list every option.
fn render_synopsis(command: &clap::Command) -> Roff {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.strip_prefix("Usage:").unwrap_or(&usage);
    let mut roff = Roff::new();
    roff.control("SH", ["SYNOPSIS"]);
    roff.control("nf", []);
    for line in usage.trim().lines() {
        roff.text([roman(line.trim())]);
    }
    roff.control("fi", []);
    roff
}

/// Renders the rest of the description.
fn render_paragraphs(description: &str) -> Roff {
    let mut roff = Roff::new();
    for paragraph in description.split("\n\n") {
        roff.control("PP", []);
        for line in paragraph.lines() {
            roff.text([roman(line)]);
        }
    }
    roff
}

/// Renders the text below the options. Its paragraphs are kept as they are, because clap_mangen
/// would join the lines of examples.
fn render_notes(notes: &str) -> Roff {
    let mut roff = Roff::new();
    let mut is_in_notes = false;
    for paragraph in notes.split("\n\n") {
        let mut lines = paragraph.lines().peekable();
        let is_example = lines
            .next_if(|line| matches!(*line, "Example:" | "Examples:"))
            .is_some();
        match (is_example, is_in_notes) {
            (true, _) => roff.control("SH", ["EXAMPLES"]),
            (false, true) => roff.control("PP", []),
            (false, false) => roff.control("SH", ["NOTES"]),
        };
        is_in_notes = !is_example;
        roff.control("nf", []);
        for line in lines {
            roff.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
        }
        roff.control("fi", []);
    }
    roff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_keep_their_lines() {
        let roff = render_notes("A note.\n\nExamples:\n  wsdb status\n  wsdb task list").to_roff();
        let expected = ".SH NOTES\n.nf\nA note.\n.fi\n\
            .SH EXAMPLES\n.nf\nwsdb status\nwsdb task list\n.fi\n";
        assert_eq!(roff, expected);
    }

    #[test]
    fn pages_have_the_full_name_of_the_command() {
        let root = built_command(crate::command_line::parse::command());
        let add = root
            .find_subcommand("task")
            .and_then(|task| task.find_subcommand("add"));
        let page = render_page(add.expect("task add exists")).expect("page");
        assert!(page.contains(".TH wsdb-task-add 1"), "{page}");
        assert!(page.contains(".SH EXAMPLES"), "{page}");
        assert!(page.contains("wsdb task add [OPTIONS] <TITLE>"), "{page}");
        assert_eq!(page.matches(PREAMBLE).count(), 1, "{page}");
    }
}
