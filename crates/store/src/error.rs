//! The errors of the store.

mod database;
mod format;

pub(crate) use database::{code, is_taken};
use format::{
    format_action, format_conflict, format_file_error, format_holders, format_reasons,
    format_record_count, quoted_database, rollback_note,
};

use std::path::{Path, PathBuf};

use wsdb_core::{Claim, TaskId};

/// The program that a database belongs to, if it is not ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseOwner {
    /// The earlier tool, written in Python.
    PythonTool,
    /// Any other program.
    Other,
}

impl std::fmt::Display for DatabaseOwner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            DatabaseOwner::PythonTool => "the earlier Python tool",
            DatabaseOwner::Other => "another program",
        })
    }
}

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
    /// No action has this number.
    #[error("change {0} not found")]
    NoAction(wsdb_core::ActionId),
    /// A record with the same id, or the same unique name, already exists.
    #[error("{} already exists", format_conflict(noun, id.as_deref()))]
    Conflict {
        /// The kind of record, such as `task`.
        noun: &'static str,
        /// Its id; `None` if it is one of many that were added together.
        id: Option<String>,
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
    #[error("task {task} is not claimed")]
    NotClaimed {
        /// The task.
        task: TaskId,
    },
    /// The action was already undone.
    #[error("{action} was already undone by {by}")]
    AlreadyUndone {
        /// The action.
        action: wsdb_core::ActionId,
        /// The action that undid it.
        by: wsdb_core::ActionId,
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
    #[error(
        "{database} has schema version {found}; this version of wsdb supports versions up to {known}"
    )]
    NewerSchema {
        /// The database.
        database: String,
        /// Its schema's version.
        found: u32,
        /// The newest version that this program supports.
        known: u32,
    },
    /// The file is not a SQLite database.
    #[error("{} is {}", path.display(), if path.is_dir() { "a folder, not a database" } else { "not a SQLite database" })]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The database belongs to another program, or to the earlier Python tool.
    #[error("{} belongs to {owner}; it was not changed", path.display())]
    ForeignDatabase {
        /// The file, or the URL without user and password.
        path: PathBuf,
        /// The program that it seems to belong to.
        owner: DatabaseOwner,
    },
    /// The file of the earlier tool holds something that prevents adopting it.
    #[error("{} cannot be adopted; nothing was changed{}", path.display(), format_reasons(reasons))]
    NotAdoptable {
        /// The file.
        path: PathBuf,
        /// Each table, view, index or trigger that prevents it.
        reasons: Vec<String>,
    },
    /// There is no proven backup.
    #[error("cannot write the backup {}: {reason}", path.display())]
    Backup {
        /// The file of the backup.
        path: PathBuf,
        /// The reason.
        reason: String,
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
    #[error("{database} already contains {}", format_record_count(*records))]
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
    /// Source and target of a copy are the same database.
    #[error("source and target are the same database, {0}")]
    SameDatabase(String),
    /// Other programs use a database that is to be replaced.
    #[error("{database} is in use by {}", format_holders(by))]
    InUse {
        /// The database.
        database: String,
        /// The programs, such as `wsdb import (process 4711)`; empty if unknown.
        by: Vec<String>,
    },
    /// The file is not a backup.
    #[error("{} is not a backup made by wsdb", path.display())]
    NotABackup {
        /// The file.
        path: PathBuf,
    },
    /// The backup is incomplete, or was changed after it was made.
    #[error("the backup {} is damaged: {reason}", path.display())]
    DamagedBackup {
        /// The backup.
        path: PathBuf,
        /// How it differs from what it was.
        reason: String,
    },
    /// The backup has a format that this program doesn't know.
    #[error(
        "the backup {} has format {format}, which this version of wsdb does not support",
        path.display()
    )]
    NewerBackup {
        /// The backup.
        path: PathBuf,
        /// The version of its format.
        format: u32,
    },
    /// The file for a backup exists already.
    #[error("{} already exists", .0.display())]
    BackupExists(PathBuf),
    /// A file or a folder of a backup cannot be read or written.
    #[error("{}", format_file_error(path, *is_write, source))]
    File {
        /// The file or the folder.
        path: PathBuf,
        /// Whether it was to be written.
        is_write: bool,
        /// The problem.
        source: std::io::Error,
    },
    /// The database URL is invalid.
    #[error("{0}")]
    Url(String),
    /// The value of `sslmode` in the database URL is invalid.
    #[error("{0}")]
    SslMode(String),
    /// Anything else that the database reports.
    #[error("database error: {}", database::message(.0))]
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

    /// Whether the database can be read, but not written.
    pub fn is_not_writable(&self) -> bool {
        let faults = [DatabaseFault::ReadOnly, DatabaseFault::Forbidden];
        matches!(self, Error::Unusable { fault, .. } if faults.contains(fault))
    }

    /// Returns the error for a file or a folder that cannot be read.
    pub(crate) fn file_read(path: &Path, source: std::io::Error) -> Self {
        Error::File {
            path: path.to_owned(),
            is_write: false,
            source,
        }
    }

    /// Returns the error for a file or a folder that cannot be written.
    pub(crate) fn file_write(path: &Path, source: std::io::Error) -> Self {
        Error::File {
            path: path.to_owned(),
            is_write: true,
            source,
        }
    }

    /// Returns the error for a backup that is not what it was.
    pub(crate) fn damaged_backup(path: &Path, reason: impl Into<String>) -> Self {
        Error::DamagedBackup {
            path: path.to_owned(),
            reason: reason.into(),
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
