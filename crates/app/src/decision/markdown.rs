//! Import and export of decisions as Markdown pages.

use std::path::{Path, PathBuf};

use wsdb_core::{Action, DecisionId, Timestamp};
use wsdb_import::{AdrConflictOptions, AdrImportResult, AdrOptions, AdrSources, ExportedAdr};
use wsdb_store::{Store, Transaction};

use super::supersede::{mark_superseded, refuse_cycles};
use crate::{Actor, Error, Workspace, resolve_all};

/// Exports the named decisions, or all of them, as Markdown pages into a folder. `zoned` formats a time in
/// the time zone of the user.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`] for all names together, and the
/// errors of [`wsdb_import::export_adr`].
pub async fn export_adr(
    workspace: &Workspace,
    folder: &Path,
    names: &[String],
    force: bool,
    zoned: impl Fn(Timestamp) -> String,
) -> Result<Vec<ExportedAdr>, Error> {
    let store = &workspace.store;
    let ids = resolve_all(&store.decisions(), names).await?;
    let root = &workspace.location.folder;
    Ok(wsdb_import::export_adr(store, folder, root, &ids, force, zoned).await?)
}

/// Reads pages from folders and files, and finds the dates of new ones that have none.
///
/// # Errors
/// Same as [`wsdb_import::read_adr`], and errors of the database.
pub async fn read_adr(
    workspace: &Workspace,
    sources: &[PathBuf],
    options: &AdrOptions,
) -> Result<AdrSources, Error> {
    let root = &workspace.location.folder;
    let mut pages = wsdb_import::read_adr(sources, root, options)?;
    wsdb_import::find_first_commits(&workspace.store, &mut pages, root).await?;
    Ok(pages)
}

/// Imports pages that were read, all or none. A decision that is superseded by an imported page
/// gets that status, unless its own page is imported as well.
///
/// # Errors
/// [`Error::Supersession`] if decisions would supersede each other, and the errors of
/// [`wsdb_import::import_adr`].
pub async fn import_adr(
    workspace: &Workspace,
    actor: &Actor,
    sources: &AdrSources,
    options: AdrConflictOptions,
    dry_run: bool,
) -> Result<AdrImportResult, Error> {
    let root = &workspace.location.folder;
    let work = async |store: &Store<Transaction>| -> Result<AdrImportResult, Error> {
        let imported = wsdb_import::import_adr(store, sources, root, options, actor.now).await?;
        for link in &imported.superseded {
            refuse_cycles(store, &link.newer, std::slice::from_ref(&link.older)).await?;
        }
        let has_page = |id: &DecisionId| imported.files.iter().any(|file| file.id == *id);
        let old = imported.superseded.iter().map(|link| &link.older);
        let old: Vec<DecisionId> = old.filter(|old| !has_page(old)).cloned().collect();
        mark_superseded(store, &old).await?;
        Ok(imported)
    };
    let store = workspace.by(actor, Action::DECISION_IMPORT);
    if dry_run {
        store.dry_run(work).await
    } else {
        store.write(work).await
    }
}
