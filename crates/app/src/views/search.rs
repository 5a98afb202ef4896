//! Views of search results.

use serde::Serialize;
use wsdb_core::{HighlightedText, Hit, SearchNoun, Snippet};

/// A search result.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HitView {
    /// Kind of record: task, session, issue, decision or detection.
    pub record_type: SearchNoun,
    /// Its ID.
    pub id: String,
    /// Its status.
    pub status: &'static str,
    /// Its title; for a session, the user; for a detection, the file.
    pub title: String,
    /// Positions of matches in the title.
    pub title_highlights: Vec<Highlight>,
    /// Excerpt of another field with matches; null if there is none.
    pub snippet: Option<SnippetView>,
    /// Relevance relative to the other results of the same search; higher is better.
    pub rank: f64,
}

list_record!(HitView {
    record_type,
    id,
    status,
    title,
    title_highlights,
    snippet,
    rank
});

/// An excerpt of a text.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SnippetView {
    /// The field, such as `description`.
    pub field: &'static str,
    /// The excerpt, with `…` where something is left out.
    pub text: String,
    /// Positions of matches in the excerpt.
    pub highlights: Vec<Highlight>,
}

/// Start and end of a match (end exclusive), counted in Unicode characters from 0.
pub type Highlight = [usize; 2];

impl From<Hit> for HitView {
    fn from(hit: Hit) -> Self {
        let Hit {
            noun,
            id,
            status,
            title,
            snippet,
            rank,
        } = hit;
        let title_highlights = highlights(&title);
        HitView {
            record_type: noun,
            id,
            status,
            title: title.text,
            title_highlights,
            snippet: snippet.map(|Snippet { field, excerpt }| SnippetView {
                field,
                highlights: highlights(&excerpt),
                text: excerpt.text,
            }),
            rank: (rank * 1e4).round() / 1e4,
        }
    }
}

fn highlights(marked: &HighlightedText) -> Vec<Highlight> {
    let characters = |end: usize| marked.text[..end].chars().count();
    let ranges = marked.highlights.iter();
    ranges
        .map(|range| [characters(range.start), characters(range.end)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn highlights_count_characters() {
        let query = "äpfel".parse().expect("a query");
        let marked = wsdb_core::marked(&query, "Süße 🍐 Äpfel!");
        assert_eq!(highlights(&marked), [[7, 12]]);
    }
}
