//! `wsdb backup`

use std::path::PathBuf;

use clap::Args;
use wsdb_app::views::BackupView;
use wsdb_app::{BackupRequest, backup_workspace, drill_backup};

use crate::args::{Global, number_from};
use crate::context::{current_folder, locate_workspace};
use crate::progress::ImportProgress;
use crate::ui::{Ui, escape_control_chars, format_count};

#[derive(Debug, Args)]
#[command(
    before_help = "A backup contains the database as it was at one moment, even if others write to
it meanwhile. It gets its final name only after it has been verified: unpacked
again, checked by SQLite, and compared with the database table by table.

A backup is a SQLite database compressed with zstd, even if the workspace is in
PostgreSQL. The backup of a SQLite file contains all of its tables, including
those of other programs. Only you can read the backup. The default folder is
backups/ beside the SQLite file; for PostgreSQL, it is backups/ in the workspace
folder. FILE.verified.json records when the backup was last verified.",
    after_help = "Examples:
  wsdb backup
  wsdb backup --keep 7
  wsdb backup /mnt/disk/orchard.db.zst
  wsdb backup --drill"
)]
pub(crate) struct Backup {
    /// File to write, or an existing folder [default: backups/NAME-TIME.db.zst]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Overwrite FILE
    #[arg(long)]
    force: bool,
    /// Number of backups of this database to keep in the folder; older ones are deleted
    #[arg(long, value_name = "N", value_parser = number_from(1))]
    keep: Option<u64>,
    /// Verify the newest backup, or FILE, by restoring it into a temporary database
    #[arg(long, conflicts_with_all = ["force", "keep"])]
    drill: bool,
}

impl Backup {
    pub(crate) async fn run(self, global: &Global, ui: &Ui) -> anyhow::Result<()> {
        let location = locate_workspace(global)?;
        let current = current_folder()?;
        let file = self.file.map(|file| current.join(file));
        let options = global.options();
        let bar = ImportProgress::new(ui.is_json());
        if self.drill {
            let file = file.as_deref();
            let verified = drill_backup(&location, &options, file, ui.now, &bar).await?;
            drop(bar);
            let done = format!("Restored {} into a temporary database", verified.file);
            return print(ui, &verified, &done);
        }
        let request = BackupRequest {
            file,
            force: self.force,
            keep: self.keep,
        };
        let made = backup_workspace(&location, &options, &request, ui.now, &bar).await?;
        drop(bar);
        print(ui, &made, &format!("Wrote {}", made.file))
    }
}

fn print(ui: &Ui, backup: &BackupView, done: &str) -> anyhow::Result<()> {
    if ui.is_json() {
        return ui.print_changed_json(backup);
    }
    let mut lines = vec![format!(
        "{done} ({}, {}); all tables verified",
        format_size(backup.size),
        format_count(backup.row_count, "row")
    )];
    lines.extend(backup.deleted.iter().map(|file| format!("Deleted {file}")));
    let lines: Vec<String> = lines
        .iter()
        .map(|line| escape_control_chars(line))
        .collect();
    ui.print_changed(&lines.join("\n"))
}

/// Formats a number of bytes: `812 B`, `45 KB`, `1.2 MB`.
fn format_size(bytes: u64) -> String {
    if bytes < 1_000 {
        format!("{bytes} B")
    } else if bytes < 1_000_000 {
        format!("{} KB", bytes.div_ceil(1_000))
    } else {
        format!("{:.1} MB", bytes as f64 / 1e6)
    }
}
