//! A decision as it is on a page.

use std::path::PathBuf;

use wsdb_core::{Decision, DecisionId, DecisionStatus, Json, JsonObject, Timestamp};

use super::page::{decode_markers, encode_markers};
use super::{METADATA_KEY, metadata_value};

/// A decision as it is on a page.
#[derive(Debug, Clone)]
pub struct Adr {
    /// The file.
    pub(super) file: PathBuf,
    /// Its folder, in the form that decisions store.
    pub(super) folder: String,
    /// Whether nobody changed the page since wsdb wrote it.
    pub(super) is_as_written: bool,
    /// The id, if wsdb wrote the page.
    pub(super) id: Option<DecisionId>,
    pub(super) title: String,
    pub(super) rationale: Option<String>,
    pub(super) status: Option<DecisionStatus>,
    pub(super) date: Option<Timestamp>,
    /// References to decisions that supersede this one, and to those that it supersedes.
    pub(super) superseded_by: Vec<String>,
    pub(super) supersedes: Vec<String>,
    /// Content without a column: front matter, preamble and sections.
    pub(super) layout: JsonObject,
    /// The hash of the decision when the page was written.
    pub(super) state: Option<String>,
    /// Whether neither the page nor wsdb's fields have a date.
    pub(super) undated: bool,
    /// Whether the id is the only field of wsdb: people wrote the page.
    pub(super) only_id: bool,
    /// The decision from the fields that wsdb wrote.
    pub(super) own: Option<Decision>,
}

/// Converts the text of the outcome to a rationale; `kept` is the rationale as it was written.
pub(super) fn rationale(text: &str, kept: Option<String>) -> Option<String> {
    match kept {
        Some(kept) if encode_markers(&kept) == text => Some(kept),
        _ => Some(decode_markers(text)).filter(|text| !text.is_empty()),
    }
}

/// Returns the first line of a decision as a title.
pub(super) fn title(decision: &str) -> String {
    let line = decision.lines().find(|line| !line.trim().is_empty());
    let line = line.unwrap_or_default();
    let words: Vec<&str> = line
        .split(|c: char| c.is_whitespace() || c.is_control())
        .collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        "Untitled".to_owned()
    } else {
        words.join(" ")
    }
}

impl Adr {
    pub(super) fn file_name(&self) -> String {
        let name = self.file.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// Whether importing the page would leave a known decision unchanged.
    pub(super) fn is_unchanged(&self, known: &Decision) -> bool {
        self.decision(known.id.clone(), Some(known), known.date) == *known
    }

    /// Returns the decision, based on the known one.
    pub(super) fn decision(
        &self,
        id: DecisionId,
        known: Option<&Decision>,
        now: Timestamp,
    ) -> Decision {
        // A page with only an id has no values for the other fields.
        let own = self.own.as_ref();
        let own = own.filter(|_| !self.only_id || known.is_none());
        let base = own.or(known).cloned();
        let mut decision =
            base.unwrap_or_else(|| Decision::new(id.clone(), self.title.clone(), now));
        decision.id = id;
        if own.is_some() && self.undated {
            decision.date = known.map_or(now, |known| known.date);
        }
        if own.is_none() {
            decision.decision.clone_from(&self.title);
            decision.rationale.clone_from(&self.rationale);
            if let Some(status) = self.status {
                decision.status = status;
            }
            if let Some(date) = self.date {
                // A date without a time does not contradict a time on that day.
                if decision.date.date() != date.date()
                    || !date.to_naive_string('T').ends_with("T00:00:00")
                {
                    decision.date = date;
                }
            }
        }
        let mut layout = self.layout.clone();
        let kept = |key: &str| {
            metadata_value(&decision, key)
                .or_else(|| known.and_then(|known| metadata_value(known, key)))
        };
        let is_others = own.is_none();
        let file = kept("file").or_else(|| is_others.then(|| self.file_name().into()));
        let folder = if is_others && !self.folder.is_empty() {
            Some(self.folder.as_str().into())
        } else {
            kept("folder")
        };
        for (key, value) in [("file", file), ("folder", folder)] {
            if let Some(value) = value {
                layout.insert(key.to_owned(), value);
            }
        }
        // The decision has other data under `madr`, and the page was written without it.
        let is_other = |metadata: &Json| match metadata.get("madr") {
            Some(Json::Object(madr)) => {
                madr.keys().any(|key| !METADATA_KEY.contains(&key.as_str()))
            }
            Some(_) => true,
            None => !metadata.is_object(),
        };
        let keeps_other = own.is_some() && decision.extra_metadata.as_ref().is_some_and(is_other);
        if !keeps_other {
            let mut metadata = match decision.extra_metadata.take() {
                Some(Json::Object(metadata)) => metadata,
                _ => JsonObject::new(),
            };
            metadata.remove("madr");
            if !layout.is_empty() {
                metadata.insert("madr".to_owned(), Json::Object(layout));
            }
            decision.extra_metadata = (!metadata.is_empty()).then_some(Json::Object(metadata));
        }
        decision
    }
}
