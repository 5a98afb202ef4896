//! Errors that the databases report.

use sea_orm::sqlx::error::DatabaseError;
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr, SqlErr, SqlxError};

use super::{DatabaseFault, Error};

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
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
            Some("22021" | "22P05" | "22003") => Error::InvalidState(format!(
                "PostgreSQL cannot store a value: {}",
                message(&error)
            )),
            Some(code) => match fault(code) {
                Some((fault, reason)) => Error::Unusable {
                    database: String::new(),
                    fault,
                    reason: format!("{reason} ({})", message(&error)),
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
            "cannot open the database file or its -wal file",
        )),
        _ => None,
    }
}

/// Returns the database's own message for an error.
pub(super) fn message(error: &DbErr) -> String {
    database_error(error).map_or_else(
        || error.to_string(),
        |response| response.message().to_owned(),
    )
}

/// Returns the database's own code for an error: SQLite's number, PostgreSQL's SQLSTATE.
pub(crate) fn code(error: &DbErr) -> Option<String> {
    let code = database_error(error)?.code()?;
    Some(code.into_owned())
}

fn database_error(error: &DbErr) -> Option<&dyn DatabaseError> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(e))
        | DbErr::Exec(RuntimeErr::SqlxError(e))
        | DbErr::Query(RuntimeErr::SqlxError(e)) => e.as_database_error(),
        _ => None,
    }
}

/// Returns why the connection was lost, if it was.
fn connection_loss(error: &DbErr) -> Option<String> {
    let (DbErr::Conn(RuntimeErr::SqlxError(inner))
    | DbErr::Exec(RuntimeErr::SqlxError(inner))
    | DbErr::Query(RuntimeErr::SqlxError(inner))) = error
    else {
        return None;
    };
    match inner.as_ref() {
        SqlxError::Io(io) => Some(wsdb_core::format_io_error(io)),
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
fn is_crowded(error: &DbErr) -> bool {
    matches!(error, DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))
}

/// Returns whether an insert failed because its id, or another unique value, already exists.
pub(crate) fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_codes_give_the_fault() {
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
