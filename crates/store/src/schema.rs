//! The schema's history, for those who develop it: steps up and down.

use wsdb_migration::{Migrator, MigratorTrait};

use crate::connect::{database, locked, open, stamp, version};
use crate::connection::Pool;
use crate::{Error, Options};

async fn applied(pool: &Pool) -> Result<Vec<String>, Error> {
    let steps = Migrator::get_applied_migrations(database(pool)).await?;
    Ok(steps.iter().map(|step| step.name().to_owned()).collect())
}

/// Runs every missing step, and returns their names.
///
/// # Errors
/// As [`crate::Store::connect`].
pub async fn up(url: &str) -> Result<Vec<String>, Error> {
    let pool = open(url, &Options::default()).await?;
    version(&pool, url).await?;
    let transaction = locked(&pool, url).await?;
    let pending = Migrator::get_pending_migrations(&transaction.database).await?;
    Migrator::up(&transaction.database, None).await?;
    stamp(&transaction).await?;
    transaction.commit().await?;
    pool.database.close().await?;
    Ok(pending.iter().map(|step| step.name().to_owned()).collect())
}

/// Takes the last step back, with all the data that it holds, and returns its name.
///
/// # Errors
/// [`Error::NoDatabase`] where there is none, and as [`crate::Store::connect`].
pub async fn down(url: &str) -> Result<Option<String>, Error> {
    let pool = open(url, &existing()).await?;
    version(&pool, url).await?;
    let last = applied(&pool).await?.pop();
    let transaction = locked(&pool, url).await?;
    Migrator::down(&transaction.database, Some(1)).await?;
    stamp(&transaction).await?;
    transaction.commit().await?;
    pool.database.close().await?;
    Ok(last)
}

/// Every step, and whether it has been taken.
///
/// # Errors
/// [`Error::NoDatabase`] where there is none, and as [`crate::Store::connect`].
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

/// Takes every step back, with all the data, and runs them anew; returns their names.
///
/// # Errors
/// As [`crate::Store::connect`].
pub async fn fresh(url: &str) -> Result<Vec<String>, Error> {
    let pool = open(url, &Options::default()).await?;
    version(&pool, url).await?;
    let transaction = locked(&pool, url).await?;
    Migrator::down(&transaction.database, None).await?;
    Migrator::up(&transaction.database, None).await?;
    stamp(&transaction).await?;
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
