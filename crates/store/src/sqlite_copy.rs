//! Copies a SQLite file, and proves that the copy holds the same rows.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::hash::Hasher;
use std::path::{Path, PathBuf};

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sea_orm::sqlx::{self, AssertSqlSafe, Connection, Row, TypeInfo, ValueRef};
use siphasher::sip128::{Hasher128, SipHasher13};
use wsdb_core::format_io_error;

use crate::private_files::{create_private, folder_of, sync_folder};
use crate::sqlite_header::{FilePrefix, Header};
use crate::url::escape_file_prefix;
use crate::{DatabaseFault, Error, Journal, TableContents};

/// Number of rows that are read together.
const BATCH_SIZE: usize = 500;

/// Converts an error of the driver.
pub(crate) fn driver_error(error: sqlx::Error) -> Error {
    sea_orm::DbErr::Query(sea_orm::RuntimeErr::SqlxError(error.into())).into()
}

/// Opens a file to read it. Nothing is written beside it: a file in WAL mode without a log of its own is
/// read as one that nobody changes. With a rollback journal, reading needs no other file, and locks the
/// file against changes while a transaction reads it.
pub(crate) async fn open_to_read(path: &Path) -> Result<SqliteConnection, Error> {
    let has_log = ["-wal", "-journal"].iter().any(|suffix| {
        let mut log = path.as_os_str().to_owned();
        log.push(suffix);
        fs::metadata(log).is_ok_and(|metadata| metadata.len() > 0)
    });
    let start = FilePrefix::read(path).ok();
    let header = start.and_then(|start| Header::parse(&start));
    let is_in_wal_mode = header.is_some_and(|header| header.journal == Journal::Wal);
    let options = SqliteConnectOptions::new()
        .filename(escape_file_prefix(path))
        .read_only(true)
        .immutable(is_in_wal_mode && !has_log);
    SqliteConnection::connect_with(&options)
        .await
        .map_err(driver_error)
}

/// Writes a copy of the database to a new file that only its owner can read. The copy is checked
/// for damage and compared with the database, and then gets its name.
///
/// # Errors
/// [`Error::Backup`] if the copy cannot be written, or differs.
pub(crate) async fn write_verified_copy(
    source: &mut SqliteConnection,
    target: &Path,
) -> Result<(), Error> {
    let temporary = temporary_path(target);
    let written = write_and_verify(source, &temporary, target).await;
    if written.is_err() {
        // The first error is the one to report.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// Returns the name that a copy has until it is complete. A run that was killed leaves it behind, and
/// the next one writes it again.
fn temporary_path(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(".tmp");
    name.into()
}

async fn write_and_verify(
    source: &mut SqliteConnection,
    temporary: &Path,
    target: &Path,
) -> Result<(), Error> {
    let fail = |error: std::io::Error| failure(target, format_io_error(&error));
    match fs::remove_file(temporary) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(fail(error)),
        _ => {}
    }
    create_private(temporary).map_err(fail)?;
    let name = temporary
        .to_str()
        .ok_or_else(|| failure(target, "the path is not valid UTF-8"))?;
    sqlx::query("VACUUM INTO ?")
        .bind(name)
        .execute(&mut *source)
        .await
        .map_err(|error| failure(target, driver_error(error)))?;
    let mut copy = open_to_read(temporary).await?;
    let checked = verify(source, &mut copy, target).await;
    copy.close().await.map_err(driver_error)?;
    checked?;
    File::open(temporary)
        .and_then(|file| file.sync_all())
        .map_err(fail)?;
    fs::rename(temporary, target).map_err(fail)?;
    sync_folder(folder_of(target)).map_err(fail)
}

fn failure(target: &Path, reason: impl ToString) -> Error {
    Error::Backup {
        path: target.to_owned(),
        reason: reason.to_string(),
    }
}

async fn verify(
    source: &mut SqliteConnection,
    copy: &mut SqliteConnection,
    target: &Path,
) -> Result<(), Error> {
    let found: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_all(&mut *copy)
        .await
        .map_err(driver_error)?;
    if found != ["ok"] {
        return Err(failure(target, found.join("; ")));
    }
    if schema(source).await? != schema(copy).await? {
        return Err(failure(target, "the tables of the copy differ"));
    }
    for table in tables(source).await? {
        let (expected, found) = (
            contents(source, &table).await?,
            contents(copy, &table).await?,
        );
        if expected != found {
            let reason = format!(
                "table {table} differs: expected {} rows with digest {}, found {} rows with digest {}",
                expected.rows, expected.digest, found.rows, found.digest
            );
            return Err(failure(target, reason));
        }
    }
    Ok(())
}

/// Returns the statements that create the objects of a database, by type and name.
async fn schema(
    connection: &mut SqliteConnection,
) -> Result<BTreeMap<(String, String), String>, Error> {
    let sql = "SELECT type, name, coalesce(sql, '') FROM sqlite_master";
    let rows = sqlx::query(sql).fetch_all(connection).await;
    let rows = rows.map_err(driver_error)?;
    let read = |row: &SqliteRow| Ok(((row.try_get(0)?, row.try_get(1)?), row.try_get(2)?));
    rows.iter()
        .map(read)
        .collect::<Result<_, _>>()
        .map_err(driver_error)
}

/// Returns the tables that hold rows: virtual tables keep theirs in others. Of SQLite's own tables,
/// only the numbers of `AUTOINCREMENT` cannot be computed again.
async fn tables(connection: &mut SqliteConnection) -> Result<Vec<String>, Error> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 \
               AND (name NOT LIKE 'sqlite\\_%' ESCAPE '\\' OR name = 'sqlite_sequence')";
    sqlx::query_scalar(sql)
        .fetch_all(connection)
        .await
        .map_err(driver_error)
}

/// Returns the number of rows in a table and a digest of all their values, whatever their order is.
async fn contents(connection: &mut SqliteConnection, table: &str) -> Result<TableContents, Error> {
    let (mut rows, mut digest) = (0, 0_u128);
    let key = row_id(connection, table).await?;
    let table = quote(table);
    let mut last = i64::MIN;
    loop {
        let page: Vec<SqliteRow> = match key {
            Some(key) => {
                // Tables can be large.
                let sql = format!(
                    "SELECT {key}, * FROM {table} WHERE {key} >= ? ORDER BY {key} LIMIT {BATCH_SIZE}"
                );
                sqlx::query(AssertSqlSafe(sql))
                    .bind(last)
                    .fetch_all(&mut *connection)
                    .await
            }
            None => {
                let sql = format!("SELECT NULL, * FROM {table}");
                sqlx::query(AssertSqlSafe(sql))
                    .fetch_all(&mut *connection)
                    .await
            }
        }
        .map_err(driver_error)?;
        for row in &page {
            digest = digest.wrapping_add(row_digest(row)?);
            rows += 1;
        }
        let end = page
            .last()
            .filter(|_| key.is_some() && page.len() == BATCH_SIZE);
        let next = match end {
            Some(end) => end
                .try_get::<i64, _>(0)
                .map_err(driver_error)?
                .checked_add(1),
            None => None,
        };
        match next {
            Some(next) => last = next,
            None => break,
        }
    }
    Ok(TableContents {
        rows,
        digest: format!("{digest:032x}"),
    })
}

/// Returns a name under which the number of a table's rows can be read; `None` if they have none.
async fn row_id(
    connection: &mut SqliteConnection,
    table: &str,
) -> Result<Option<&'static str>, Error> {
    let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?)")
        .bind(table)
        .fetch_all(&mut *connection)
        .await
        .map_err(driver_error)?;
    let is_free = |name: &&str| !columns.iter().any(|it| it.eq_ignore_ascii_case(name));
    let Some(name) = ["rowid", "_rowid_", "oid"].into_iter().find(is_free) else {
        return Ok(None);
    };
    let sql = format!("SELECT {name} FROM {} LIMIT 1", quote(table));
    // A table that was made WITHOUT ROWID has no such column.
    let found = sqlx::query(AssertSqlSafe(sql)).fetch_all(connection).await;
    Ok(found.is_ok().then_some(name))
}

/// Returns a digest of the values of a row, without its number in the first column.
fn row_digest(row: &SqliteRow) -> Result<u128, Error> {
    let mut hasher = SipHasher13::new();
    for column in 1..row.len() {
        let value = row.try_get_raw(column).map_err(driver_error)?;
        if value.is_null() {
            hasher.write_u8(0);
            continue;
        }
        match value.type_info().name() {
            "INTEGER" => {
                hasher.write_u8(1);
                hasher.write_i64(row.try_get_unchecked(column).map_err(driver_error)?);
            }
            "REAL" => {
                let number: f64 = row.try_get_unchecked(column).map_err(driver_error)?;
                hasher.write_u8(2);
                hasher.write_u64(number.to_bits());
            }
            other => {
                let bytes: &[u8] = row.try_get_unchecked(column).map_err(driver_error)?;
                hasher.write_u8(if other == "TEXT" { 3 } else { 4 });
                hasher.write_usize(bytes.len());
                hasher.write(bytes);
            }
        }
    }
    Ok(hasher.finish128().as_u128())
}

/// Quotes the name of a table or column.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Returns an unused path beside a file: its name with a suffix and, if that is taken, a number.
pub(crate) fn free_path(file: &Path, suffix: &str) -> Result<PathBuf, Error> {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let extension = file.extension().map(|it| it.to_string_lossy());
    let extension = extension.map_or(String::new(), |it| format!(".{it}"));
    for number in 1..10_000 {
        let number = match number {
            1 => String::new(),
            number => format!("-{number}"),
        };
        let path = file.with_file_name(format!("{stem}.{suffix}{number}{extension}"));
        // A link is not followed.
        if fs::symlink_metadata(&path).is_err() {
            return Ok(path);
        }
    }
    Err(Error::Unusable {
        database: file.display().to_string(),
        fault: DatabaseFault::Other,
        reason: "there are too many backups beside the file".to_owned(),
    })
}
