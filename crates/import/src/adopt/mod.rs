//! Adopts the database of the earlier tool, written in Python: its tables become records as those of
//! documents do, with every value.

mod adoption;
mod read;
mod write;

use std::path::PathBuf;

use wsdb_core::Author;
use wsdb_store::adopt::{OldDatabase, keep_columns, read_old_database};
use wsdb_store::{Journal, Options, Store, redacted};

use crate::error::Error;
use read::ParsedDatabase;

pub use adoption::{AdoptOptions, AdoptedTable, Adoption};
pub use wsdb_store::adopt::{AdoptTarget, UnknownColumn};

/// Returns what adopting the SQLite file at a URL would do; `None` if nothing is left to do. Nothing is
/// changed.
///
/// # Errors
/// [`Error::NotAdopted`] with every value that cannot be kept, and those of
/// [`read_old_database`].
pub async fn plan_adoption(
    url: &str,
    target: AdoptTarget,
    options: &AdoptOptions,
) -> Result<Option<Adoption>, Error> {
    let Some(old) = read_old_database(url, target).await? else {
        return Ok(None);
    };
    Ok(Some(parse(old, url, options)?.adoption))
}

/// Adopts the SQLite file at a URL, in one transaction, and returns the backup of the file as it was;
/// `None` if another process was faster.
///
/// # Errors
/// Same as [`plan_adoption`] and [`wsdb_store::adopt::adopt`]. The file is as it was then.
pub async fn adopt(
    url: &str,
    store: &Options,
    author: Author,
    journal: Journal,
    options: &AdoptOptions,
) -> Result<Option<(Adoption, PathBuf)>, Error> {
    let write = async |store: &Store<wsdb_store::Transaction>, old| -> Result<Adoption, Error> {
        let parsed = parse(old, url, options)?;
        parsed.write(store).await?;
        keep_columns(store, &parsed.adoption.unknown_columns).await?;
        Ok(parsed.adoption)
    };
    wsdb_store::adopt::adopt(url, store, author, journal, write).await
}

/// Reads the SQLite file at a URL, which is not changed, into a database without records; `None` if the
/// file is one of ours.
///
/// # Errors
/// [`wsdb_store::Error::NotEmpty`] if the database has records; otherwise same as [`plan_adoption`].
pub async fn adopt_into(
    url: &str,
    target: &Store,
    target_url: &str,
    options: &AdoptOptions,
) -> Result<Option<Adoption>, Error> {
    let Some(old) = read_old_database(url, AdoptTarget::OtherDatabase).await? else {
        return Ok(None);
    };
    let parsed = parse(old, url, options)?;
    target
        .write(async |store| {
            let records = write::count_records(store).await?;
            if records > 0 {
                return Err(Error::Store(wsdb_store::Error::NotEmpty {
                    database: redacted(target_url),
                    records,
                }));
            }
            parsed.write(store).await
        })
        .await?;
    Ok(Some(parsed.adoption))
}

fn parse(old: OldDatabase, url: &str, options: &AdoptOptions) -> Result<ParsedDatabase, Error> {
    read::read(old, &PathBuf::from(redacted(url)), options)
}
