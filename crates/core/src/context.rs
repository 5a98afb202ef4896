//! Contexts: which repo was worked in, and for how long.

mod spent;

pub use spent::{Spent, time_spent};

use crate::{ContextSwitchId, Fields, Page, Timestamp};

/// A stay in a repo. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct ContextSwitch {
    /// Its id.
    pub id: ContextSwitchId,
    /// The repo.
    pub repo: String,
    /// Where the repo is.
    pub repo_path: String,
    /// When work in it began.
    pub activated_at: Timestamp,
    /// When work in it ended.
    pub deactivated_at: Option<Timestamp>,
    /// Who switched.
    pub activated_by: Option<String>,
    /// A second id that the earlier tool gave; no other switch has the same.
    pub context_id: Option<String>,
    /// The repo, or the context id, before this one.
    pub previous_context: Option<String>,
    /// Remarks.
    pub context_notes: Option<String>,
    /// How long work in it lasted, in seconds.
    pub duration_seconds: Option<f64>,
    /// How many operations were counted.
    pub operations_count: Option<i64>,
    /// What its document said beyond our columns.
    pub document_fields: Fields,
}

impl ContextSwitch {
    /// Ends the stay, and sets how long it lasted.
    pub fn end(&mut self, now: Timestamp) {
        self.deactivated_at = Some(now.max(self.activated_at));
        self.measure();
    }

    /// Sets how long the stay lasted, by when it began and ended.
    pub fn measure(&mut self) {
        let end = self.deactivated_at;
        self.duration_seconds = end.map(|end| end.seconds_since(self.activated_at));
    }
}

impl ContextSwitch {
    /// A stay that begins.
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
            document_fields: Fields::new(),
        }
    }
}

/// The order of a list of context switches; what is alike is ordered by id.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ContextSort {
    /// By when they began.
    #[default]
    Start,
    /// By how long they lasted; those that go on come first.
    Duration,
    /// By repo.
    Repo,
    /// By id.
    Id,
}

/// Which context switches are wanted. An empty list asks for nothing in particular.
#[derive(Debug, Clone, Default)]
pub struct ContextFilter {
    /// In one of these repos.
    pub repo: Vec<String>,
    /// Only those that go on (`true`) or that have ended (`false`).
    pub active: Option<bool>,
    /// Of one of these people.
    pub by: Vec<String>,
    /// Also those of nobody in particular, where people are asked for.
    pub or_nobody: bool,
    /// Not in this repo.
    pub other_than: Option<String>,
    /// Words that all stand in id, repo, path or notes.
    pub text: Vec<String>,
    /// Began at or after this time.
    pub since: Option<Timestamp>,
    /// Went on at this time or later.
    pub still_at: Option<Timestamp>,
    /// The order.
    pub sort: ContextSort,
    /// The other way round.
    pub reverse: bool,
    /// Which part of the list.
    pub page: Page,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ending_sets_the_duration() {
        let start = "2025-11-20T10:00:00".parse().expect("a time");
        let id = ContextSwitchId::new("CONTEXT-001").expect("an id");
        let (repo, path) = ("orchard-core".to_owned(), "/srv/orchard-core".to_owned());
        let mut switch = ContextSwitch::new(id, repo, path, start);
        switch.end("2025-11-20T10:00:01.5".parse().expect("a time"));
        assert_eq!(switch.duration_seconds, Some(1.5));
        // A clock that went back makes no negative stay.
        switch.end("2025-11-20T09:00:00".parse().expect("a time"));
        assert_eq!(switch.duration_seconds, Some(0.0));
    }
}
