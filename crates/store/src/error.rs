//! The errors of the store.

use std::path::PathBuf;

use wsdb_core::{Claim, TaskId};

/// An error of the store. No message contains a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No record has this id.
    #[error("{noun} {id} not found")]
    NotFound {
        /// The kind of record, such as `task`.
        noun: &'static str,
        /// The id that was asked for.
        id: String,
    },
    /// A record with the same id, or the same unique name, already exists.
    #[error("{noun} {id} already exists")]
    Conflict {
        /// The kind of record, such as `task`.
        noun: &'static str,
        /// Its id.
        id: String,
    },
    /// The operation is not possible in the present state of the record or the database.
    #[error("{0}")]
    InvalidState(String),
    /// Somebody has claimed the task.
    #[error("task {} is claimed by {} until {}", claim.id, claim.holder, claim.expires)]
    Claimed {
        /// The existing claim.
        claim: Box<Claim>,
        /// Whether the caller is the holder.
        own: bool,
    },
    /// The caller doesn't hold the claim on the task.
    #[error("task {task} is not claimed by {holder}")]
    NotClaimed {
        /// The task.
        task: TaskId,
        /// The caller.
        holder: String,
    },
    /// An action cannot be undone without losing a later change.
    #[error(
        "cannot undo {action}: {noun} {id} was changed later{}",
        format_action(by)
    )]
    UndoConflict {
        /// The action.
        action: wsdb_core::ActionId,
        /// The kind of the record that was changed, such as `task`.
        noun: &'static str,
        /// Its id.
        id: String,
        /// The last action that changed it, if it is in the history.
        by: Option<wsdb_core::ActionId>,
    },
    /// Other records refer to this one.
    #[error("{noun} {id} is still referenced by {}", by.join(", "))]
    StillReferenced {
        /// The kind of the record to delete, such as `task`.
        noun: &'static str,
        /// Its id.
        id: String,
        /// The records that refer to it, such as `issue ISSUE-001`.
        by: Vec<String>,
    },
    /// A stored value cannot be read as the type of its column.
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
    #[error("the database is busy: {} is writing to it", format_holders(by))]
    Busy {
        /// Who may hold the lock, such as `wsdb task add (process 4711)`; empty if unknown.
        by: Vec<String>,
    },
    /// The server cannot be used.
    #[error("{database}: {reason}")]
    Unreachable {
        /// The database, without its password.
        database: String,
        /// The kind of problem.
        fault: DatabaseFault,
        /// The problem as text.
        reason: String,
    },
    /// The database exists, but cannot be used.
    #[error("{}{reason}", quoted_database(database))]
    Unusable {
        /// The database, without a password; empty until [`Error::with_database`] sets it.
        database: String,
        /// The kind of problem.
        fault: DatabaseFault,
        /// The problem as text.
        reason: String,
    },
    /// The connection to the server was lost during an operation.
    #[error("the connection to the database was lost ({reason}); {}", rollback_note(*committing))]
    ConnectionLost {
        /// The message of the driver or the server.
        reason: String,
        /// Whether the transaction was being committed: it is then unknown whether it was stored.
        committing: bool,
    },
    /// The database was written by a newer program.
    #[error("{database} has schema version {found}; this version of wsdb supports up to {known}")]
    NewerSchema {
        /// The database.
        database: String,
        /// Its schema's version.
        found: u32,
        /// The newest version that this program supports.
        known: u32,
    },
    /// The file is not a SQLite database.
    #[error("{} is not a SQLite database", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The file is a database of another program, or of the earlier Python tool.
    #[error("{} is a database of {owner}, not of wsdb; it was not changed", path.display())]
    ForeignDatabase {
        /// The file.
        path: PathBuf,
        /// The program that it seems to belong to.
        owner: &'static str,
    },
    /// There is no database, and the options don't allow creating one.
    #[error("no database found at {}", path.display())]
    NoDatabase {
        /// The path of the database.
        path: PathBuf,
    },
    /// There is a database, but no workspace in it.
    #[error("no workspace found in {database}")]
    NoWorkspace {
        /// The database.
        database: String,
    },
    /// The target of a copy already has records.
    #[error("{database} already contains {}", count_records(*records))]
    NotEmpty {
        /// The database.
        database: String,
        /// The number of records in it.
        records: u64,
    },
    /// A table differs from its copy.
    #[error(
        "table {table} differs after the copy: expected {} rows with digest {}, found {} rows with \
         digest {}; the copy was rolled back",
        expected.rows, expected.digest, found.rows, found.digest
    )]
    CopyDiffers {
        /// The table.
        table: &'static str,
        /// The contents of the table.
        expected: TableContents,
        /// The contents of its copy.
        found: TableContents,
    },
    /// The database URL is invalid.
    #[error("{0}")]
    Url(String),
    /// Anything else that the database reports.
    #[error("database error: {0}")]
    Db(#[source] sea_orm::DbErr),
}

/// The contents of a table, to be compared with those of its copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableContents {
    /// The number of rows.
    pub rows: u64,
    /// A hash of all values, as 32 hexadecimal digits: the same on SQLite and PostgreSQL.
    pub digest: String,
}

/// Why a server or a database cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DatabaseFault {
    /// The server cannot be reached.
    NoServer,
    /// The server rejects the user or the password.
    Login,
    /// The server has no database of this name.
    NoDatabase,
    /// Client and server don't agree on encryption.
    Encryption,
    /// The database is read-only.
    ReadOnly,
    /// The user lacks a permission.
    Forbidden,
    /// The file is damaged.
    Damaged,
    /// There is no space left.
    Full,
    /// Reading or writing failed.
    Io,
    /// The file cannot be opened or created.
    NotOpened,
    /// The database has an encoding other than UTF-8.
    Encoding,
    /// Anything else.
    Other,
}

impl Error {
    /// Adds the database's name, without a password, to an error that is about a database and
    /// doesn't name it; see [`redacted`](crate::redacted).
    pub fn with_database(self, name: &str) -> Self {
        match self {
            Error::Unusable {
                database,
                fault,
                reason,
            } if database.is_empty() => Error::Unusable {
                database: name.to_owned(),
                fault,
                reason,
            },
            error => error,
        }
    }

    /// Returns the error for a stored value that cannot be read.
    pub(crate) fn corrupt(
        table: &'static str,
        row: impl Into<String>,
        column: &'static str,
        reason: impl ToString,
    ) -> Self {
        Error::Corrupt {
            table,
            row: row.into(),
            column,
            reason: reason.to_string(),
        }
    }
}

fn quoted_database(database: &str) -> String {
    match database {
        "" => "the database: ".to_owned(),
        database => format!("{database}: "),
    }
}

fn format_action(by: &Option<wsdb_core::ActionId>) -> String {
    match by {
        Some(by) => format!(" by {by}"),
        None => String::new(),
    }
}

fn count_records(records: u64) -> String {
    match records {
        1 => "1 record".to_owned(),
        records => format!("{records} records"),
    }
}

fn format_holders(by: &[String]) -> String {
    match by {
        [] => "another process".to_owned(),
        by => by.join(" or "),
    }
}

fn rollback_note(committing: bool) -> &'static str {
    match committing {
        true => "it is unknown whether the change was saved",
        false => "nothing was saved",
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        if let Some(reason) = connection_loss(&error) {
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
            Some("22021" | "22P05" | "22003") => {
                Error::InvalidState(format!("PostgreSQL cannot store a value: {error}"))
            }
            Some(code) => match fault(code) {
                Some((fault, reason)) => Error::Unusable {
                    database: String::new(),
                    fault,
                    reason: format!("{reason} ({})", database_message(&error)),
                },
                None => Error::Db(error),
            },
            None => Error::Db(error),
        }
    }
}

/// Returns the problem with the database itself that an error code stands for; `None` for other
/// errors. SQLite's codes have at most four digits, of which the lower byte is the kind
/// (<https://sqlite.org/rescode.html>); PostgreSQL's have five.
fn fault(code: &str) -> Option<(DatabaseFault, &'static str)> {
    if code.len() == 5 {
        return match code {
            // insufficient_privilege
            "42501" => Some((
                DatabaseFault::Forbidden,
                "permission denied for the database user",
            )),
            // read_only_sql_transaction
            "25006" => Some((DatabaseFault::ReadOnly, "the database is read-only")),
            // disk_full
            "53100" => Some((DatabaseFault::Full, "no space left on the server's disk")),
            // io_error
            "58030" => Some((
                DatabaseFault::Io,
                "the server cannot read or write its files",
            )),
            // data_corrupted, index_corrupted
            "XX001" | "XX002" => Some((DatabaseFault::Damaged, "the database is damaged")),
            _ => None,
        };
    }
    match code.parse::<u32>().ok()? & 0xff {
        // SQLITE_PERM, SQLITE_READONLY
        3 | 8 => Some((
            DatabaseFault::ReadOnly,
            "the file or its folder is not writable",
        )),
        // SQLITE_IOERR
        10 => Some((DatabaseFault::Io, "the file cannot be read or written")),
        // SQLITE_CORRUPT, SQLITE_NOTADB
        11 | 26 => Some((DatabaseFault::Damaged, "the file is damaged")),
        // SQLITE_FULL
        13 => Some((DatabaseFault::Full, "no space left on the disk")),
        // SQLITE_CANTOPEN: also for the files next to it.
        14 => Some((
            DatabaseFault::NotOpened,
            "the file, or one that SQLite needs next to it, cannot be opened or created",
        )),
        _ => None,
    }
}

/// Returns the database's own message for an error.
fn database_message(error: &sea_orm::DbErr) -> String {
    of_database(error).map_or_else(
        || error.to_string(),
        |response| response.message().to_owned(),
    )
}

/// Returns the database's own code for an error: SQLite's number, PostgreSQL's SQLSTATE.
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

/// Returns why the connection was lost, if it was.
fn connection_loss(error: &sea_orm::DbErr) -> Option<String> {
    use sea_orm::{DbErr, RuntimeErr, SqlxError};
    let (DbErr::Conn(RuntimeErr::SqlxError(inner))
    | DbErr::Exec(RuntimeErr::SqlxError(inner))
    | DbErr::Query(RuntimeErr::SqlxError(inner))) = error
    else {
        return None;
    };
    match inner.as_ref() {
        SqlxError::Io(io) => Some(io.to_string()),
        SqlxError::Database(response) => match response.code().as_deref() {
            // admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout, and the
            // class of connection exceptions
            Some("57P01" | "57P02" | "57P03" | "57P05") => Some(response.message().to_owned()),
            Some(code) if code.starts_with("08") => Some(response.message().to_owned()),
            _ => None,
        },
        _ => None,
    }
}

/// Returns whether every connection of the pool was in use for too long.
fn is_crowded(error: &sea_orm::DbErr) -> bool {
    matches!(
        error,
        sea_orm::DbErr::ConnectionAcquire(sea_orm::ConnAcquireErr::Timeout)
    )
}

/// Returns whether an insert failed because its id, or another unique value, already exists.
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
            assert_eq!(of(code), Some(DatabaseFault::ReadOnly), "{code}");
        }
        for code in ["11", "267", "523", "779", "26", "XX001"] {
            assert_eq!(of(code), Some(DatabaseFault::Damaged), "{code}");
        }
        for code in ["10", "266", "778", "2826", "8458"] {
            assert_eq!(of(code), Some(DatabaseFault::Io), "{code}");
        }
        for code in ["14", "270", "526", "1038"] {
            assert_eq!(of(code), Some(DatabaseFault::NotOpened), "{code}");
        }
        assert_eq!(
            (of("13"), of("53100")),
            (Some(DatabaseFault::Full), Some(DatabaseFault::Full))
        );
        assert_eq!(of("42501"), Some(DatabaseFault::Forbidden));
        for code in ["1", "19", "2067", "787", "23505", "42P01", "10008"] {
            assert_eq!(of(code), None, "{code}");
        }
    }
}
