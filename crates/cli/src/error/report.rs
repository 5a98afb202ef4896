//! Maps each error to its error code, exit code and hint.

use std::path::PathBuf;

use wsdb_app::Error as AppError;
use wsdb_app::documents::Error as DocumentError;
use wsdb_app::store::{DatabaseFault, Error as StoreError, Record};
use wsdb_app::{noun_text, shell_quote};
use wsdb_core::{
    Activity, ArchitectureState, Claim, ConfigurationChange, ConfigurationSnapshot, ContextSwitch,
    DriftDetection, DriftScan,
};

use super::{PathError, UsageError};
use crate::ui::output::OutputError;
use crate::ui::plural;

/// How an error is reported, apart from its message.
pub(super) struct ErrorReport {
    pub(super) code: &'static str,
    pub(super) exit: u8,
    pub(super) hint: Option<String>,
    /// The claim that prevents the action; part of the JSON output.
    pub(super) claim: Option<wsdb_core::Json>,
}

impl ErrorReport {
    pub(super) fn new(code: &'static str, exit: u8) -> Self {
        ErrorReport {
            code,
            exit,
            hint: None,
            claim: None,
        }
    }

    pub(super) fn with_hint(self, hint: impl Into<String>) -> Self {
        ErrorReport {
            hint: Some(hint.into()),
            ..self
        }
    }
}

pub(super) fn describe(error: &anyhow::Error) -> ErrorReport {
    if error.is::<UsageError>() {
        return ErrorReport::new("usage", 2);
    }
    if let Some(OutputError { changed, .. }) = error.downcast_ref() {
        let report = ErrorReport::new("output", 1);
        return if *changed {
            report.with_hint("check the current state before you run the command again")
        } else {
            report
        };
    }
    if error.is::<PathError>() {
        return ErrorReport::new("folder", 1);
    }
    match error.downcast_ref::<AppError>() {
        Some(error) => describe_app_error(error),
        None => match error.downcast_ref::<StoreError>() {
            Some(error) => describe_store_error(error),
            None => ErrorReport::new("internal", 70)
                .with_hint("this is a bug in wsdb; please report it"),
        },
    }
}

fn describe_app_error(error: &AppError) -> ErrorReport {
    match error {
        AppError::NotFound { noun, alike, word } => {
            let report = ErrorReport::new("not_found", 1);
            match alike {
                Some(alike) => report.with_hint(format!("did you mean {alike}?")),
                None if *noun == "record or change" => {
                    report.with_hint("run 'wsdb history' to list the changes")
                }
                None if *noun == "record" => report.with_hint(match word.parse::<u64>() {
                    Ok(number) => {
                        format!(
                            "run 'wsdb history \"#{number}\"' to see the change with that number"
                        )
                    }
                    Err(_) => "run 'wsdb history' to list the changes".to_owned(),
                }),
                None => {
                    let (command, records) = (command(noun), plural(noun_text(noun)));
                    report.with_hint(format!("run 'wsdb {command} list' to list the {records}"))
                }
            }
        }
        AppError::Ambiguous {
            noun: "record",
            word,
            ..
        } if word.parse::<u64>().is_ok() => ErrorReport::new("ambiguous", 1).with_hint(format!(
            "use the full ID, or run 'wsdb history \"#{word}\"' to see the change with that number"
        )),
        AppError::Ambiguous { .. } => ErrorReport::new("ambiguous", 1).with_hint("use a full ID"),
        AppError::Several(errors) => errors
            .first()
            .map_or(ErrorReport::new("invalid", 1), describe_app_error),
        AppError::NoWorkspace { .. } => ErrorReport::new("no_workspace", 1)
            .with_hint("run 'wsdb init' to create one here, or use --workspace DIR"),
        AppError::Settings { .. } => ErrorReport::new("settings", 1).with_hint(
            "the only key in .wsdb.toml is database, for example database = \"workspace.db\"",
        ),
        AppError::Unexpected { noun, id, .. } => {
            let noun = command(noun);
            ErrorReport::new("unexpected", 1).with_hint(format!(
                "nothing was changed; run 'wsdb {noun} show {id}' to see the current values"
            ))
        }
        AppError::Cycle(path) => cycle("task graph", path, "its dependencies"),
        AppError::Supersession(path) => {
            cycle("decision show", path, "which decisions it supersedes")
        }
        AppError::NothingReady {
            has_open: false, ..
        } => ErrorReport::new("nothing_ready", 1),
        AppError::NothingReady { repos, .. } => {
            let repos = if repos.is_empty() {
                String::new()
            } else {
                format!(" --repo {}", repos.join(","))
            };
            ErrorReport::new("nothing_ready", 1).with_hint(format!(
                "run 'wsdb next{repos}' to see what is in progress or blocked"
            ))
        }
        AppError::ForeignAction { change, .. } => {
            ErrorReport::new("not_yours", 1).with_hint(format!(
                "run 'wsdb undo {}' to undo it anyway, or 'wsdb history' to see the changes",
                change.0
            ))
        }
        AppError::AlreadyExists { noun, id, .. } => {
            let noun = command(noun);
            ErrorReport::new("conflict", 1)
                .with_hint(format!("run 'wsdb {noun} show {id}' to see it"))
        }
        AppError::SnapshotInUse { .. } => ErrorReport::new("still_referenced", 1)
            .with_hint("use --force to delete it anyway; those snapshots will then be incomplete"),
        AppError::Rules(_) => ErrorReport::new("rules", 1)
            .with_hint("run 'wsdb placement rules --schema' to see the schema"),
        AppError::NoSession(_) => ErrorReport::new("invalid", 1).with_hint(
            "run 'wsdb session start' to start one, or pass the ID of a session (see 'wsdb session \
             list --reverse')",
        ),
        AppError::Invalid(_) => ErrorReport::new("invalid", 1),
        AppError::InvalidWithHint { hint, .. } => {
            ErrorReport::new("invalid", 1).with_hint(hint.clone())
        }
        AppError::Documents(error) => describe_document_error(error),
        AppError::Store(error) => describe_store_error(error),
        _ => ErrorReport::new("internal", 70),
    }
}

/// Describes a cycle of links that an action would have closed. `path` starts with the record that
/// the action would have changed; the next one exists and has links already.
fn cycle<I: AsRef<str>>(command: &str, path: &[I], links: &str) -> ErrorReport {
    let report = ErrorReport::new("cycle", 1);
    match path.get(1) {
        Some(id) if path.len() > 2 => report.with_hint(format!(
            "nothing was changed; run 'wsdb {command} {}' to see {links}",
            id.as_ref()
        )),
        _ => report,
    }
}

/// Returns the command for a kind of record.
fn command(noun: &str) -> &str {
    match noun {
        DriftDetection::NOUN => "drift",
        DriftScan::NOUN => "drift scan",
        ContextSwitch::NOUN => "context",
        Activity::NOUN => "session activity",
        ConfigurationSnapshot::NOUN => "config",
        ConfigurationChange::NOUN => "config change",
        ArchitectureState::NOUN => "state",
        noun => noun,
    }
}

fn describe_document_error(error: &DocumentError) -> ErrorReport {
    match error {
        DocumentError::Unreadable(errors) => {
            let hint = if errors.iter().all(|error| !error.file.exists()) {
                "check the path"
            } else {
                "fix the files above and run the import again"
            };
            ErrorReport::new("unreadable", 1).with_hint(hint)
        }
        DocumentError::NothingToImport(_) => {
            ErrorReport::new("nothing_to_import", 1).with_hint("pass another folder, or a file")
        }
        DocumentError::Rejected(_) => ErrorReport::new("rejected", 1).with_hint(
            "fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records \
             with --skip-rejects",
        ),
        DocumentError::NotImported(files) => {
            ErrorReport::new("not_imported", 1).with_hint(format!(
                "run 'wsdb import {}' first, or use --force to overwrite the changes",
                folder_of(files)
            ))
        }
        DocumentError::ModifiedPages(files) => ErrorReport::new("not_ours", 1).with_hint(format!(
            "run 'wsdb decision import --adr {}' first, or use --force to overwrite the changes",
            folder_of(files)
        )),
        DocumentError::ChangedOnBothSides(_) => ErrorReport::new("conflict", 1).with_hint(
            "nothing was written; run the import again with --prefer file or --prefer database",
        ),
        DocumentError::Write { .. } => ErrorReport::new("write", 1),
        DocumentError::Store(error) => describe_store_error(error),
        _ => ErrorReport::new("internal", 70),
    }
}

/// Returns the folder of files that an export would overwrite, as it is typed.
fn folder_of(files: &[PathBuf]) -> String {
    let folder = files.first().and_then(|file| file.parent());
    let folder = folder.map(|folder| folder.display().to_string());
    match folder.as_deref() {
        None | Some("") => ".".to_owned(),
        Some(folder) => shell_quote(folder),
    }
}

fn describe_store_error(error: &StoreError) -> ErrorReport {
    match error {
        StoreError::NotFound { noun: "change", .. } => ErrorReport::new("not_found", 1).with_hint(
            "run 'wsdb history' to list the changes; pruned ones are no longer available",
        ),
        StoreError::NotFound { .. } => ErrorReport::new("not_found", 1),
        StoreError::UndoConflict { by, .. } => ErrorReport::new("newer", 1).with_hint(match by {
            Some(by) => format!("nothing was changed; run 'wsdb undo {}' first", by.0),
            None => "nothing was changed".to_owned(),
        }),
        StoreError::Conflict { .. } => ErrorReport::new("conflict", 1),
        StoreError::AlreadyUndone { by, .. } => {
            ErrorReport::new("refused", 1).with_hint(format!("run 'wsdb undo {}' to redo it", by.0))
        }
        StoreError::InvalidState(_) => ErrorReport::new("refused", 1),
        StoreError::Claimed { claim, own } => describe_claimed(claim, *own),
        StoreError::NotClaimed { task, .. } => ErrorReport::new("not_claimed", 1).with_hint(
            format!("run 'wsdb task claim {task}' if you want to claim it"),
        ),
        StoreError::StillReferenced { .. } => ErrorReport::new("still_referenced", 1)
            .with_hint("use --force to delete it anyway; the references to it are kept"),
        StoreError::Corrupt { .. } => ErrorReport::new("corrupt", 1)
            .with_hint("another program wrote this value; correct it with sqlite3 or psql"),
        StoreError::Busy { .. } => ErrorReport::new("busy", 1).with_hint(
            "try again later, or wait longer with an option such as --busy-timeout 5min",
        ),
        StoreError::Unreachable { fault, .. } | StoreError::Unusable { fault, .. } => {
            describe_fault(*fault)
        }
        StoreError::ConnectionLost { committing, .. } => ErrorReport::new("connection_lost", 1)
            .with_hint(if *committing {
                "before you try again, check whether the change was made"
            } else {
                "try again"
            }),
        StoreError::NewerSchema { .. } => ErrorReport::new("newer_schema", 1)
            .with_hint("install a newer wsdb; the database was not changed"),
        StoreError::NotADatabase { .. } => {
            ErrorReport::new("not_a_database", 1).with_hint("use another path; nothing was changed")
        }
        StoreError::ForeignDatabase { owner, .. } => {
            ErrorReport::new("not_ours", 1).with_hint(match *owner {
                "another program" => "use another database file",
                _ => {
                    "export it with that tool, then import the files into a new database with \
                     --database FILE"
                }
            })
        }
        StoreError::NoDatabase { .. } => ErrorReport::new("no_database", 1)
            .with_hint("check the path, or run 'wsdb init' to create a database"),
        StoreError::NoWorkspace { .. } => {
            ErrorReport::new("no_workspace", 1).with_hint("run 'wsdb init' to create one")
        }
        StoreError::NotEmpty { .. } => ErrorReport::new("not_empty", 1)
            .with_hint("use another database, or --replace to delete those records first"),
        StoreError::CopyDiffers { .. } => ErrorReport::new("copy_differs", 1)
            .with_hint("check whether the target database has triggers that change values"),
        StoreError::Url(reason) if reason.contains("sslmode") => {
            ErrorReport::new("database_url", 1).with_hint(SSLMODE_HINT)
        }
        StoreError::Url(_) => ErrorReport::new("database_url", 1).with_hint(
            "use postgres://USER@HOST/NAME for PostgreSQL, or the path of a SQLite file",
        ),
        _ => ErrorReport::new("internal", 70).with_hint("this is a bug in wsdb; please report it"),
    }
}

fn describe_claimed(claim: &Claim, own: bool) -> ErrorReport {
    let id = &claim.id;
    let hint = if own {
        format!(
            "run 'wsdb task heartbeat {id}' to extend it or 'wsdb task release {id}' to release it; \
         each process needs its own --actor"
        )
    } else {
        format!(
            "if {} no longer works on it, run 'wsdb task release {id} --force'; to get another \
         task, run 'wsdb task claim --next'",
            crate::ui::escape_control_chars(&claim.holder)
        )
    };
    let claim = wsdb_core::json!({
        "task": id, "holder": claim.holder, "since": claim.since, "expires": claim.expires,
    });
    ErrorReport {
        claim: Some(claim),
        ..ErrorReport::new("claimed", 1).with_hint(hint)
    }
}

const SSLMODE_HINT: &str =
    "valid values for sslmode in the URL: disable, prefer, require, verify-ca, verify-full";

fn describe_fault(fault: DatabaseFault) -> ErrorReport {
    match fault {
        DatabaseFault::NoServer => ErrorReport::new("no_server", 1).with_hint(
            "check that the server is running and that the host and port in the URL are correct",
        ),
        DatabaseFault::Login => ErrorReport::new("login", 1).with_hint(
            "set the user and password in the URL, in PGUSER and PGPASSWORD, or in ~/.pgpass",
        ),
        DatabaseFault::NoDatabase => ErrorReport::new("no_database", 1)
            .with_hint("create it on the server with createdb, or use another name in the URL"),
        DatabaseFault::Encryption => ErrorReport::new("encryption", 1).with_hint(SSLMODE_HINT),
        DatabaseFault::ReadOnly => ErrorReport::new("read_only", 1).with_hint(
            "get write access (SQLite needs it for the folder, too, even to read), or use another \
             database with --database",
        ),
        DatabaseFault::Forbidden => ErrorReport::new("forbidden", 1).with_hint(
            "nothing was changed; the owner of the database can GRANT the missing privilege",
        ),
        DatabaseFault::Damaged => ErrorReport::new("damaged", 1).with_hint(
            "restore a backup; for a SQLite file, 'sqlite3 FILE .recover' saves what can still be \
             read",
        ),
        DatabaseFault::Full => ErrorReport::new("disk_full", 1)
            .with_hint("nothing was changed; free some disk space and try again"),
        DatabaseFault::Io => ErrorReport::new("io", 1).with_hint(
            "nothing was changed; check for a full disk, a file size limit or a disk failure",
        ),
        DatabaseFault::NotOpened => ErrorReport::new("not_opened", 1)
            .with_hint("use the path of a file that you can read and write, in an existing folder"),
        DatabaseFault::Encoding => ErrorReport::new("encoding", 1).with_hint(
            "create another one with 'createdb --template=template0 --encoding=UTF8 NAME'",
        ),
        _ => ErrorReport::new("unreachable", 1),
    }
}
