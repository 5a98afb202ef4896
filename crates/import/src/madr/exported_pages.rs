//! Remembers which pages were exported in the style of the person who wrote them: they contain no
//! id, and may be in another folder than the page that was imported.

use std::collections::HashMap;

use wsdb_core::DecisionId;
use wsdb_store::{Connection, Documents, Store, Transaction};

use super::adr::Adr;
use crate::digest::hash;
use crate::error::Error;

/// Maximum number of texts to remember per file: older ones may come back with git.
const MAX_TEXT_HASHES: usize = 8;

/// What is remembered about the files of some pages: the hash of the decision's id, then those of
/// the texts that were written.
#[derive(Debug, Default)]
pub(super) struct ExportedPages(HashMap<String, Vec<u64>>);

/// Returns the key under which the hashes of a file are stored.
fn key(folder: &str, file: &str) -> String {
    format!("page {folder}/{file}")
}

impl ExportedPages {
    pub(super) async fn load<C: Connection>(
        store: &Store<C>,
        pages: impl Iterator<Item = &Adr>,
    ) -> Result<Self, Error> {
        let documents = store.documents();
        let mut hashes = HashMap::new();
        for adr in pages.filter(|adr| adr.text.is_some()) {
            let key = key(&adr.folder, &adr.file_name());
            let known = documents.files(&key).await?;
            if !known.is_empty() {
                hashes.insert(key, known);
            }
        }
        Ok(ExportedPages(hashes))
    }

    fn of(&self, adr: &Adr) -> &[u64] {
        let key = key(&adr.folder, &adr.file_name());
        self.0.get(&key).map_or(&[], Vec::as_slice)
    }

    /// Whether a file was exported from a decision.
    pub(super) fn is_page_of(&self, adr: &Adr, id: &DecisionId) -> bool {
        self.of(adr).first() == Some(&hash(id.as_str().as_bytes()))
    }

    /// Whether nobody changed a file since its export.
    pub(super) fn is_unmodified(&self, adr: &Adr) -> bool {
        let text = adr.text.as_deref().map(|text| hash(text.as_bytes()));
        text.is_some_and(|text| self.of(adr).iter().skip(1).any(|known| *known == text))
    }
}

/// Remembers the text of a file that is exported.
pub(super) async fn remember_page(
    documents: &Documents<'_, Transaction>,
    (folder, file): (&str, &str),
    id: &DecisionId,
    text: &str,
) -> Result<(), Error> {
    let key = key(folder, file);
    let before = documents.files(&key).await?;
    let (id, text) = (hash(id.as_str().as_bytes()), hash(text.as_bytes()));
    let mut hashes = vec![id, text];
    if before.first() == Some(&id) {
        hashes.extend(before.iter().skip(1).filter(|known| **known != text));
    }
    hashes.truncate(MAX_TEXT_HASHES + 1);
    if hashes == before {
        return Ok(());
    }
    Ok(documents.set_files(&key, &hashes).await?)
}

/// Forgets what was exported to a file that no longer exists.
pub(super) async fn forget_page(
    documents: &Documents<'_, Transaction>,
    (folder, file): (&str, &str),
) -> Result<(), Error> {
    Ok(documents.set_files(&key(folder, file), &[]).await?)
}
