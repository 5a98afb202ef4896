//! What is told of each error: its code, the exit code, and what to do.

use wsdb_app::Error as AppError;
use wsdb_app::documents::Error as DocumentError;
use wsdb_app::store::{Error as StoreError, Fault};
use wsdb_core::Claim;

use super::{Unusable, Unwritten, Usage};

/// What is told of an error.
pub(super) struct Told {
    pub(super) code: &'static str,
    pub(super) exit: u8,
    pub(super) hint: Option<String>,
    /// The claim that is in the way, for programs.
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
            true => told.hint("look what is there before you do it again"),
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
            None => Told::new("internal", 70).hint("this is a fault of wsdb; please report it"),
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
                        format!("`wsdb history '#{number}'` shows the change with that number, if it is remembered")
                    }
                    Err(_) => "`wsdb history` shows every change that is remembered".to_owned(),
                }),
                None => {
                    let noun = command(noun);
                    told.hint(format!("`wsdb {noun} list` shows those that are there"))
                }
            }
        }
        AppError::Ambiguous {
            noun: "record",
            word,
            ..
        } if word.parse::<u64>().is_ok() => Told::new("ambiguous", 1).hint(format!(
            "type the whole id; `wsdb history '#{word}'` shows the change with that number"
        )),
        AppError::Ambiguous { .. } => Told::new("ambiguous", 1).hint("type more of the id"),
        AppError::Several(errors) => errors.first().map_or(Told::new("invalid", 1), tell_app),
        AppError::NoWorkspace { .. } => Told::new("no_workspace", 1)
            .hint("`wsdb init` makes one here; --workspace DIR names one elsewhere"),
        AppError::Settings { .. } => {
            Told::new("settings", 1).hint("the file has one key: database = \"sqlite:///…\"")
        }
        AppError::Unexpected { .. } => {
            Told::new("unexpected", 1).hint("someone may have been quicker; nothing was changed")
        }
        AppError::Cycle(_) => Told::new("cycle", 1)
            .hint("nothing was changed; `wsdb task dep rm` takes one of them out of the way"),
        AppError::Supersession(_) => Told::new("cycle", 1)
            .hint("nothing was changed; `wsdb decision unlink` takes one of them out of the way"),
        AppError::NothingReady(repos) => {
            let repos = match repos.is_empty() {
                true => String::new(),
                false => format!(" --repo {}", repos.join(",")),
            };
            Told::new("nothing_ready", 1)
                .hint(format!("`wsdb next{repos}` says what the others wait for"))
        }
        AppError::NotYours { change, .. } => Told::new("not_yours", 1).hint(format!(
            "`wsdb undo {}` takes it back all the same; `wsdb history` shows what was done",
            change.0
        )),
        AppError::Taken { noun, id, .. } => {
            Told::new("conflict", 1).hint(format!("`wsdb {noun} edit {id}` changes that one"))
        }
        AppError::StoodOn { .. } => Told::new("still_referenced", 1).hint(
            "--force deletes it all the same; what the others show is another configuration then",
        ),
        AppError::Rules(_) => Told::new("rules", 1)
            .hint("`wsdb placement rules --schema` prints the schema that rules have to fit"),
        AppError::NoSession(_) => Told::new("invalid", 1).hint(
            "`wsdb session start` begins one; `wsdb session list --reverse` shows the last ones",
        ),
        AppError::Invalid(_) => Told::new("invalid", 1),
        AppError::Documents(error) => tell_documents(error),
        AppError::Store(error) => tell_store(error),
        _ => Told::new("internal", 70),
    }
}

/// What people type for a noun.
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
            Told::new("unreadable", 1).hint("mend what is named and import again")
        }
        DocumentError::Nothing(_) => Told::new("nothing_to_import", 1),
        DocumentError::Rejected(_) => Told::new("rejected", 1).hint(
            "mend the records, map unknown words with --map FIELD.WORD=KNOWN, or leave them out \
             with --skip-rejects",
        ),
        DocumentError::NotImported(_) => Told::new("not_imported", 1)
            .hint("`wsdb import` takes the changes over first; --force writes over them"),
        DocumentError::NotOurs(_) => Told::new("not_ours", 1).hint(
            "`wsdb decision import --adr` takes changes over first; --force writes over them",
        ),
        DocumentError::ChangedOnBothSides(_) => Told::new("conflict", 1)
            .hint("nothing was written; --prefer file or --prefer database decides"),
        DocumentError::Write { .. } => Told::new("write", 1),
        DocumentError::Store(error) => tell_store(error),
        _ => Told::new("internal", 70),
    }
}

fn tell_store(error: &StoreError) -> Told {
    match error {
        StoreError::NotFound { noun: "change", .. } => Told::new("not_found", 1)
            .hint("`wsdb history` shows those that are remembered; what was pruned is gone"),
        StoreError::NotFound { .. } => Told::new("not_found", 1),
        StoreError::Newer { by, .. } => Told::new("newer", 1).hint(match by {
            Some(by) => format!("take {by} back first: `wsdb undo {}`", by.0),
            None => "nothing was changed".to_owned(),
        }),
        StoreError::Conflict { .. } => Told::new("conflict", 1),
        StoreError::Refused(_) => Told::new("refused", 1),
        StoreError::Claimed { claim, own } => tell_claimed(claim, *own),
        StoreError::NotClaimed { .. } => {
            Told::new("not_claimed", 1).hint("`wsdb task show` says who holds it, if anybody does")
        }
        StoreError::StillReferenced { .. } => Told::new("still_referenced", 1)
            .hint("--force deletes it all the same; the others keep its id as one that is gone"),
        StoreError::Corrupt { .. } => Told::new("corrupt", 1)
            .hint("another program wrote that value; put it right with the sqlite3 shell"),
        StoreError::Busy { .. } => Told::new("busy", 1)
            .hint("try again when it is done, or wait longer with --busy-timeout"),
        StoreError::Unreachable { fault, .. } | StoreError::Unusable { fault, .. } => {
            tell_fault(*fault)
        }
        StoreError::ConnectionLost { committing, .. } => {
            Told::new("connection_lost", 1).hint(match committing {
                true => "look whether the change is there before you try again",
                false => "try again",
            })
        }
        StoreError::NewerSchema { .. } => {
            Told::new("newer_schema", 1).hint("install a newer wsdb; the database was not touched")
        }
        StoreError::NotADatabase { .. } => {
            Told::new("not_a_database", 1).hint("name another file; this one was not touched")
        }
        StoreError::NotOurs { .. } => Told::new("not_ours", 1).hint(
            "export it with its own tool and `wsdb import` that into a new database \
             (--database FILE)",
        ),
        StoreError::NoDatabase { .. } => Told::new("no_database", 1).hint("`wsdb init` makes one"),
        StoreError::NoWorkspace { .. } => {
            Told::new("no_workspace", 1).hint("`wsdb init`, or an import, makes one there")
        }
        StoreError::NotEmpty { .. } => Told::new("not_empty", 1)
            .hint("name another database; --replace deletes those records first"),
        StoreError::CopyDiffers { .. } => Told::new("copy_differs", 1)
            .hint("something changes what is written there, such as a trigger; see what it is"),
        StoreError::Url(_) => Told::new("database_url", 1).hint(
            "a PostgreSQL database is named like postgres://USER@HOST/NAME, a SQLite file by its \
             path",
        ),
        _ => Told::new("internal", 70).hint("this is a fault of wsdb; please report it"),
    }
}

fn tell_claimed(claim: &Claim, own: bool) -> Told {
    let id = &claim.id;
    let hint = match own {
        true => format!(
            "`wsdb task heartbeat {id}` renews it, `wsdb task release {id}` gives it back; another \
             process needs another --actor"
        ),
        false => format!(
            "`wsdb task claim --next` takes another one; if {} is gone, `wsdb task release {id} --force`",
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
            .hint("is the server running, and are host and port of the URL right?"),
        Fault::Login => Told::new("login", 1)
            .hint("user and password come from the URL, PGUSER and PGPASSWORD, or ~/.pgpass"),
        Fault::NoDatabase => {
            Told::new("no_database", 1).hint("`createdb NAME` makes one on the server")
        }
        Fault::Encryption => Told::new("encryption", 1)
            .hint("the URL's sslmode says what is wanted: disable, prefer, require or verify-full"),
        Fault::ReadOnly => Told::new("read_only", 1).hint(
            "nothing was changed; get the right to write to it, or name another database with \
             --database",
        ),
        Fault::Forbidden => Told::new("forbidden", 1)
            .hint("nothing was changed; the owner of the database can GRANT the right"),
        Fault::Damaged => Told::new("damaged", 1).hint(
            "put a copy in its place; of a SQLite file, `sqlite3 FILE .recover` saves what can be \
             read still",
        ),
        Fault::Full => {
            Told::new("disk_full", 1).hint("nothing was changed; make room and try again")
        }
        Fault::Io => Told::new("io", 1).hint(
            "nothing was changed; is the disk full, a limit on the size of files reached, or the \
             disk broken?",
        ),
        Fault::NotOpened => Told::new("not_opened", 1)
            .hint("is its folder there, and may you read and write both folder and file?"),
        Fault::Encoding => Told::new("encoding", 1)
            .hint("`createdb --template=template0 --encoding=UTF8 NAME` makes one that is right"),
        _ => Told::new("unreachable", 1),
    }
}
