//! Search by words: what people type, and how what is found is shown.

use std::fmt;
use std::str::FromStr;

use crate::{
    DecisionStatus, IssueStatus, Marked, Page, SearchNoun, Series, SessionStatus, Snippet,
    TaskStatus, Timestamp, Vocabulary,
};

/// What is looked for: words that all have to occur, in any case and with or without accents.
///
/// The last word that has to occur may be the beginning of one; `"words in quotes"` stand side by
/// side in this order, and so do those of `orchard-core`; `-word` must not occur. Nothing that
/// people type is wrong, but there has to be a word.
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

/// One word of a query, or several in quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// As it was typed, without quotes and without the minus before it.
    pub text: String,
    /// Whether its last word may be the beginning of a longer one.
    pub beginning: bool,
    /// Whether it must not occur.
    pub excluded: bool,
    quoted: bool,
}

/// Why nothing can be looked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no word to look for in {0:?}: a word has a letter or a digit, and no - before it"
)]
pub struct SearchQueryError(String);

impl SearchQuery {
    /// What has to occur, and what must not.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The ids that are meant where nothing but an id, or its number in a series, is asked for.
    pub fn ids(&self, series: Option<&Series>) -> Vec<String> {
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

    /// What ids begin with, where nothing is asked for but one word with a hyphen, such as
    /// `WS-TASK-0`: words of texts seldom have one.
    pub fn id_beginning(&self) -> Option<&str> {
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
                // A quote that is not closed goes to the end.
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
                    beginning: false,
                    excluded,
                    quoted,
                });
            }
        }
        let last: Option<&mut Term> = terms.iter_mut().rfind(|term| !term.excluded);
        match last {
            Some(last) => {
                last.beginning = !last.quoted;
                Ok(SearchQuery { terms })
            }
            None => Err(SearchQueryError(typed.trim().chars().take(60).collect())),
        }
    }
}

fn is_blank(character: char) -> bool {
    // PostgreSQL takes no U+0000.
    character.is_whitespace() || character == '\0'
}

impl fmt::Display for SearchQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, term) in self.terms.iter().enumerate() {
            let space = if number > 0 { " " } else { "" };
            let minus = if term.excluded { "-" } else { "" };
            let quote = if term.quoted { "\"" } else { "" };
            let more = if term.beginning { "…" } else { "" };
            write!(f, "{space}{minus}{quote}{}{quote}{more}", term.text)?;
        }
        Ok(())
    }
}

/// A status of any noun, such as `done`: it means to each noun what it means there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnyStatus {
    /// Of a task.
    pub task: Option<TaskStatus>,
    /// Of a session.
    pub session: Option<SessionStatus>,
    /// Of an issue.
    pub issue: Option<IssueStatus>,
    /// Of a decision.
    pub decision: Option<DecisionStatus>,
}

/// A word that is no status of anything.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no status of a task, session, issue or decision")]
pub struct AnyStatusError(String);

impl FromStr for AnyStatus {
    type Err = AnyStatusError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        fn of<V: Vocabulary>(word: &str) -> Option<V> {
            word.parse().ok()
        }
        let status = AnyStatus {
            task: of(word),
            session: of(word),
            issue: of(word),
            decision: of(word),
        };
        match status {
            AnyStatus {
                task: None,
                session: None,
                issue: None,
                decision: None,
            } => Err(AnyStatusError(word.chars().take(60).collect())),
            status => Ok(status),
        }
    }
}

/// What is looked for, and where. An empty list asks for nothing in particular.
#[derive(Debug, Clone)]
pub struct SearchFilter {
    /// The words.
    pub query: SearchQuery,
    /// One of these nouns.
    pub nouns: Vec<SearchNoun>,
    /// One of these.
    pub status: Vec<AnyStatus>,
    /// Touches one of these repos; sessions touch none.
    pub repo: Vec<String>,
    /// Changed, begun, found or made at or after this time.
    pub since: Option<Timestamp>,
    /// Which part of the hits.
    pub page: Page,
}

/// A record that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// What it is.
    pub noun: SearchNoun,
    /// Its id.
    pub id: String,
    /// How far it is.
    pub status: &'static str,
    /// Its title; of a session, who worked.
    pub title: Marked,
    /// Where in its other texts the words stand, if they do.
    pub snippet: Option<Snippet>,
    /// How well it fits, beside the other hits of the same search: the higher the better.
    pub rank: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(typed: &str) -> SearchQuery {
        typed.parse().expect("a query")
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
        let ids = |typed: &str| query(typed).ids(Some(&Series::TASKS)).join(" ");
        assert_eq!(ids("7"), "7 WS-TASK-007");
        assert_eq!(ids("ws-task-7"), "WS-TASK-007 WS-TASK-7 ws-task-7");
        assert_eq!(ids("gui"), "GUI gui");
        assert_eq!(ids("7 pricing"), "");
        assert_eq!(query("7").ids(None), ["7"]);
    }

    #[test]
    fn a_status_means_to_each_noun_what_it_means_there() {
        let done: AnyStatus = "done".parse().expect("a status");
        assert_eq!(done.task, Some(TaskStatus::Completed));
        assert_eq!(done.issue, Some(IssueStatus::Resolved));
        let open: AnyStatus = "open".parse().expect("a status");
        assert_eq!(
            (open.session, open.decision),
            (Some(SessionStatus::InProgress), None)
        );
        assert!("wontfix".parse::<AnyStatus>().is_err());
    }
}
