//! Restores a backup.

use std::path::Path;

use wsdb_core::{Action, Author};
use wsdb_import::{NoProgress, Progress};
use wsdb_store::{Options, Restoration, file_to_replace, redacted, sqlite_file};

use crate::backup::{BackupRequest, backup_workspace, format_time, unused_path};
use crate::copy::copy_progress;
use crate::views::{self, RestoreView};
use crate::{Actor, Error, Location};

/// Restores a backup into the database of `location`, after the backup is verified. The present database
/// is kept: a SQLite file under another name, one on a server as a backup.
///
/// # Errors
/// The errors of [`Restoration`] and [`file_to_replace`], and for a database on a server, those of
/// [`backup_workspace`] and [`wsdb_store::copy()`]. The database is not changed then.
pub async fn restore_backup(
    backup: &Path,
    location: &Location,
    options: &Options,
    actor: &Actor,
    progress: &dyn Progress,
) -> Result<RestoreView, Error> {
    let report = copy_progress(progress);
    let (created_at, contents, kept) = match sqlite_file(&location.url) {
        Some(file) => {
            let file = file_to_replace(file, options).await?;
            let folder = file.parent().unwrap_or(Path::new("."));
            let restoration = Restoration::prepare(backup, folder, options, &report).await?;
            let (created_at, contents) = (restoration.created_at, restoration.contents.clone());
            let stem = file.file_stem().unwrap_or_default().to_string_lossy();
            let name = format!("{stem}-before-restore-{}", format_time(actor.now));
            let suffix = file
                .extension()
                .map(|extension| extension.to_string_lossy());
            let suffix = suffix.map_or_else(String::new, |suffix| format!(".{suffix}"));
            let kept = unused_path(folder, &name, &suffix);
            let had_file = restoration.replace_file(&file, &kept, options).await?;
            let kept = had_file.then(|| kept.display().to_string());
            (created_at, contents, kept)
        }
        None => {
            let folder = std::env::temp_dir();
            let restoration = Restoration::prepare(backup, &folder, options, &report).await?;
            let (created_at, contents) = (restoration.created_at, restoration.contents.clone());
            let request = BackupRequest::default();
            let kept = backup_workspace(location, options, &request, actor.now, &NoProgress).await;
            let kept = match kept {
                Ok(kept) => Some(kept.file),
                Err(Error::Store(wsdb_store::Error::NoWorkspace { .. })) => None,
                Err(error) => return Err(error),
            };
            let author = Author {
                session: actor.session.clone(),
                ..Author::new(&actor.name, Action::RESTORE, actor.now)
            };
            let url = &location.url;
            restoration.copy_to(url, options, author, &report).await?;
            (created_at, contents, kept)
        }
    };
    let tables = views::backup_tables(&contents.tables);
    let other_tables = views::backup_tables(&contents.other_tables);
    let is_file = sqlite_file(&location.url).is_some();
    let mut row_count = tables.iter().map(|table| table.row_count).sum();
    if is_file {
        row_count += other_tables
            .iter()
            .map(|table| table.row_count)
            .sum::<u64>();
    }
    Ok(RestoreView {
        file: backup.display().to_string(),
        database: redacted(&location.url),
        created_at,
        kept,
        tables,
        left_out_tables: if is_file { Vec::new() } else { other_tables },
        row_count,
    })
}
