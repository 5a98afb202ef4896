//! Checks the database that was in a backup.

use std::path::Path;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use wsdb_migration::Migrator;

use super::archive::{Contents, TableDigest};
use super::other_tables::other_tables;
use super::snapshot::{make_single_file, open_plain, sqlite_url};
use crate::copy::{self, CopyProgress, read_contents};
use crate::{DatabaseFault, Error, Options, Store};

/// Checks that a SQLite file, which was made from `backup`, is intact and contains what it should. The
/// file gets the current schema.
///
/// # Errors
/// [`Error::DamagedBackup`], and [`Error::NewerSchema`] if a newer program made the backup.
pub(super) async fn check(
    database: &Path,
    expected: &Contents,
    backup: &Path,
    options: &Options,
    report: &dyn Fn(CopyProgress),
) -> Result<(), Error> {
    if expected.schema_version > Migrator::LATEST {
        return Err(Error::NewerSchema {
            database: backup.display().to_string(),
            found: expected.schema_version,
            known: Migrator::LATEST,
        });
    }
    let checked = check_contents(database, expected, options, report).await;
    checked.map_err(|problem| match problem {
        Problem::Differs(reason) => Error::damaged_backup(backup, reason),
        Problem::Store(Error::Unusable {
            fault: DatabaseFault::Damaged,
            reason,
            ..
        }) => Error::damaged_backup(backup, reason),
        Problem::Store(error) => error.with_database(&backup.display().to_string()),
    })
}

/// Why a database is not what it should be.
enum Problem {
    Differs(String),
    Store(Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Problem::Store(error)
    }
}

impl From<DbErr> for Problem {
    fn from(error: DbErr) -> Self {
        Problem::Store(error.into())
    }
}

async fn check_contents(
    database: &Path,
    expected: &Contents,
    options: &Options,
    report: &dyn Fn(CopyProgress),
) -> Result<(), Problem> {
    let plain = open_plain(database).await?;
    let sql = "PRAGMA integrity_check(1)";
    let check = Statement::from_string(DbBackend::Sqlite, sql);
    let result = match plain.query_one_raw(check).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => String::new(),
    };
    let other_tables = digest_other_tables(&plain).await;
    plain.close().await?;
    if result != "ok" {
        return Err(Problem::Differs(format!(
            "the integrity check of SQLite found: {}",
            result.replace('\n', " ")
        )));
    }
    // Our tables of an older schema could have other names.
    if expected.schema_version == Migrator::LATEST && other_tables? != expected.other_tables {
        let reason = "the tables of other programs differ from those that were backed up";
        return Err(Problem::Differs(reason.to_owned()));
    }
    let options = Options {
        max_connections: 1,
        create: false,
        required: true,
        ..options.clone()
    };
    // Migrates the schema of an older backup.
    let store = Store::connect_with(&sqlite_url(database)?, &options).await?;
    let differs = find_difference(&store, expected, report).await;
    store.close().await?;
    make_single_file(database).await?;
    match differs? {
        Some(table) => Err(Problem::Differs(format!(
            "table {table} differs from the one that was backed up"
        ))),
        None => Ok(()),
    }
}

async fn digest_other_tables(database: &impl ConnectionTrait) -> Result<Vec<TableDigest>, Error> {
    let mut digests = Vec::new();
    for table in other_tables(database).await? {
        digests.push(table.digest(database).await?);
    }
    Ok(digests)
}

/// Returns the name of a table whose contents are not the expected ones.
async fn find_difference(
    store: &Store,
    expected: &Contents,
    report: &dyn Fn(CopyProgress),
) -> Result<Option<String>, Error> {
    // Migrations have changed the tables of an older backup; its bytes are those that were verified.
    if expected.schema_version != Migrator::LATEST {
        return Ok(None);
    }
    let reader = store.connection.begin_read().await?;
    for table in copy::tables() {
        let contents = read_contents(&table, &reader, report).await?;
        let is_same = expected.tables.iter().any(|expected| {
            expected.table == table.name
                && expected.row_count == contents.rows
                && expected.digest == contents.digest
        });
        if !is_same {
            return Ok(Some(table.name.to_owned()));
        }
    }
    reader.rollback().await?;
    Ok(None)
}
