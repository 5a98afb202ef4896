//! What can go wrong in a store.

use std::path::PathBuf;

use wsdb_core::{Claim, TaskId};

/// An error of the store. Every message is a sentence; none holds a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No record has this id.
    #[error("{noun} {id} not found")]
    NotFound {
        /// What was looked for, such as `task`.
        noun: &'static str,
        /// The id that was asked for.
        id: String,
    },
    /// A record with the same id, or the same unique name, is there already.
    #[error("{noun} {id} is there already")]
    Conflict {
        /// What was written, such as `task`.
        noun: &'static str,
        /// Its id.
        id: String,
    },
    /// The record is not as the caller expected it.
    #[error("{0}")]
    Refused(String),
    /// Somebody has the task in hand.
    #[error("task {} is claimed by {} until {}", claim.id, claim.holder, claim.expires)]
    Claimed {
        /// The claim that is in the way.
        claim: Box<Claim>,
        /// Whether who asks is who holds it.
        own: bool,
    },
    /// Who asks doesn't hold the task.
    #[error("task {task} is not claimed by {holder}")]
    NotClaimed {
        /// The task.
        task: TaskId,
        /// Who asks.
        holder: String,
    },
    /// An action can't be taken back without losing something newer.
    #[error("{action} can't be taken back: {}{noun} {id} later", by_whom(by))]
    Newer {
        /// The action.
        action: wsdb_core::ActionId,
        /// What has changed, such as `task`.
        noun: &'static str,
        /// Its id.
        id: String,
        /// The last action that changed it, if history knows.
        by: Option<wsdb_core::ActionId>,
    },
    /// Other records refer to this one.
    #[error("{noun} {id} is still referred to by {}", by.join(", "))]
    StillReferenced {
        /// What was to be deleted, such as `task`.
        noun: &'static str,
        /// Its id.
        id: String,
        /// The records that refer to it, such as `issue ISSUE-001`.
        by: Vec<String>,
    },
    /// A value in the database is none that the column can hold.
    #[error("table {table}, row {row}, column {column}: {reason}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The row's id.
        row: String,
        /// The column.
        column: &'static str,
        /// What is wrong with the value.
        reason: String,
    },
    /// Another process holds the database's write lock, or kept changing the same records.
    #[error(
        "the database is busy: {} has been writing to it for too long",
        writers(by)
    )]
    Busy {
        /// Who may hold it, such as `wsdb task add (process 4711)`; empty where that isn't known.
        by: Vec<String>,
    },
    /// The server can't be worked with.
    #[error("{database}: {reason}")]
    Unreachable {
        /// The database, without its password.
        database: String,
        /// What is the matter.
        fault: Fault,
        /// The same as a sentence.
        reason: String,
    },
    /// The connection to the server ended in the middle of something.
    #[error("the connection to the database was lost ({reason}); {}", kept(*committing))]
    ConnectionLost {
        /// What the driver or the server says.
        reason: String,
        /// Whether the transaction was being committed: nobody knows then whether it was kept.
        committing: bool,
    },
    /// The database was written by a newer program.
    #[error("{database} has schema version {found}; this program knows versions up to {known}")]
    NewerSchema {
        /// The database.
        database: String,
        /// Its schema's version.
        found: u32,
        /// The newest version that is known here.
        known: u32,
    },
    /// The file is no SQLite database.
    #[error("{} is not a SQLite database", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The file is a database of another program, or of the earlier Python tool.
    #[error("{} is a database of {owner}, not of wsdb; it was left as it is", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
        /// Whose it seems to be.
        owner: &'static str,
    },
    /// There is no database, and none was to be made.
    #[error("there is no database at {}", path.display())]
    NoDatabase {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// There is a database, but no workspace in it.
    #[error("there is no workspace in {database}")]
    NoWorkspace {
        /// The database.
        database: String,
    },
    /// A workspace was to be copied to where there are records already.
    #[error("{database} holds records already: {records} of them")]
    NotEmpty {
        /// The database.
        database: String,
        /// How many records it has.
        records: u64,
    },
    /// A table was not kept as it was copied.
    #[error(
        "table {table} was not kept as it was written: rows {}, digest {}; in the copy rows {}, \
         digest {}; everything was taken back",
        rows.0, digests.0, rows.1, digests.1
    )]
    CopyDiffers {
        /// The table.
        table: &'static str,
        /// How many rows it has, and its copy.
        rows: (u64, u64),
        /// What stands in them.
        digests: (String, String),
    },
    /// The URL names no database that can be opened.
    #[error("{0}")]
    Url(String),
    /// Anything else that the database reports.
    #[error("the database reports: {0}")]
    Db(#[source] sea_orm::DbErr),
}

/// Why a server can't be worked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Nothing answers there.
    NoServer,
    /// It doesn't know the user, or not with this password.
    Login,
    /// It has no database of this name.
    NoDatabase,
    /// The two don't agree on whether or how to encrypt.
    Encryption,
    /// Anything else.
    Other,
}

fn by_whom(by: &Option<wsdb_core::ActionId>) -> String {
    match by {
        Some(by) => format!("{by} changed "),
        None => "something changed ".to_owned(),
    }
}

fn writers(by: &[String]) -> String {
    match by {
        [] => "another process".to_owned(),
        by => by.join(" or "),
    }
}

fn kept(committing: bool) -> &'static str {
    match committing {
        true => "whether the change was kept is not known",
        false => "nothing was kept",
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        if let Some(reason) = lost(&error) {
            return Error::ConnectionLost {
                reason,
                committing: false,
            };
        }
        match code(&error).as_deref() {
            _ if is_crowded(&error) => Error::Busy { by: Vec::new() },
            // SQLITE_BUSY and its extended codes, as decimal numbers.
            Some("5" | "261" | "517" | "773") => Error::Busy { by: Vec::new() },
            // serialization_failure, deadlock_detected, lock_not_available
            Some("40001" | "40P01" | "55P03") => Error::Busy { by: Vec::new() },
            // character_not_in_repertoire, untranslatable_character, numeric_value_out_of_range
            Some("22021" | "22P05" | "22003") => Error::Refused(format!(
                "PostgreSQL can't keep a value that was to be written: {error}"
            )),
            _ => Error::Db(error),
        }
    }
}

/// The database's own code of an error: SQLite's number, PostgreSQL's SQLSTATE.
pub(crate) fn code(error: &sea_orm::DbErr) -> Option<String> {
    use sea_orm::{DbErr, RuntimeErr};
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(e))
        | DbErr::Exec(RuntimeErr::SqlxError(e))
        | DbErr::Query(RuntimeErr::SqlxError(e)) => e
            .as_database_error()
            .and_then(|e| e.code())
            .map(|code| code.into_owned()),
        _ => None,
    }
}

/// Why the connection is gone, if that is what happened.
fn lost(error: &sea_orm::DbErr) -> Option<String> {
    use sea_orm::{DbErr, RuntimeErr, SqlxError};
    let (DbErr::Conn(RuntimeErr::SqlxError(inner))
    | DbErr::Exec(RuntimeErr::SqlxError(inner))
    | DbErr::Query(RuntimeErr::SqlxError(inner))) = error
    else {
        return None;
    };
    match inner.as_ref() {
        SqlxError::Io(io) => Some(io.to_string()),
        SqlxError::Database(told) => match told.code().as_deref() {
            // admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout, and the
            // class of connection exceptions
            Some("57P01" | "57P02" | "57P03" | "57P05") => Some(told.message().to_owned()),
            Some(code) if code.starts_with("08") => Some(told.message().to_owned()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether every connection of the pool was taken for too long.
fn is_crowded(error: &sea_orm::DbErr) -> bool {
    matches!(
        error,
        sea_orm::DbErr::ConnectionAcquire(sea_orm::ConnAcquireErr::Timeout)
    )
}

/// Whether an insert failed because its id, or another unique value, is taken.
pub(crate) fn is_taken(error: &sea_orm::DbErr) -> bool {
    matches!(
        error.sql_err(),
        Some(sea_orm::SqlErr::UniqueConstraintViolation(_))
    )
}
