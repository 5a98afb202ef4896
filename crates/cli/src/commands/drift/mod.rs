//! `wsdb drift`

mod add;
mod edit;
mod link;
mod list;
mod record;
mod scan;
mod set_status;
mod task;
mod trend;

use clap::{Args, Subcommand};
use wsdb_core::{DetectionStatus, DriftDetection};

use super::Context;
use super::rm::Rm;
use super::show::Show;
use crate::render;

#[derive(Debug, Args)]
pub(crate) struct DriftArgs {
    #[command(subcommand)]
    command: Drift,
}

#[derive(Debug, Subcommand)]
enum Drift {
    /// Record a scan with all that it found: new, still there, back again, or mended
    Record(record::Record),
    /// Add a detection by hand
    #[command(visible_alias = "new")]
    Add(add::Add),
    /// List detections, the gravest first
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show a detection
    #[command(after_help = "Example:\n  wsdb drift show 7 --history")]
    Show(Show),
    /// Change fields of detections
    Edit(edit::Edit),
    /// Resolve detections: they have been mended
    Resolve(set_status::Resolve),
    /// Open detections again
    Reopen(set_status::Reopen),
    /// Accept that detections stand, for a time or for ever
    Ignore(set_status::Ignore),
    /// Link detections to the task that mends them
    Link(link::Link),
    /// Make a task that mends detections
    Task(task::MakeTask),
    /// Delete detections
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb drift rm 7"
    )]
    Rm(Rm),
    /// Scans: when it was looked, where, and how much was found
    #[command(subcommand)]
    Scan(scan::Scan),
    /// List scans, the latest first
    Scans(scan::list::List),
    /// How much stood open over time, and how much came and went
    Trend(trend::Trend),
}

impl DriftArgs {
    /// Whether it writes records, and not only what is there already.
    pub(crate) fn makes(&self) -> bool {
        match &self.command {
            Drift::Record(record) => !record.dry_run,
            Drift::Add(_) => true,
            _ => false,
        }
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<u8> {
        let done = match self.command {
            Drift::Record(command) => return command.run(context).await,
            Drift::Add(command) => command.run(context).await,
            Drift::List(command) => command.run(context).await,
            Drift::Show(command) => {
                command
                    .run::<DriftDetection>(context, render::drift::detection)
                    .await
            }
            Drift::Edit(command) => command.run(context).await,
            Drift::Resolve(command) => {
                let status = (DetectionStatus::Resolved, None);
                set_status::run(context, &command.targets, status, command.notes).await
            }
            Drift::Reopen(command) => {
                let status = (DetectionStatus::Open, None);
                set_status::run(context, &command.targets, status, command.notes).await
            }
            Drift::Ignore(command) => {
                let status = (DetectionStatus::Ignored, command.until);
                let reason = set_status::reason(context, &command).await?;
                set_status::run(context, &command.targets, status, reason).await
            }
            Drift::Link(command) => command.run(context).await,
            Drift::Task(command) => command.run(context).await,
            Drift::Rm(command) => command.run::<DriftDetection>(context, "drift").await,
            Drift::Scan(command) => command.run(context).await,
            Drift::Scans(command) => command.run(context).await,
            Drift::Trend(command) => command.run(context).await,
        };
        done.map(|()| 0)
    }
}
