//! What a page contains beyond its decision: links to and from other pages.

use std::collections::{BTreeMap, HashSet};

use wsdb_core::{Decision, DecisionId, DecisionStatus};

use super::markup::join_words;
use super::page_location::PageLocation;
use super::reference::{GUESS, Reference, ReferenceTarget};
use super::status::{match_case, status_word};

/// The file of each decision that pages can link to.
pub(super) type Files = BTreeMap<String, String>;

/// What a page contains beyond the decision.
#[derive(Debug, Default)]
pub(super) struct PageContext {
    pub(super) files: Files,
    /// The decisions that supersede this one.
    pub(super) superseded_by: Vec<DecisionId>,
    /// Those whose own pages do not name this one.
    pub(super) unnamed_successors: Vec<DecisionId>,
    /// The titles of those decisions, in the same order.
    pub(super) successor_titles: Vec<String>,
    /// The folder that the decision was imported from.
    pub(super) folder: String,
    /// The page that each decision was imported from.
    pub(super) imported: BTreeMap<String, PageLocation>,
    /// The title of each decision.
    pub(super) titles: BTreeMap<String, String>,
    /// The decisions whose pages name the one that supersedes them.
    pub(super) superseded: HashSet<DecisionId>,
    /// The date of the decision with the time zone whose day the page has; `None` for UTC.
    pub(super) zoned_date: Option<String>,
}

/// The text of a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StatusText {
    pub(super) words: &'static str,
    /// Links to the decisions that supersede this one.
    pub(super) links: String,
}

impl StatusText {
    /// Returns the text with its words in the case of `model`. Links keep their case.
    pub(super) fn in_case_of(&self, model: &str) -> String {
        let words = match_case(self.words, model);
        match self.links.as_str() {
            "" => words,
            links => format!("{words} {links}"),
        }
    }
}

impl From<DecisionStatus> for StatusText {
    fn from(status: DecisionStatus) -> Self {
        StatusText {
            words: status_word(status),
            links: String::new(),
        }
    }
}

/// Returns the text of a status with links to the decisions that supersede this one.
pub(super) fn superseded_text(context: &PageContext) -> StatusText {
    let successors = context.superseded_by.iter().zip(&context.successor_titles);
    let links = successors.map(|(id, title)| match context.files.get(id.as_str()) {
        Some(file) => {
            let title = title.replace(['[', ']', '|', '\n'], " ");
            let file = file.replace(' ', "%20");
            format!("[{}]({file})", join_words(&title))
        }
        None => id.to_string(),
    });
    let links = links.collect::<Vec<_>>().join(", ");
    let words = if links.is_empty() {
        "superseded"
    } else {
        "superseded by"
    };
    StatusText { words, links }
}

/// Returns the day of a date as it is written.
pub(super) fn day_of(date: &str) -> &str {
    date.get(..10).unwrap_or(date)
}

impl PageContext {
    /// Returns the date of a decision as it is written into its page.
    pub(super) fn date_of(&self, decision: &Decision) -> String {
        let zoned = self.zoned_date.clone();
        zoned.unwrap_or_else(|| decision.date.to_string())
    }

    /// Whether the page of a superseded decision names the one that supersedes it.
    pub(super) fn is_in_status(&self, id: &DecisionId) -> bool {
        self.superseded.contains(id)
    }

    /// Whether the page refers to a decision.
    pub(super) fn is_reference_to(&self, reference: &Reference, id: &DecisionId) -> bool {
        self.is_reference_from(&self.folder, reference, id)
    }

    /// Same for a page that was imported from another folder. References that an export wrote are relative to
    /// the folder of the export.
    pub(super) fn is_reference_from(
        &self,
        folder: &str,
        reference: &Reference,
        id: &DecisionId,
    ) -> bool {
        let id = id.as_str();
        let is_named = |folder: &str, file: Option<(&str, &str)>| {
            let title = self.titles.get(id).map_or("", String::as_str);
            let target = ReferenceTarget { id, title, file };
            reference
                .rank(folder, &target)
                .is_some_and(|rank| rank < GUESS)
        };
        let exported = self.files.get(id).map(|file| ("", file.as_str()));
        let imported = self.imported.get(id);
        let imported = imported.map(|location| (&*location.folder, &*location.file));
        is_named("", exported) || is_named(folder, imported)
    }

    /// Whether a reference of the page is to a decision with a file.
    pub(super) fn is_known(&self, reference: &Reference) -> bool {
        let mut ids = self.files.keys().chain(self.imported.keys());
        ids.any(|id| {
            let id = DecisionId::new(id.as_str());
            id.is_ok_and(|id| self.is_reference_to(reference, &id))
        })
    }
}
