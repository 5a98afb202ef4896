//! `wsdb config change`

mod add;
mod fields;
mod list;

use clap::Subcommand;
use wsdb_app::views::RedactSecrets;
use wsdb_core::ConfigurationChange;

use crate::commands::configuration::show::Show;
use crate::commands::edit::Edit;
use crate::commands::rm::Rm;
use crate::context::Context;
use crate::render;

#[derive(Debug, Subcommand)]
pub(crate) enum Change {
    /// Add a change
    #[command(visible_alias = "new")]
    Add(add::Add),
    /// List changes, oldest first
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show a change
    #[command(
        before_help = "In changes recorded with --record, secrets are stored as (hidden), and
--show-secrets cannot show them. Changes added with 'wsdb config change add' may
contain secrets, which --show-secrets shows.",
        after_help = "Example:\n  wsdb config change show 7 --history"
    )]
    Show(Show),
    /// Edit changes
    #[command(after_help = "Example:
  wsdb config change edit 7 --commit 1a2b3c4 --drift 3")]
    Edit(Edit<ConfigurationChange>),
    /// Delete changes
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb config change rm 7"
    )]
    Rm(Rm),
}

impl Change {
    /// Returns whether this command may create a missing database.
    pub(crate) fn may_create_database(&self) -> bool {
        matches!(self, Change::Add(_))
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        match self {
            Change::Add(command) => command.run(context).await,
            Change::List(command) => command.run(context).await,
            Change::Show(command) => {
                let render = render::configuration::render_configuration_change;
                command.run::<ConfigurationChange>(context, render).await
            }
            Change::Edit(command) => {
                let mut edited = command.apply(context, "config change edit").await?;
                edited.iter_mut().for_each(|view| _ = view.redact_secrets());
                let ui = &context.ui;
                ui.print_records("configuration_changes", &edited, |change| {
                    format!(
                        "Edited {}  {}",
                        change.id,
                        render::configuration::format_change_line(change)
                    )
                })
            }
            Change::Rm(command) => {
                command
                    .run::<ConfigurationChange>(context, "config change")
                    .await
            }
        }
    }
}
