//! `wsdb config`

mod change;
mod diff;
mod fields;
mod list;
mod redaction;
mod show;
mod snapshot;

use clap::Subcommand;
use wsdb_app::remove_snapshots;
use wsdb_app::views::RedactSecrets;
use wsdb_core::ConfigurationSnapshot;

use super::edit::Edit;
use super::rm::Rm;
use crate::context::Context;
use crate::render;

#[derive(Debug, Subcommand)]
pub(crate) enum Configuration {
    /// Take a snapshot of configuration files
    #[command(visible_aliases = ["add", "new"])]
    Snapshot(snapshot::Snapshot),
    /// List snapshots, oldest first
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show a snapshot
    #[command(after_help = "Example:\n  wsdb config show 7 --show-secrets")]
    Show(show::Show),
    /// Show the differences between two snapshots, key by key
    Diff(diff::Diff),
    /// Edit the notes of snapshots
    #[command(
        before_help = "Only the notes can be changed; the content of a snapshot is fixed.",
        after_help = "Example:
  wsdb config edit 7 --notes 'Before the move to PostgreSQL'"
    )]
    Edit(Edit<ConfigurationSnapshot>),
    /// Delete snapshots
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb config rm 7"
    )]
    Rm(Rm),
    /// Manage recorded configuration changes
    #[command(
        subcommand,
        visible_alias = "changes",
        after_help = "Examples:
  wsdb config change list --repo orchard-core --since 30d
  wsdb config change show 7"
    )]
    Change(change::Change),
}

impl Configuration {
    /// Returns whether this command may create a missing database.
    pub(crate) fn may_create_database(&self) -> bool {
        match self {
            Configuration::Snapshot(_) => true,
            Configuration::Change(change) => change.may_create_database(),
            _ => false,
        }
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        match self {
            Configuration::Snapshot(command) => command.run(context).await,
            Configuration::List(command) => command.run(context).await,
            Configuration::Show(command) => {
                let render = render::configuration::render_snapshot;
                command.run::<ConfigurationSnapshot>(context, render).await
            }
            Configuration::Diff(command) => command.run(context).await,
            Configuration::Edit(command) => {
                let mut edited = command.apply(context, "config edit").await?;
                edited.iter_mut().for_each(|view| _ = view.redact_secrets());
                let ui = &context.ui;
                ui.print_records("configuration_snapshots", &edited, |snapshot| {
                    format!("Edited {}  {}", snapshot.id, snapshot.repo)
                })
            }
            Configuration::Rm(command) => {
                let (workspace, actor) = (&context.workspace, &context.actor);
                let (ids, referrers) = (&command.ids.ids, command.referrers());
                let deleted = remove_snapshots(workspace, actor, ids, referrers).await?;
                context.ui.print_deleted("snapshot", &deleted)
            }
            Configuration::Change(command) => command.run(context).await,
        }
    }
}
