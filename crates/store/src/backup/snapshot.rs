//! Takes a snapshot of a database: a SQLite file with all of it as it was at one moment.

use std::path::Path;
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement, Value};
use wsdb_migration::Migrator;

use super::archive::{Contents, TableDigest};
use super::other_tables::other_tables;
use crate::connection::Pool;
use crate::copy::{self, CopyHistory, CopyProgress, read_contents};
use crate::url::{DatabaseUrl, parse, redacted};
use crate::{Error, Options, Store};

/// Writes a snapshot to the new file `target`, and returns what the database contains.
pub(super) async fn take(
    url: &str,
    options: &Options,
    target: &Path,
    report: &dyn Fn(CopyProgress),
) -> Result<Contents, Error> {
    let options = Options {
        create: false,
        required: true,
        // One writes the snapshot, and another one keeps writers from changing the database meanwhile.
        max_connections: 2,
        ..options.clone()
    };
    if matches!(parse(url)?, DatabaseUrl::Memory) {
        let reason = "a database in memory cannot be backed up";
        return Err(Error::InvalidState(reason.to_owned()));
    }
    let source = Store::connect_with(url, &options).await?;
    let contents = if source.is_postgres() {
        take_of_server(&source, url, target, &options, report).await
    } else {
        take_of_file(&source.connection, target, report).await
    };
    // Everything has been read.
    let _ = source.close().await;
    contents.map_err(|error| error.with_database(&redacted(url)))
}

async fn take_of_file(
    source: &Pool,
    target: &Path,
    report: &dyn Fn(CopyProgress),
) -> Result<Contents, Error> {
    // VACUUM cannot run in a transaction. Without writers, the one that follows sees the same database.
    let lock = source.begin().await?;
    let vacuum = Statement::from_sql_and_values(
        DbBackend::Sqlite,
        "VACUUM INTO ?",
        [Value::from(path_text(target)?)],
    );
    source.execute_raw(vacuum).await?;
    let reader = source.begin_read().await?;
    let others = other_tables(&reader).await?;
    lock.rollback().await?;
    let mut other_tables = Vec::new();
    for table in others {
        other_tables.push(table.digest(&reader).await?);
    }
    let mut tables = Vec::new();
    for table in copy::tables() {
        let contents = read_contents(&table, &reader, report).await?;
        tables.push(TableDigest {
            table: table.name.to_owned(),
            row_count: contents.rows,
            digest: contents.digest,
        });
    }
    reader.rollback().await?;
    Ok(Contents {
        schema_version: Migrator::LATEST,
        tables,
        other_tables,
    })
}

async fn take_of_server(
    source: &Store,
    url: &str,
    target: &Path,
    options: &Options,
    report: &dyn Fn(CopyProgress),
) -> Result<Contents, Error> {
    let target_url = sqlite_url(target)?;
    let options = Options {
        create: true,
        required: false,
        ..options.clone()
    };
    let store = Store::connect_with(&target_url, &options).await?;
    let urls = copy::Urls {
        from: url,
        to: &target_url,
    };
    let copied = copy::copy_between(
        source,
        &store,
        &urls,
        false,
        CopyHistory::Unrecorded,
        report,
    )
    .await;
    store.close().await?;
    let tables = copied?.into_iter().map(|copied| TableDigest {
        table: copied.table.to_owned(),
        row_count: copied.rows,
        digest: copied.digest,
    });
    let contents = Contents {
        schema_version: Migrator::LATEST,
        tables: tables.collect(),
        other_tables: Vec::new(),
    };
    make_single_file(target).await?;
    Ok(contents)
}

/// Opens a SQLite file without checking what it contains, in the journal mode that needs no other files.
/// If another program uses the file, this fails at once.
pub(super) async fn open_plain(file: &Path) -> Result<DatabaseConnection, Error> {
    use sea_orm::sqlx::ConnectOptions;
    let settings = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Delete)
        .pragma("temp_store", "MEMORY")
        .busy_timeout(Duration::ZERO)
        .disable_statement_logging();
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .test_before_acquire(false)
        .connect_with(settings)
        .await
        .map_err(|error| DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into())))?;
    Ok(sea_orm::SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

/// Moves everything from the write-ahead log of a closed SQLite file to the file itself.
pub(super) async fn make_single_file(file: &Path) -> Result<(), Error> {
    open_plain(file).await?.close().await?;
    Ok(())
}

pub(super) fn path_text(path: &Path) -> Result<&str, Error> {
    path.to_str().ok_or_else(|| {
        let path = path.display();
        Error::InvalidState(format!("the path {path} is not valid UTF-8"))
    })
}

pub(super) fn sqlite_url(path: &Path) -> Result<String, Error> {
    Ok(format!("sqlite://{}", path_text(path)?))
}
