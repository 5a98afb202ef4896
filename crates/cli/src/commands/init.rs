//! `wsdb init`

use std::path::PathBuf;

use clap::Args;
use wsdb_app::{Location, Workspace};

use crate::args::Global;
use crate::ui::Ui;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb init ~/orchard")]
pub(crate) struct Init {
    /// The folder beside the repositories; made where there is none
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl Init {
    pub(crate) async fn run(self, global: &Global, ui: &Ui) -> anyhow::Result<()> {
        let current = std::env::current_dir()?;
        let folder = match self.folder.as_ref().or(global.workspace.as_ref()) {
            Some(folder) => current.join(folder),
            None => current.clone(),
        };
        std::fs::create_dir_all(&folder)?;
        let location = Location::find(&current, Some(&folder), global.database.as_deref())?;
        let options = global.options();
        let (workspace, there) = match Workspace::open(&location, &options).await {
            Ok(workspace) => (workspace, true),
            Err(wsdb_app::Error::Store(
                wsdb_store::Error::NoDatabase { .. } | wsdb_store::Error::NoWorkspace { .. },
            )) => (Workspace::create(&location, &options).await?, false),
            Err(error) => return Err(error.into()),
        };
        workspace.close().await?;
        let folder = location.folder.display().to_string();
        if ui.json {
            return ui.print_json(&serde_json::json!({ "workspace": folder, "created": !there }));
        }
        ui.print(&match there {
            true => format!("there is a workspace in {folder} already"),
            false => {
                format!("made a workspace in {folder}\nnext: wsdb import, or wsdb task add TITLE")
            }
        })
    }
}
