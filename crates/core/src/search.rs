//! Full-text search: queries, filters and hits.

mod query;

pub use query::{SearchQuery, SearchQueryError, Term};

use std::str::FromStr;

use crate::{
    DecisionStatus, HighlightedText, IssueStatus, Page, SearchNoun, SessionStatus, Snippet,
    TaskStatus, Timestamp, Vocabulary,
};

/// A status of any kind of record: `done` has a meaning for each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusFilter {
    /// As the status of a task.
    pub task: Option<TaskStatus>,
    /// As the status of a session.
    pub session: Option<SessionStatus>,
    /// As the status of an issue.
    pub issue: Option<IssueStatus>,
    /// As the status of a decision.
    pub decision: Option<DecisionStatus>,
}

/// A text that is not a status of any kind of record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown status {0:?} (expected a status of a task, session, issue or decision)")]
pub struct StatusFilterError(String);

impl FromStr for StatusFilter {
    type Err = StatusFilterError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        fn of<V: Vocabulary>(word: &str) -> Option<V> {
            word.parse().ok()
        }
        let status = StatusFilter {
            task: of(word),
            session: of(word),
            issue: of(word),
            decision: of(word),
        };
        match status {
            StatusFilter {
                task: None,
                session: None,
                issue: None,
                decision: None,
            } => Err(StatusFilterError(word.chars().take(60).collect())),
            status => Ok(status),
        }
    }
}

/// Filters a search. All conditions must hold; an empty list matches all.
#[derive(Debug, Clone)]
pub struct SearchFilter {
    /// The query.
    pub query: SearchQuery,
    /// Matches any of these kinds of record.
    pub nouns: Vec<SearchNoun>,
    /// Matches any of these statuses.
    pub status: Vec<StatusFilter>,
    /// Matches records that affect any of these repos; sessions affect none.
    pub repo: Vec<String>,
    /// Matches records changed, started, detected or made at or after this time.
    pub since: Option<Timestamp>,
    /// Page of the hits.
    pub page: Page,
}

/// A record that matches a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Its kind.
    pub noun: SearchNoun,
    /// Its id.
    pub id: String,
    /// Its status.
    pub status: &'static str,
    /// Its title, or the user of a session.
    pub title: HighlightedText,
    /// An excerpt of its other texts with the matches, if any.
    pub snippet: Option<Snippet>,
    /// How well it matches compared with other hits of the same search; higher is better.
    pub rank: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_applies_to_each_kind_that_has_it() {
        let done: StatusFilter = "done".parse().expect("valid status");
        assert_eq!(done.task, Some(TaskStatus::Completed));
        assert_eq!(done.issue, Some(IssueStatus::Resolved));
        let open: StatusFilter = "open".parse().expect("valid status");
        assert_eq!(
            (open.session, open.decision),
            (Some(SessionStatus::InProgress), None)
        );
        assert!("wontfix".parse::<StatusFilter>().is_err());
    }
}
