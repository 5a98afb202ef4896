//! `wsdb config change`

mod add;
mod edit;
mod list;

use clap::{Args, Subcommand};
use wsdb_app::resolve_collecting_missing;
use wsdb_core::{ConfigurationChange, DetectionId};

use crate::args::name;
use crate::commands::Context;
use crate::commands::configuration::show::Show;
use crate::commands::rm::Rm;
use crate::commands::task::set;
use crate::render;

#[derive(Debug, Subcommand)]
pub(crate) enum Change {
    /// Add a change
    #[command(visible_alias = "new")]
    Add(add::Add),
    /// List changes
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show a change
    #[command(
        after_help = "Changes recorded by 'wsdb config snapshot' never contain secrets.

Example:\n  wsdb config change show 7 --history"
    )]
    Show(Show),
    /// Edit changes
    Edit(edit::Edit),
    /// Delete changes
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb config change rm 7"
    )]
    Rm(Rm),
}

impl Change {
    /// Returns whether this command may create a missing database.
    pub(crate) fn creates_records(&self) -> bool {
        matches!(self, Change::Add(_))
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        match self {
            Change::Add(command) => command.run(context).await,
            Change::List(command) => command.run(context).await,
            Change::Show(command) => {
                let render = render::configuration_change;
                command.run::<ConfigurationChange>(context, render).await
            }
            Change::Edit(command) => command.run(context).await,
            Change::Rm(command) => {
                command
                    .run::<ConfigurationChange>(context, "config change")
                    .await
            }
        }
    }
}

/// The fields of a change besides its repo and type.
#[derive(Debug, Default, PartialEq, Args)]
pub(super) struct FieldArgs {
    /// Component
    #[arg(long, value_name = "NAME", value_parser = name)]
    component: Option<String>,
    /// File
    #[arg(long, short, value_parser = name)]
    file: Option<String>,
    /// Key in the file, such as tool.ruff.line-length
    #[arg(long, value_parser = name)]
    key: Option<String>,
    /// Old value
    #[arg(long, value_name = "VALUE")]
    old: Option<String>,
    /// New value
    #[arg(long, value_name = "VALUE")]
    new: Option<String>,
    /// Commit of the change
    #[arg(long, value_name = "HASH", value_parser = name)]
    commit: Option<String>,
    /// Drift detection that it causes or fixes (may not exist yet)
    #[arg(long, value_name = "ID", value_parser = name)]
    drift: Option<String>,
}

impl FieldArgs {
    /// Resolves the drift detection and returns a function that sets the given fields.
    async fn resolve(self, context: &Context) -> anyhow::Result<impl Fn(&mut ConfigurationChange)> {
        let mut missing = Vec::new();
        let detections = context.workspace.store.drift().detections();
        let detection =
            resolve_collecting_missing(&detections, self.drift.as_slice(), &mut missing).await?;
        for error in &missing {
            context.ui.print_note(&format!("{error}; linked anyway"));
        }
        let detection: Option<DetectionId> = detection.into_iter().next();
        Ok(move |change: &mut ConfigurationChange| {
            set(&mut change.component_name, &self.component);
            set(&mut change.file_path, &self.file);
            set(&mut change.key_path, &self.key);
            set(&mut change.old_value, &self.old);
            set(&mut change.new_value, &self.new);
            set(&mut change.commit_hash, &self.commit);
            set(&mut change.drift_detection_id, &detection);
        })
    }
}
