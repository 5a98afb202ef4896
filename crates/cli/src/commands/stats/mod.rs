//! `wsdb stats`

mod bar;
mod chart;
mod page;
mod terminal;

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use wsdb_app::documents::write_files;
use wsdb_app::stats;
use wsdb_core::Timestamp;

use crate::args::repo_name;
use crate::context::Context;
use crate::error::{UsageError, unwritable};
use crate::period::Period;
use crate::time::{parse_past_start, start_of};

#[derive(Debug, Args)]
#[command(
    before_help = "Shows open, added and closed tasks and issues per period, the age of open
tasks, open drift, and the time spent in each repo (see 'wsdb context --help').
Open records are counted at the end of each period. All finished tasks
(completed, closed or cancelled) count as closed; a task without a completion
time counts as closed at the time of its last update.

--html writes a single self-contained page with charts.",
    after_help = "Examples:
  wsdb stats
  wsdb stats --by month --since 365d --repo orchard-core
  wsdb stats --html stats.html"
)]
pub(crate) struct ShowStats {
    /// Start of the time range, such as 90d (ago) or 2025-11-20 [default: the last 30 days, 26 weeks or 12 months, depending on --by]
    #[arg(long, value_parser = parse_past_start, value_name = "WHEN")]
    since: Option<Timestamp>,
    /// Period length (weeks start on Monday)
    #[arg(long, value_enum, default_value_t = Period::Week)]
    by: Period,
    /// Filter by repo (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = repo_name)]
    repo: Vec<String>,
    /// Write an HTML page to a file, overwriting it (- writes to stdout)
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

impl ShowStats {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let ui = &context.ui;
        let is_page_printed = self.html.as_deref() == Some(Path::new("-"));
        if is_page_printed && ui.is_json() {
            let reason = "--json cannot be used with '--html -'; use --html FILE";
            return Err(UsageError(reason.to_owned()).into());
        }
        let since = self.since.unwrap_or_else(|| {
            let count = match self.by {
                Period::Day => 30,
                Period::Week => 26,
                Period::Month => 12,
            };
            self.by.start_of_last(count, ui.now)
        });
        let edges = self.by.boundaries(since, ui.now)?;
        let stats = stats(
            &context.workspace.store,
            &self.repo,
            &edges,
            ui.moment(),
            start_of,
        )
        .await?;
        match self.html.as_deref() {
            Some(file) => {
                let title = title(context);
                let page = page::page(&stats, self.by, &title);
                if is_page_printed {
                    return ui.print(&page);
                }
                write(file, &page)?;
                if ui.is_json() {
                    return ui.print_changed_json(&stats);
                }
                ui.print_changed(&format!("Wrote {}", file.display()))
            }
            None if ui.is_json() => ui.print_json(&stats),
            None => ui.print(&terminal::draw(&stats, self.by, ui)),
        }
    }
}

/// Returns the name of the workspace, which is the name of its folder.
fn title(context: &Context) -> String {
    let folder = &context.workspace.location.folder;
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
    let name = folder
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "workspace".to_owned())
}

/// Writes the page to a file in a folder that exists.
fn write(file: &Path, page: &str) -> Result<(), wsdb_app::Error> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if !folder.exists() {
        let reason = format!("the folder {} does not exist", folder.display());
        let error = io::Error::new(io::ErrorKind::NotFound, reason);
        return Err(unwritable(file, error));
    }
    Ok(write_files(folder, std::iter::once((file, page)))?)
}
