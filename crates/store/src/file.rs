//! Checks a SQLite file before it is opened: whether it is a database, and of which program.

use std::path::Path;

use sea_orm::sqlx::Connection as _;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePoolOptions};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, SqlxSqliteConnector, Statement};
use wsdb_core::format_io_error;
use wsdb_migration::Migrator;

use crate::sqlite_header::{FilePrefix, Header};
use crate::url::{escape_file_prefix, redacted};
use crate::{DatabaseFault, DatabaseOwner, Error, Journal, Options, sqlite_copy};

/// SQLite's `application_id` of our files: "wsdb" in ASCII.
pub(crate) const APPLICATION_ID: u32 = 0x7773_6462;

/// Checks a file before SQLite opens it: opening a file in WAL mode writes to it.
/// Returns how the file is written: a new one with a log, ours as before.
pub(crate) async fn check(path: &Path, url: &str, options: &Options) -> Result<Journal, Error> {
    let not_a_database = || Error::NotADatabase {
        path: path.to_owned(),
    };
    let unusable = |error: std::io::Error| Error::Unusable {
        database: path.display().to_string(),
        fault: DatabaseFault::NotOpened,
        reason: format!("the file cannot be opened: {}", format_io_error(&error)),
    };
    // Opening a pipe would block until somebody writes to it.
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Err(not_a_database()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if !options.create {
                return Err(Error::NoDatabase {
                    path: path.to_owned(),
                });
            }
            let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
            return match folder {
                Some(folder) if !folder.is_dir() => Err(Error::Unusable {
                    database: path.display().to_string(),
                    fault: DatabaseFault::NotOpened,
                    reason: format!("the folder {} does not exist", folder.display()),
                }),
                _ => Ok(Journal::Wal),
            };
        }
        Err(error) => return Err(unusable(error)),
    }
    let mut content = FileContent::read(path).await.map_err(unusable)?;
    if matches!(content, FileContent::Unreadable) {
        if is_being_written(path) {
            return Ok(Journal::Wal);
        }
        // A writer may have finished in between; what it left is complete.
        content = FileContent::read(path).await.map_err(unusable)?;
    }
    let header = match content {
        FileContent::Empty => return Ok(Journal::Wal),
        FileContent::Ours(header) => header,
        FileContent::Tables(header, tables) => {
            if let Some(owner) = identify_owner(&tables) {
                return Err(Error::ForeignDatabase {
                    path: path.to_owned(),
                    owner,
                });
            }
            if tables.is_empty() {
                return Ok(Journal::Wal);
            }
            // Not yet complete: everything else is still in its log.
            Header {
                journal: Journal::Wal,
                ..header
            }
        }
        FileContent::Unreadable | FileContent::NotADatabase => return Err(not_a_database()),
    };
    if header.user_version > Migrator::LATEST {
        return Err(too_new_error(url, header.user_version));
    }
    Ok(header.journal)
}

/// The program that a file belongs to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FileOwner {
    Ours,
    /// The earlier tool, written in Python.
    OldTool,
}

/// Returns whether a file is ours or that of the earlier tool.
///
/// # Errors
/// [`Error::NoDatabase`], [`Error::NotADatabase`], [`Error::ForeignDatabase`] for a file of another
/// program, and [`Error::NoWorkspace`] for one without tables.
pub(crate) async fn owner(path: &Path) -> Result<FileOwner, Error> {
    recover(path).await?;
    let url = format!("sqlite://{}", path.display());
    let existing = Options {
        create: false,
        ..Options::default()
    };
    match check(path, &url, &existing).await {
        Ok(_) => {}
        Err(Error::ForeignDatabase {
            owner: DatabaseOwner::PythonTool,
            ..
        }) => return Ok(FileOwner::OldTool),
        Err(error) => return Err(error),
    }
    // The tables may all be in the log of the file.
    let mut connection = sqlite_copy::open_to_read(path).await?;
    let tables = sea_orm::sqlx::query_scalar(TABLES).fetch_all(&mut connection);
    let tables: Result<Vec<String>, _> = tables.await;
    connection
        .close()
        .await
        .map_err(sqlite_copy::driver_error)?;
    let tables = tables.map_err(sqlite_copy::driver_error)?;
    match identify_owner(&tables) {
        None if tables.is_empty() => Err(Error::NoWorkspace {
            database: redacted(&url),
        }),
        None => Ok(FileOwner::Ours),
        Some(DatabaseOwner::PythonTool) => Ok(FileOwner::OldTool),
        Some(owner) => Err(Error::ForeignDatabase {
            path: path.to_owned(),
            owner,
        }),
    }
}

/// Completes what a killed process left half done: SQLite does it at the first read.
async fn recover(path: &Path) -> Result<(), Error> {
    let mut journal = path.as_os_str().to_owned();
    journal.push("-journal");
    if !std::fs::metadata(journal).is_ok_and(|journal| journal.len() > 0) {
        return Ok(());
    }
    let file = SqliteConnectOptions::new().filename(escape_file_prefix(path));
    let connection = SqliteConnection::connect_with(&file).await;
    let mut connection = connection.map_err(sqlite_copy::driver_error)?;
    let tables = sea_orm::sqlx::query(TABLES).fetch_all(&mut connection);
    let read = tables.await.map(drop);
    connection
        .close()
        .await
        .map_err(sqlite_copy::driver_error)?;
    read.map_err(sqlite_copy::driver_error)
}

/// Returns how a file is written, from its header.
pub(crate) fn journal_of(path: &Path) -> Journal {
    let header = FilePrefix::read(path).ok();
    let header = header.and_then(|start| Header::parse(&start));
    header.map_or(Journal::Wal, |header| header.journal)
}

/// Returns the error for a schema version that this program doesn't know.
pub(crate) fn too_new_error(url: &str, version: u32) -> Error {
    Error::NewerSchema {
        database: redacted(url),
        found: version,
        known: Migrator::LATEST,
    }
}

/// What the start of a file shows.
enum FileContent {
    Empty,
    /// A database of ours, by its application ID.
    Ours(Header),
    /// A new database, another program's, or one of ours with everything still in the write-ahead log.
    Tables(Header, Vec<String>),
    /// It starts as a database does, but cannot be read: damaged, or being written.
    Unreadable,
    NotADatabase,
}

impl FileContent {
    async fn read(path: &Path) -> std::io::Result<Self> {
        let start = FilePrefix::read(path)?;
        if start.is_empty() {
            return Ok(FileContent::Empty);
        }
        if !start.is_sqlite() {
            return Ok(FileContent::NotADatabase);
        }
        let Some(header) = Header::parse(&start) else {
            return Ok(FileContent::Unreadable);
        };
        if header.application_id == APPLICATION_ID {
            return Ok(FileContent::Ours(header));
        }
        Ok(match read_tables_unlocked(path).await {
            Ok(tables) => FileContent::Tables(header, tables),
            Err(_) => FileContent::Unreadable,
        })
    }
}

/// Returns whether a process has the file open to write it, or was killed while it did. An unlocked
/// read can then see one page before and another one after a change; SQLite's locks prevent that.
fn is_being_written(path: &Path) -> bool {
    ["-journal", "-wal"].iter().any(|suffix| {
        let mut file = path.as_os_str().to_owned();
        file.push(suffix);
        Path::new(&file).exists()
    })
}

/// Returns the tables of a file. It is read as immutable, without its write-ahead log and without
/// a lock: otherwise SQLite would create files next to it.
async fn read_tables_unlocked(path: &Path) -> Result<Vec<String>, DbErr> {
    let file = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .immutable(true);
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(file)
        .await
        .map_err(|error| DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into())))?;
    let pool = SqlxSqliteConnector::from_sqlx_sqlite_pool(pool);
    let tables = tables(&pool).await;
    pool.close().await?;
    tables
}

/// Returns an error if the tables of an open database are those of another program.
pub(crate) async fn refuse_others(database: &impl ConnectionTrait, url: &str) -> Result<(), Error> {
    match identify_owner(&tables(database).await?) {
        None => Ok(()),
        Some(owner) => Err(Error::ForeignDatabase {
            path: redacted(url).into(),
            owner,
        }),
    }
}

/// Selects the tables and views of a database.
const TABLES: &str = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') \
                      AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

/// Returns the tables and views of a database.
async fn tables(database: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let rows = database
        .query_all_raw(Statement::from_string(DbBackend::Sqlite, TABLES))
        .await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// Returns which program a database with these tables belongs to; `None` if it is ours, or new.
fn identify_owner(tables: &[String]) -> Option<DatabaseOwner> {
    let has = |name: &str| tables.iter().any(|table| table == name);
    // Other programs use the same migrator. It is ours alone after all migrations were reverted.
    let migrated = has("seaql_migrations") && (has("id_series") || tables.len() == 1);
    if tables.is_empty() || migrated {
        None
    } else if has("workspace_tasks") {
        Some(DatabaseOwner::PythonTool)
    } else {
        Some(DatabaseOwner::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first write of a new database can be seen in part. Its journal shows that a process is
    /// writing it, and then SQLite waits for that process.
    #[tokio::test]
    async fn database_that_is_being_created_is_left_to_sqlite() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("w.db");
        let url = format!("sqlite://{}", path.display());
        let store = crate::Store::connect(&url).await.expect("a database");
        store.close().await.expect("a closed database");
        let database = std::fs::read(&path).expect("a file");
        let journal = folder.path().join("w.db-journal");
        for length in [16, 99, 3000, 4096] {
            std::fs::write(&path, &database[..length]).expect("a file");
            let checked = check(&path, &url, &Options::default()).await;
            assert!(
                matches!(checked, Err(Error::NotADatabase { .. })),
                "{length} bytes, written by nobody: {checked:?}"
            );
            std::fs::write(&journal, "").expect("a journal");
            let checked = check(&path, &url, &Options::default()).await;
            assert!(checked.is_ok(), "{length} bytes: {checked:?}");
            std::fs::remove_file(&journal).expect("a journal");
        }
        std::fs::write(&path, "no database").expect("a file");
        std::fs::write(&journal, "").expect("a journal");
        let checked = check(&path, &url, &Options::default()).await;
        assert!(
            matches!(checked, Err(Error::NotADatabase { .. })),
            "{checked:?}"
        );
    }
}
