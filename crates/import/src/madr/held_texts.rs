//! The text that each page held at its last import or export: what people changed since is an edit. It
//! is stored only where it differs from the page that the decision was imported from.

use std::collections::HashMap;

use wsdb_core::Decision;
use wsdb_store::{Connection, Documents, Store, Transaction};

use super::adr::Adr;
use super::{FILE_KEY, FOLDER_KEY, PAGE_KEY, merge, metadata_text};
use crate::digest::hash;
use crate::error::Error;

/// The texts that files held, by their folders and names.
#[derive(Debug, Default)]
pub(super) struct HeldTexts(HashMap<String, HeldText>);

#[derive(Debug)]
struct HeldText {
    /// The hash of the page that the decision had been imported from.
    source: u64,
    text: String,
}

/// A page as its file held it.
pub(super) struct HeldPage {
    pub(super) adr: Adr,
    /// Whether the decision was last imported before the file held this page.
    pub(super) is_latest: bool,
}

/// Returns the hash of the page that a decision was imported from.
fn source_of(decision: &Decision) -> u64 {
    hash(
        metadata_text(decision, PAGE_KEY)
            .unwrap_or_default()
            .as_bytes(),
    )
}

/// Returns the key under which the text of a file is stored.
fn key(folder: &str, file: &str) -> String {
    format!("page {folder}/{file}")
}

/// Returns the folder and the name of the file that a decision was imported from.
fn location_of(decision: &Decision) -> Option<(String, String)> {
    let folder = metadata_text(decision, FOLDER_KEY)?;
    Some((folder, metadata_text(decision, FILE_KEY)?))
}

impl HeldText {
    /// Returns the stored form: the hash on a line of its own, and the text.
    fn render(&self) -> String {
        format!("{:016x}\n{}", self.source, self.text)
    }

    fn parse(stored: &str) -> Option<Self> {
        let (source, text) = stored.split_once('\n')?;
        Some(HeldText {
            source: u64::from_str_radix(source, 16).ok()?,
            text: text.to_owned(),
        })
    }
}

impl HeldTexts {
    /// Loads what files held. A file that was moved or renamed held the page of its decision under its
    /// former name; `owner` returns the decision of a page.
    pub(super) async fn load<'a, C: Connection>(
        store: &Store<C>,
        pages: impl Iterator<Item = &'a Adr>,
        owner: impl Fn(&Adr) -> Option<&'a Decision>,
    ) -> Result<Self, Error> {
        let mut texts = HashMap::new();
        for adr in pages.filter(|adr| adr.text.is_some()) {
            let key = key(&adr.folder, &adr.file_name());
            let mut stored = store.documents().text(&key).await?;
            if stored.is_none()
                && let Some((folder, file)) = owner(adr).and_then(location_of)
            {
                stored = store.documents().text(&self::key(&folder, &file)).await?;
            }
            let held = stored.as_deref().and_then(HeldText::parse);
            texts.extend(held.map(|held| (key, held)));
        }
        Ok(HeldTexts(texts))
    }

    fn of(&self, adr: &Adr) -> Option<&HeldText> {
        self.0.get(&key(&adr.folder, &adr.file_name()))
    }

    /// Whether a file still holds the text of its last import or export.
    pub(super) fn is_unmodified(&self, adr: &Adr) -> bool {
        adr.text.is_some() && adr.text.as_ref() == self.of(adr).map(|held| &held.text)
    }

    /// Returns the page that a file held; `None` if it is the one that its decision was imported from,
    /// or if the file was never imported or exported.
    pub(super) fn page_of(&self, adr: &Adr, decision: &Decision) -> Option<HeldPage> {
        let held = self.of(adr)?;
        Some(HeldPage {
            adr: merge::parse_page(&held.text, decision)?,
            is_latest: held.source == source_of(decision),
        })
    }
}

/// Remembers the text that the file of a decision's page holds; `None` if wsdb wrote all of it.
/// `is_imported_from` is whether the decision was imported from this file.
pub(super) async fn remember_text(
    documents: &Documents<'_, Transaction>,
    (folder, file): (&str, &str),
    text: Option<&str>,
    decision: &Decision,
    is_imported_from: bool,
) -> Result<(), Error> {
    let is_kept = |text: &&str| {
        is_imported_from && metadata_text(decision, PAGE_KEY).as_deref() == Some(*text)
    };
    let held = text.filter(|text| !is_kept(text)).map(|text| HeldText {
        source: source_of(decision),
        text: text.to_owned(),
    });
    let stored = held.map(|held| held.render());
    Ok(documents
        .set_text(&key(folder, file), stored.as_deref())
        .await?)
}

/// Remembers the text that a file held while the decision's page was the one imported from it.
pub(super) async fn keep_former_text(
    documents: &Documents<'_, Transaction>,
    (folder, file): (&str, &str),
    text: &str,
) -> Result<(), Error> {
    let key = key(folder, file);
    if documents.text(&key).await?.is_none() {
        let (source, text) = (hash(text.as_bytes()), text.to_owned());
        let held = HeldText { source, text };
        documents.set_text(&key, Some(&held.render())).await?;
    }
    Ok(())
}

/// Forgets the text of a file that no longer exists.
pub(super) async fn forget_text(
    documents: &Documents<'_, Transaction>,
    (folder, file): (&str, &str),
) -> Result<(), Error> {
    Ok(documents.set_text(&key(folder, file), None).await?)
}
