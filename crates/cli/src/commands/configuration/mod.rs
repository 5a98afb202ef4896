//! `wsdb config`

mod change;
mod diff;
mod edit;
mod list;
mod show;
mod snapshot;

use clap::Subcommand;
use wsdb_app::remove_snapshots;
use wsdb_core::ConfigurationSnapshot;

use super::Context;
use super::rm::Rm;
use crate::render;

#[derive(Debug, Subcommand)]
pub(crate) enum Configuration {
    /// Take a snapshot of configuration files
    #[command(visible_aliases = ["add", "new"])]
    Snapshot(snapshot::Snapshot),
    /// List snapshots
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show a snapshot
    #[command(after_help = "Example:\n  wsdb config show 7 --show-secrets")]
    Show(show::Show),
    /// Show the differences between two snapshots, key by key
    Diff(diff::Diff),
    /// Edit the notes of snapshots
    Edit(edit::Edit),
    /// Delete snapshots
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb config rm 7"
    )]
    Rm(Rm),
    /// Manage recorded configuration changes
    #[command(subcommand, visible_alias = "changes")]
    Change(change::Change),
}

impl Configuration {
    /// Returns whether this command may create a missing database.
    pub(crate) fn creates_records(&self) -> bool {
        match self {
            Configuration::Snapshot(_) => true,
            Configuration::Change(change) => change.creates_records(),
            _ => false,
        }
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        match self {
            Configuration::Snapshot(command) => command.run(context).await,
            Configuration::List(command) => command.run(context).await,
            Configuration::Show(command) => {
                let render = render::snapshot;
                command.run::<ConfigurationSnapshot>(context, render).await
            }
            Configuration::Diff(command) => command.run(context).await,
            Configuration::Edit(command) => command.run(context).await,
            Configuration::Rm(command) => {
                let (workspace, actor) = (&context.workspace, &context.actor);
                let (ids, referrers) = (&command.ids.ids, command.referrers());
                let deleted = remove_snapshots(workspace, actor, ids, referrers).await?;
                context.ui.deleted("configuration snapshot", &deleted)
            }
            Configuration::Change(command) => command.run(context).await,
        }
    }
}

/// `1 value looks like a secret`
fn secrets_count(number: usize) -> String {
    match number {
        1 => "1 value looks like a secret".to_owned(),
        number => format!("{number} values look like secrets"),
    }
}

/// Prints a note about values that are hidden because they look like secrets.
fn note_redacted(context: &Context, hidden: usize) {
    let shown = match hidden {
        0 => return,
        1 => "is hidden; use --show-secrets to show it",
        _ => "are hidden; use --show-secrets to show them",
    };
    let alike = secrets_count(hidden);
    context.ui.print_note(&format!("{alike} and {shown}"));
}
