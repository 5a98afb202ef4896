//! From a URL to a pool: the connection's settings, and a schema that is up to date.
//!
//! With `migration`, the only place that knows what is true of one database alone.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr,
    SqlxSqliteConnector, Statement,
};
use wsdb_migration::{Migrator, MigratorTrait};

use crate::Error;
use crate::connection::{Pool, Transaction};

/// How a database is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// At most so many connections; a command line needs one.
    pub max_connections: u32,
    /// How long a writer waits for another one.
    pub busy_timeout: Duration,
    /// Whether a database that isn't there is made.
    pub create: bool,
}

impl Default for Options {
    /// Four connections, a minute's patience, and a new database where there is none.
    fn default() -> Self {
        Options {
            max_connections: 4,
            busy_timeout: Duration::from_secs(60),
            create: true,
        }
    }
}

/// Where a URL points to.
enum Place<'a> {
    Memory,
    File(&'a Path),
    Postgres,
}

fn place(url: &str) -> Result<Place<'_>, Error> {
    if url == "sqlite::memory:" {
        return Ok(Place::Memory);
    }
    if let Some(path) = url.strip_prefix("sqlite://") {
        if path.is_empty() {
            return Err(Error::Url("the URL sqlite:// names no file".into()));
        }
        return Ok(Place::File(Path::new(path)));
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(Place::Postgres);
    }
    // Only the scheme is shown: what follows could be a password.
    let scheme = url
        .split("://")
        .next()
        .filter(|s| *s != url)
        .unwrap_or("none");
    Err(Error::Url(format!(
        "a database URL begins with sqlite:// or postgres://, this one with {scheme}"
    )))
}

pub(crate) async fn connect(url: &str, options: &Options) -> Result<Pool, Error> {
    let pool = open(url, options).await?;
    let version = version(&pool, url).await?;
    if version < Migrator::LATEST {
        bring_up(&pool, url).await?;
    }
    Ok(pool)
}

/// Opens without looking at the schema's version.
pub(crate) async fn open(url: &str, options: &Options) -> Result<Pool, Error> {
    match place(url)? {
        Place::Memory => {
            // Every connection to ":memory:" would be a database of its own.
            let one = Options {
                max_connections: 1,
                ..options.clone()
            };
            sqlite(SqliteConnectOptions::new().in_memory(true), &one).await
        }
        Place::File(path) => {
            check_file(path, url, options).await?;
            let file = SqliteConnectOptions::new()
                .filename(path)
                .create_if_missing(options.create);
            sqlite(file, options).await
        }
        Place::Postgres => {
            let mut connect = ConnectOptions::new(url);
            connect
                .max_connections(options.max_connections)
                .acquire_timeout(options.busy_timeout)
                .sqlx_logging(false);
            Ok(Pool(Database::connect(connect).await?))
        }
    }
}

async fn sqlite(file: SqliteConnectOptions, options: &Options) -> Result<Pool, Error> {
    use sea_orm::sqlx::ConnectOptions;
    let settings = file
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        // Of a new file: half as many writes for an import as with 4 KB.
        .page_size(8192)
        // 32 MB: an import that outgrows the default of 2 MB writes its pages many times.
        .pragma("cache_size", "-32000")
        // What a statement of many rows would need to be taken back is kept here, not in a file.
        .pragma("temp_store", "MEMORY")
        .busy_timeout(options.busy_timeout)
        .disable_statement_logging();
    let pool = SqlitePoolOptions::new()
        .max_connections(options.max_connections)
        .acquire_timeout(options.busy_timeout)
        .test_before_acquire(false);
    let mut tries = 0u32;
    loop {
        // The first switch to WAL may find the file locked whatever the timeout is.
        match pool.clone().connect_with(settings.clone()).await {
            Ok(pool) => return Ok(Pool(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))),
            Err(error) => {
                let error = Error::from(DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into())));
                tries += 1;
                if !matches!(error, Error::Busy) || tries > 100 {
                    return Err(error);
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

/// Looks at a file before SQLite does: opening one in WAL mode writes to it.
async fn check_file(path: &Path, url: &str, options: &Options) -> Result<(), Error> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if !options.create {
                return Err(Error::NoDatabase {
                    path: path.to_owned(),
                });
            }
            let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
            return match folder {
                Some(folder) if !folder.is_dir() => Err(Error::Url(format!(
                    "the folder {} does not exist",
                    folder.display()
                ))),
                _ => Ok(()),
            };
        }
        Err(error) => {
            return Err(Error::Url(format!(
                "{} can't be opened: {error}",
                path.display()
            )));
        }
    };
    let not_a_database = || Error::NotADatabase {
        path: path.to_owned(),
    };
    if !file.metadata().is_ok_and(|m| m.is_file()) {
        return Err(not_a_database());
    }
    // The header: https://www.sqlite.org/fileformat2.html#the_database_header
    let mut header = [0u8; 100];
    let mut length = 0;
    while length < header.len() {
        match file.read(&mut header[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(_) => return Err(not_a_database()),
        }
    }
    if length == 0 {
        return Ok(());
    }
    if length < header.len() || &header[..16] != b"SQLite format 3\0" {
        return Err(not_a_database());
    }
    let version = u32::from_be_bytes([header[60], header[61], header[62], header[63]]);
    if version > Migrator::LATEST {
        return Err(newer(url, version));
    }
    if version == 0 {
        check_owner(path).await?;
    }
    Ok(())
}

/// A database without a version is new, or somebody else's.
async fn check_owner(path: &Path) -> Result<(), Error> {
    let file = SqliteConnectOptions::new().filename(path).read_only(true);
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(file)
        .await
        .map_err(|error| DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into())))?;
    let pool = SqlxSqliteConnector::from_sqlx_sqlite_pool(pool);
    let owner = match names(&pool).await {
        Ok(tables) => owner(&tables),
        Err(_) => {
            return Err(Error::NotADatabase {
                path: path.to_owned(),
            });
        }
    };
    pool.close().await?;
    match owner {
        None => Ok(()),
        Some(owner) => Err(Error::NotOurs {
            path: path.to_owned(),
            owner,
        }),
    }
}

async fn names(database: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table'";
    let rows = database
        .query_all_raw(Statement::from_string(DbBackend::Sqlite, sql))
        .await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

fn owner(tables: &[String]) -> Option<&'static str> {
    let has = |name: &str| tables.iter().any(|table| table == name);
    if tables.is_empty() || has("seaql_migrations") {
        None
    } else if has("workspace_tasks") {
        Some("the earlier Python tool")
    } else {
        Some("another program")
    }
}

fn newer(url: &str, found: u32) -> Error {
    Error::NewerSchema {
        database: shown(url),
        found,
        known: Migrator::LATEST,
    }
}

/// A URL without its password, to be shown.
fn shown(url: &str) -> String {
    match url.strip_prefix("sqlite://") {
        Some(path) => PathBuf::from(path).display().to_string(),
        None => match (url.split_once("://"), url.rsplit_once('@')) {
            (Some((scheme, _)), Some((_, host))) => format!("{scheme}://{host}"),
            _ => url.to_owned(),
        },
    }
}

/// The schema's version: the one small query that opening costs.
pub(crate) async fn version(pool: &Pool, url: &str) -> Result<u32, Error> {
    let found = read_version(&pool.0).await?;
    if found > Migrator::LATEST {
        return Err(newer(url, found));
    }
    Ok(found)
}

async fn read_version(database: &impl ConnectionTrait) -> Result<u32, Error> {
    let backend = database.get_database_backend();
    let sql = match backend {
        DbBackend::Sqlite => "PRAGMA user_version",
        _ => "SELECT count(*)::int FROM seaql_migrations",
    };
    let row = database
        .query_one_raw(Statement::from_string(backend, sql))
        .await;
    let version: i32 = match row {
        Ok(Some(row)) => row.try_get_by_index(0)?,
        Ok(None) => 0,
        // undefined_table: nothing was ever migrated here.
        Err(error) if crate::error::code(&error).as_deref() == Some("42P01") => 0,
        Err(error) => return Err(error.into()),
    };
    Ok(u32::try_from(version).unwrap_or(u32::MAX))
}

/// Runs the missing steps in one transaction that only one process is in at a time.
async fn bring_up(pool: &Pool, url: &str) -> Result<(), Error> {
    let transaction = pool.begin().await?;
    lock(&transaction).await?;
    if version_in(&transaction).await? > Migrator::LATEST {
        return Err(newer(url, version_in(&transaction).await?));
    }
    Migrator::up(&transaction.0, None).await?;
    stamp(&transaction).await?;
    transaction.commit().await
}

/// The version that a transaction sees.
pub(crate) async fn version_in(transaction: &Transaction) -> Result<u32, Error> {
    match transaction.get_database_backend() {
        DbBackend::Sqlite => read_version(&transaction.0).await,
        // A failed query would spoil the transaction; the migrator looks for itself.
        _ => Ok(0),
    }
}

/// The migrator takes no lock of its own. SQLite's transaction is IMMEDIATE already.
pub(crate) async fn lock(transaction: &Transaction) -> Result<(), Error> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        // The number is "wsdb" in ASCII.
        let sql = "SELECT pg_advisory_xact_lock(2004051042)";
        transaction
            .0
            .execute_raw(Statement::from_string(DbBackend::Postgres, sql))
            .await?;
    }
    Ok(())
}

/// Writes down how many steps have been taken.
pub(crate) async fn stamp(transaction: &Transaction) -> Result<(), Error> {
    if transaction.get_database_backend() == DbBackend::Sqlite {
        let taken = Migrator::get_applied_migrations(&transaction.0)
            .await?
            .len();
        transaction
            .execute_unprepared(&format!("PRAGMA user_version = {taken}"))
            .await?;
    }
    Ok(())
}

/// The pool's own type, for the schema commands.
pub(crate) fn database(pool: &Pool) -> &DatabaseConnection {
    &pool.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown() {
        assert_eq!(
            shown("postgres://jo:secret@db.example/ws"),
            "postgres://db.example/ws"
        );
        assert_eq!(shown("sqlite:///srv/a@b.db"), "/srv/a@b.db");
        let error = place("jo:secret@db").map(|_| ()).map_err(|e| e.to_string());
        assert!(error.is_err_and(|e| !e.contains("secret")));
    }

    #[tokio::test]
    async fn the_pragmas_hold_on_every_connection() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("w.db").display());
        let pool = connect(&url, &Options::default()).await.expect("a pool");
        let pool = pool.0.get_sqlite_connection_pool();
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
                let found = query.fetch_one(&mut **connection).await.expect("a value");
                assert_eq!(found, value, "{pragma}");
            }
        }
    }
}
