//! Adopts a database of the earlier Python tool.

use wsdb_core::{Action, Author};
use wsdb_import::{AdoptOptions, AdoptTarget, ValueMappings, adopt, adopt_into, plan_adoption};
use wsdb_store::{Journal, Options, Store, is_postgres, redacted};

use crate::views::{AdoptOutcome, AdoptView};
use crate::{Actor, Error, Location};

/// How a database is adopted.
#[derive(Debug)]
pub struct AdoptRequest {
    /// Known values for unknown ones.
    pub mappings: ValueMappings,
    /// Whether to change nothing.
    pub dry_run: bool,
    /// How the file is written from now on, if that is to change.
    pub journal: Option<Journal>,
}

/// Adopts a SQLite file of the earlier tool: rebuilds its tables in one transaction, after a backup.
/// If it was adopted earlier, only the journal is set.
///
/// # Errors
/// Those of [`wsdb_import::adopt`].
pub async fn adopt_file(
    file: &Location,
    request: AdoptRequest,
    options: &Options,
    actor: &Actor,
) -> Result<AdoptView, Error> {
    let database = redacted(&file.url);
    let adopt_options = AdoptOptions {
        mappings: request.mappings,
        for_postgres: false,
        now: actor.now,
    };
    let Some(plan) = plan_adoption(&file.url, AdoptTarget::SameFile, &adopt_options).await? else {
        let mut view = AdoptView::nothing_to_do(database, None);
        if let (Some(journal), false) = (request.journal, request.dry_run) {
            let changed = wsdb_store::adopt::set_journal(&file.url, options, journal).await?;
            view.journal = changed.then_some(journal.into());
        }
        return Ok(view);
    };
    if request.dry_run {
        return Ok(AdoptView::new(database, None, AdoptOutcome::Planned, plan));
    }
    let journal = request.journal.unwrap_or_default();
    let adopted = adopt(&file.url, options, author(actor), journal, &adopt_options).await;
    let Some((adoption, backup)) = adopted? else {
        return Ok(AdoptView::nothing_to_do(database, None));
    };
    Ok(AdoptView {
        backup: Some(backup.display().to_string()),
        journal: Some(journal.into()),
        ..AdoptView::new(database, None, AdoptOutcome::Adopted, adoption)
    })
}

/// Reads a SQLite file of the earlier tool, which is not changed, into another database without
/// records. A missing SQLite file is created, and removed again if this fails.
///
/// # Errors
/// Those of [`wsdb_import::adopt_into`].
pub async fn adopt_database(
    from: &Location,
    into: &Location,
    request: AdoptRequest,
    options: &Options,
    actor: &Actor,
) -> Result<AdoptView, Error> {
    let (database, source) = (redacted(&into.url), Some(redacted(&from.url)));
    let adopt_options = AdoptOptions {
        mappings: request.mappings,
        for_postgres: is_postgres(&into.url),
        now: actor.now,
    };
    // Before the database is created.
    let Some(plan) = plan_adoption(&from.url, AdoptTarget::OtherDatabase, &adopt_options).await?
    else {
        return Ok(AdoptView::nothing_to_do(database, source));
    };
    if request.dry_run {
        return Ok(AdoptView::new(
            database,
            source,
            AdoptOutcome::Planned,
            plan,
        ));
    }
    let new_file = into.url.strip_prefix("sqlite://").map(std::path::Path::new);
    let new_file = new_file.filter(|file| !file.exists());
    let options = Options {
        max_connections: 1,
        create: true,
        ..options.clone()
    };
    let store = Store::connect_with(&into.url, &options).await?;
    let store = store.with_author(author(actor));
    let adopted = adopt_into(&from.url, &store, &into.url, &adopt_options).await;
    let closed = store.close().await;
    if let (Err(_), Some(file)) = (&adopted, new_file) {
        // The error of the adoption is the one to report.
        let _ = std::fs::remove_file(file);
    }
    let Some(adoption) = adopted? else {
        return Ok(AdoptView::nothing_to_do(database, source));
    };
    closed?;
    Ok(AdoptView::new(
        database,
        source,
        AdoptOutcome::Adopted,
        adoption,
    ))
}

fn author(actor: &Actor) -> Author {
    Author::new(&actor.name, Action::ADOPT, actor.now)
}
