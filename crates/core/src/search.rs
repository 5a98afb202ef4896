//! Full-text search: queries, filters and hits.

mod index_text;
mod query;

pub use index_text::{IndexText, fold_case_and_accents, folded_latin_letters};
pub(crate) use index_text::{is_accent, is_cjk};
pub use query::{SearchQuery, SearchQueryError, Term};

use std::str::FromStr;

use crate::{
    DecisionStatus, DetectionStatus, HighlightedText, IssueStatus, Lifecycle, Moment, Page,
    SearchNoun, SessionStatus, Since, Snippet, StatusChoice, TaskStatus,
};

/// A status of any kind of record: `done` has a meaning for each of them.
///
/// Each list has the statuses that the word means for one kind, and is empty if it means none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusFilter {
    /// Statuses of tasks.
    pub task: Vec<TaskStatus>,
    /// Statuses of sessions.
    pub session: Vec<SessionStatus>,
    /// Statuses of issues.
    pub issue: Vec<IssueStatus>,
    /// Statuses of decisions.
    pub decision: Vec<DecisionStatus>,
    /// Statuses of detections.
    pub detection: Vec<DetectionStatus>,
}

/// A text that is not a status of any kind of record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown status {0:?} (expected a status of a task, session, issue, decision or detection)"
)]
pub struct StatusFilterError(String);

impl FromStr for StatusFilter {
    type Err = StatusFilterError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        fn of<V: Lifecycle>(word: &str) -> Vec<V> {
            let choice = word.parse::<StatusChoice<V>>();
            choice.map(StatusChoice::statuses).unwrap_or_default()
        }
        let status = StatusFilter {
            task: of(word),
            session: of(word),
            issue: of(word),
            decision: of(word),
            detection: of(word),
        };
        let StatusFilter {
            task,
            session,
            issue,
            decision,
            detection,
        } = &status;
        let is_known = !task.is_empty()
            || !session.is_empty()
            || !issue.is_empty()
            || !decision.is_empty()
            || !detection.is_empty();
        if !is_known {
            return Err(StatusFilterError(word.chars().take(60).collect()));
        }
        Ok(status)
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
    pub since: Option<Since>,
    /// The time at which statuses are evaluated: a detection ignored until then counts as open.
    /// `None` compares the stored status.
    pub now: Option<Moment>,
    /// Page of the hits.
    pub page: Page,
}

/// A record that matches a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Its kind.
    pub noun: SearchNoun,
    /// Its ID.
    pub id: String,
    /// Its status.
    pub status: &'static str,
    /// Its title, the user of a session, or the file of a detection.
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
        assert_eq!(done.task, [TaskStatus::Completed]);
        assert_eq!(done.issue, [IssueStatus::Resolved]);
        let closed: StatusFilter = "closed".parse().expect("valid status");
        assert_eq!(closed.decision, []);
        let ignored: StatusFilter = "ignored".parse().expect("valid status");
        assert_eq!(ignored.detection, [DetectionStatus::Ignored]);
        let open: StatusFilter = "open".parse().expect("valid status");
        assert_eq!(open.task, TaskStatus::open());
        assert_eq!(open.session, [SessionStatus::InProgress]);
        assert!("wontfix".parse::<StatusFilter>().is_err());
    }
}
