//! Highlights the matches of a query in a text, and chooses the excerpt to show.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use crate::SearchQuery;
use crate::search::{fold_case_and_accents, is_accent, is_cjk};

/// A text with highlighted matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HighlightedText {
    /// The text.
    pub text: String,
    /// The byte ranges of the matches, in order.
    pub highlights: Vec<Range<usize>>,
}

/// An excerpt of a record's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The field of the text, such as `description`.
    pub field: &'static str,
    /// The excerpt: one line, with `…` where text is left out.
    pub excerpt: HighlightedText,
}

/// A word of a text with its position and the form in which it is compared. Each character of Chinese,
/// Japanese or Korean is a word.
struct Token {
    range: Range<usize>,
    folded: String,
    /// Whether it and the character before it are Chinese, Japanese or Korean.
    continues_run: bool,
}

impl Token {
    fn new(text: &str, range: Range<usize>, continues_run: bool) -> Self {
        Token {
            folded: fold_case_and_accents(&text[range.clone()]),
            range,
            continues_run,
        }
    }
}

fn words(text: &str) -> Vec<Token> {
    let is_part = |c: char| !is_cjk(c) && (c.is_alphanumeric() || is_accent(c));
    let mut tokens = Vec::new();
    let mut begin = None;
    let mut is_in_run = false;
    for (at, character) in text.char_indices().chain([(text.len(), ' ')]) {
        match (begin, is_part(character)) {
            (None, true) => begin = Some(at),
            (Some(start), false) => {
                tokens.push(Token::new(text, start..at, false));
                begin = None;
            }
            _ => {}
        }
        let is_cjk = is_cjk(character);
        if is_cjk {
            tokens.push(Token::new(text, at..at + character.len_utf8(), is_in_run));
        }
        is_in_run = is_cjk;
    }
    tokens
}

/// A match of a query in a text.
struct Occurrence {
    /// The index of the term.
    term: usize,
    range: Range<usize>,
}

/// Returns the matches of a query in a text, in order.
fn occurrences(query: &SearchQuery, text: &str) -> Vec<Occurrence> {
    let tokens = words(text);
    let mut occurrences = Vec::new();
    for (index, term) in query.terms().iter().enumerate() {
        let words = words(&term.text.nfc().collect::<String>());
        if term.excluded || words.is_empty() {
            continue;
        }
        let last = words.len() - 1;
        for window in tokens.windows(words.len()) {
            let is_match = |(at, (token, word)): (usize, (&Token, &Token))| {
                let has_text = token.folded == word.folded
                    || at == last && term.is_prefix && token.folded.starts_with(&word.folded);
                has_text && (at == 0 || token.continues_run == word.continues_run)
            };
            if window.iter().zip(&words).enumerate().all(is_match) {
                occurrences.push(Occurrence {
                    term: index,
                    range: window[0].range.start..window[last].range.end,
                });
            }
        }
    }
    occurrences.sort_by_key(|occurrence| (occurrence.range.start, occurrence.range.end));
    occurrences
}

/// Merges overlapping ranges.
fn merge_ranges(ranges: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Returns a complete text with its matches.
pub fn marked(query: &SearchQuery, text: &str) -> HighlightedText {
    let occurrences = occurrences(query, text).into_iter();
    HighlightedText {
        highlights: merge_ranges(occurrences.map(|occurrence| occurrence.range)),
        text: text.to_owned(),
    }
}

/// Approximate length of an excerpt, in bytes.
const EXCERPT_BYTES: usize = 160;
/// Length of the text before the first match in an excerpt, in bytes.
const CONTEXT_BEFORE_BYTES: usize = 40;

/// Returns the excerpt that contains most terms of a query; the first one if there are several.
pub fn snippet(query: &SearchQuery, texts: &[(&'static str, &str)]) -> Option<Snippet> {
    struct Candidate<'a> {
        term_count: usize,
        field: &'static str,
        text: &'a str,
        range: Range<usize>,
    }

    let mut best: Option<Candidate<'_>> = None;
    for (field, text) in texts {
        let occurrences = occurrences(query, text);
        for (index, first) in occurrences.iter().enumerate() {
            let start = first.range.start;
            let max_end = start + EXCERPT_BYTES - CONTEXT_BEFORE_BYTES;
            let nearby = occurrences[index..].iter();
            let nearby = nearby.take_while(|occurrence| occurrence.range.end <= max_end);
            let mut terms: Vec<usize> = nearby.clone().map(|occurrence| occurrence.term).collect();
            terms.sort_unstable();
            terms.dedup();
            let best_count = best.as_ref().map(|best| best.term_count);
            if best_count.is_none_or(|count| terms.len() > count) {
                let end = nearby.map(|occurrence| occurrence.range.end).max();
                best = Some(Candidate {
                    term_count: terms.len(),
                    field,
                    text,
                    range: start..end.unwrap_or(first.range.end),
                });
            }
        }
    }
    let best = best?;
    Some(Snippet {
        field: best.field,
        excerpt: marked(query, &excerpt(best.text, best.range)),
    })
}

/// Returns whether a text can be cut before a character.
fn is_boundary(character: char) -> bool {
    character.is_whitespace() || is_cjk(character)
}

/// Returns the text around a range, from word to word, on one line.
fn excerpt(text: &str, range: Range<usize>) -> String {
    let floor = |at: usize| text.floor_char_boundary(at);
    let mut start = floor(range.start.saturating_sub(CONTEXT_BEFORE_BYTES));
    if start > 0 {
        // Not in the middle of a word.
        let boundary = text[start..range.start].find(is_boundary);
        start = boundary.map_or(range.start, |boundary| start + boundary);
    }
    let mut end = floor((start + EXCERPT_BYTES).max(range.end).min(text.len())).max(range.end);
    if end < text.len() {
        let boundary = text[range.end..end].rfind(is_boundary);
        end = boundary.map_or(range.end, |boundary| range.end + boundary);
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
        typed.parse().expect("valid query")
    }

    fn with_brackets(highlighted: &HighlightedText) -> String {
        let mut text = highlighted.text.clone();
        for mark in highlighted.highlights.iter().rev() {
            text.insert(mark.end, ']');
            text.insert(mark.start, '[');
        }
        text
    }

    #[test]
    fn matches_are_highlighted() {
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
            (
                "strasse",
                "Große Straße, STRAẞE",
                "Große [Straße], [STRAẞE]",
            ),
            ("œuvre", "Oeuvre œuvres", "[Oeuvre] [œuvres]"),
            ("検索", "全文検索機能、検 索", "全文[検索]機能、検 索"),
            ("索", "全文検索機能、検 索", "全文検[索]機能、検 [索]"),
            (
                "wsdb検索",
                "wsdb検索機能 wsdb 検索",
                "[wsdb検索]機能 [wsdb 検索]",
            ),
            (
                "\"全文 検索\"",
                "全文検索 全文 検索機",
                "全文検索 [全文 検索]機",
            ),
            (
                "\"全 検索\"",
                "全文 検索 完全 検索",
                "全文 検索 完[全 検索]",
            ),
            ("검색", "전문검색을", "전문[검색]을"),
        ] {
            assert_eq!(
                with_brackets(&marked(&query(typed), text)),
                expected,
                "{typed}"
            );
        }
    }

    #[test]
    fn snippet_contains_most_terms() {
        let long = format!(
            "{}pricing alone {}\nthe pricing\tmoves out {}",
            "x ".repeat(90),
            "y ".repeat(90),
            "z ".repeat(90)
        );
        let texts = [("description", long.as_str()), ("notes", "pricing")];
        let snippet_of_long = snippet(&query("out pricing"), &texts).expect("snippet");
        assert_eq!(snippet_of_long.field, "description");
        let text = with_brackets(&snippet_of_long.excerpt);
        assert!(text.starts_with("… y y y"), "{text}");
        assert!(text.contains("the [pricing] moves [out] z"), "{text}");
        assert!(text.ends_with("z …"), "{text}");
        let short = snippet(&query("notes"), &[("notes", " notes\n here ")]).expect("snippet");
        assert_eq!(short.excerpt.text, "notes here");
        assert_eq!(snippet(&query("absent"), &texts), None);
    }

    #[test]
    fn excerpt_without_spaces_has_text_around_the_match() {
        let text = format!("{}検索{}", "前".repeat(100), "後".repeat(100));
        let snippet = snippet(&query("検索"), &[("notes", &text)]).expect("snippet");
        let excerpt = with_brackets(&snippet.excerpt);
        assert_eq!(
            excerpt,
            format!("… {}[検索]{} …", "前".repeat(14), "後".repeat(36))
        );
    }

    proptest! {
        #[test]
        fn any_query_and_text_have_highlights(typed in "\\PC{0,20}", text in "(?s).{0,300}") {
            if let Ok(query) = typed.parse::<SearchQuery>() {
                for mark in marked(&query, &text).highlights {
                    prop_assert!(!text[mark].is_empty());
                }
                if let Some(snippet) = snippet(&query, &[("text", &text)]) {
                    prop_assert!(snippet.excerpt.text.len() < 4 * EXCERPT_BYTES + 300);
                }
            }
        }

        #[test]
        fn every_word_of_a_text_is_found(text in "[a-zäöü ]{1,400}", pick in 0usize..50) {
            let all: Vec<&str> = text.split_whitespace().collect();
            if let Some(word) = all.get(pick % all.len().max(1)) {
                let snippet = snippet(&query(&word.to_uppercase()), &[("text", &text)]);
                prop_assert!(snippet.is_some_and(|s| !s.excerpt.highlights.is_empty()));
            }
        }
    }
}
