//! Runs and reverts schema migrations, for developers.

use wsdb_migration::{Migrator, MigratorTrait};

use crate::connect::{
    begin_schema_transaction, database, migrate_up, open, version, write_schema_version,
};
use crate::connection::Pool;
use crate::{Error, Options};

async fn applied(pool: &Pool) -> Result<Vec<String>, Error> {
    let migrations = Migrator::get_applied_migrations(database(pool)).await?;
    Ok(migrations
        .iter()
        .map(|migration| migration.name().to_owned())
        .collect())
}

/// Runs every pending migration, and returns their names.
///
/// # Errors
/// Same as [`crate::Store::connect`].
pub async fn up(url: &str) -> Result<Vec<String>, Error> {
    let pool = open(url, &Options::default()).await?;
    version(&pool, url).await?;
    let transaction = begin_schema_transaction(&pool, url).await?;
    let pending = Migrator::get_pending_migrations(&transaction.database).await?;
    migrate_up(&transaction, url).await?;
    write_schema_version(&transaction).await?;
    transaction.commit().await?;
    pool.database.close().await?;
    Ok(pending
        .iter()
        .map(|migration| migration.name().to_owned())
        .collect())
}

/// Reverts the last migration, deleting the data in its tables and columns, and returns its name.
///
/// # Errors
/// [`Error::NoDatabase`] if there is none, and those of [`crate::Store::connect`].
pub async fn down(url: &str) -> Result<Option<String>, Error> {
    let pool = open(url, &existing()).await?;
    version(&pool, url).await?;
    let last = applied(&pool).await?.pop();
    let transaction = begin_schema_transaction(&pool, url).await?;
    Migrator::down(&transaction.database, Some(1)).await?;
    write_schema_version(&transaction).await?;
    transaction.commit().await?;
    pool.database.close().await?;
    Ok(last)
}

/// A migration of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// Its name.
    pub name: String,
    /// Whether it has been applied to the database.
    pub is_applied: bool,
}

/// Returns every migration, in order.
///
/// # Errors
/// [`Error::NoDatabase`] if there is none, and those of [`crate::Store::connect`].
pub async fn status(url: &str) -> Result<Vec<MigrationStatus>, Error> {
    let pool = open(url, &existing()).await?;
    version(&pool, url).await?;
    let applied = applied(&pool).await?;
    pool.database.close().await?;
    let migrations = Migrator::migrations();
    Ok(migrations
        .iter()
        .map(|migration| MigrationStatus {
            name: migration.name().to_owned(),
            is_applied: applied.iter().any(|name| name == migration.name()),
        })
        .collect())
}

/// Reverts every migration, deleting all data, and runs them again; returns their names.
///
/// # Errors
/// Same as [`crate::Store::connect`].
pub async fn reset(url: &str) -> Result<Vec<String>, Error> {
    let pool = open(url, &Options::default()).await?;
    version(&pool, url).await?;
    let transaction = begin_schema_transaction(&pool, url).await?;
    Migrator::down(&transaction.database, None).await?;
    Migrator::up(&transaction.database, None).await?;
    write_schema_version(&transaction).await?;
    transaction.commit().await?;
    let names = applied(&pool).await?;
    pool.database.close().await?;
    Ok(names)
}

fn existing() -> Options {
    Options {
        create: false,
        ..Options::default()
    }
}
