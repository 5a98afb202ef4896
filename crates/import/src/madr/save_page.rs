//! Saves imported pages.

use std::path::Path;

use wsdb_core::{Decision, DecisionStatus};
use wsdb_store::{Store, Transaction};

use super::adr::title;
use super::exported_pages::{forget_page, remember_page};
use super::held_texts::{forget_text, keep_former_text, remember_text};
use super::import_result::{AdrFile, AdrImportResult, AdrOutcome};
use super::imported_page::ImportedPage;
use super::page_hash::decision_hash;
use super::page_location::{file_of, is_from};
use super::page_versions::remember_version;
use super::supersession::Supersession;
use super::without_page_facts::without_page_facts;
use super::{FOLDER_KEY, PAGE_KEY, metadata_text};
use crate::error::Error;

/// Saves the decision of a page, and adds it to the result.
pub(super) async fn save_page(
    store: &Store<Transaction>,
    page: ImportedPage<'_>,
    root: &Path,
    imported: &mut AdrImportResult,
) -> Result<(), Error> {
    let ImportedPage {
        adr,
        is_new,
        is_ignored: _,
        is_refused,
        is_database_kept,
        base: _,
        former_file,
        stored,
        decision,
    } = page;
    let is_database_kept = is_database_kept || is_refused;
    let page_of = |decision: &Decision| {
        let folder = metadata_text(decision, FOLDER_KEY)?;
        Some((folder, file_of(decision)?))
    };
    // Only the text of the Markdown file changed: what the file holds is remembered below.
    let is_kept = is_database_kept
        && page_of(&stored).is_none_or(|place| page_of(&decision) == Some(place))
        && without_page_facts(&decision) == without_page_facts(&stored);
    let decision = if is_kept { stored.clone() } else { decision };
    let is_changed = decision != stored;
    imported.files.push(AdrFile {
        file: adr.file.clone(),
        id: decision.id.clone(),
        title: if is_database_kept {
            title(&decision.decision)
        } else {
            adr.title.clone()
        },
        is_database_kept,
        former_file: former_file.clone(),
        has_no_status: adr.status.is_none() && decision.status == DecisionStatus::Unknown,
        outcome: match (is_new, is_changed) {
            (true, _) => AdrOutcome::New,
            (false, true) => AdrOutcome::Changed,
            (false, false) => AdrOutcome::Unchanged,
        },
    });
    let added = decision
        .supersedes
        .iter()
        .filter(|id| is_new || !stored.supersedes.contains(id));
    let links = added.map(|older| Supersession {
        newer: decision.id.clone(),
        older: older.clone(),
    });
    imported.superseded.extend(links);
    let state = adr.decision_hash.as_ref().map(|written| {
        if adr.is_unmodified {
            written.clone()
        } else {
            decision_hash(&decision)
        }
    });
    let documents = store.documents().without_history();
    let place = (adr.folder.as_str(), &*adr.file_name());
    if !is_refused {
        let is_imported_from = is_from(&decision, &adr.folder, root)
            && file_of(&decision).is_some_and(|file| file == place.1);
        // An undo of the import restores what the file held before.
        let documents = store.documents();
        let documents = if is_changed || is_new || is_kept {
            documents
        } else {
            documents.without_history()
        };
        let text = adr.text.as_deref();
        remember_text(&documents, place, text, &decision, is_imported_from).await?;
    }
    if is_changed {
        let has_former_file = || {
            let place = page_of(&stored);
            place.is_some_and(|(folder, file)| root.join(folder).join(file).is_file())
        };
        let is_gone = former_file.is_some() || !has_former_file();
        if is_gone && let Some((folder, file)) = page_of(&stored) {
            // Another page may get this name.
            forget_page(&documents, (&folder, &file)).await?;
            forget_text(&store.documents(), (&folder, &file)).await?;
        } else if let (Some((folder, file)), Some(text)) =
            (page_of(&stored), metadata_text(&stored, PAGE_KEY))
            && page_of(&decision) != Some((folder.clone(), file.clone()))
        {
            // The page that the decision was imported from before is still its page.
            remember_page(&documents, (&folder, &file), &stored.id, &text).await?;
            keep_former_text(&store.documents(), (&folder, &file), &text).await?;
        }
        store.decisions().save_changed(stored, decision).await?;
    }
    if let Some(state) = state {
        remember_version(&documents, place, &state).await?;
    }
    Ok(())
}
