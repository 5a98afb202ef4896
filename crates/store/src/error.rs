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
    /// The database is there, and can't be worked with as it has to be.
    #[error("{}{reason}", place(database))]
    Unusable {
        /// The database, without a password; empty where the place of the error doesn't know it.
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
    /// It may be read, and not be written to.
    ReadOnly,
    /// The user has no right to do that.
    Forbidden,
    /// What stands in the file is no longer whole.
    Damaged,
    /// There is no room left.
    Full,
    /// Reading or writing failed.
    Io,
    /// The file can't be opened or made.
    NotOpened,
    /// It keeps texts in another encoding than UTF-8.
    Encoding,
    /// Anything else.
    Other,
}

impl Error {
    /// The same error, with the database's name where it is about one and doesn't say which.
    pub fn at(self, url: &str) -> Self {
        match self {
            Error::Unusable {
                database,
                fault,
                reason,
            } if database.is_empty() => Error::Unusable {
                database: crate::shown(url),
                fault,
                reason,
            },
            error => error,
        }
    }
}

fn place(database: &str) -> String {
    match database {
        "" => "the database: ".to_owned(),
        database => format!("{database}: "),
    }
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
            Some(code) => match fault(code) {
                Some((fault, reason)) => Error::Unusable {
                    database: String::new(),
                    fault,
                    reason: format!("{reason} ({})", told(&error)),
                },
                None => Error::Db(error),
            },
            None => Error::Db(error),
        }
    }
}

/// What a code says of the database itself, and not of what was asked. SQLite's codes have at
/// most four digits, the lower byte being the kind (<https://sqlite.org/rescode.html>);
/// PostgreSQL's have five.
fn fault(code: &str) -> Option<(Fault, &'static str)> {
    if code.len() == 5 {
        return match code {
            // insufficient_privilege
            "42501" => Some((
                Fault::Forbidden,
                "the user of the database has no right to do that",
            )),
            // read_only_sql_transaction
            "25006" => Some((Fault::ReadOnly, "the database takes no changes now")),
            // disk_full
            "53100" => Some((Fault::Full, "there is no room left on the server's disk")),
            // io_error
            "58030" => Some((Fault::Io, "the server can't read or write its files")),
            // data_corrupted, index_corrupted
            "XX001" | "XX002" => Some((Fault::Damaged, "the database is damaged")),
            _ => None,
        };
    }
    match code.parse::<u32>().ok()? & 0xff {
        // SQLITE_PERM, SQLITE_READONLY
        3 | 8 => Some((
            Fault::ReadOnly,
            "the file, or the folder that it is in, can't be written to",
        )),
        // SQLITE_IOERR
        10 => Some((Fault::Io, "the file can't be read or written")),
        // SQLITE_CORRUPT, SQLITE_NOTADB
        11 | 26 => Some((Fault::Damaged, "the file is damaged")),
        // SQLITE_FULL
        13 => Some((Fault::Full, "there is no room left for the file")),
        // SQLITE_CANTOPEN: also for the files beside it.
        14 => Some((
            Fault::NotOpened,
            "the file, or one that SQLite needs beside it, can't be opened or made",
        )),
        _ => None,
    }
}

/// What the database itself says of an error.
fn told(error: &sea_orm::DbErr) -> String {
    of_database(error).map_or_else(|| error.to_string(), |told| told.message().to_owned())
}

/// The database's own code of an error: SQLite's number, PostgreSQL's SQLSTATE.
pub(crate) fn code(error: &sea_orm::DbErr) -> Option<String> {
    let code = of_database(error)?.code()?;
    Some(code.into_owned())
}

fn of_database(error: &sea_orm::DbErr) -> Option<&dyn sea_orm::sqlx::error::DatabaseError> {
    use sea_orm::{DbErr, RuntimeErr};
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(e))
        | DbErr::Exec(RuntimeErr::SqlxError(e))
        | DbErr::Query(RuntimeErr::SqlxError(e)) => e.as_database_error(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_matter_with_a_database_has_a_name() {
        let of = |code| fault(code).map(|(fault, _)| fault);
        for code in ["8", "264", "520", "776", "1032", "1288", "1544", "25006"] {
            assert_eq!(of(code), Some(Fault::ReadOnly), "{code}");
        }
        for code in ["11", "267", "523", "779", "26", "XX001"] {
            assert_eq!(of(code), Some(Fault::Damaged), "{code}");
        }
        for code in ["10", "266", "778", "2826", "8458"] {
            assert_eq!(of(code), Some(Fault::Io), "{code}");
        }
        for code in ["14", "270", "526", "1038"] {
            assert_eq!(of(code), Some(Fault::NotOpened), "{code}");
        }
        assert_eq!(
            (of("13"), of("53100")),
            (Some(Fault::Full), Some(Fault::Full))
        );
        assert_eq!(of("42501"), Some(Fault::Forbidden));
        for code in ["1", "19", "2067", "787", "23505", "42P01", "10008"] {
            assert_eq!(of(code), None, "{code}");
        }
    }
}
