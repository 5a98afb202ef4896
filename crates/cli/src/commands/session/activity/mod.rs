//! `wsdb session activity`

mod fields;
mod list;

use clap::Subcommand;

use crate::commands::edit::Edit;
use crate::commands::rm::Rm;
use crate::commands::show::Show;
use crate::context::Context;
use crate::render;

#[derive(Debug, Subcommand)]
pub(crate) enum Activity {
    /// List activities, oldest first
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show an activity
    #[command(after_help = "Example:\n  wsdb session activity show 2025-11-20-session-001-log-001")]
    Show(Show),
    /// Edit activities
    #[command(after_help = "Example:
  wsdb session activity edit 2025-11-20-session-001-log-001 --outcome Done")]
    Edit(Edit<wsdb_core::Activity>),
    /// Delete activities
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb session activity rm 2025-11-20-session-001-log-001"
    )]
    Rm(Rm),
}

impl Activity {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        match self {
            Activity::List(command) => command.run(context).await,
            Activity::Show(command) => {
                command
                    .run::<wsdb_core::Activity>(context, render::session::render_activity)
                    .await
            }
            Activity::Edit(command) => {
                command
                    .run(context, "session activity edit", "activities", |activity| {
                        format!("{}  {}", activity.id, activity.description)
                    })
                    .await
            }
            Activity::Rm(command) => {
                command
                    .run::<wsdb_core::Activity>(context, "session activity")
                    .await
            }
        }
    }
}
