//! What a page contains beyond its decision: links to and from other pages.

use std::collections::{BTreeMap, HashSet};

use wsdb_core::{Decision, DecisionId};

use super::file_names::number;
use super::markup::join_words;
use super::status_links::find_references;

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
    /// The file that each decision was imported from.
    pub(super) imported_files: Files,
    /// The decisions whose pages name the one that supersedes them.
    pub(super) superseded: HashSet<DecisionId>,
    /// The date of the decision with the time zone whose day the page has; `None` for UTC.
    pub(super) zoned_date: Option<String>,
}

/// Returns the text of a status with links to the decisions that supersede this one.
pub(super) fn superseded_text(context: &PageContext) -> String {
    let successors = context.superseded_by.iter().zip(&context.successor_titles);
    let links = successors.map(|(id, title)| match context.files.get(id.as_str()) {
        Some(file) => {
            let title = title.replace(['[', ']', '|', '\n'], " ");
            let file = file.replace(' ', "%20");
            format!("[{}]({file})", join_words(&title))
        }
        None => id.to_string(),
    });
    match links.collect::<Vec<_>>().join(", ").as_str() {
        "" => "superseded".to_owned(),
        links => format!("superseded by {links}"),
    }
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

    /// Whether a page refers to a decision by its id, or by the name or number of its file.
    pub(super) fn is_reference_to(&self, reference: &str, id: &DecisionId) -> bool {
        let is_number_of = |file: &str| {
            let wanted = number(reference);
            wanted.is_some() && number(file) == wanted
        };
        reference == id.as_str()
            || find_references(reference)
                .iter()
                .any(|name| name == id.as_str())
            || [&self.files, &self.imported_files]
                .into_iter()
                .any(|files| {
                    let file = files.get(id.as_str());
                    file.is_some_and(|file| file == reference || is_number_of(file))
                })
    }

    /// Whether a reference of a page is to a decision with a file.
    pub(super) fn is_known(&self, reference: &str) -> bool {
        let mut ids = self.files.keys().chain(self.imported_files.keys());
        ids.any(|id| {
            let id = DecisionId::new(id.as_str());
            id.is_ok_and(|id| self.is_reference_to(reference, &id))
        })
    }
}
