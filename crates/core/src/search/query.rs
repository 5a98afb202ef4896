//! Search queries.

use std::fmt;
use std::str::FromStr;

use crate::IdSeries;

/// A search query: words that must all occur, ignoring case and accents.
/// The last required word may be a prefix of a longer one, unless it is a name such as `c++` or
/// `.net`. Words in quotes (`"two words"`) and the parts of `orchard-core` must occur next to each
/// other in this order; `-word` must not occur. Any text is a valid query if it contains at least
/// one required word.
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
                last.is_prefix = !last.quoted && !is_name_with_symbol(&last.text);
                Ok(SearchQuery { terms })
            }
            None => Err(SearchQueryError(typed.trim().chars().take(60).collect())),
        }
    }
}

/// Whether a word is a name such as `c++`, `c#` or `.net`, which is not the beginning of a longer one.
fn is_name_with_symbol(word: &str) -> bool {
    word.ends_with(['+', '#']) || word.eq_ignore_ascii_case(".net")
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

#[cfg(test)]
mod tests {
    use super::*;

    fn query(typed: &str) -> SearchQuery {
        typed.parse().expect("valid query")
    }

    #[test]
    fn query_is_parsed() {
        for (typed, parsed) in [
            ("pricing", "pricing…"),
            ("c++", "c++"),
            ("C# x", "C# x…"),
            ("use C#", "use C#"),
            (".net", ".net"),
            (".git", ".git…"),
            (".github/work", ".github/work…"),
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
            assert_eq!(query(typed).to_string(), parsed, "{typed}");
        }
        for nothing in ["", "  ", "-pandas", "\"\"", "-", "%_\\ ??", "-\"a b\""] {
            assert!(nothing.parse::<SearchQuery>().is_err(), "{nothing}");
        }
    }

    #[test]
    fn id_or_number_gives_ids() {
        let ids = |typed: &str| query(typed).ids(Some(&IdSeries::TASKS)).join(" ");
        assert_eq!(ids("7"), "7 WS-TASK-007");
        assert_eq!(ids("ws-task-7"), "WS-TASK-007 WS-TASK-7 ws-task-7");
        assert_eq!(ids("gui"), "GUI gui");
        assert_eq!(ids("7 pricing"), "");
        assert_eq!(query("7").ids(None), ["7"]);
    }
}
