//! Contexts: which repo was worked in, and for how long.

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
        let end = now.max(self.activated_at);
        self.deactivated_at = Some(end);
        self.duration_seconds = Some(end.seconds_since(self.activated_at));
    }
}

/// Which context switches are wanted. An empty list asks for nothing in particular.
#[derive(Debug, Clone, Default)]
pub struct ContextFilter {
    /// In one of these repos.
    pub repo: Vec<String>,
    /// Only those that go on (`true`) or that have ended (`false`).
    pub active: Option<bool>,
    /// Began at or after this time.
    pub since: Option<Timestamp>,
    /// Which part of the list, by time of beginning.
    pub page: Page,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ending_sets_the_duration() {
        let mut switch = ContextSwitch {
            id: ContextSwitchId::new("CONTEXT-001").expect("an id"),
            repo: "orchard-core".into(),
            repo_path: "/srv/orchard-core".into(),
            activated_at: "2025-11-20T10:00:00".parse().expect("a time"),
            deactivated_at: None,
            activated_by: None,
            context_id: None,
            previous_context: None,
            context_notes: None,
            duration_seconds: None,
            operations_count: None,
            document_fields: Fields::new(),
        };
        switch.end("2025-11-20T10:00:01.5".parse().expect("a time"));
        assert_eq!(switch.duration_seconds, Some(1.5));
        // A clock that went back makes no negative stay.
        switch.end("2025-11-20T09:00:00".parse().expect("a time"));
        assert_eq!(switch.duration_seconds, Some(0.0));
    }
}
