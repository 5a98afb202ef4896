//! `wsdb restore`

use std::path::PathBuf;

use clap::Args;
use wsdb_app::{Location, restore_backup};

use crate::args::{Global, name};
use crate::context::{current_folder, format_database, locate_workspace};
use crate::progress::ImportProgress;
use crate::ui::{Ui, escape_control_chars, format_count};

#[derive(Debug, Args)]
#[command(
    before_help = "The backup is verified first; if a single byte of it was changed, nothing is
restored.

A SQLite file is replaced completely, including the tables of other programs.
This is refused while another program has the file open. The previous file is
kept beside it under another name, and can be restored with this command, too.

In a PostgreSQL database, the records are first backed up and then replaced in
one transaction, which 'wsdb undo' can revert. Tables of other programs are not
restored.",
    after_help = "Examples:
  wsdb restore backups/workspace-20261127T201500Z.db.zst
  wsdb restore orchard.db.zst --into postgres://jo@db.example/orchard"
)]
pub(crate) struct Restore {
    /// Backup to restore, or a SQLite file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Target: sqlite://PATH, a path, or postgres://… [default: this workspace]
    #[arg(long, value_name = "URL", value_parser = name)]
    into: Option<String>,
}

impl Restore {
    pub(crate) async fn run(self, global: &Global, ui: &Ui) -> anyhow::Result<()> {
        let location = match &self.into {
            Some(url) => Location::find(&current_folder()?, None, Some(url))?,
            None => locate_workspace(global)?,
        };
        let bar = ImportProgress::new(ui.is_json());
        let actor = wsdb_app::Actor::new(global.actor_name(), ui.now);
        let options = global.options();
        let restored = restore_backup(&self.file, &location, &options, &actor, &bar).await?;
        drop(bar);
        if ui.is_json() {
            return ui.print_changed_json(&restored);
        }
        let made = restored.created_at.map(|time| ui.format_age(time));
        let made = made.map_or_else(String::new, |time| format!(", made {time}"));
        let mut lines = vec![format!(
            "Restored {} from {}{made}; all tables verified",
            format_count(restored.row_count, "row"),
            restored.file
        )];
        match &restored.kept {
            Some(kept) => lines.push(format!("Kept the previous database as {kept}")),
            None => lines.push(format!("Created {}", format_database(&location.url))),
        }
        if !restored.left_out_tables.is_empty() {
            let tables = restored.left_out_tables.iter();
            let tables: Vec<&str> = tables.map(|table| table.table.as_str()).collect();
            ui.print_note(&format!(
                "tables of other programs were left out: {}",
                tables.join(", ")
            ));
        }
        let lines: Vec<String> = lines
            .iter()
            .map(|line| escape_control_chars(line))
            .collect();
        ui.print_changed(&lines.join("\n"))
    }
}
