//! Saves the links between decisions that imported pages changed.

use std::path::Path;

use wsdb_core::{Decision, DecisionId};
use wsdb_store::{Store, Transaction};

use super::import_result::AdrImportResult;
use super::imported_page::ImportedPage;
use super::supersession::{Supersession, find_supersessions, without_cycles};
use crate::error::Error;

/// Adds and removes the links that pages added and removed. Those of decisions with a page are saved
/// with it.
pub(super) async fn save_supersessions(
    store: &Store<Transaction>,
    pages: &mut [ImportedPage<'_>],
    all: &[Decision],
    root: &Path,
    imported: &mut AdrImportResult,
) -> Result<(), Error> {
    let changes = find_supersessions(pages, all, root, &mut imported.warnings);
    for link in &changes.removed {
        change_supersedes(store, pages, &link.newer, |supersedes| {
            supersedes.retain(|older| *older != link.older);
        })
        .await?;
    }
    let mut known = store.decisions().supersessions().await?;
    known.retain(|(newer, older)| {
        let is_removed = |link: &Supersession| link.newer == *newer && link.older == *older;
        !changes.removed.iter().any(is_removed)
    });
    for link in without_cycles(changes.added, known, &mut imported.warnings) {
        let is_saved = change_supersedes(store, pages, &link.newer, |supersedes| {
            if !supersedes.contains(&link.older) {
                supersedes.push(link.older.clone());
            }
        })
        .await?;
        if is_saved {
            imported.superseded.push(link);
        }
    }
    Ok(())
}

/// Changes what a decision supersedes. Returns whether it was saved: it has no page, and is different.
async fn change_supersedes(
    store: &Store<Transaction>,
    pages: &mut [ImportedPage<'_>],
    id: &DecisionId,
    change: impl Fn(&mut Vec<DecisionId>),
) -> Result<bool, Error> {
    if let Some(page) = pages.iter_mut().find(|page| page.decision.id == *id) {
        change(&mut page.decision.supersedes);
        return Ok(false);
    }
    let before = store.decisions().get(id).await?;
    let mut decision = before.clone();
    change(&mut decision.supersedes);
    let is_changed = decision != before;
    if is_changed {
        store.decisions().save_changed(before, decision).await?;
    }
    Ok(is_changed)
}
