//! `wsdb init`

use std::path::PathBuf;

use clap::Args;
use wsdb_app::views::InitView;
use wsdb_app::{Location, Workspace, without_dots};

use crate::args::Global;
use crate::context::format_database;
use crate::error::unwritable;
use crate::ui::{Ui, escape_control_chars};

#[derive(Debug, Args)]
#[command(
    before_help = "Creates workspace.db in the folder, or the database given with --database. If
there is already a workspace, nothing changes.",
    after_help = "Example:\n  wsdb init ~/orchard"
)]
pub(crate) struct Init {
    /// Folder that contains the repositories, created if missing [default: --workspace, otherwise .]
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl Init {
    pub(crate) async fn run(self, global: &Global, ui: &Ui) -> anyhow::Result<()> {
        let current = crate::context::current_folder()?;
        let folder = match self.folder.as_ref().or(global.workspace.as_ref()) {
            Some(folder) => without_dots(&current.join(folder)),
            None => current.clone(),
        };
        let folder_is_current = folder == current;
        // Before the folder is created: its name may be one that cannot be used.
        let location = Location::find(&current, Some(&folder), global.database.as_deref())?;
        std::fs::create_dir_all(&folder).map_err(|error| unwritable(&folder, error))?;
        let options = global.options();
        let (workspace, there) = match Workspace::open(&location, &options).await {
            Ok(workspace) => (workspace, true),
            Err(wsdb_app::Error::Store(
                wsdb_store::Error::NoDatabase { .. } | wsdb_store::Error::NoWorkspace { .. },
            )) => (Workspace::create(&location, &options).await?, false),
            Err(error) => return Err(error.into()),
        };
        workspace.close().await?;
        if !there {
            print_outer_workspace(&location, ui);
        }
        let folder = location.folder.display().to_string();
        let database = format_database(&location.url);
        if ui.is_json() {
            let made = InitView {
                workspace: folder,
                database,
                created: !there,
            };
            return if there {
                ui.print_json(&made)
            } else {
                ui.print_changed_json(&made)
            };
        }
        // Names the database if it is not in the folder.
        let place = if location.url == Location::in_folder(&location.folder).url {
            folder
        } else {
            database
        };
        let next = match (&global.database, folder_is_current) {
            (Some(_), _) => " with the same --database",
            (None, true) => "",
            (None, false) => " in that folder",
        };
        if there {
            ui.print(&escape_control_chars(&format!(
                "There is already a workspace in {place}"
            )))
        } else {
            ui.print_changed(&format!(
                "{}\nNext: 'wsdb import' or 'wsdb task add TITLE'{next}",
                escape_control_chars(&format!("Created a workspace in {place}"))
            ))
        }
    }
}

/// Prints a note if the new workspace is inside another one, which commands in its folder no longer use.
fn print_outer_workspace(location: &Location, ui: &Ui) {
    let outer = location.folder.parent();
    let outer = outer.and_then(|parent| Location::find(parent, None, None).ok());
    if let Some(outer) = outer {
        ui.print_note(&escape_control_chars(&format!(
            "{} contains another workspace; commands in {} use the new one",
            outer.folder.display(),
            location.folder.display()
        )));
    }
}
