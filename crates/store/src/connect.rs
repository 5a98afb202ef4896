//! Opens a URL as a pool: sets up the connections and migrates the schema.
//!
//! Together with the migration crate, the main place for code that is specific to one database.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, SqlxSqliteConnector, Statement,
};
use wsdb_migration::{Migrator, MigratorTrait};

use crate::file::{self, APPLICATION_ID, too_new_error};
use crate::options::MIN_ACQUIRE_TIMEOUT;
use crate::url::{DatabaseUrl, escape_file_prefix, parse, redacted};
use crate::{
    DatabaseFault, DatabaseOwner, Error, Journal, Options, Pool, Transaction, lock_holders,
    postgres,
};

pub(crate) async fn connect(url: &str, options: &Options) -> Result<Pool, Error> {
    let connected = connect_unnamed(url, options).await;
    connected.map_err(|error| error.with_database(&redacted(url)))
}

async fn connect_unnamed(url: &str, options: &Options) -> Result<Pool, Error> {
    let pool = open(url, options).await?;
    let version = version(&pool, url).await?;
    let required = options.required || (!options.create && pool.is_postgres());
    if version == 0 && required {
        if pool.database.get_database_backend() == DbBackend::Sqlite {
            // Tables that were only in the write-ahead log could not be seen before.
            file::refuse_others(&pool.database, url).await?;
        }
        pool.database.close().await?;
        return Err(Error::NoWorkspace {
            database: redacted(url),
        });
    }
    if version < Migrator::LATEST {
        run_pending_migrations(&pool, url).await?;
    }
    Ok(pool)
}

/// Opens a database without checking the schema version.
pub(crate) async fn open(url: &str, options: &Options) -> Result<Pool, Error> {
    match parse(url)? {
        DatabaseUrl::Memory => {
            // Every connection to ":memory:" would open a database of its own.
            let options = Options {
                max_connections: 1,
                ..options.clone()
            };
            let settings = SqliteConnectOptions::new()
                .in_memory(true)
                .foreign_keys(true);
            sqlite(settings, &options, None).await
        }
        DatabaseUrl::File(path) => {
            let journal = file::check(path, url, options).await?;
            let settings = SqliteConnectOptions::new()
                .filename(escape_file_prefix(path))
                .foreign_keys(true)
                .create_if_missing(options.create);
            let settings = match journal {
                Journal::Wal => settings
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Normal),
                // The file keeps its journal.
                Journal::Delete => settings.synchronous(SqliteSynchronous::Full),
            };
            sqlite(settings, options, Some(path)).await
        }
        DatabaseUrl::Postgres => {
            let database = postgres::open(url, options).await?;
            Ok(pool(database, options, None))
        }
    }
}

/// Opens a SQLite file to rebuild its tables: without checks of foreign keys, which would delete rows
/// of other tables, and without a log.
pub(crate) async fn open_to_adopt(path: &Path, options: &Options) -> Result<Pool, Error> {
    let options = Options {
        max_connections: 1,
        ..options.clone()
    };
    let settings = SqliteConnectOptions::new()
        .filename(escape_file_prefix(path))
        .foreign_keys(false)
        .journal_mode(SqliteJournalMode::Delete)
        .synchronous(SqliteSynchronous::Full);
    sqlite(settings, &options, Some(path)).await
}

fn pool(database: DatabaseConnection, options: &Options, file: Option<&Path>) -> Pool {
    Pool {
        database,
        busy_timeout: options.busy_timeout,
        file: file.map(Arc::from),
        author: None,
    }
}

/// Opens a SQLite database; `path` is `None` for one in memory.
async fn sqlite(
    file: SqliteConnectOptions,
    options: &Options,
    path: Option<&Path>,
) -> Result<Pool, Error> {
    use sea_orm::sqlx::ConnectOptions;
    let settings = file
        // For new files: an import writes half as often as with 4 KB.
        .page_size(8192)
        // 32 MB: an import that exceeds the default of 2 MB writes its pages many times.
        .pragma("cache_size", "-32000")
        // The statement journal of a multi-row statement is kept in memory, not in a file.
        .pragma("temp_store", "MEMORY")
        .busy_timeout(options.busy_timeout)
        .disable_statement_logging();
    let connections = SqlitePoolOptions::new()
        .max_connections(options.max_connections)
        .acquire_timeout(options.busy_timeout.max(MIN_ACQUIRE_TIMEOUT))
        .test_before_acquire(false);
    // A database in memory is lost when its connection is closed.
    let connections = match path {
        Some(_) => connections,
        None => connections.idle_timeout(None).max_lifetime(None),
    };
    let begin = Instant::now();
    loop {
        // The first switch to WAL may find the file locked, whatever the timeout is.
        match connections.clone().connect_with(settings.clone()).await {
            Ok(connections) => {
                let database = SqlxSqliteConnector::from_sqlx_sqlite_pool(connections);
                return Ok(pool(database, options, path));
            }
            Err(error) => {
                let error = DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into()));
                let error = Error::from(error);
                if !matches!(error, Error::Busy { .. }) {
                    return Err(error);
                }
                if begin.elapsed() >= options.busy_timeout {
                    let by = path
                        .map(lock_holders::lock_holders_of_file)
                        .unwrap_or_default();
                    return Err(Error::Busy { by });
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

/// Returns the schema version, with the one small query that opening a database costs.
pub(crate) async fn version(pool: &Pool, url: &str) -> Result<u32, Error> {
    let version = read_version(&pool.database).await?;
    if version > Migrator::LATEST {
        return Err(too_new_error(url, version));
    }
    Ok(version)
}

async fn read_version(database: &impl ConnectionTrait) -> Result<u32, Error> {
    let backend = database.get_database_backend();
    let sql = match backend {
        DbBackend::Sqlite => "PRAGMA user_version",
        _ => "SELECT count(*)::int, current_setting('server_encoding') FROM seaql_migrations",
    };
    let row = database
        .query_one_raw(Statement::from_string(backend, sql))
        .await;
    let version: i32 = match row {
        Ok(Some(row)) => {
            if backend == DbBackend::Postgres {
                check_encoding(&row.try_get_by_index::<String>(1)?)?;
            }
            row.try_get_by_index(0)?
        }
        Ok(None) => 0,
        // undefined_table: no migration was ever run here.
        Err(error) if crate::error::code(&error).as_deref() == Some("42P01") => 0,
        Err(error) => return Err(error.into()),
    };
    Ok(u32::try_from(version).unwrap_or(u32::MAX))
}

/// Refuses a database that cannot store text in every language.
fn check_encoding(encoding: &str) -> Result<(), Error> {
    match encoding {
        "UTF8" => Ok(()),
        other => Err(Error::Unusable {
            database: String::new(),
            fault: DatabaseFault::Encoding,
            reason: format!("the database encoding is {other}; wsdb requires UTF8"),
        }),
    }
}

/// Runs the pending migrations in one transaction, one process at a time.
async fn run_pending_migrations(pool: &Pool, url: &str) -> Result<(), Error> {
    let transaction = begin_schema_transaction(pool, url).await?;
    migrate_up(&transaction, url).await?;
    write_schema_version(&transaction).await?;
    transaction.commit().await
}

/// Runs the pending migrations in a transaction.
///
/// # Errors
/// [`Error::ForeignDatabase`] if a PostgreSQL database has a table of another program with the name of one
/// of ours.
pub(crate) async fn migrate_up(transaction: &Transaction, url: &str) -> Result<(), Error> {
    let migrated = Migrator::up(&transaction.database, None).await;
    migrated.map_err(|error| match crate::error::code(&error).as_deref() {
        // duplicate_table
        Some("42P07") => Error::ForeignDatabase {
            path: PathBuf::from(redacted(url)),
            owner: DatabaseOwner::Other,
        },
        _ => error.into(),
    })
}

/// Begins a transaction for schema changes. Only one process can be in one at a time, and it sees
/// what the ones before it did. The migrator itself takes no lock.
pub(crate) async fn begin_schema_transaction(pool: &Pool, url: &str) -> Result<Transaction, Error> {
    let transaction = pool.begin_migration().await?;
    match transaction.get_database_backend() {
        // IMMEDIATE has locked the database.
        DbBackend::Sqlite => {
            let version = read_version(&transaction.database).await?;
            if version > Migrator::LATEST {
                return Err(too_new_error(url, version));
            }
            // Tables that were only in the write-ahead log could not be seen before.
            file::refuse_others(&transaction.database, url).await?;
        }
        _ => {
            // The number is "wsdb" in ASCII.
            let sql = "SELECT pg_advisory_xact_lock(2004051042)";
            transaction.execute_unprepared(sql).await?;
            let sql = "SELECT current_setting('server_encoding')";
            let query = Statement::from_string(DbBackend::Postgres, sql);
            if let Some(row) = transaction.query_one_raw(query).await? {
                check_encoding(&row.try_get_by_index::<String>(0)?)?;
            }
        }
    }
    Ok(transaction)
}

/// Stores the number of applied migrations as the schema version of a SQLite file.
pub(crate) async fn write_schema_version(transaction: &Transaction) -> Result<(), Error> {
    if transaction.get_database_backend() == DbBackend::Sqlite {
        let version = Migrator::get_applied_migrations(&transaction.database)
            .await?
            .len();
        transaction
            .execute_unprepared(&format!(
                "PRAGMA user_version = {version}; PRAGMA application_id = {APPLICATION_ID}"
            ))
            .await?;
    }
    Ok(())
}

/// Returns SeaORM's connection, for the schema commands.
pub(crate) fn database(pool: &Pool) -> &DatabaseConnection {
    &pool.database
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_connection_has_the_pragmas() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("w.db").display());
        let pool = connect(&url, &Options::default()).await.expect("a pool");
        let pool = pool.database.get_sqlite_connection_pool();
        let mut connections = Vec::new();
        for _ in 0..Options::default().max_connections {
            connections.push(pool.acquire().await.expect("a connection"));
        }
        for connection in &mut connections {
            for (pragma, value) in [
                ("foreign_keys", "1"),
                ("journal_mode", "wal"),
                ("synchronous", "1"),
                ("busy_timeout", "60000"),
            ] {
                let sql = format!("SELECT CAST({pragma} AS TEXT) FROM pragma_{pragma}");
                let sql = match pragma {
                    "busy_timeout" => sql.replace("CAST(busy_timeout", "CAST(timeout"),
                    _ => sql,
                };
                let query =
                    sea_orm::sqlx::query_scalar::<_, String>(sea_orm::sqlx::AssertSqlSafe(sql));
                let actual = query.fetch_one(&mut **connection).await.expect("a value");
                assert_eq!(actual, value, "{pragma}");
            }
        }
    }

    #[tokio::test]
    async fn connection_to_memory_is_never_closed() {
        let options = Options::default();
        let pool = connect("sqlite::memory:", &options).await.expect("a pool");
        let options = pool.database.get_sqlite_connection_pool().options();
        assert_eq!(options.get_max_connections(), 1);
        assert_eq!(options.get_idle_timeout(), None);
        assert_eq!(options.get_max_lifetime(), None);
    }
}
