//! A decision as it is on a page.

use std::path::PathBuf;

use wsdb_core::{Decision, DecisionId, DecisionStatus, Json, JsonObject, Timestamp, Vocabulary};

use super::fields::PageFields;
use super::linked_files::LinkedFile;
use super::outcome::OutcomeSection;
use super::page::{Page, decode_markers, encode_markers};
use super::plain_title::plain_title;
use super::reference::Reference;
use super::{
    DATE_SOURCE_KEY, FILE_KEY, FOLDER_KEY, MAPPED_STATUS_KEY, PAGE_FACTS, PAGE_KEY, metadata_value,
};

/// A decision as it is on a page.
#[derive(Debug, Clone)]
pub struct Adr {
    /// The file.
    pub(super) file: PathBuf,
    /// Its folder, in the form that decisions store.
    pub(super) folder: String,
    /// The text of the file, unless wsdb wrote all of it.
    pub(super) text: Option<String>,
    /// When the file was first committed; only for a page without a date.
    pub(super) first_commit: Option<Timestamp>,
    /// Whether nobody changed the page since wsdb wrote it.
    pub(super) is_unmodified: bool,
    /// The id, if wsdb wrote the page.
    pub(super) id: Option<DecisionId>,
    pub(super) title: String,
    pub(super) rationale: Option<String>,
    /// The status; unknown if the page has one that is not understood.
    pub(super) status: Option<DecisionStatus>,
    /// Whether the user mapped the words of the page to the status.
    pub(super) is_mapped: bool,
    pub(super) date: Option<Timestamp>,
    /// References to decisions that supersede this one, and to those that it supersedes.
    pub(super) superseded_by: Vec<Reference>,
    pub(super) supersedes: Vec<Reference>,
    /// The decisions that superseded this one when wsdb wrote its fields.
    pub(super) written_successors: Vec<Reference>,
    /// The files of the decisions that wsdb named by their IDs.
    pub(super) linked_files: Vec<LinkedFile>,
    /// Content without a column: front matter, preamble and sections.
    pub(super) layout: JsonObject,
    /// The hash of the decision when the page was written.
    pub(super) decision_hash: Option<String>,
    /// The date in wsdb's fields as it is written.
    pub(super) zoned_date: Option<String>,
    /// Whether neither the page nor wsdb's fields have a date.
    pub(super) is_undated: bool,
    /// Whether the id is the only field of wsdb: people wrote the page.
    pub(super) has_only_id: bool,
    /// The decision from the fields that wsdb wrote.
    pub(super) wsdb_decision: Option<Decision>,
    /// Whether the status is the one that wsdb wrote: the page has no words for it.
    pub(super) has_wsdb_status: bool,
    /// What was not understood in the status and in the date.
    pub(super) odd_status: Option<String>,
    pub(super) odd_date: Option<String>,
    /// That the front matter was not understood.
    pub(super) odd_front: Option<String>,
    /// Whether the page has what only decisions have, such as a status.
    pub(super) is_named_decision: bool,
    /// Where the parts of the page are.
    pub(super) fields: PageFields,
    pub(super) outcome: Option<OutcomeSection>,
    pub(super) page: Page,
}

/// The sources of dates that are not in a page.
const FIRST_COMMIT: &str = "first commit";
const IMPORT: &str = "import";

/// Converts the text of the outcome to a rationale; `original` is the rationale as it was written.
pub(super) fn rationale(text: &str, original: Option<String>) -> Option<String> {
    match original {
        Some(original) if encode_markers(&original) == text => Some(original),
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

/// Whether a decision has a title, apart from the marks of Markdown.
pub(super) fn is_titled(decision: &str, words: &str) -> bool {
    let own = title(decision);
    own == words || plain_title(&own) == plain_title(words)
}

impl Adr {
    pub(super) fn file_name(&self) -> String {
        let name = self.file.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// Returns the decision, based on the known one.
    pub(super) fn to_decision(
        &self,
        id: DecisionId,
        known: Option<&Decision>,
        now: Timestamp,
    ) -> Decision {
        // A page with only an id has no values for the other fields.
        let by_wsdb = self.wsdb_decision.as_ref();
        let by_wsdb = by_wsdb.filter(|_| !self.has_only_id || known.is_none());
        let base = by_wsdb.or(known).cloned();
        let is_new = base.is_none();
        let mut decision =
            base.unwrap_or_else(|| Decision::new(id.clone(), self.title.clone(), now));
        decision.id = id;
        // A date that the page does not have is marked.
        let undated = || match (known, self.first_commit) {
            (Some(known), _) => (known.date, metadata_value(known, DATE_SOURCE_KEY)),
            (None, Some(date)) => (date, Some(FIRST_COMMIT.into())),
            (None, None) => (now, Some(IMPORT.into())),
        };
        let mut date_source = None;
        if by_wsdb.is_some() && self.is_undated {
            (decision.date, date_source) = undated();
        }
        if by_wsdb.is_none() {
            decision.decision.clone_from(&self.title);
            decision.rationale.clone_from(&self.rationale);
            match self.status {
                Some(status) => decision.status = status,
                None if is_new => decision.status = DecisionStatus::Unknown,
                None => {}
            }
            match self.date {
                // A date without a time does not contradict a time on that day.
                Some(date) => {
                    if decision.date.date() != date.date()
                        || !date.to_naive_string('T').ends_with("T00:00:00")
                    {
                        decision.date = date;
                    }
                }
                None => (decision.date, date_source) = undated(),
            }
        }
        let mut layout = self.layout.clone();
        let stored_location = |key: &str| {
            metadata_value(&decision, key)
                .or_else(|| known.and_then(|known| metadata_value(known, key)))
        };
        let is_foreign = by_wsdb.is_none() || self.text.is_some();
        let (file, folder) = if is_foreign {
            let folder = Some(self.folder.as_str()).filter(|folder| !folder.is_empty());
            (Some(self.file_name().into()), folder.map(Json::from))
        } else {
            (stored_location(FILE_KEY), stored_location(FOLDER_KEY))
        };
        let page = self.text.as_deref().map(Json::from);
        let status = self.status.filter(|_| self.is_mapped);
        let mapped = status.map(|status| Json::from(status.as_str()));
        for (key, value) in [
            (FILE_KEY, file),
            (FOLDER_KEY, folder),
            (DATE_SOURCE_KEY, date_source),
            (MAPPED_STATUS_KEY, mapped),
            (PAGE_KEY, page),
        ] {
            if let Some(value) = value {
                layout.insert(key.to_owned(), value);
            }
        }
        // The decision has other data under `madr`, and the page was written without it.
        let is_not_layout = |metadata: &Json| match metadata.get("madr") {
            Some(Json::Object(madr)) => madr.keys().any(|key| !PAGE_FACTS.contains(&key.as_str())),
            Some(_) => true,
            None => !metadata.is_object(),
        };
        let has_other_metadata =
            by_wsdb.is_some() && decision.extra_metadata.as_ref().is_some_and(is_not_layout);
        if !has_other_metadata {
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
