//! Remarks that contradict the status before them: `Accepted, then reverted`, `Accepted (withdrawn in 2022)`.

use wsdb_core::DecisionStatus;

use super::date::find_date;
use super::markup::{is_letter, mask_links, mask_struck, starts_with_phrase};
use super::status::{LineStatus, end_of_successors, phrase_at};
use super::status_remarks::{is_negative, is_remark_word};
use super::status_words::phrases;

/// Words for the end of a decision that are no status.
const REVERSALS: &str = "reverted; vetoed; revoked; rescinded; repealed; reversed; overturned; overruled; \
    retracted; annulled; voided; undone; removed; abolished; scrapped; suspended; rolled back; widerrufen; aufgehoben; rückgängig gemacht; révoqué; \
    révoquée; annulé; annulée; revocado; revocada; anulado; anulada; revogado; revogada; teruggedraaid; \
    herroepen; återkallad; återkallat; tilbakekalt; annullato; annullata; revocato; revocata";

/// Words for a decision that is valid after all.
const REVIVALS: &str = "accepted; approved; reinstated; revived; restored; reopened";

/// Words that may be between the beginning of a clause and its verb.
pub(super) const FILLERS: &str = "it; this; that; which; the; decision; adr; record; document; dieses; diese; entscheidung; cette; décision; este; esta; \
    decisión; decisão; was; were; is; has; have; had; been; got; be; now; yet; \
    later; then; since; again; soon; shortly; afterward; subsequently; eventually; finally; recently; already; \
    wurde; ist; dann; später; inzwischen; a; été; est; puis; ensuite; fue; es; luego; foi; é; depois; poi; è; \
    stato; stata; werd; later; sedan";

/// Phrases that follow the name of another decision that replaces this one.
const REPLACEMENTS: &str = "replaces this decision; replaces this adr; replaces this record; replaces this one; \
    supersedes this decision; supersedes this adr; supersedes this record; supersedes this one; \
    obsoletes this decision; obsoletes this adr; overrides this decision; overrides this adr; \
    ersetzt diese entscheidung; remplace cette décision; reemplaza esta decisión; sustituye esta decisión; \
    substitui esta decisão; sostituisce questa decisione; vervangt dit besluit; vervangt deze beslissing";

/// Words between two clauses.
const CONJUNCTIONS: &str = "and; but; or; then; however; though; although; und; aber; doch; et; mais; y; pero; e; mas; \
    ma; en; maar; och; men; og";

/// Those after which the subject of a reversal may be named: `but the CTO vetoed it`.
const CONTRASTS: &str =
    "but; however; though; although; aber; doch; mais; pero; mas; ma; maar; men";

/// Words in front of something that did not happen, or not yet, or not to this decision.
const NOT_FACTS: &str = "not; never; can; could; may; might; will; would; should; to; if; unless; until; before; nobody; nothing; no; \
    nicht; nie; kann; könnte; wird; bis; pas; jamais; peut; nunca; não; puede; pode; non; niet; nooit; inte; \
    ikke; because; after; other; others; alternative; alternatives; option; options";

/// Words after a verb about the past of the decision.
const EARLIER: &str = "before; earlier; previously; originally; initially; at first; zuvor; vorher; zuerst; avant; antes; prima";

/// Whether the text after a status contradicts it.
pub(super) fn is_contradicted(text: &str, found: &LineStatus) -> bool {
    use DecisionStatus::{
        Deprecated, Implemented, InProgress, Maintained, Planned, Rejected, Superseded, Unknown,
    };
    let is_ended = match found.status {
        Planned | InProgress | Implemented | Maintained => false,
        Rejected | Deprecated => true,
        Superseded | Unknown => return false,
    };
    let unstruck = &*mask_struck(text);
    let text = &*mask_links(unstruck);
    let words = text.char_indices().filter(|(at, c)| {
        let before = text[..*at].chars().next_back();
        *at >= found.range.end && is_letter(*c) && !before.is_some_and(is_letter)
    });
    let mut words = words.map(|(at, _)| at);
    if !is_ended && names_replacement(text) {
        return true;
    }
    words.any(|at| {
        let rest = &text[at..];
        let reversal = find_reversal(rest, is_ended);
        let status = phrase_at(text, at).filter(|other| !is_ended && is_end(unstruck, other));
        let length = reversal.or(status.map(|other| other.range.end - at));
        let Some(length) = length else {
            return false;
        };
        let clause = Clause::before(&text[found.range.end..at]);
        let is_named = reversal.is_some() && clause.is_contrast && !clause.has_word(NOT_FACTS);
        // `but the CTO vetoed it`
        is_named || clause.has_only(FILLERS) && is_verb(&rest[length..])
    })
}

/// Whether a sentence names another decision that replaces this one: `ADR-3 replaces this decision`.
pub(super) fn names_replacement(text: &str) -> bool {
    let text = &*mask_links(&mask_struck(text));
    let words = text.char_indices().filter(|(at, c)| {
        let before = text[..*at].chars().next_back();
        is_letter(*c) && !before.is_some_and(is_letter)
    });
    let mut words = words.map(|(at, _)| at);
    words.any(|at| {
        let is_replacing = longest(&text[at..], REPLACEMENTS).is_some();
        is_replacing && !Clause::before(&text[..at]).has_word(NOT_FACTS)
    })
}

/// Whether a line below a status begins with a word that contradicts it.
pub(super) fn begins_with_reversal(line: &str) -> bool {
    let text = line.trim_start_matches(|c: char| !is_letter(c));
    longest(text, REVERSALS).is_some_and(|length| is_verb(&text[length..]))
}

/// Returns the length of a word such as `reverted` at the beginning of a text, or, for a decision that ended,
/// of one such as `reinstated`.
pub(super) fn find_reversal(text: &str, is_ended: bool) -> Option<usize> {
    longest(text, if is_ended { REVIVALS } else { REVERSALS })
}

/// Whether a status ends the validity of a decision.
pub(super) fn is_end(text: &str, found: &LineStatus) -> bool {
    match found.status {
        DecisionStatus::Rejected | DecisionStatus::Deprecated => true,
        DecisionStatus::Superseded => end_of_successors(text, found.range.end).is_some(),
        _ => false,
    }
}

fn longest(text: &str, list: &str) -> Option<usize> {
    let lengths = phrases(list).filter_map(|phrase| starts_with_phrase(text, phrase));
    lengths.max()
}

/// Whether a word is the verb of a clause, according to the text after it: `Rejected alternatives` begin
/// with an adjective.
pub(super) fn is_verb(after: &str) -> bool {
    let next = after.trim_start_matches([' ', '*', '_', '`', '"', '\'']);
    let Some(first) = next.chars().next() else {
        return true;
    };
    if matches!(first, ':' | '：' | '?') || longest(next, EARLIER).is_some() {
        return false;
    }
    if !is_letter(first) {
        // `deprecated - no`
        let value = next.trim_matches(|c: char| !is_letter(c));
        return value.is_empty() || !is_negative(value);
    }
    let word = next.split(|c: char| !is_letter(c)).next();
    let word = word.unwrap_or_default().to_lowercase();
    let is_year = word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    let is_date = find_date(next).is_some_and(|date| date.range.start == 0);
    is_year || is_date || is_remark_word(&word)
}

/// What is in front of a verb, from the beginning of its clause.
#[derive(Debug)]
pub(super) struct Clause {
    words: Vec<String>,
    /// Whether it begins with a word such as `but`.
    is_contrast: bool,
}

impl Clause {
    pub(super) fn before(text: &str) -> Self {
        let is_separator = |c: char| {
            matches!(
                c,
                ',' | ';'
                    | '.'
                    | ':'
                    | '('
                    | ')'
                    | '['
                    | '–'
                    | '—'
                    | '/'
                    | '|'
                    | '，'
                    | '。'
                    | '；'
            )
        };
        let start = text.rfind(is_separator).max(text.rfind(" - "));
        let clause = &text[start.unwrap_or(0)..];
        let words = clause.split(|c: char| !is_letter(c) && c != '\'');
        let words = words.filter(|word| !word.is_empty());
        let mut words: Vec<String> = words.map(str::to_lowercase).collect();
        let is_one_of = |word: &String, list: &str| phrases(list).any(|known| known == word);
        let conjunction = words.iter().rposition(|word| is_one_of(word, CONJUNCTIONS));
        let is_contrast = words.iter().any(|word| is_one_of(word, CONTRASTS));
        if let Some(at) = conjunction {
            words.drain(..=at);
        }
        Clause { words, is_contrast }
    }

    pub(super) fn has_only(&self, list: &str) -> bool {
        let is_known = |word: &String| phrases(list).any(|known| known == word);
        self.words.iter().all(is_known)
    }

    pub(super) fn has_word(&self, list: &str) -> bool {
        let is_known = |word: &String| phrases(list).any(|known| known == word);
        self.words.iter().any(is_known)
    }
}

#[cfg(test)]
mod tests {
    use super::super::status::find_status;
    use super::*;

    fn contradicts(text: &str) -> bool {
        let found = find_status(text).expect("status");
        is_contradicted(text, &found)
    }

    #[test]
    fn end_of_a_decision_contradicts_its_status() {
        for text in [
            "Accepted, then reverted",
            "Accepted (vetoed)",
            "Accepted (withdrawn in 2022)",
            "Accepted (superseded)",
            "Accepted but later abandoned",
            "Accepted, but the CTO vetoed it",
            "Accepted. The decision was rescinded by Bob.",
            "Accepted; has been deprecated",
            "Accepted - reverted on 2021-03-05",
            "Rejected, then reinstated",
            "Accepted. Update: superseded by [ADR-2](0002-x.md)",
            "Accepted. ADR-3 replaces this decision.",
            "Accepted; [ADR-3](0003-x.md) supersedes this ADR",
        ] {
            assert!(contradicts(text), "{text}");
        }
    }

    #[test]
    fn remark_about_something_else_does_not_contradict_a_status() {
        for text in [
            "Accepted",
            "Accepted, but ADR-3 was not reverted",
            "Accepted, not yet deprecated",
            "Accepted. Rejected options are below.",
            "Accepted (ADR-3 was withdrawn)",
            "Accepted ~~then reverted~~",
            "Accepted, was rejected before",
            "Accepted, deprecated: no",
            "Accepted (superseded by: none)",
            "Accepted, supersedes [1. Drop it. Rejected by all](0001-x.md)",
            "Accepted, see [1](rejected/0001-x.md)",
            "Rejected; approved options are below",
            "Accepted until ADR-3 replaces this decision",
            "Accepted. Nothing replaces this decision.",
            "Accepted. This replaces ADR-3.",
            "Superseded by ADR-3, then reverted",
        ] {
            assert!(!contradicts(text), "{text}");
        }
    }
}
