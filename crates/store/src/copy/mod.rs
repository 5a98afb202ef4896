//! Copies a complete workspace from one database to another, all or nothing, and verifies it before
//! the commit.

mod history;
mod table;
mod value;

use std::ffi::OsString;
use std::path::Path;

use sea_orm::{ConnectionTrait, DbBackend, SqlErr, Statement};
use wsdb_core::Author;

use crate::bulk::BulkInsert;
use crate::url::{DatabaseUrl, is_same_database, parse, redacted};
use crate::{Error, Options, Store, TableContents, Transaction, history_writes};
use table::Digest;

pub(crate) use table::{Table, tables};
pub(crate) use value::Kind;

/// Progress of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyProgress {
    /// The copy starts; the number of rows to write and then to verify.
    Begun(u64),
    /// More rows have been written.
    Written(usize),
    /// More rows have been read back and verified.
    Checked(usize),
}

/// Whether a copy is an action in the history of its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CopyHistory {
    /// The copy, including the records that it replaces, is recorded and can be undone.
    Recorded,
    /// The history is that of the source, and nothing else.
    Unrecorded,
}

/// The URLs of the source and the target of a copy.
pub(crate) struct Urls<'a> {
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
}

/// A table that was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedTable {
    /// Its name.
    pub table: &'static str,
    /// The number of rows in it.
    pub rows: u64,
    /// A hash of all its values, as 32 hexadecimal digits: the same on SQLite and PostgreSQL.
    pub digest: String,
}

/// Copies the workspace in the database `from` to the database `to`, which must have no records
/// unless `replace` is set, which deletes them. A missing SQLite file is created, and removed again
/// if the copy fails. Every table is read back and compared before the commit.
///
/// The history is copied, too. The copy itself, including the records that it replaces, is
/// recorded as one more action in `to`, by `author`.
///
/// # Errors
/// [`Error::SameDatabase`], [`Error::NotEmpty`] if `to` has records, [`Error::CopyDiffers`] if a table differs after the
/// copy, [`Error::Corrupt`] if a value of `from` cannot be read, and those of [`Store::connect`].
/// `to` is not changed then.
pub async fn copy(
    from: &str,
    to: &str,
    options: &Options,
    replace: bool,
    author: Author,
    report: &dyn Fn(CopyProgress),
) -> Result<Vec<CopiedTable>, Error> {
    let new_file = match parse(to)? {
        DatabaseUrl::File(path) if !path.exists() => Some(path),
        _ => None,
    };
    if is_same_database(from, to) {
        return Err(Error::SameDatabase(redacted(from)));
    }
    let options = Options {
        max_connections: 1,
        create: false,
        required: true,
        ..options.clone()
    };
    let source = Store::connect_with(from, &options).await?;
    let options = Options {
        create: true,
        required: false,
        ..options.clone()
    };
    let result = match Store::connect_with(to, &options).await {
        Ok(target) => {
            let target = target.with_author(author);
            let result = if has_same_identity(&source, &target).await {
                let names = format!("{} and {}", redacted(from), redacted(to));
                Err(Error::SameDatabase(names))
            } else {
                let urls = Urls { from, to };
                let history = CopyHistory::Recorded;
                copy_between(&source, &target, &urls, replace, history, report).await
            };
            let closed = target.close().await;
            result.and_then(|copied| closed.map(|()| copied))
        }
        Err(error) => Err(error),
    };
    if let (Err(_), Some(path)) = (&result, new_file) {
        remove(path);
    }
    // Everything has been read: a failure to close the source doesn't matter.
    let _ = source.close().await;
    // Errors of the source already name it.
    result.map_err(|error| error.with_database(&redacted(to)))
}

/// Returns whether both are the same schema of the same database on the same server, whatever
/// their URLs are. If a server doesn't allow this query, the answer is no.
async fn has_same_identity(store: &Store, other: &Store) -> bool {
    async fn identity(store: &Store) -> Option<String> {
        if !store.is_postgres() {
            return None;
        }
        let sql = "SELECT concat_ws('/', system_identifier, current_schema(), \
                   (SELECT oid FROM pg_database WHERE datname = current_database())) \
                   FROM pg_control_system()";
        let query = Statement::from_string(DbBackend::Postgres, sql);
        let row = store.connection.query_one_raw(query).await.ok()??;
        row.try_get_by_index(0).ok()
    }
    let identity_of_store = identity(store).await;
    identity_of_store.is_some() && identity_of_store == identity(other).await
}

fn remove(file: &Path) {
    for end in ["", "-wal", "-shm"] {
        let mut path = OsString::from(file);
        path.push(end);
        // The error of the copy is the one to report.
        let _ = std::fs::remove_file(path);
    }
}

/// Copies everything in one transaction; see [`copy`].
pub(crate) async fn copy_between(
    source: &Store,
    target: &Store,
    urls: &Urls<'_>,
    replace: bool,
    history: CopyHistory,
    report: &dyn Fn(CopyProgress),
) -> Result<Vec<CopiedTable>, Error> {
    let from = source.connection.begin_read().await;
    let from = from.map_err(|error| error.with_database(&redacted(urls.from)))?;
    let to = target.begin().await?;
    match run(&from, &to, urls, replace, history, report).await {
        Ok(copied) => to.commit().await.map(|()| copied),
        Err(error) => {
            let _ = to.rollback().await;
            Err(error)
        }
    }
}

async fn run(
    from: &Transaction,
    target: &Store<Transaction>,
    urls: &Urls<'_>,
    replace: bool,
    history: CopyHistory,
    report: &dyn Fn(CopyProgress),
) -> Result<Vec<CopiedTable>, Error> {
    let Urls {
        from: from_url,
        to: to_url,
    } = urls;
    let to = &target.connection;
    let tables = tables();
    lock(to, &tables).await?;
    let mut records = 0;
    for table in tables.iter().filter(|table| table.records && !replace) {
        records += table.count(to).await?;
    }
    if records > 0 {
        return Err(Error::NotEmpty {
            database: redacted(to_url),
            records,
        });
    }
    let mut changes = history::deletion_changes(target, &tables).await?;
    // Even without records: what remains of deleted ones could conflict.
    for table in tables.iter().rev() {
        table.clear(to).await?;
    }
    let mut rows = 0;
    for table in &tables {
        let count = table.count(from).await;
        rows += count.map_err(|error| error.with_database(&redacted(from_url)))?;
    }
    report(CopyProgress::Begun(rows));
    let mut copied = Vec::new();
    for table in &tables {
        let mut ids = Vec::new();
        let TableContents { rows, digest } =
            transfer(table, from, from_url, to, &mut ids, report).await?;
        changes.extend(history_writes::insert_changes(
            table.name,
            ids.iter().map(String::as_str),
        ));
        copied.push(CopiedTable {
            table: table.name,
            rows,
            digest,
        });
    }
    // After all tables are written: a trigger of one may change another.
    for (table, expected) in tables.iter().zip(&copied) {
        let expected = TableContents {
            rows: expected.rows,
            digest: expected.digest.clone(),
        };
        let found = read_contents(table, to, report).await?;
        if found != expected {
            return Err(Error::CopyDiffers {
                table: table.name,
                expected,
                found,
            });
        }
    }
    history_writes::sync_sequence(to).await?;
    match history {
        CopyHistory::Recorded => {
            changes.extend(history::documents(target).await?);
            history_writes::record_changes(to, changes).await?;
        }
        CopyHistory::Unrecorded => {}
    }
    Ok(copied)
}

/// Locks the tables, so that nobody else writes during the copy. SQLite needs no lock.
async fn lock(to: &Transaction, tables: &[Table]) -> Result<(), Error> {
    if to.get_database_backend() == DbBackend::Postgres {
        let names: Vec<&str> = tables.iter().map(|table| table.name).collect();
        let timeout = Options::default().busy_timeout.as_secs();
        to.execute_unprepared(&format!(
            "SET LOCAL lock_timeout = '{timeout}s'; LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE",
            names.join(", ")
        ))
        .await?;
    }
    Ok(())
}

/// Copies a table's rows, and returns the contents of the source. Appends the ids of records to
/// `ids`.
async fn transfer(
    table: &Table,
    from: &Transaction,
    from_url: &str,
    to: &Transaction,
    ids: &mut Vec<String>,
    report: &dyn Fn(CopyProgress),
) -> Result<TableContents, Error> {
    let describe_error = |error: sea_orm::DbErr| {
        let code = crate::error::code(&error).unwrap_or_default();
        match error.sql_err() {
            Some(
                SqlErr::ForeignKeyConstraintViolation(why) | SqlErr::UniqueConstraintViolation(why),
            ) => Error::InvalidState(format!("table {} has inconsistent rows: {why}", table.name)),
            // data_exception, such as a number that is too long
            _ if code.len() == 5 && code.starts_with("22") => Error::InvalidState(format!(
                "table {} has a value that PostgreSQL cannot store: {error}",
                table.name
            )),
            _ => error.into(),
        }
    };
    let backend = to.get_database_backend();
    let mut bulk = BulkInsert::new(to, table.name, &table.columns);
    let mut digest = Digest::default();
    let mut last = None;
    loop {
        // Meanwhile, the target inserts the previous rows.
        let rows = table.page(from, last.as_ref(), bulk.max_rows()).await;
        let rows = rows.map_err(|error| error.with_database(&redacted(from_url)))?;
        let Some(end) = rows.last() else { break };
        last = Some(table.key(end));
        table.check(&rows, backend)?;
        digest.update_digest(&rows)?;
        if table.records {
            ids.extend(rows.iter().filter_map(|row| table.id(row)));
        }
        let count = rows.len();
        bulk.insert(rows, |row, backend, values| {
            table.bind(row, backend, values);
        })
        .await
        .map_err(describe_error)?;
        report(CopyProgress::Written(count));
    }
    bulk.end().await.map_err(describe_error)?;
    Ok(digest.end())
}

/// Returns the contents of a table.
pub(crate) async fn read_contents(
    table: &Table,
    database: &Transaction,
    report: &dyn Fn(CopyProgress),
) -> Result<TableContents, Error> {
    const BATCH_SIZE: usize = 256;
    let mut digest = Digest::default();
    let mut last = None;
    loop {
        let rows = table.page(database, last.as_ref(), BATCH_SIZE).await?;
        let Some(end) = rows.last() else {
            return Ok(digest.end());
        };
        last = Some(table.key(end));
        digest.update_digest(&rows)?;
        report(CopyProgress::Checked(rows.len()));
    }
}
