//! Adopts the SQLite file that the earlier tool, written in Python, left behind.
//!
//! The file is rebuilt in one transaction with a rollback journal: the main file changes at the
//! commit, so that a process that is killed leaves the old file or the new one, and every later
//! reader can see which one it is.

mod old_database;
mod rows;
mod schema;

use std::path::{Path, PathBuf};

use sea_orm::sqlx::Connection as _;
use sea_orm::sqlx::sqlite::SqliteConnection;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use wsdb_core::Author;

use crate::connect::{self, open_to_adopt};
use crate::file::{self, FileOwner};
use crate::sqlite_copy::{driver_error, free_path, open_to_read, quote, write_verified_copy};
use crate::transaction::FromStoreError;
use crate::url::{DatabaseUrl, parse, redacted};
use crate::{DatabaseFault, Error, Journal, Options, Pool, Store, Transaction, copy};
use schema::OldSchema;

pub use old_database::{AdoptTarget, OldDatabase, OldRow, OldTable, UnknownColumn};

/// Reads what the earlier tool left in the SQLite file at a URL, without changing anything; `None` if
/// the file is one of ours.
///
/// # Errors
/// [`Error::NoDatabase`], [`Error::NotADatabase`], [`Error::ForeignDatabase`] if the file is none of
/// the earlier tool, and [`Error::NotAdoptable`] if it holds something that prevents adopting it.
pub async fn read_old_database(
    url: &str,
    target: AdoptTarget,
) -> Result<Option<OldDatabase>, Error> {
    let path = file_of(url)?;
    if file::owner(path).await? == FileOwner::Ours {
        return Ok(None);
    }
    let mut connection = open_to_read(path).await?;
    let database = async {
        // All tables are read as they are at one moment.
        let begin = sea_orm::sqlx::query("BEGIN").execute(&mut connection);
        begin.await.map_err(driver_error)?;
        let schema = schema::read(&mut connection).await?;
        schema.check(path, target)?;
        read_tables(&mut connection, schema).await
    };
    let database = database.await;
    connection.close().await.map_err(driver_error)?;
    database.map(Some)
}

/// Rebuilds the file of the earlier tool as one of ours, in one transaction: `write` gets what was
/// read, and a store without records. Returns its result and the backup of the file as it was; `None`
/// if another process was faster.
///
/// # Errors
/// Those of [`read_old_database`] and of `write`, [`Error::Backup`] if there is no verified backup, and
/// [`Error::Busy`] if another process uses the file. The file is as it was then.
pub async fn adopt<R, E: FromStoreError>(
    url: &str,
    options: &Options,
    author: Author,
    journal: Journal,
    write: impl AsyncFn(&Store<Transaction>, OldDatabase) -> Result<R, E>,
) -> Result<Option<(R, PathBuf)>, E> {
    let path = file_of(url)?;
    let journal_before = file::journal_of(path);
    let pool = open_to_adopt(path, options).await?;
    let store = Store::with_connection(pool).with_author(author);
    let adopted = adopt_locked(&store, url, path, write).await;
    let journal = match &adopted {
        Ok(_) => journal,
        Err(_) => journal_before,
    };
    let set = set_journal_mode(&store.connection, journal).await;
    let closed = store.close().await;
    // The error of the adoption is the one to report.
    let adopted = adopted?;
    set?;
    closed?;
    Ok(adopted)
}

async fn adopt_locked<R, E: FromStoreError>(
    store: &Store<Pool>,
    url: &str,
    path: &Path,
    write: impl AsyncFn(&Store<Transaction>, OldDatabase) -> Result<R, E>,
) -> Result<Option<(R, PathBuf)>, E> {
    // From here on, nobody else can write.
    let transaction = store.connection.begin_migration().await?;
    if file::owner(path).await? == FileOwner::Ours {
        return Ok(None);
    }
    let (old, backup) = read_and_back_up(path).await?;
    for table in &old.tables {
        let drop = format!("DROP TABLE {}", quote(table.table));
        transaction
            .execute_unprepared(&drop)
            .await
            .map_err(Error::from)?;
    }
    connect::migrate_up(&transaction, url).await?;
    connect::write_schema_version(&transaction).await?;
    let transaction = Store::with_connection(transaction);
    let result = write(&transaction, old).await?;
    check_references(&transaction.connection).await?;
    transaction.commit().await?;
    Ok(Some((result, backup)))
}

/// Reads the file, and writes a backup of it.
async fn read_and_back_up(path: &Path) -> Result<(OldDatabase, PathBuf), Error> {
    let mut connection = open_to_read(path).await?;
    let done = async {
        let schema = schema::read(&mut connection).await?;
        schema.check(path, AdoptTarget::SameFile)?;
        let old = read_tables(&mut connection, schema).await?;
        let backup = free_path(path, "before-adopt")?;
        write_verified_copy(&mut connection, &backup).await?;
        Ok((old, backup))
    };
    let done = done.await;
    connection.close().await.map_err(driver_error)?;
    done
}

async fn read_tables(
    connection: &mut SqliteConnection,
    schema: OldSchema,
) -> Result<OldDatabase, Error> {
    let mut tables = Vec::with_capacity(schema.tables.len());
    for ours in copy::tables() {
        let mut found = schema.tables.iter();
        if let Some((_, columns)) = found.find(|(name, _)| *name == ours.name) {
            tables.push(rows::read(connection, &ours, columns).await?);
        }
    }
    Ok(OldDatabase {
        tables,
        other_tables: schema.other_tables,
        indexes: schema.indexes,
    })
}

/// Foreign keys are off while tables are dropped, so they are checked once at the end.
async fn check_references(transaction: &Transaction) -> Result<(), Error> {
    for table in copy::tables() {
        let sql = format!("SELECT 1 FROM pragma_foreign_key_check('{}')", table.name);
        let query = Statement::from_string(DbBackend::Sqlite, sql);
        if transaction.query_one_raw(query).await?.is_some() {
            return Err(Error::InvalidState(format!(
                "table {} refers to a record that does not exist",
                table.name
            )));
        }
    }
    Ok(())
}

/// Lets scripts still select unknown columns by name: they get the values of the fields. A script that
/// writes to such a column is refused.
///
/// # Errors
/// Those of the database.
pub async fn keep_columns(
    store: &Store<Transaction>,
    columns: &[UnknownColumn],
) -> Result<(), Error> {
    // In a path, a quote cannot be escaped.
    let mut columns = columns.iter();
    while let Some(unknown) = columns.find(|unknown| !unknown.field.contains(['"', '\''])) {
        let sql = format!(
            "ALTER TABLE {} ADD COLUMN {} GENERATED ALWAYS AS \
             (json_extract(document_fields, '$.\"{}\"')) VIRTUAL",
            quote(unknown.table),
            quote(&unknown.column),
            unknown.field
        );
        store.connection.execute_unprepared(&sql).await?;
    }
    Ok(())
}

/// Sets how a SQLite file is written; every later opening keeps it. Returns whether it was changed.
///
/// # Errors
/// [`Error::Busy`] if another process uses the file, and those of [`Store::connect`].
pub async fn set_journal(url: &str, options: &Options, journal: Journal) -> Result<bool, Error> {
    file_of(url)?;
    let options = Options {
        create: false,
        max_connections: 1,
        ..options.clone()
    };
    let store = Store::connect_with(url, &options).await?;
    let changed = set_journal_mode(&store.connection, journal).await;
    store.close().await?;
    changed.map_err(|error| error.with_database(&redacted(url)))
}

/// Sets the journal mode. It is stored in the file.
async fn set_journal_mode(pool: &Pool, journal: Journal) -> Result<bool, Error> {
    let query = |sql: String| Statement::from_string(DbBackend::Sqlite, sql);
    let read = query("PRAGMA journal_mode".to_owned());
    let before: Option<String> = match pool.query_one_raw(read).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    };
    let set = query(format!("PRAGMA journal_mode = {}", journal.as_str()));
    let now: Option<String> = match pool.query_one_raw(set).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    };
    if now.as_deref() != Some(journal.as_str()) {
        return Err(Error::Busy { by: Vec::new() });
    }
    Ok(before != now)
}

/// Returns the path of the SQLite file at a URL.
fn file_of(url: &str) -> Result<&Path, Error> {
    match parse(url)? {
        DatabaseUrl::File(path) => Ok(path),
        DatabaseUrl::Memory | DatabaseUrl::Postgres => Err(Error::Unusable {
            database: redacted(url),
            fault: DatabaseFault::Other,
            reason: "only a SQLite file can be adopted".to_owned(),
        }),
    }
}
