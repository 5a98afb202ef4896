//! Statuses as people write them: `✅ **Accepted** (2021-02-03)`, `Superseded by [ADR-0005](…)`.

use std::borrow::Cow;
use std::ops::Range;

use wsdb_core::DecisionStatus;

use super::date::find_date;
use super::date_before_by::mask_date_before_by;
use super::markup::{mask_struck, skip_markup, starts_with_phrase};
use super::reference_list::find_references;
use super::status_links::find_links;
use super::status_remarks::{is_limited, is_negative, parse_remark, skip_marks};
use super::status_words::{SUPERSEDED_BY, SUPERSEDES, phrases, status_phrases};

use DecisionStatus::{
    Deprecated, Implemented, InProgress, Maintained, Planned, Rejected, Superseded,
};

/// Marks between an earlier status and a later one.
const ARROWS: [&str; 7] = ["->", "→", "=>", "➡", "⇒", "⟶", "➔"];

/// A status within a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LineStatus {
    pub(super) status: DecisionStatus,
    /// The bytes of the phrase, with the decisions that supersede this one.
    pub(super) range: Range<usize>,
    /// Whether more than a few words follow.
    pub(super) has_long_remark: bool,
}

/// Finds the status with which a text begins, apart from marks such as emoji, bold and bullets, and
/// a date. A sentence such as `Deprecated features are listed in ADR 3` is not a status.
pub(super) fn find_status(text: &str) -> Option<LineStatus> {
    let text = &*mask_struck(text);
    let text = &*mask_date_before_by(text);
    if is_list_of_statuses(text) {
        return bold_status(text);
    }
    // `Proposed -> Accepted`: the last one counts.
    let start = last_arrow(text).unwrap_or(0);
    let Some(mut found) = first_phrase(text, start) else {
        return badge_status(text);
    };
    if found.status == Superseded {
        let end = end_of_successors(text, found.range.end)?;
        if end > found.range.end {
            found.range.end = end;
            return Some(found);
        }
    } else if let Some(end) = find_later_successors(text, found.range.end) {
        found.status = Superseded;
        found.range.end = end;
        return Some(found);
    }
    found.has_long_remark = parse_remark(text, &found.range)?.is_long;
    Some(found)
}

/// Returns where the last status of `Proposed -> Accepted` begins.
pub(super) fn last_arrow(text: &str) -> Option<usize> {
    let text = &*mask_struck(text);
    first_phrase(text, 0)?;
    let ends = ARROWS
        .iter()
        .flat_map(|arrow| text.match_indices(arrow))
        .map(|(at, arrow)| at + arrow.len());
    ends.filter(|end| first_phrase(text, *end).is_some()).max()
}

/// Returns the phrase with which a text begins at a position, after marks and a date.
pub(super) fn first_phrase(text: &str, start: usize) -> Option<LineStatus> {
    let start = skip_markup(text, start);
    let after_date = || {
        let date = find_date(&text[start..]).filter(|date| date.range.start == 0)?;
        phrase_at(text, skip_markup(text, start + date.range.end))
    };
    phrase_at(text, start).or_else(after_date)
}

/// Returns the longest phrase at a position.
pub(super) fn phrase_at(text: &str, start: usize) -> Option<LineStatus> {
    let found = status_phrases().filter_map(|(status, phrase)| {
        let length = starts_with_phrase(&text[start..], phrase)?;
        Some((status, length))
    });
    let (status, length) = found.max_by_key(|(_, length)| *length)?;
    Some(LineStatus {
        status,
        range: start..start + length,
        has_long_remark: false,
    })
}

/// Whether a text lists the statuses to choose from, as templates do.
pub(super) fn is_list_of_statuses(text: &str) -> bool {
    let text = &*without_names(text);
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

/// Returns a text without the names in links to decisions: `[[0005-x|New pears]]`, and `[5. New or old]`
/// after a phrase such as `superseded by`.
fn without_names(text: &str) -> Cow<'_, str> {
    let mut kept = Cow::Borrowed(text);
    while let Some(start) = kept.find("[[")
        && let Some(length) = kept[start..].find("]]")
    {
        kept.to_mut().replace_range(start..start + length + 2, "");
    }
    let mut at = 0;
    while let Some(found) = kept[at..].find('[') {
        let start = at + found;
        let before = kept[..start].trim_end_matches([' ', ':', '*', '_']);
        let before = before.to_lowercase();
        let mut all = phrases(SUPERSEDED_BY).chain(phrases(SUPERSEDES));
        let is_link = all.any(|phrase| before.ends_with(phrase));
        let Some(length) = kept[start..].find(']').filter(|_| is_link) else {
            at = start + 1;
            continue;
        };
        kept.to_mut().replace_range(start..=start + length, "");
        at = start;
    }
    kept
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

/// Returns the end of ` by [ADR-0005](0005-….md)` after a word such as `superseded`; `None` if
/// nothing supersedes the decision, as in `Superseded by: none`, or only a part of it.
pub(super) fn end_of_successors(text: &str, end: usize) -> Option<usize> {
    let rest = &text[end..];
    let word = rest.trim_start();
    if is_limited(word) {
        return None;
    }
    let by = [
        "by", "in", "with", "durch", "par", "por", "pela", "da", "door", "av", "af", "przez",
    ]
    .iter()
    .find_map(|by| starts_with_phrase(word, by));
    // `ersetzt durch` is a phrase of its own.
    let before = text[..end].to_lowercase();
    let ends_in_by = phrases(SUPERSEDED_BY).any(|phrase| before.ends_with(phrase));
    let start = match by {
        Some(length) => end + rest.len() - word.len() + length,
        None if ends_in_by => end,
        None => return Some(end),
    };
    let start = start + skip_marks(&text[start..], &[':', '：']);
    let rest = &text[start..];
    if is_negative(rest) {
        return None;
    }
    if let Some(list) = find_references(rest) {
        if is_limited(&rest[list.range.end..]) {
            return None;
        }
        if rest[list.range.clone()].contains("](") {
            return Some(start + list.range.end);
        }
    }
    let stop = rest
        .find([';', '\n'])
        .or_else(|| rest.find(" ("))
        .unwrap_or(rest.len());
    let trimmed = rest[..stop].trim_end_matches([' ', '*', '_', '.', '\r', '"', '\'', '`', '|']);
    Some(start + trimmed.len())
}

/// Returns the end of the successors that follow an earlier status: `Accepted, superseded by 0002`.
fn find_later_successors(text: &str, end: usize) -> Option<usize> {
    let rest = &text[end..];
    let words = rest.char_indices().filter(|(at, c)| {
        let before = rest[..*at].chars().next_back();
        c.is_alphabetic() && !before.is_some_and(char::is_alphanumeric)
    });
    words
        .filter_map(|(at, _)| {
            let lengths = phrases(SUPERSEDED_BY)
                .filter(|phrase| !phrase.starts_with("deprecated"))
                .filter_map(|phrase| starts_with_phrase(&rest[at..], phrase));
            let start = end + at + lengths.max()?;
            let before = rest[..at].trim_end_matches([' ', '*', '_', '`', '[', '"']);
            let separators = [
                ',', ';', '(', '.', ')', '-', '–', '—', '/', '|', '→', '，', '、',
            ];
            let word = before.rsplit(' ').next().unwrap_or_default().to_lowercase();
            let is_separate = before.ends_with(separators)
                || phrases("but; and; now; later; then; since; und; aber; et; mais; y; e; en")
                    .any(|known| known == word);
            let last = end_of_successors(text, start).filter(|_| is_separate)?;
            let is_named = !find_links(&text[start..last], true).is_empty();
            is_named.then_some(last)
        })
        .next()
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
            ("<del>Proposed</del> <ins>Rejected</ins>", "rejected"),
            (
                "<s class=\"x\">Accepted</s> <STRIKE>Draft</STRIKE> Rejected",
                "rejected",
            ),
            ("Accepted <s>Superseded by ADR-5</s>", "accepted"),
            ("Superseded by [[0099-h|New one]]", "superseded"),
            ("Superseded by [[0099-h|Draft or done]]", "superseded"),
            (
                "Superseded by [9. New / open pears](0009-x.md)",
                "superseded",
            ),
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
            ("已接受的", "accepted"),
            ("承認されました", "accepted"),
            ("建议中", "proposed"),
            ("提案済み", "proposed"),
            ("承認待ち", "proposed"),
            ("已驳回", "rejected"),
            ("2020-03-25 accepted", "accepted"),
            ("Accepted 25 March 2020", "accepted"),
            ("Accepted: 2020-03-25", "accepted"),
            ("Accepted unanimously", "accepted"),
            ("Rejected after discussion", "rejected"),
            ("Deprecated: yes", "deprecated"),
            ("Deprecated: use ADR-5 instead", "deprecated"),
            ("Accepted, superseded by 0002", "superseded"),
            ("Accepted (superseded by [5](0005-x.md))", "superseded"),
            ("Accepted 2020-01-01; replaced by ADR-5", "superseded"),
            ("Accepted but superseded by ADR-5", "superseded"),
            ("Accepted, will be superseded by ADR-5", "accepted"),
            ("Accepted, partially superseded by ADR-5", "accepted"),
            ("Accepted, superseded by: none", "accepted"),
            ("Accepted by the team, pending rollout", "accepted"),
            ("Accepted for review tools", "accepted"),
            ("Accepted as of draft 3", "accepted"),
            ("Accepted. Pending questions are in ADR-3.", "accepted"),
            ("Accepted when the team met", "accepted"),
            ("Draft, in review", "proposed"),
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
            "~~Accepted~~",
            "<s>Approved</s>",
            "<del>Draft</del>",
            "Partially superseded by 5",
            "Accepted?",
            "What is the status, such as proposed or accepted?",
            "Acceptedly",
            "Superseded by: none",
            "Superseded by: N/A",
            "Superseded by:",
            "Superseded by -",
            "**Superseded by:** –",
            "Superseded in part by ADR-5",
            "Accepted; pending board approval",
            "Accepted by the team, pending board approval",
            "Accepted (draft)",
            "Accepted (in review)",
            "Accepted tentatively",
            "Accepted, tentatively",
            "Accepted for review",
            "Accepted as draft",
            "Accepted as a draft",
            "Accepted with conditions",
            "Accepted when funded",
            "Aceptado, pendiente de revisión",
            "Accettato con riserva",
            "Aprovado com ressalvas",
            "Принято с оговорками",
            "承認（条件付き）",
            "Deprecated: no",
            "Deprecated - no",
            "| Deprecated | no |",
            "Rejected alternatives are listed below.",
            "Deprecated features are listed in ADR 3.",
            "Superseded decisions: ADR-1",
            "Open questions remain",
            "废弃的功能列在 ADR 3 中",
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
            (
                "Superseded by [5](x.md) and [6](y.md), as [Jo](z) said",
                "Superseded by [5](x.md) and [6](y.md)",
            ),
            (
                "Superseded by [5](x.md) and ADR-6 on 2020-01-01",
                "Superseded by [5](x.md) and ADR-6",
            ),
            (
                "Accepted, superseded by 0002",
                "Accepted, superseded by 0002",
            ),
            ("2020-03-25 accepted", "accepted"),
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
