//! Runs and reverts schema migrations, for developers.

use wsdb_migration::{Migrator, MigratorTrait};

use crate::connect::{begin_schema_transaction, database, open, version, write_schema_version};
use crate::connection::Pool;
use crate::{Error, Options};

async fn applied(pool: &Pool) -> Result<Vec<String>, Error> {
    let steps = Migrator::get_applied_migrations(database(pool)).await?;
    Ok(steps.iter().map(|step| step.name().to_owned()).collect())
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
    Migrator::up(&transaction.database, None).await?;
    write_schema_version(&transaction).await?;
    transaction.commit().await?;
    pool.database.close().await?;
    Ok(pending.iter().map(|step| step.name().to_owned()).collect())
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

/// Returns every migration, and whether it has been applied.
///
/// # Errors
/// [`Error::NoDatabase`] if there is none, and those of [`crate::Store::connect`].
pub async fn status(url: &str) -> Result<Vec<(String, bool)>, Error> {
    let pool = open(url, &existing()).await?;
    version(&pool, url).await?;
    let taken = applied(&pool).await?;
    pool.database.close().await?;
    let all = Migrator::migrations();
    Ok(all
        .iter()
        .map(|step| {
            (
                step.name().to_owned(),
                taken.iter().any(|t| t == step.name()),
            )
        })
        .collect())
}

/// Reverts every migration, deleting all data, and runs them again; returns their names.
///
/// # Errors
/// Same as [`crate::Store::connect`].
pub async fn schema_statements(url: &str) -> Result<Vec<String>, Error> {
    let pool = open(url, &Options::default()).await?;
    version(&pool, url).await?;
    let transaction = begin_schema_transaction(&pool, url).await?;
    Migrator::down(&transaction.database, None).await?;
    Migrator::up(&transaction.database, None).await?;
    write_schema_version(&transaction).await?;
    transaction.commit().await?;
    let steps = applied(&pool).await?;
    pool.database.close().await?;
    Ok(steps)
}

fn existing() -> Options {
    Options {
        create: false,
        ..Options::default()
    }
}
