//! `wsdb stats`

mod chart;
mod page;
mod terminal;

use std::path::{Path, PathBuf};

use clap::Args;
use wsdb_app::documents::write_files;
use wsdb_app::stats;
use wsdb_core::Timestamp;

use super::Context;
use crate::args::name;
use crate::periods::Period;
use crate::time::parse_since;

#[derive(Debug, Args)]
#[command(
    after_help = "Tasks and issues that were open over time, what came and what ended, how old open work is, open
drift, and the time that was spent in each repo (see `wsdb context`). A task that ended before its
time of completion was kept ended when it last changed. What is open is counted at the end of
each period.

--html writes one page with charts that loads nothing from elsewhere.

Examples:
  wsdb stats
  wsdb stats --by month --since 365d --repo orchard-core
  wsdb stats --html stats.html"
)]
pub(crate) struct ShowStats {
    /// From when on: a span such as 90d, or a time [default: 30 days, 26 weeks or 12 months]
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    since: Option<Timestamp>,
    /// How long each period is
    #[arg(long, value_enum, default_value_t = Period::Week)]
    by: Period,
    /// Only what touches these repos; several with commas
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    repo: Vec<String>,
    /// Write a page with charts into this file, in place of what is there; - writes it to stdout
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

impl ShowStats {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let ui = &context.ui;
        let since = self.since.unwrap_or_else(|| {
            let count = match self.by {
                Period::Day => 30,
                Period::Week => 26,
                Period::Month => 12,
            };
            self.by.back(count, ui.now)
        });
        let edges = self.by.edges(since, ui.now)?;
        let stats = stats(&context.workspace.store, &self.repo, &edges, ui.now).await?;
        match self.html.as_deref() {
            Some(file) => {
                let title = title(context);
                let page = page::page(&stats, self.by, &title);
                if file == Path::new("-") {
                    return ui.print(&page);
                }
                write(file, &page)?;
                if ui.json {
                    return ui.print_changed_json(&stats);
                }
                ui.print_changed(&format!("wrote {}", file.display()))
            }
            None if ui.json => ui.print_json(&stats),
            None => ui.print(&terminal::draw(&stats, self.by, ui)),
        }
    }
}

/// What the workspace is called: its folder.
fn title(context: &Context) -> String {
    let folder = &context.workspace.location.folder;
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
    let name = folder
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "workspace".to_owned())
}

fn write(file: &Path, page: &str) -> Result<(), wsdb_app::Error> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    Ok(write_files(folder, std::iter::once((file, page)))?)
}
