//! Statuses as people write them: `✅ **Accepted** (2021-02-03)`, `Superseded by [ADR-0005](…)`.

use std::ops::Range;

use wsdb_core::DecisionStatus;

use super::markup::{skip_markup, starts_with_phrase};
use super::status_words::{SUPERSEDED_BY, phrases, status_phrases};

use DecisionStatus::{
    Deprecated, Implemented, InProgress, Maintained, Planned, Rejected, Superseded,
};

/// A status within a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LineStatus {
    pub(super) status: DecisionStatus,
    /// The bytes of the phrase, with the decisions that supersede this one.
    pub(super) range: Range<usize>,
}

/// Finds the status with which a text begins, apart from marks such as emoji, bold and bullets.
pub(super) fn find_status(text: &str) -> Option<LineStatus> {
    if is_list_of_statuses(text) {
        return bold_status(text);
    }
    // `Proposed -> Accepted`: the last one counts.
    let mut start = 0;
    for arrow in ["->", "→", "=>", "➡", "⇒"] {
        if let Some(at) = text.rfind(arrow)
            && phrase_at(text, skip_markup(text, 0)).is_some()
        {
            start = start.max(at + arrow.len());
        }
    }
    let start = skip_markup(text, start);
    let found = phrase_at(text, start).or_else(|| badge_status(text));
    let mut found = found?;
    if text[found.range.end..].starts_with('?') {
        return None;
    }
    if found.status == Superseded {
        found.range.end = end_of_successors(text, found.range.end);
    }
    Some(found)
}

/// Returns the longest phrase at a position.
fn phrase_at(text: &str, start: usize) -> Option<LineStatus> {
    let found = status_phrases().filter_map(|(status, phrase)| {
        let length = starts_with_phrase(&text[start..], phrase)?;
        Some((status, length))
    });
    let (status, length) = found.max_by_key(|(_, length)| *length)?;
    Some(LineStatus {
        status,
        range: start..start + length,
    })
}

/// Whether a text lists the statuses to choose from, as templates do.
fn is_list_of_statuses(text: &str) -> bool {
    let count = |separators: &[&str]| {
        let mut parts = vec![text.to_owned()];
        for separator in separators {
            let split = parts.iter().flat_map(|part| part.split(separator));
            parts = split.map(str::to_owned).collect();
        }
        if parts.len() < 2 {
            return 0;
        }
        let statuses = parts
            .iter()
            .filter_map(|part| phrase_at(part, skip_markup(part, 0)));
        let mut statuses: Vec<DecisionStatus> = statuses.map(|found| found.status).collect();
        statuses.sort_unstable();
        statuses.dedup();
        statuses.len()
    };
    count(&["|", "/", " or ", "、", " oder ", " ou "]) > 1
        || count(&["|", "/", ",", " or ", " and ", "，", "、"]) > 2
}

/// Returns the one status of a list that is bold: `Proposed | **Accepted** | Rejected`.
fn bold_status(text: &str) -> Option<LineStatus> {
    let marks: Vec<usize> = text.match_indices("**").map(|(at, _)| at).collect();
    let [open, close] = marks[..] else {
        return None;
    };
    let found = phrase_at(text, skip_markup(text, open))?;
    let is_only_part = !text[..open].trim().is_empty() || !text[close + 2..].trim().is_empty();
    (is_only_part && found.range.end <= close).then_some(found)
}

/// Returns the status in the address of a badge, such as `…/badge/status-accepted-green`.
fn badge_status(text: &str) -> Option<LineStatus> {
    let at = text.find("badge/")? + "badge/".len();
    let end = text[at..].find([')', '?', ' ', '"', '>']);
    let end = at + end.unwrap_or(text.len() - at);
    let mut start = at;
    for part in text[at..end].split('-') {
        if let Some(found) = phrase_at(text, start)
            && found.range.end <= start + part.len()
        {
            return Some(found);
        }
        start += part.len() + 1;
    }
    None
}

/// Returns the end of ` by [ADR-0005](0005-….md)` after a word such as `superseded`.
fn end_of_successors(text: &str, end: usize) -> usize {
    let rest = &text[end..];
    let word = rest.trim_start();
    let is_by = [
        "by", "in", "with", "durch", "par", "por", "pela", "da", "door", "av", "af", "przez",
    ]
    .iter()
    .any(|by| starts_with_phrase(word, by).is_some());
    // `ersetzt durch` is a phrase of its own.
    let before = text[..end].to_lowercase();
    let ends_in_by = phrases(SUPERSEDED_BY).any(|phrase| before.ends_with(phrase));
    if !is_by && !ends_in_by {
        return end;
    }
    let stop = rest
        .find([';', '\n'])
        .or_else(|| rest.find(" (").filter(|_| !rest.contains("](")))
        .unwrap_or(rest.len());
    let trimmed = rest[..stop].trim_end_matches([' ', '*', '_', '.', '\r', '"', '\'', '`', '|']);
    end + trimmed.len()
}

/// Returns the word for a status in a page: that of MADR, unless a more precise one is needed.
pub(super) fn status_word(status: DecisionStatus) -> &'static str {
    match status {
        Planned => "proposed",
        InProgress => "in progress",
        Implemented => "implemented",
        Maintained => "accepted",
        Superseded => "superseded",
        Rejected => "rejected",
        Deprecated => "deprecated",
        DecisionStatus::Unknown => "unknown",
    }
}

/// Returns `word` in the case of `model`.
pub(super) fn match_case(word: &str, model: &str) -> String {
    let letters: Vec<char> = model.chars().filter(|c| c.is_alphabetic()).collect();
    let first_word: Vec<char> = model
        .chars()
        .skip_while(|c| !c.is_alphabetic())
        .take_while(|c| c.is_alphabetic())
        .collect();
    let mut chars = word.chars();
    if first_word.len() > 1 && first_word.iter().all(|c| c.is_uppercase()) {
        word.to_uppercase()
    } else if letters.first().is_some_and(|c| c.is_lowercase()) {
        word.to_owned()
    } else {
        match chars.next() {
            Some(first) => first.to_uppercase().chain(chars).collect(),
            None => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(text: &str) -> Option<&'static str> {
        find_status(text).map(|found| status_word(found.status))
    }

    #[test]
    fn usual_forms_are_understood() {
        for (text, word) in [
            ("Accepted", "accepted"),
            ("ACCEPTED", "accepted"),
            ("accepted (2021-02-03)", "accepted"),
            ("✅ Accepted", "accepted"),
            (":white_check_mark: Accepted", "accepted"),
            ("**Accepted**", "accepted"),
            ("__Accepted__ on 2020-01-01", "accepted"),
            ("* Accepted", "accepted"),
            ("- [x] Accepted", "accepted"),
            ("> Accepted", "accepted"),
            ("`Accepted`", "accepted"),
            ("[Accepted](https://example.org)", "accepted"),
            ("<span class=\"ok\">Accepted</span>", "accepted"),
            ("~~Proposed~~ Accepted", "accepted"),
            ("Proposed -> Accepted", "accepted"),
            ("Status: Accepted", "accepted"),
            ("**Status:** Accepted", "accepted"),
            ("![Status: Accepted](https://img.shields.io/x)", "accepted"),
            (
                "![status](https://img.shields.io/badge/status-accepted-green)",
                "accepted",
            ),
            ("Accepted, supersedes [1](0001-x.md)", "accepted"),
            ("In Progress", "in progress"),
            ("in_review", "proposed"),
            ("Draft", "proposed"),
            (
                "Superceded by [5. Use pears](0005-use-pears.md)",
                "superseded",
            ),
            ("❌ Rejected", "rejected"),
            ("Withdrawn", "rejected"),
            ("Obsolete", "deprecated"),
            ("Akzeptiert", "accepted"),
            ("Ersetzt durch ADR-5", "superseded"),
            ("Accepté", "accepted"),
            ("Remplacée par l'ADR 5", "superseded"),
            ("Aceito", "accepted"),
            ("已接受", "accepted"),
            ("承認済み", "accepted"),
            ("被 ADR-5 取代", "?"),
            ("unknown", "unknown"),
        ] {
            let found = status(text).unwrap_or("?");
            assert_eq!(found, word, "{text}");
        }
    }

    #[test]
    fn other_texts_are_not_a_status() {
        for text in [
            "",
            "{proposed | rejected | accepted}",
            "[proposed | rejected | accepted | deprecated | … | superseded by [ADR-0005](0005-example.md)]",
            "proposed, accepted, rejected, deprecated, superseded, etc.",
            "Proposed / Accepted",
            "Not accepted",
            "Partially superseded by 5",
            "Accepted?",
            "What is the status, such as proposed or accepted?",
            "Acceptedly",
            "TBD",
            "🍐",
        ] {
            assert_eq!(status(text), None, "{text}");
        }
    }

    #[test]
    fn successors_belong_to_the_phrase() {
        for (text, part) in [
            (
                "superseded by [5](0005-x.md)",
                "superseded by [5](0005-x.md)",
            ),
            ("**Superseded by ADR-5**", "Superseded by ADR-5"),
            ("Superseded (2020-01-01)", "Superseded"),
            ("Ersetzt durch ADR-5.", "Ersetzt durch ADR-5"),
        ] {
            let found = find_status(text).expect("status");
            assert_eq!(&text[found.range], part);
        }
    }

    #[test]
    fn words_have_the_case_of_the_page() {
        assert_eq!(match_case("rejected", "Accepted"), "Rejected");
        assert_eq!(match_case("rejected", "accepted"), "rejected");
        assert_eq!(match_case("rejected", "ACCEPTED"), "REJECTED");
        assert_eq!(match_case("rejected", "已接受"), "Rejected");
    }
}
