//! Maps each error to its error code, exit code and hint.

use wsdb_app::Error as AppError;
use wsdb_app::documents::Error as DocumentError;
use wsdb_app::store::{Error as StoreError, Fault};
use wsdb_core::Claim;

use super::{Unusable, Unwritten, Usage};

/// How an error is reported, apart from its message.
pub(super) struct Told {
    pub(super) code: &'static str,
    pub(super) exit: u8,
    pub(super) hint: Option<String>,
    /// The claim that prevents the action; part of the JSON output.
    pub(super) claim: Option<serde_json::Value>,
}

impl Told {
    pub(super) fn new(code: &'static str, exit: u8) -> Self {
        Told {
            code,
            exit,
            hint: None,
            claim: None,
        }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Told {
            hint: Some(hint.into()),
            ..self
        }
    }
}

pub(super) fn tell(error: &anyhow::Error) -> Told {
    if error.is::<Usage>() {
        return Told::new("usage", 2);
    }
    if let Some(Unwritten { changed, .. }) = error.downcast_ref() {
        let told = Told::new("output", 1);
        return match changed {
            true => told.hint("check the current state before you run the command again"),
            false => told,
        };
    }
    if error.is::<Unusable>() {
        return Told::new("folder", 1);
    }
    match error.downcast_ref::<AppError>() {
        Some(error) => tell_app(error),
        None => match error.downcast_ref::<StoreError>() {
            Some(error) => tell_store(error),
            None => Told::new("internal", 70).hint("this is a bug in wsdb; please report it"),
        },
    }
}

fn tell_app(error: &AppError) -> Told {
    match error {
        AppError::NotFound { noun, alike, word } => {
            let told = Told::new("not_found", 1);
            match alike {
                Some(alike) => told.hint(format!("did you mean {alike}?")),
                None if *noun == "record" => told.hint(match word.parse::<u64>() {
                    Ok(number) => {
                        format!(
                            "run 'wsdb history \"#{number}\"' to see the change with that number"
                        )
                    }
                    Err(_) => "run 'wsdb history' to see all recorded changes".to_owned(),
                }),
                None => {
                    let noun = command(noun);
                    told.hint(format!("run 'wsdb {noun} list' to see what exists"))
                }
            }
        }
        AppError::Ambiguous {
            noun: "record",
            word,
            ..
        } if word.parse::<u64>().is_ok() => Told::new("ambiguous", 1).hint(format!(
            "use the full id, or 'wsdb history \"#{word}\"' for the change with that number"
        )),
        AppError::Ambiguous { .. } => {
            Told::new("ambiguous", 1).hint("use more characters of the id")
        }
        AppError::Several(errors) => errors.first().map_or(Told::new("invalid", 1), tell_app),
        AppError::NoWorkspace { .. } => Told::new("no_workspace", 1)
            .hint("run 'wsdb init' to create one here, or use --workspace DIR"),
        AppError::Settings { .. } => Told::new("settings", 1)
            .hint("the only key in this file is database, such as database = \"sqlite:///…\""),
        AppError::Unexpected { .. } => Told::new("unexpected", 1)
            .hint("nothing was changed; somebody else may have changed it first"),
        AppError::Cycle(_) => Told::new("cycle", 1)
            .hint("nothing was changed; remove a dependency with 'wsdb task dep rm'"),
        AppError::Supersession(_) => Told::new("cycle", 1)
            .hint("nothing was changed; remove a link with 'wsdb decision unlink'"),
        AppError::NothingReady(repos) => {
            let repos = match repos.is_empty() {
                true => String::new(),
                false => format!(" --repo {}", repos.join(",")),
            };
            Told::new("nothing_ready", 1).hint(format!(
                "run 'wsdb next{repos}' to see what blocks the other tasks"
            ))
        }
        AppError::NotYours { change, .. } => Told::new("not_yours", 1).hint(format!(
            "run 'wsdb undo {}' to undo it anyway, or 'wsdb history' to see the changes",
            change.0
        )),
        AppError::Taken { noun, id, .. } => {
            Told::new("conflict", 1).hint(format!("run 'wsdb {noun} edit {id}' to change that one"))
        }
        AppError::StoodOn { .. } => Told::new("still_referenced", 1).hint(
            "use --force to delete it anyway; the others will then show a different configuration",
        ),
        AppError::Rules(_) => {
            Told::new("rules", 1).hint("run 'wsdb placement rules --schema' to see the schema")
        }
        AppError::NoSession(_) => Told::new("invalid", 1).hint(
            "run 'wsdb session start' to start one, or pass an id from 'wsdb session list --reverse'",
        ),
        AppError::Invalid(_) => Told::new("invalid", 1),
        AppError::Documents(error) => tell_documents(error),
        AppError::Store(error) => tell_store(error),
        _ => Told::new("internal", 70),
    }
}

/// Returns the command for a kind of record.
fn command(noun: &str) -> &str {
    match noun {
        "detection" => "drift",
        "scan" => "drift scan",
        "context switch" => "context",
        "activity" => "session activity",
        "configuration snapshot" => "config",
        "configuration change" => "config change",
        "architecture state" => "state",
        noun => noun,
    }
}

fn tell_documents(error: &DocumentError) -> Told {
    match error {
        DocumentError::Unreadable(_) => {
            Told::new("unreadable", 1).hint("fix the files above and run the import again")
        }
        DocumentError::Nothing(_) => Told::new("nothing_to_import", 1),
        DocumentError::Rejected(_) => Told::new("rejected", 1).hint(
            "fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or leave them out \
             with --skip-rejects",
        ),
        DocumentError::NotImported(_) => Told::new("not_imported", 1)
            .hint("run 'wsdb import' first, or use --force to overwrite the changes"),
        DocumentError::NotOurs(_) => Told::new("not_ours", 1).hint(
            "run 'wsdb decision import --adr' first, or use --force to overwrite the changes",
        ),
        DocumentError::ChangedOnBothSides(_) => Told::new("conflict", 1).hint(
            "nothing was written; use --prefer file or --prefer database to resolve the conflicts",
        ),
        DocumentError::Write { .. } => Told::new("write", 1),
        DocumentError::Store(error) => tell_store(error),
        _ => Told::new("internal", 70),
    }
}

fn tell_store(error: &StoreError) -> Told {
    match error {
        StoreError::NotFound { noun: "change", .. } => Told::new("not_found", 1).hint(
            "run 'wsdb history' to see the recorded changes; pruned ones are no longer available",
        ),
        StoreError::NotFound { .. } => Told::new("not_found", 1),
        StoreError::Newer { by, .. } => Told::new("newer", 1).hint(match by {
            Some(by) => format!("undo {by} first: 'wsdb undo {}'", by.0),
            None => "nothing was changed".to_owned(),
        }),
        StoreError::Conflict { .. } => Told::new("conflict", 1),
        StoreError::Refused(_) => Told::new("refused", 1),
        StoreError::Claimed { claim, own } => tell_claimed(claim, *own),
        StoreError::NotClaimed { .. } => {
            Told::new("not_claimed", 1).hint("run 'wsdb task show' to see who has claimed it")
        }
        StoreError::StillReferenced { .. } => Told::new("still_referenced", 1)
            .hint("use --force to delete it anyway; the others keep its id as a missing reference"),
        StoreError::Corrupt { .. } => Told::new("corrupt", 1)
            .hint("another program wrote this value; correct it with the sqlite3 shell"),
        StoreError::Busy { .. } => {
            Told::new("busy", 1).hint("try again later, or wait longer with --busy-timeout")
        }
        StoreError::Unreachable { fault, .. } | StoreError::Unusable { fault, .. } => {
            tell_fault(*fault)
        }
        StoreError::ConnectionLost { committing, .. } => {
            Told::new("connection_lost", 1).hint(match committing {
                true => "check whether the change was made before you try again",
                false => "try again",
            })
        }
        StoreError::NewerSchema { .. } => {
            Told::new("newer_schema", 1).hint("install a newer wsdb; the database was not changed")
        }
        StoreError::NotADatabase { .. } => {
            Told::new("not_a_database", 1).hint("use another file; this one was not changed")
        }
        StoreError::NotOurs { .. } => Told::new("not_ours", 1).hint(
            "export it with its own tool, then run 'wsdb import' with a new database \
             (--database FILE)",
        ),
        StoreError::NoDatabase { .. } => {
            Told::new("no_database", 1).hint("run 'wsdb init' to create one")
        }
        StoreError::NoWorkspace { .. } => {
            Told::new("no_workspace", 1).hint("run 'wsdb init' or an import to create one there")
        }
        StoreError::NotEmpty { .. } => Told::new("not_empty", 1)
            .hint("use another database, or --replace to delete those records first"),
        StoreError::CopyDiffers { .. } => Told::new("copy_differs", 1)
            .hint("find out what changes the written values, such as a trigger in that database"),
        StoreError::Url(_) => Told::new("database_url", 1)
            .hint("use postgres://USER@HOST/NAME for PostgreSQL, or the path of a SQLite file"),
        _ => Told::new("internal", 70).hint("this is a bug in wsdb; please report it"),
    }
}

fn tell_claimed(claim: &Claim, own: bool) -> Told {
    let id = &claim.id;
    let hint = match own {
        true => format!(
            "run 'wsdb task heartbeat {id}' to renew it or 'wsdb task release {id}' to release it; \
             another process needs another --actor"
        ),
        false => format!(
            "run 'wsdb task claim --next' to claim another task; if {} no longer works on it, \
             run 'wsdb task release {id} --force'",
            crate::ui::visible(&claim.holder)
        ),
    };
    let claim = serde_json::json!({
        "task": id, "holder": claim.holder, "since": claim.since, "expires": claim.expires,
    });
    Told {
        claim: Some(claim),
        ..Told::new("claimed", 1).hint(hint)
    }
}

fn tell_fault(fault: Fault) -> Told {
    match fault {
        Fault::NoServer => Told::new("no_server", 1)
            .hint("check that the server is running and that host and port in the URL are correct"),
        Fault::Login => Told::new("login", 1)
            .hint("set user and password in the URL, in PGUSER and PGPASSWORD, or in ~/.pgpass"),
        Fault::NoDatabase => {
            Told::new("no_database", 1).hint("run 'createdb NAME' to create one on the server")
        }
        Fault::Encryption => Told::new("encryption", 1)
            .hint("set sslmode in the URL to disable, prefer, require or verify-full"),
        Fault::ReadOnly => Told::new("read_only", 1)
            .hint("nothing was changed; get write access, or use another database with --database"),
        Fault::Forbidden => Told::new("forbidden", 1)
            .hint("nothing was changed; the owner of the database can GRANT the missing privilege"),
        Fault::Damaged => Told::new("damaged", 1).hint(
            "restore a backup; for a SQLite file, 'sqlite3 FILE .recover' saves what can still be \
             read",
        ),
        Fault::Full => Told::new("disk_full", 1)
            .hint("nothing was changed; free some disk space and try again"),
        Fault::Io => Told::new("io", 1).hint(
            "nothing was changed; check for a full disk, a file size limit or a disk failure",
        ),
        Fault::NotOpened => Told::new("not_opened", 1).hint(
            "check that the folder exists and that you can read and write both folder and file",
        ),
        Fault::Encoding => Told::new("encoding", 1)
            .hint("create one with 'createdb --template=template0 --encoding=UTF8 NAME'"),
        _ => Told::new("unreachable", 1),
    }
}
