//! Maps each error of the store to its error code, exit code and hint.

use std::path::Path;

use wsdb_app::shell_quote;
use wsdb_app::store::{DatabaseFault, DatabaseOwner, Error as StoreError, is_postgres};
use wsdb_app::views::ErrorCode;
use wsdb_core::Claim;

use super::report::ErrorReport;
use crate::command_format::CommandFormatter;

/// Returns the hint that names the command which lists all changes.
pub(super) fn list_changes(commands: &CommandFormatter) -> String {
    format!(
        "run {} to list the changes",
        commands.format_without_actor("history")
    )
}

pub(super) fn describe_store_error(error: &StoreError, commands: &CommandFormatter) -> ErrorReport {
    match error {
        StoreError::NoAction(_) => ErrorReport::new(ErrorCode::NotFound).with_hint(format!(
            "{}; pruned ones are no longer available",
            list_changes(commands)
        )),
        StoreError::NotFound { .. } => ErrorReport::new(ErrorCode::NotFound),
        StoreError::UndoConflict { by, .. } => {
            ErrorReport::new(ErrorCode::Newer).with_hint(match by {
                Some(by) => format!(
                    "nothing was changed; run {} first",
                    commands.format(format!("undo {}", by.0))
                ),
                None => "nothing was changed".to_owned(),
            })
        }
        StoreError::Conflict { .. } => ErrorReport::new(ErrorCode::Conflict),
        StoreError::AlreadyUndone { by, .. } => {
            let undo = commands.format(format!("undo {}", by.0));
            ErrorReport::new(ErrorCode::Refused).with_hint(format!("run {undo} to redo it"))
        }
        StoreError::InvalidState(_) => ErrorReport::new(ErrorCode::Refused),
        StoreError::Claimed { claim, own } => describe_claimed(claim, *own, commands),
        StoreError::NotClaimed { task, .. } => {
            ErrorReport::new(ErrorCode::NotClaimed).with_hint(format!(
                "run {} if you want to claim it",
                commands.format(format!("task claim {}", shell_quote(task.as_ref())))
            ))
        }
        StoreError::StillReferenced { .. } => ErrorReport::new(ErrorCode::StillReferenced)
            .with_hint("use --force to delete it anyway; the references to it are kept"),
        StoreError::Corrupt { .. } => ErrorReport::new(ErrorCode::Corrupt)
            .with_hint("another program wrote this value; correct it with sqlite3 or psql"),
        StoreError::Busy { .. } => ErrorReport::new(ErrorCode::Busy).with_hint(
            "try again later, or wait longer with an option such as --busy-timeout 5min",
        ),
        StoreError::Unreachable {
            fault, database, ..
        }
        | StoreError::Unusable {
            fault, database, ..
        } => describe_fault(*fault, is_postgres(database)),
        StoreError::ConnectionLost { committing, .. } => {
            ErrorReport::new(ErrorCode::ConnectionLost).with_hint(if *committing {
                "before you try again, check whether the change was made"
            } else {
                "try again"
            })
        }
        StoreError::NewerSchema { .. } => ErrorReport::new(ErrorCode::NewerSchema)
            .with_hint("install a newer version of wsdb; the database was not changed"),
        StoreError::NotADatabase { .. } => ErrorReport::new(ErrorCode::NotADatabase)
            .with_hint("use another path; nothing was changed"),
        StoreError::ForeignDatabase { owner, .. } => ErrorReport::new(ErrorCode::NotOurs)
            .with_hint(match owner {
                DatabaseOwner::Other => "use another database".to_owned(),
                DatabaseOwner::PythonTool => format!(
                    "run {} to adopt it; to see what would change, add --dry-run",
                    commands.format("adopt")
                ),
            }),
        StoreError::NotAdoptable { .. } => ErrorReport::new(ErrorCode::NotOurs).with_hint(
            "rename or drop them with sqlite3 first, or read the file into another database with \
             'wsdb adopt --from FILE --into URL'",
        ),
        StoreError::Backup { .. } => ErrorReport::new(ErrorCode::Write)
            .with_hint("nothing was changed; check the folder and the free disk space"),
        StoreError::NoDatabase { path } => {
            let folder = path.parent().filter(|folder| *folder != Path::new(""));
            ErrorReport::new(ErrorCode::NoDatabase).with_hint(match folder {
                Some(folder) if !folder.is_dir() => "check the path".to_owned(),
                _ => format!(
                    "check the path, or run {} to create a database",
                    commands.format_without_actor("init")
                ),
            })
        }
        StoreError::NoWorkspace { .. } => {
            ErrorReport::new(ErrorCode::NoWorkspace).with_hint(format!(
                "run {} to create one",
                commands.format_without_actor("init")
            ))
        }
        StoreError::NotEmpty { .. } => ErrorReport::new(ErrorCode::NotEmpty)
            .with_hint("use another database, or --replace to delete those records first"),
        StoreError::CopyDiffers { .. } => ErrorReport::new(ErrorCode::CopyDiffers)
            .with_hint("check whether the target database has triggers that change values"),
        StoreError::SameDatabase(_) => ErrorReport::new(ErrorCode::Usage)
            .with_hint("--to and --from must be different databases"),
        StoreError::InUse { .. } => ErrorReport::new(ErrorCode::Busy).with_hint(
            "nothing was changed; close the programs that use the database and try again",
        ),
        StoreError::NotABackup { .. } => ErrorReport::new(ErrorCode::NotABackup)
            .with_hint("pass a file that 'wsdb backup' wrote"),
        StoreError::NewerBackup { .. } => ErrorReport::new(ErrorCode::NotABackup)
            .with_hint("install a newer version of wsdb; nothing was changed"),
        StoreError::DamagedBackup { .. } => ErrorReport::new(ErrorCode::DamagedBackup)
            .with_hint("nothing was changed; use another backup"),
        StoreError::BackupExists(_) => ErrorReport::new(ErrorCode::FileExists)
            .with_hint("use another name, or --force to overwrite the file"),
        StoreError::File { source, .. } if source.kind() == std::io::ErrorKind::StorageFull => {
            ErrorReport::new(ErrorCode::DiskFull)
                .with_hint("nothing was changed; free some disk space and try again")
        }
        StoreError::File { is_write: true, .. } => ErrorReport::new(ErrorCode::Write),
        StoreError::File { source, .. } => {
            let report = ErrorReport::new(ErrorCode::Unreadable);
            if source.kind() == std::io::ErrorKind::NotFound {
                report.with_hint("check the path")
            } else {
                report
            }
        }
        StoreError::SslMode(_) => ErrorReport::new(ErrorCode::DatabaseUrl).with_hint(SSLMODE_HINT),
        StoreError::Url(_) => ErrorReport::new(ErrorCode::DatabaseUrl).with_hint(
            "use postgres://USER@HOST/NAME for PostgreSQL, or the path of a SQLite file",
        ),
        _ => ErrorReport::new(ErrorCode::Internal)
            .with_hint("this is a bug in wsdb; please report it"),
    }
}

fn describe_claimed(claim: &Claim, own: bool, commands: &CommandFormatter) -> ErrorReport {
    let id = shell_quote(claim.id.as_ref());
    let hint = if own {
        format!(
            "run {} to extend the claim or {} to release it; each process needs its own --actor",
            commands.format(format!("task heartbeat {id}")),
            commands.format(format!("task release {id}"))
        )
    } else {
        format!(
            "if {} is no longer working on it, run {}; to get another task, run {}",
            crate::ui::escape_control_chars(&claim.holder),
            commands.format(format!("task release {id} --force")),
            commands.format("task claim --next")
        )
    };
    ErrorReport {
        claim: Some(claim.into()),
        ..ErrorReport::new(ErrorCode::Claimed).with_hint(hint)
    }
}

const SSLMODE_HINT: &str =
    "valid values for sslmode in the URL: disable, prefer, require, verify-ca, verify-full";

fn describe_fault(fault: DatabaseFault, is_postgres: bool) -> ErrorReport {
    match fault {
        DatabaseFault::NoServer => ErrorReport::new(ErrorCode::NoServer).with_hint(
            "check that the server is running and that the host and port in the URL are correct",
        ),
        DatabaseFault::Login => ErrorReport::new(ErrorCode::Login).with_hint(
            "set the user and password in the URL, in PGUSER and PGPASSWORD, or in ~/.pgpass",
        ),
        DatabaseFault::NoDatabase => ErrorReport::new(ErrorCode::NoDatabase)
            .with_hint("create it on the server with createdb, or use another name in the URL"),
        DatabaseFault::Encryption => {
            ErrorReport::new(ErrorCode::Encryption).with_hint(SSLMODE_HINT)
        }
        DatabaseFault::ReadOnly if is_postgres => ErrorReport::new(ErrorCode::ReadOnly)
            .with_hint("get write access, or use another database with --database"),
        DatabaseFault::ReadOnly => ErrorReport::new(ErrorCode::ReadOnly).with_hint(
            "get write access (SQLite needs it for the folder, too, even to read), or use another \
             database with --database",
        ),
        DatabaseFault::Forbidden => ErrorReport::new(ErrorCode::Forbidden).with_hint(
            "nothing was changed; the owner of the database can GRANT the missing privilege",
        ),
        DatabaseFault::Damaged => ErrorReport::new(ErrorCode::Damaged).with_hint(
            "restore a backup with 'wsdb restore'; for a SQLite file, 'sqlite3 FILE .recover | sqlite3 NEW_FILE' saves \
             what can still be read",
        ),
        DatabaseFault::Full => ErrorReport::new(ErrorCode::DiskFull)
            .with_hint("nothing was changed; free some disk space and try again"),
        DatabaseFault::Io => ErrorReport::new(ErrorCode::Io).with_hint(
            "nothing was changed; check for a full disk, a file size limit or a disk failure",
        ),
        DatabaseFault::NotOpened => ErrorReport::new(ErrorCode::NotOpened)
            .with_hint("use the path of a file that you can read and write, in an existing folder"),
        DatabaseFault::Encoding => ErrorReport::new(ErrorCode::Encoding).with_hint(
            "create another one with 'createdb --template=template0 --encoding=UTF8 NAME'",
        ),
        _ => ErrorReport::new(ErrorCode::Unreachable),
    }
}
