//! Full-text search: queries and hits.

use std::fmt;
use std::str::FromStr;

use crate::{
    DecisionStatus, HighlightedText, IdSeries, IssueStatus, Page, SearchNoun, SessionStatus,
    Snippet, TaskStatus, Timestamp, Vocabulary,
};

/// A search query: words that must all occur, ignoring case and accents.
///
/// The last required word may be a prefix of a longer one. Words in quotes (`"two words"`) and the
/// parts of `orchard-core` must occur next to each other in this order; `-word` must not occur. Any
/// text is a valid query if it contains at least one required word.
///
/// ```
/// use wsdb_core::SearchQuery;
/// let query: SearchQuery = r#""move pricing" -pandas orch"#.parse()?;
/// assert_eq!(query.to_string(), r#""move pricing" -pandas orch…"#);
/// assert!("-pandas ???".parse::<SearchQuery>().is_err());
/// # Ok::<(), wsdb_core::SearchQueryError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    terms: Vec<Term>,
}

/// A word of a query, or several in quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The text as typed, without quotes and the leading minus.
    pub text: String,
    /// Whether its last word may be a prefix of a longer one.
    pub is_prefix: bool,
    /// Whether it must not occur.
    pub excluded: bool,
    quoted: bool,
}

/// A query without a required word.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "no search word in {0:?}: enter at least one word with a letter or digit and without a leading -"
)]
pub struct SearchQueryError(String);

impl SearchQuery {
    /// Returns the terms, required and excluded ones.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Returns the ids that the query may mean if it consists of only an id or a number of the
    /// series.
    pub fn ids(&self, series: Option<&IdSeries>) -> Vec<String> {
        let [term] = self.terms.as_slice() else {
            return Vec::new();
        };
        let (word, upper) = (term.text.clone(), term.text.to_uppercase());
        let number = series.and_then(|series| {
            let number = word.parse().ok().or_else(|| series.number(&upper))?;
            Some(series.id(number))
        });
        let mut ids: Vec<String> = [word.to_lowercase(), word, upper].into();
        ids.extend(number);
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Returns the query as a prefix of ids if it is a single word with a hyphen, such as
    /// `WS-TASK-0`: words in texts rarely have one.
    pub fn id_prefix(&self) -> Option<&str> {
        match self.terms.as_slice() {
            [term] if term.text.contains('-') && !term.text.contains(' ') => Some(&term.text),
            _ => None,
        }
    }
}

impl FromStr for SearchQuery {
    type Err = SearchQueryError;

    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        let mut terms: Vec<Term> = Vec::new();
        let mut rest = typed.trim_start_matches(is_blank);
        while !rest.is_empty() {
            let unsigned = rest.trim_start_matches('-');
            let excluded = unsigned.len() < rest.len();
            let (text, quoted, after) = match unsigned.strip_prefix('"') {
                // A quote that is not closed extends to the end.
                Some(quoted) => match quoted.split_once('"') {
                    Some((text, after)) => (text, true, after),
                    None => (quoted, true, ""),
                },
                None => {
                    let end = unsigned.find(|c| is_blank(c) || c == '"');
                    let (text, after) = unsigned.split_at(end.unwrap_or(unsigned.len()));
                    (text, false, after)
                }
            };
            rest = after.trim_start_matches(is_blank);
            if text.contains(char::is_alphanumeric) {
                terms.push(Term {
                    text: text.replace('\0', " "),
                    is_prefix: false,
                    excluded,
                    quoted,
                });
            }
        }
        let last: Option<&mut Term> = terms.iter_mut().rfind(|term| !term.excluded);
        match last {
            Some(last) => {
                last.is_prefix = !last.quoted;
                Ok(SearchQuery { terms })
            }
            None => Err(SearchQueryError(typed.trim().chars().take(60).collect())),
        }
    }
}

fn is_blank(character: char) -> bool {
    // PostgreSQL does not accept U+0000.
    character.is_whitespace() || character == '\0'
}

impl fmt::Display for SearchQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, term) in self.terms.iter().enumerate() {
            let space = if number > 0 { " " } else { "" };
            let minus = if term.excluded { "-" } else { "" };
            let quote = if term.quoted { "\"" } else { "" };
            let more = if term.is_prefix { "…" } else { "" };
            write!(f, "{space}{minus}{quote}{}{quote}{more}", term.text)?;
        }
        Ok(())
    }
}

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
pub struct AnyStatusError(String);

impl FromStr for StatusFilter {
    type Err = AnyStatusError;

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
            } => Err(AnyStatusError(word.chars().take(60).collect())),
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

    fn query(typed: &str) -> SearchQuery {
        typed.parse().expect("valid query")
    }

    #[test]
    fn what_people_type_is_read() {
        for (typed, read) in [
            ("pricing", "pricing…"),
            ("  move   pricing ", "move pricing…"),
            ("\"move pricing\"", "\"move pricing\""),
            ("\"not closed", "\"not closed\""),
            ("5\"disk\"", "5 \"disk\""),
            ("move -pandas", "move… -pandas"),
            ("move --\"a b\" pri", "move -\"a b\" pri…"),
            (
                "a* OR (b) AND NEAR/2 ^c: {d}",
                "a* OR (b) AND NEAR/2 ^c: {d}…",
            ),
            ("move & ! ???", "move…"),
            ("a\0b", "a b…"),
        ] {
            assert_eq!(query(typed).to_string(), read, "{typed}");
        }
        for nothing in ["", "  ", "-pandas", "\"\"", "-", "%_\\ ??", "-\"a b\""] {
            assert!(nothing.parse::<SearchQuery>().is_err(), "{nothing}");
        }
    }

    #[test]
    fn ids_and_numbers() {
        let ids = |typed: &str| query(typed).ids(Some(&IdSeries::TASKS)).join(" ");
        assert_eq!(ids("7"), "7 WS-TASK-007");
        assert_eq!(ids("ws-task-7"), "WS-TASK-007 WS-TASK-7 ws-task-7");
        assert_eq!(ids("gui"), "GUI gui");
        assert_eq!(ids("7 pricing"), "");
        assert_eq!(query("7").ids(None), ["7"]);
    }

    #[test]
    fn a_status_means_to_each_noun_what_it_means_there() {
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
