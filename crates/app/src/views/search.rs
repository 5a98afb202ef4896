//! What a search finds as `--json` shows it.

use serde::Serialize;
use wsdb_core::{Hit, Marked, SearchNoun, Snippet};

/// A record that was found.
#[derive(Debug, Clone, Serialize)]
pub struct HitView {
    /// What it is: task, session, issue or decision.
    pub noun: SearchNoun,
    /// Its id.
    pub id: String,
    /// How far it is.
    pub status: &'static str,
    /// Its title; of a session, who worked.
    pub title: String,
    /// Where in the title words stand that were looked for.
    pub title_marks: Vec<Mark>,
    /// A piece of its other texts in which such words stand; null where there is none.
    pub snippet: Option<SnippetView>,
    /// How well it fits, beside the other hits of the same search: the higher the better.
    pub rank: f64,
}

/// A piece of a text.
#[derive(Debug, Clone, Serialize)]
pub struct SnippetView {
    /// The field that it comes from, such as description.
    pub field: &'static str,
    /// The piece, with `…` where something is left out.
    pub text: String,
    /// Where in it words stand that were looked for.
    pub marks: Vec<Mark>,
}

/// First character and the one behind the last, counted from 0 in Unicode characters.
pub type Mark = [usize; 2];

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
        let title_marks = marks(&title);
        HitView {
            noun,
            id,
            status,
            title: title.text,
            title_marks,
            snippet: snippet.map(|Snippet { field, piece }| SnippetView {
                field,
                marks: marks(&piece),
                text: piece.text,
            }),
            rank: (rank * 1e4).round() / 1e4,
        }
    }
}

fn marks(marked: &Marked) -> Vec<Mark> {
    let characters = |end: usize| marked.text[..end].chars().count();
    let ranges = marked.marks.iter();
    ranges
        .map(|range| [characters(range.start), characters(range.end)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_count_characters() {
        let query = "äpfel".parse().expect("a query");
        let marked = wsdb_core::marked(&query, "Süße 🍐 Äpfel!");
        assert_eq!(marks(&marked), [[7, 12]]);
    }
}
