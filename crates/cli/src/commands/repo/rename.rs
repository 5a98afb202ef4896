//! `wsdb repo rename`

use std::path::Path;

use clap::Args;
use wsdb_app::{rename_repo, repo_folders};

use crate::args::{new_repo_name, old_repo_name};
use crate::context::Context;
use crate::error::UsageError;
use crate::ui::format_count;

#[derive(Debug, Args)]
#[command(
    before_help = "Changes the name in all records: tasks, activities, issues, decisions, states,
placements, drift, visits and configuration, including at the beginning of
paths. The renaming is one change, which 'wsdb undo' can undo. Folders and
.wsdb.toml are not changed.",
    after_help = "Examples:
  wsdb repo rename orchard-core orchard-kernel
  wsdb repo rename orchard-cart orchard-web --merge"
)]
pub(crate) struct Rename {
    /// Name of the repo in records
    #[arg(value_name = "OLD", value_parser = old_repo_name)]
    from: String,
    /// New name
    #[arg(value_name = "NEW", value_parser = checked_repo_name)]
    to: String,
    /// Combine the records with those of a repo that has the new name
    #[arg(long)]
    merge: bool,
}

/// Checks the new name of a repo, and keeps what shows that it is the path of a folder: `./core`.
fn checked_repo_name(text: &str) -> Result<String, String> {
    new_repo_name(text)?;
    Ok(text.trim().to_owned())
}

impl Rename {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let Rename {
            from,
            to: given,
            merge,
        } = self;
        let to = new_repo_name(&given).map_err(UsageError)?;
        if from == to {
            return Err(UsageError(format!("the repo is already named {to}")).into());
        }
        let (workspace, ui) = (&context.workspace, &context.ui);
        let renamed = rename_repo(workspace, &context.actor, &from, &to, merge).await?;
        let records = format_count(renamed.total, "record");
        ui.print_record(
            &renamed,
            &format!("Renamed repo {from} to {to} in {records}"),
        )?;
        let is_path = given.starts_with('.') || given.ends_with('/');
        let is_folder = workspace.location.folder.join(&to).is_dir() || Path::new(&given).is_dir();
        if is_path && !is_folder {
            ui.print_note(&format!("there is no folder {given}; the new name is {to}"));
        }
        let folders = repo_folders(&workspace.location);
        for folder in folders.iter().filter(|folder| folder.name == from) {
            if folder.is_configured {
                ui.print_note(&format!(
                    "{from} is still in .wsdb.toml under [repos]; rename it there, too"
                ));
            } else {
                let path = folder.path.display();
                ui.print_note(&format!("the folder {path} was not renamed"));
            }
        }
        Ok(())
    }
}
