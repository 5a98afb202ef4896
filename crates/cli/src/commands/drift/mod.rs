//! `wsdb drift`

mod add;
mod fields;
mod link;
mod list;
mod record;
mod scan;
mod set_status;
mod task;
mod trend;

use clap::{Args, Subcommand};
use wsdb_app::StatusUpdate;
use wsdb_core::DriftDetection;

use super::edit::Edit;
use super::rm::Rm;
use super::show::Show;
use crate::context::Context;
use crate::render;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  wsdb drift record drift.json --repo orchard-core --check new
  wsdb drift list --status open
  wsdb drift task 1 2 5 --assign jo")]
pub(crate) struct DriftArgs {
    #[command(subcommand)]
    command: Drift,
}

#[derive(Debug, Subcommand)]
enum Drift {
    /// Record the results of a scan
    Record(record::Record),
    /// Add a detection manually
    #[command(visible_alias = "new")]
    Add(add::Add),
    /// List detections, most severe first
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show a detection
    #[command(after_help = "Example:\n  wsdb drift show 7 --history")]
    Show(Show),
    /// Edit detections
    #[command(
        before_help = "Each option replaces the complete value of its field; --clear removes values.
The fingerprint stays the same, so the next scan that finds the detection
overwrites the edited fields.",
        after_help = "Example:
  wsdb drift edit 1 --severity LOW --clear task"
    )]
    Edit(Edit<DriftDetection>),
    /// Mark detections as resolved
    Resolve(set_status::Resolve),
    /// Reopen detections
    Reopen(set_status::Reopen),
    /// Ignore detections, for a while or permanently
    Ignore(set_status::Ignore),
    /// Link detections to the task that fixes them
    Link(link::Link),
    /// Create a task to fix detections
    Task(task::MakeTask),
    /// Delete detections
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb drift rm 7"
    )]
    Rm(Rm),
    /// Manage recorded scans
    #[command(
        subcommand,
        after_help = "Examples:
  wsdb drift scan list --since 7d
  wsdb drift scan show 3"
    )]
    Scan(scan::Scan),
    /// List scans, newest first (same as 'wsdb drift scan list')
    #[command(after_help = "Example:\n  wsdb drift scans --repo orchard-core --type full")]
    Scans(scan::list::List),
    /// Show open, new and resolved drift over time
    Trend(trend::Trend),
}

impl DriftArgs {
    /// Returns whether this command may create a missing database.
    pub(crate) fn may_create_database(&self) -> bool {
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
                    .run::<DriftDetection>(context, render::drift::render_detection)
                    .await
            }
            Drift::Edit(command) => {
                command
                    .run(
                        context,
                        "drift edit",
                        "detections",
                        render::drift::format_detection_line,
                    )
                    .await
            }
            Drift::Resolve(command) => {
                let update = StatusUpdate::Resolve;
                set_status::run(context, &command.targets, update, command.notes).await
            }
            Drift::Reopen(command) => {
                let update = StatusUpdate::Reopen;
                set_status::run(context, &command.targets, update, command.notes).await
            }
            Drift::Ignore(command) => {
                let update = StatusUpdate::Ignore {
                    until: command.until,
                };
                let reason = set_status::reason(context, &command).await?;
                set_status::run(context, &command.targets, update, reason).await
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
