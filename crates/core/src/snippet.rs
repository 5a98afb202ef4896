//! Highlights the matches of a query in a text, and chooses the excerpt to show.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use crate::SearchQuery;

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
    pub piece: HighlightedText,
}

/// A word of a text with its position and the form in which it is compared.
struct Token {
    place: Range<usize>,
    folded: String,
}

/// Removes accents and converts to lower case, as the databases compare.
fn fold_case_and_accents(word: &str) -> String {
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

fn words(text: &str) -> Vec<Token> {
    let is_part = |c: char| c.is_alphanumeric() || is_accent(c);
    let mut found = Vec::new();
    let mut begin = None;
    for (at, character) in text.char_indices().chain([(text.len(), ' ')]) {
        match (begin, is_part(character)) {
            (None, true) => begin = Some(at),
            (Some(start), false) => {
                found.push(Token {
                    place: start..at,
                    folded: fold_case_and_accents(&text[start..at]),
                });
                begin = None;
            }
            _ => {}
        }
    }
    found
}

/// Returns the matches of a query in a text: the index of the term, and the range.
fn occurrences(query: &SearchQuery, text: &str) -> Vec<(usize, Range<usize>)> {
    let text = words(text);
    let mut found = Vec::new();
    for (number, term) in query.terms().iter().enumerate() {
        let wanted: Vec<String> = words(&term.text).into_iter().map(|w| w.folded).collect();
        if term.excluded || wanted.is_empty() {
            continue;
        }
        let last = wanted.len() - 1;
        for window in text.windows(wanted.len()) {
            let fits = |(at, (word, wanted)): (usize, (&Token, &String))| {
                word.folded == *wanted
                    || at == last && term.is_prefix && word.folded.starts_with(wanted.as_str())
            };
            if window.iter().zip(&wanted).enumerate().all(fits) {
                found.push((number, window[0].place.start..window[last].place.end));
            }
        }
    }
    found.sort_by_key(|(_, place)| (place.start, place.end));
    found
}

/// Merges overlapping ranges.
fn merge_ranges(places: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    for place in places {
        match all.last_mut() {
            Some(last) if place.start < last.end => last.end = last.end.max(place.end),
            _ => all.push(place),
        }
    }
    all
}

/// Returns a complete text with its matches.
pub fn marked(query: &SearchQuery, text: &str) -> HighlightedText {
    let places = occurrences(query, text).into_iter().map(|(_, place)| place);
    HighlightedText {
        highlights: merge_ranges(places),
        text: text.to_owned(),
    }
}

/// Approximate length of an excerpt, in bytes.
const EXCERPT_BYTES: usize = 160;
/// Length of the text before the first match in an excerpt, in bytes.
const CONTEXT_BEFORE_BYTES: usize = 40;

/// Returns the excerpt that contains most terms of a query; the first one if there are several.
pub fn snippet(query: &SearchQuery, texts: &[(&'static str, &str)]) -> Option<Snippet> {
    // The number of terms, the index of the text, and the range.
    let mut best: Option<(usize, usize, Range<usize>)> = None;
    for (number, (_, text)) in texts.iter().enumerate() {
        let found = occurrences(query, text);
        for (at, (_, first)) in found.iter().enumerate() {
            let near = found[at..].iter().take_while(|(_, place)| {
                place.end <= first.start + EXCERPT_BYTES - CONTEXT_BEFORE_BYTES
            });
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
        piece: marked(query, &excerpt(text, place)),
    })
}

/// Returns the text around a range, from word to word, on one line.
fn excerpt(text: &str, place: Range<usize>) -> String {
    let floor = |at: usize| text.floor_char_boundary(at);
    let mut start = floor(place.start.saturating_sub(CONTEXT_BEFORE_BYTES));
    if start > 0 {
        // Not in the middle of a word.
        let blank = text[start..place.start].find(char::is_whitespace);
        start = blank.map_or(place.start, |blank| start + blank);
    }
    let mut end = floor((start + EXCERPT_BYTES).max(place.end).min(text.len())).max(place.end);
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
        typed.parse().expect("valid query")
    }

    fn shown(marked: &HighlightedText) -> String {
        let mut text = marked.text.clone();
        for mark in marked.highlights.iter().rev() {
            text.insert(mark.end, ']');
            text.insert(mark.start, '[');
        }
        text
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
        let found = snippet(&query("out pricing"), &texts).expect("snippet");
        assert_eq!(found.field, "description");
        let shown = shown(&found.piece);
        assert!(shown.starts_with("… y y y"), "{shown}");
        assert!(shown.contains("the [pricing] moves [out] z"), "{shown}");
        assert!(shown.ends_with("z …"), "{shown}");
        let short = snippet(&query("notes"), &[("notes", " notes\n here ")]).expect("snippet");
        assert_eq!(short.piece.text, "notes here");
        assert_eq!(snippet(&query("absent"), &texts), None);
    }

    proptest! {
        #[test]
        fn anything_can_be_typed_and_marked(typed in "\\PC{0,20}", text in "(?s).{0,300}") {
            if let Ok(query) = typed.parse::<SearchQuery>() {
                for mark in marked(&query, &text).highlights {
                    prop_assert!(!text[mark].is_empty());
                }
                if let Some(found) = snippet(&query, &[("text", &text)]) {
                    prop_assert!(found.piece.text.len() < 4 * EXCERPT_BYTES + 300);
                }
            }
        }

        #[test]
        fn a_word_of_a_text_is_found_in_it(text in "[a-zäöü ]{1,400}", pick in 0usize..50) {
            let all: Vec<&str> = text.split_whitespace().collect();
            if let Some(word) = all.get(pick % all.len().max(1)) {
                let found = snippet(&query(&word.to_uppercase()), &[("text", &text)]);
                prop_assert!(found.is_some_and(|s| !s.piece.highlights.is_empty()));
            }
        }
    }
}
