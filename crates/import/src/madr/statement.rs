//! Sentences about the status of a decision, beside the status itself: `This ADR has been superseded by
//! ADR-2`, `Note: now deprecated`.

use std::ops::Range;

use wsdb_core::DecisionStatus;

use super::contradiction::{Clause, FILLERS, find_reversal, is_end, is_verb};
use super::date::is_month;
use super::markup::{is_letter, mask_struck, starts_with_phrase};
use super::reference::Reference;
use super::status::{end_of_successors, is_list_of_statuses, phrase_at};
use super::status_links::parse_status_links;
use super::status_remarks::parse_remark;
use super::status_words::phrases;

/// Words for the decision of the page.
const SUBJECTS: &str = "it; this; decision; adr; record; document";

/// Words that may be in front of the clause, as in `Update on 2022-02-02: now deprecated`.
const LABELS: &str = "note; notes; nb; update; updated; edit; edited; warning; important; caution; attention; tip; info; \
    notice; addendum; amendment; remark; status; ps; on; in; as; of; since; editor; s; hinweis; achtung; \
    nachtrag; aktualisierung; am; seit; nota; aviso; actualización; atualização; remarque; mise; à; jour; en; \
    em; le; el";

/// A sentence that contradicts a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    /// The bytes from its verb on.
    pub(super) range: Range<usize>,
    /// The decisions that supersede that of the page, if it names them.
    pub(super) successors: Vec<Reference>,
}

/// Finds a sentence that contradicts a status.
pub(super) fn find_statement(text: &str, status: DecisionStatus) -> Option<Statement> {
    use DecisionStatus::{Deprecated, Maintained, Planned, Rejected, Superseded, Unknown};
    let text = &*mask_struck(text);
    if matches!(status, Superseded | Unknown) || is_list_of_statuses(text) {
        return None;
    }
    let is_ended = matches!(status, Rejected | Deprecated);
    let words = text.char_indices().filter(|(at, c)| {
        let before = text[..*at].chars().next_back();
        is_letter(*c) && !before.is_some_and(is_letter)
    });
    let mut words = words.map(|(at, _)| at);
    words.find_map(|at| {
        let found = phrase_at(text, at).filter(|other| {
            let is_accepted = status == Planned && other.status == Maintained;
            let is_other = is_accepted || !is_ended && is_end(text, other);
            let is_fact = || parse_remark(text, &other.range).is_some();
            is_other && other.status != status && (other.status == Superseded || is_fact())
        });
        let end = match &found {
            Some(other) => other.range.end,
            None => at + find_reversal(&text[at..], is_ended)?,
        };
        // `Deprecated, as of version 2, are the old endpoints`
        let inserted = text[end..]
            .strip_prefix(',')
            .and_then(|rest| rest.split_once(','));
        let is_verb_after = |rest: &str| {
            ["are", "is"]
                .iter()
                .any(|verb| starts_with_phrase(rest.trim_start(), verb).is_some())
        };
        let is_inverted = !text[..at].contains(is_letter)
            && inserted.is_some_and(|(_, rest)| is_verb_after(rest));
        if is_inverted || !is_about_page(&text[..at]) || !is_verb(&text[end..]) {
            return None;
        }
        let is_superseded = found.is_some_and(|other| other.status == Superseded);
        let successors_end = end_of_successors(text, end).filter(|_| is_superseded);
        let range = at..successors_end.unwrap_or(end);
        let mut successors = parse_status_links(&text[range.clone()]).superseded_by;
        successors.retain(Reference::is_explicit);
        Some(Statement { range, successors })
    })
}

/// Whether a verb after a text is about the decision of the page.
fn is_about_page(before: &str) -> bool {
    let sentence = before.rsplit(['.', ';', '!', '。', '；']).next();
    let sentence = sentence.unwrap_or_default();
    let words = sentence.split(|c: char| !is_letter(c));
    let words = words.filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(str::to_lowercase).collect();
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let is_one_of = |word: &str, list: &str| phrases(list).any(|known| known == word);
    // `ADR-3: superseded by ADR-5`
    let is_other =
        |pair: &[String]| is_one_of(&pair[0], SUBJECTS) && is_number(&pair[1]) && pair[1].len() < 5;
    if words.windows(2).any(is_other) {
        return false;
    }
    let is_known = |word: &String| {
        let is_plain = is_one_of(word, FILLERS) || is_one_of(word, LABELS);
        is_plain || is_number(word) || is_month(word)
    };
    let clause = Clause::before(sentence);
    words.iter().all(is_known) || clause.has_only(FILLERS) && clause.has_word(SUBJECTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentence_about_the_end_of_a_decision_is_found() {
        for (text, successor) in [
            (
                "*This ADR has been superseded by [ADR-2](0002-n.md).*",
                "0002-n.md",
            ),
            ("Note: Superseded by [ADR-2](0002-n.md)", "0002-n.md"),
            ("This was later superseded by ADR-2.", "ADR-2"),
            ("Update 2022: superseded by ADR-2", "ADR-2"),
            ("Update (2022-02-02): **superseded by ADR-2**", "ADR-2"),
            ("Has been replaced by ADR-2", "ADR-2"),
            ("> **Superseded by ADR-2**", "ADR-2"),
            (
                "After the outage, this decision was superseded by ADR-2",
                "ADR-2",
            ),
            ("This was superseded by the new design.", ""),
            ("Update: now deprecated.", ""),
            ("> Deprecated, use the new design instead", ""),
            ("Edit: deprecated", ""),
            ("Now rejected", ""),
            ("Note: this decision was reverted", ""),
            (
                "Rejected after a long discussion with the board of directors",
                "",
            ),
        ] {
            let found = find_statement(text, DecisionStatus::Maintained);
            let found = found.unwrap_or_else(|| panic!("no statement: {text}"));
            let named: Vec<String> = found.successors.iter().map(ToString::to_string).collect();
            assert_eq!(named.join(","), successor, "{text}");
        }
        let accepted = "Note: Accepted on 2022-02-02 by the board";
        assert!(find_statement(accepted, DecisionStatus::Planned).is_some());
        assert!(find_statement(accepted, DecisionStatus::Maintained).is_none());
        let revived = "Update: accepted after all";
        assert!(find_statement(revived, DecisionStatus::Rejected).is_some());
    }

    #[test]
    fn sentence_about_something_else_is_no_statement() {
        for text in [
            "",
            "Supersedes [ADR-1](0001-x.md), which was rejected",
            "Amended by ADR-3 (superseded by ADR-5)",
            "- ADR-3: superseded by ADR-5",
            "- [ADR-3](0003-x.md): superseded by ADR-5",
            "Rejected options are listed below",
            "Deprecated, as of version 2, are all the old endpoints of the service.",
            "This ADR will be superseded by ADR-2",
            "It is not superseded by ADR-2",
            "This ADR is partially superseded by ADR-2",
            "Superseded by: none",
            "Deprecated: no",
            "Deprecated?",
            "~~This was superseded by ADR-2~~",
            "Kafka was rejected because of its price",
            "Proposed, accepted, deprecated or superseded by [ADR-5](0005-x.md)",
        ] {
            let found = find_statement(text, DecisionStatus::Maintained);
            assert_eq!(found, None, "{text}");
        }
    }
}
