//! Search by words: what people type, and how what is found is shown.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use unicode_normalization::UnicodeNormalization;

use crate::{
    DecisionStatus, IssueStatus, Page, SearchNoun, Series, SessionStatus, TaskStatus, Timestamp,
    Vocabulary,
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

/// A text, and where in it words stand that were looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// The text.
    pub text: String,
    /// Ranges of bytes, in order.
    pub marks: Vec<Range<usize>>,
}

/// A piece of a record's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The field that it comes from, such as `description`.
    pub field: &'static str,
    /// The piece: one line, with `…` where something is left out.
    pub piece: Marked,
}

/// A word of a text: where it stands, and how it is compared.
struct Word {
    place: Range<usize>,
    folded: String,
}

/// Without accents and in lower case, as the databases compare.
fn folded(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    word.nfd()
        .filter(|c| !is_accent(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

fn is_accent(character: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&character)
}

fn words(text: &str) -> Vec<Word> {
    let is_part = |c: char| c.is_alphanumeric() || is_accent(c);
    let mut found = Vec::new();
    let mut begin = None;
    for (at, character) in text.char_indices().chain([(text.len(), ' ')]) {
        match (begin, is_part(character)) {
            (None, true) => begin = Some(at),
            (Some(start), false) => {
                found.push(Word {
                    place: start..at,
                    folded: folded(&text[start..at]),
                });
                begin = None;
            }
            _ => {}
        }
    }
    found
}

/// Where the terms of a query stand in a text: which term, and its range.
fn occurrences(query: &SearchQuery, text: &str) -> Vec<(usize, Range<usize>)> {
    let text = words(text);
    let mut found = Vec::new();
    for (number, term) in query.terms.iter().enumerate() {
        let wanted: Vec<String> = words(&term.text).into_iter().map(|w| w.folded).collect();
        if term.excluded || wanted.is_empty() {
            continue;
        }
        let last = wanted.len() - 1;
        for window in text.windows(wanted.len()) {
            let fits = |(at, (word, wanted)): (usize, (&Word, &String))| {
                word.folded == *wanted
                    || at == last && term.beginning && word.folded.starts_with(wanted.as_str())
            };
            if window.iter().zip(&wanted).enumerate().all(fits) {
                found.push((number, window[0].place.start..window[last].place.end));
            }
        }
    }
    found.sort_by_key(|(_, place)| (place.start, place.end));
    found
}

/// Ranges that don't overlap.
fn merged(places: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    for place in places {
        match all.last_mut() {
            Some(last) if place.start < last.end => last.end = last.end.max(place.end),
            _ => all.push(place),
        }
    }
    all
}

/// A whole text with its marks.
pub fn marked(query: &SearchQuery, text: &str) -> Marked {
    let places = occurrences(query, text).into_iter().map(|(_, place)| place);
    Marked {
        marks: merged(places),
        text: text.to_owned(),
    }
}

/// About so long is a piece of a text, in bytes.
const PIECE: usize = 160;
/// So much of it stands before the first word that was looked for.
const BEFORE: usize = 40;

/// The piece of these texts in which most of a query's terms stand; of several, the first.
pub fn snippet(query: &SearchQuery, texts: &[(&'static str, &str)]) -> Option<Snippet> {
    // How many terms, which text, and where.
    let mut best: Option<(usize, usize, Range<usize>)> = None;
    for (number, (_, text)) in texts.iter().enumerate() {
        let found = occurrences(query, text);
        for (at, (_, first)) in found.iter().enumerate() {
            let near = found[at..]
                .iter()
                .take_while(|(_, place)| place.end <= first.start + PIECE - BEFORE);
            let mut terms: Vec<usize> = near.clone().map(|(term, _)| *term).collect();
            terms.sort_unstable();
            terms.dedup();
            if best.as_ref().is_none_or(|(most, ..)| terms.len() > *most) {
                let end = near.map(|(_, place)| place.end).max();
                let end = end.unwrap_or(first.end);
                best = Some((terms.len(), number, first.start..end));
            }
        }
    }
    let (_, number, place) = best?;
    let (field, text) = texts[number];
    Some(Snippet {
        field,
        piece: marked(query, &piece(text, place)),
    })
}

/// What stands around a place, from word to word, on one line.
fn piece(text: &str, place: Range<usize>) -> String {
    let floor = |at: usize| text.floor_char_boundary(at);
    let mut start = floor(place.start.saturating_sub(BEFORE));
    if start > 0 {
        // Not in the middle of a word.
        let blank = text[start..place.start].find(char::is_whitespace);
        start = blank.map_or(place.start, |blank| start + blank);
    }
    let mut end = floor((start + PIECE).max(place.end).min(text.len())).max(place.end);
    if end < text.len() {
        let blank = text[place.end..end].rfind(char::is_whitespace);
        end = blank.map_or(place.end, |blank| place.end + blank);
    }
    let line: Vec<&str> = text[start..end].split_whitespace().collect();
    let before = if text[..start].trim().is_empty() {
        ""
    } else {
        "… "
    };
    let after = if text[end..].trim().is_empty() {
        ""
    } else {
        " …"
    };
    format!("{before}{}{after}", line.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn query(typed: &str) -> SearchQuery {
        typed.parse().expect("a query")
    }

    fn shown(marked: &Marked) -> String {
        let mut text = marked.text.clone();
        for mark in marked.marks.iter().rev() {
            text.insert(mark.end, ']');
            text.insert(mark.start, '[');
        }
        text
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

    #[test]
    fn words_are_marked_where_they_stand() {
        for (typed, text, expected) in [
            (
                "apfel",
                "Die ÄPFEL, apfel.rs; Ananas",
                "Die [ÄPFEL], [apfel].rs; Ananas",
            ),
            (
                "core pri",
                "orchard-core/pricing prices",
                "orchard-[core]/[pricing] [prices]",
            ),
            (
                "orchard-core",
                "Orchard core, orchard-cores core",
                "[Orchard core], [orchard-cores] core",
            ),
            ("\"a b\" c", "a b c, b a, abc", "[a b] [c], b a, abc"),
            (
                "e\u{301}te\u{301}",
                "Été e\u{301}te\u{301}",
                "[Été] [e\u{301}te\u{301}]",
            ),
            ("-a b", "a b", "a [b]"),
        ] {
            assert_eq!(shown(&marked(&query(typed), text)), expected, "{typed}");
        }
    }

    #[test]
    fn a_snippet_is_where_most_words_stand() {
        let long = format!(
            "{}pricing alone {}\nthe pricing\tmoves out {}",
            "x ".repeat(90),
            "y ".repeat(90),
            "z ".repeat(90)
        );
        let texts = [("description", long.as_str()), ("notes", "pricing")];
        let found = snippet(&query("out pricing"), &texts).expect("a snippet");
        assert_eq!(found.field, "description");
        let shown = shown(&found.piece);
        assert!(shown.starts_with("… y y y"), "{shown}");
        assert!(shown.contains("the [pricing] moves [out] z"), "{shown}");
        assert!(shown.ends_with("z …"), "{shown}");
        let short = snippet(&query("notes"), &[("notes", " notes\n here ")]).expect("a snippet");
        assert_eq!(short.piece.text, "notes here");
        assert_eq!(snippet(&query("absent"), &texts), None);
    }

    proptest! {
        #[test]
        fn anything_can_be_typed_and_marked(typed in "\\PC{0,20}", text in "(?s).{0,300}") {
            if let Ok(query) = typed.parse::<SearchQuery>() {
                for mark in marked(&query, &text).marks {
                    prop_assert!(!text[mark].is_empty());
                }
                if let Some(found) = snippet(&query, &[("text", &text)]) {
                    prop_assert!(found.piece.text.len() < 4 * PIECE + 300);
                }
            }
        }

        #[test]
        fn a_word_of_a_text_is_found_in_it(text in "[a-zäöü ]{1,400}", pick in 0usize..50) {
            let all: Vec<&str> = text.split_whitespace().collect();
            if let Some(word) = all.get(pick % all.len().max(1)) {
                let found = snippet(&query(&word.to_uppercase()), &[("text", &text)]);
                prop_assert!(found.is_some_and(|s| !s.piece.marks.is_empty()));
            }
        }
    }
}
