//! `wsdb drift scan`

mod fields;
pub(super) mod list;

use clap::Subcommand;
use wsdb_core::DriftScan;

use crate::commands::edit::Edit;
use crate::commands::rm::Rm;
use crate::commands::show::Show;
use crate::context::Context;
use crate::render;

#[derive(Debug, Subcommand)]
pub(super) enum Scan {
    /// List scans, newest first
    #[command(
        visible_alias = "ls",
        after_help = "Example:\n  wsdb drift scan list --repo orchard-core --type full --since 7d"
    )]
    List(list::List),
    /// Show a scan
    #[command(after_help = "Example:\n  wsdb drift scan show 3")]
    Show(Show),
    /// Edit scans
    #[command(after_help = "Example:\n  wsdb drift scan edit 3 --triggered-by scheduled")]
    Edit(Edit<DriftScan>),
    /// Delete scans
    #[command(
        visible_aliases = ["remove", "delete"],
        before_help = "Detections are kept; if one of them references the scan, --force is required.",
        after_help = "Example:
  wsdb drift scan rm 3 --force"
    )]
    Rm(Rm),
}

impl Scan {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<()> {
        match self {
            Scan::List(command) => command.run(context).await,
            Scan::Show(command) => {
                command
                    .run::<DriftScan>(context, render::drift::render_scan)
                    .await
            }
            Scan::Edit(command) => {
                command
                    .run(context, "drift scan edit", "scans", |scan| {
                        scan.id.to_string()
                    })
                    .await
            }
            Scan::Rm(command) => command.run::<DriftScan>(context, "drift scan").await,
        }
    }
}
