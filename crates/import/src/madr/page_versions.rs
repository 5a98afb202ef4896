//! The versions of decisions that exported pages were made from.

use std::collections::HashMap;

use wsdb_core::{Decision, DecisionId};
use wsdb_store::{Connection, Documents, EarlierVersion, Store, Transaction};

use super::adr::Adr;
use super::page_hash::decision_hash;
use crate::digest::hash;
use crate::error::Error;

/// Earlier versions of decisions, and which of them the files of their pages held last.
#[derive(Debug, Default)]
pub(super) struct PageVersions {
    /// By the ids and hashes of the decisions.
    earlier: HashMap<(DecisionId, u64), Decision>,
    /// The hash of the decision that each page contained at its last import or export.
    held: HashMap<String, u64>,
}

/// Returns the key under which the hash of the decision in a page is stored.
fn key(folder: &str, file: &str) -> String {
    format!("decision in page {folder}/{file}")
}

fn key_of(adr: &Adr) -> String {
    key(&adr.folder, &adr.file_name())
}

impl PageVersions {
    /// Loads what is known about some pages and their decisions.
    pub(super) async fn load<C: Connection>(
        store: &Store<C>,
        pages: impl Iterator<Item = &Adr>,
        all: &[Decision],
    ) -> Result<Self, Error> {
        let current: HashMap<&DecisionId, &Decision> = all.iter().map(|d| (&d.id, d)).collect();
        let mut versions = PageVersions::default();
        let mut ids = Vec::new();
        for adr in pages {
            let Some((id, stored)) = adr.id.as_ref().and_then(|id| current.get_key_value(id))
            else {
                continue;
            };
            if let Some(held) = store.documents().files(&key_of(adr)).await?.first() {
                versions.held.insert(key_of(adr), *held);
            }
            if adr.decision_hash.as_ref() != Some(&decision_hash(stored)) {
                ids.push(id.to_string());
            }
            versions.add((*stored).clone());
        }
        let mut visit = |earlier: EarlierVersion<Decision>| {
            if !earlier.is_withdrawn {
                versions.add(earlier.record);
            }
            true
        };
        store.history().earlier_versions(&ids, &mut visit).await?;
        Ok(versions)
    }

    /// Loads the versions of decisions that have other ids in their pages. `recognized` are the
    /// decisions by these ids.
    pub(super) async fn add_recognized<C: Connection>(
        &mut self,
        store: &Store<C>,
        recognized: &HashMap<DecisionId, &Decision>,
    ) -> Result<(), Error> {
        let mut ids_in_pages: HashMap<&DecisionId, &DecisionId> = HashMap::new();
        let mut ids = Vec::new();
        for (id_in_page, decision) in recognized {
            ids_in_pages.insert(&decision.id, id_in_page);
            ids.push(decision.id.to_string());
            self.add_with_id((*decision).clone(), id_in_page);
        }
        let mut visit = |earlier: EarlierVersion<Decision>| {
            if let Some(id_in_page) = ids_in_pages.get(&earlier.record.id) {
                self.add_with_id(earlier.record, id_in_page);
            }
            true
        };
        store.history().earlier_versions(&ids, &mut visit).await?;
        Ok(())
    }

    /// Adds a decision that has another id in its page.
    fn add_with_id(&mut self, decision: Decision, id_in_page: &DecisionId) {
        let in_page = Decision {
            id: id_in_page.clone(),
            ..decision.clone()
        };
        let key = (
            decision.id.clone(),
            hash(decision_hash(&in_page).as_bytes()),
        );
        self.earlier.entry(key).or_insert(decision);
    }

    fn add(&mut self, decision: Decision) {
        let key = (
            decision.id.clone(),
            hash(decision_hash(&decision).as_bytes()),
        );
        self.earlier.entry(key).or_insert(decision);
    }

    /// Returns the decision that was written as a page.
    pub(super) fn of(&self, adr: &Adr, id: &DecisionId) -> Option<&Decision> {
        let state = hash(adr.decision_hash.as_ref()?.as_bytes());
        self.earlier.get(&(id.clone(), state))
    }

    /// Whether the file of a page was last exported or imported with the same decision.
    pub(super) fn is_held(&self, adr: &Adr) -> bool {
        let state = adr.decision_hash.as_ref();
        state.is_some_and(|state| self.held.get(&key_of(adr)) == Some(&hash(state.as_bytes())))
    }

    /// Returns the decision that the file of a page held last.
    pub(super) fn held(&self, adr: &Adr, id: &DecisionId) -> Option<&Decision> {
        let state = self.held.get(&key_of(adr))?;
        self.earlier.get(&(id.clone(), *state))
    }
}

/// Remembers the decision that a page in a folder contains.
pub(super) async fn remember_version(
    documents: &Documents<'_, Transaction>,
    (folder, file): (&str, &str),
    state: &str,
) -> Result<(), Error> {
    let (key, hashes) = (key(folder, file), [hash(state.as_bytes())]);
    if documents.files(&key).await? != hashes {
        documents.set_files(&key, &hashes).await?;
    }
    Ok(())
}
