//! Visits to repos: which repo people worked in, and for how long.

mod time_spent;

pub use time_spent::{Day, TimeSpent, time_spent};

use crate::{ContextSwitchId, JsonObject, Page, Since, Timestamp};

/// A visit to a repo. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ContextSwitch {
    /// Its ID.
    pub id: ContextSwitchId,
    /// The repo.
    pub repo: String,
    /// The path of the repo.
    pub repo_path: String,
    /// When the visit started.
    pub activated_at: Timestamp,
    /// When the visit ended; `None` while it is active.
    pub deactivated_at: Option<Timestamp>,
    /// Who switched.
    pub activated_by: Option<String>,
    /// A second, unique ID from the earlier tool.
    pub context_id: Option<String>,
    /// The repo, or the context ID, of the previous visit.
    pub previous_context: Option<String>,
    /// Notes.
    pub context_notes: Option<String>,
    /// The duration of the visit in seconds; `None` while it is active, and if it starts or ends on a
    /// date.
    pub duration_seconds: Option<f64>,
    /// Number of operations.
    pub operations_count: Option<i64>,
    /// Fields of its document that have no column.
    pub document_fields: JsonObject,
}

impl ContextSwitch {
    /// Ends the visit, and sets its duration.
    pub fn end(&mut self, now: Timestamp) {
        self.deactivated_at = Some(now.max(self.activated_at));
        self.update_duration();
    }

    /// Sets the duration from start and end, if both are points in time: a date begins at another
    /// time in each zone.
    pub fn update_duration(&mut self) {
        let start = Some(self.activated_at).filter(|start| !start.is_date());
        let end = self.deactivated_at.filter(|end| !end.is_date());
        self.duration_seconds = start.zip(end).map(|(start, end)| end.seconds_since(start));
    }
}

impl ContextSwitch {
    /// Creates an active visit.
    pub fn new(id: ContextSwitchId, repo: String, path: String, now: Timestamp) -> Self {
        ContextSwitch {
            id,
            repo,
            repo_path: path,
            activated_at: now,
            deactivated_at: None,
            activated_by: None,
            context_id: None,
            previous_context: None,
            context_notes: None,
            duration_seconds: None,
            operations_count: None,
            document_fields: JsonObject::new(),
        }
    }
}

/// The order of a list of visits; equal ones are ordered by id.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ContextSort {
    /// By start time.
    #[default]
    Start,
    /// By duration; those without one first.
    Duration,
    /// By repo.
    Repo,
    /// By id.
    Id,
}

/// Filters visits. All conditions must hold; an empty list matches all.
#[derive(Debug, Clone, Default)]
pub struct ContextFilter {
    /// Matches visits to any of these repos.
    pub repo: Vec<String>,
    /// Matches active (`true`) or ended (`false`) visits.
    pub active: Option<bool>,
    /// Matches visits of any of these people.
    pub by: Vec<String>,
    /// Whether `by` also matches visits without a person.
    pub or_nobody: bool,
    /// Matches visits to repos other than this one.
    pub other_than: Option<String>,
    /// Matches all of these words in id, repo, path or notes, ignoring case.
    pub text: Vec<String>,
    /// Matches visits started at or after this time.
    pub since: Option<Since>,
    /// Matches visits that were active at or after this time.
    pub still_at: Option<Timestamp>,
    /// Order of the list.
    pub sort: ContextSort,
    /// Reverses the order.
    pub reverse: bool,
    /// Page of the list.
    pub page: Page,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ending_sets_the_duration() {
        let start = "2025-11-20T10:00:00".parse().expect("valid time");
        let id = ContextSwitchId::new("CONTEXT-001").expect("valid id");
        let (repo, path) = ("orchard-core".to_owned(), "/srv/orchard-core".to_owned());
        let mut switch = ContextSwitch::new(id, repo, path, start);
        switch.end("2025-11-20T10:00:01.5".parse().expect("valid time"));
        assert_eq!(switch.duration_seconds, Some(1.5));
        // The clock was set back: the duration is not negative.
        switch.end("2025-11-20T09:00:00".parse().expect("valid time"));
        assert_eq!(switch.duration_seconds, Some(0.0));
    }

    #[test]
    fn visit_that_starts_on_a_date_has_no_duration() {
        let start = "2025-11-20".parse().expect("valid date");
        let id = ContextSwitchId::new("CONTEXT-001").expect("valid id");
        let mut switch = ContextSwitch::new(id, "core".to_owned(), ".".to_owned(), start);
        switch.end("2025-11-20T10:00:00".parse().expect("valid time"));
        assert_eq!(switch.duration_seconds, None);
    }
}
