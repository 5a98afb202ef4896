//! What may follow a status in its line: a date, a link, or a remark such as `by the team`.

use std::ops::Range;

use wsdb_core::DecisionStatus;

use super::date::find_date;
use super::markup::mask_links;
use super::markup::{is_letter, starts_with_phrase};
use super::status_words::{phrases, status_phrases};

/// What follows a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Remark {
    /// Whether it is more than a few words.
    pub(super) is_long: bool,
}

/// Maximum number of words that follow a status in a line below another status.
const MAX_REMARK_WORDS: usize = 4;

/// The words with which a remark begins. After other words, as in `Rejected alternatives`, the word
/// before them is not a status.
const REMARK_WORDS: &str = "by; on; in; at; as; of; since; after; for; from; until; till; with; without; per; via; \
    due; because; but; and; to; under; during; through; unless; when; while; if; subject; pending; \
    again; yet; already; now; today; w; am; vom; von; durch; seit; mit; ohne; nach; für; im; zur; \
    zum; da; weil; wegen; und; aber; bis; le; la; par; depuis; en; pour; avec; sans; sur; après; \
    dans; mais; et; du; el; por; desde; para; con; sin; tras; pero; y; em; com; sem; pela; pelo; \
    desde; mas; e; il; dal; dalla; per; dopo; ma; nel; door; op; sinds; voor; van; met; na; maar; \
    av; af; den; sedan; siden; för; med; efter; etter; og; och; przez; w; od; dnia; dla; po; от; в; \
    с; на; по; для; после";

/// The values that stand for nothing.
const NEGATIVE_VALUES: &str = "none; no; n/a; na; n.a; nil; null; nothing; nobody; no one; not applicable; not yet; tbd; \
    false; kein; keine; keiner; nein; aucun; aucune; non; ninguno; ninguna; nenhum; nenhuma; não; \
    nessuno; nessuna; geen; nee; ingen; inget; nej; nei; brak; nie; нет; 无; 無; なし; 없음";

/// Values after a colon that confirm the status before it.
const POSITIVE_VALUES: &str = "yes; true; x; ja; oui; sí; sim; sì; tak; да; 是; はい; 예";

/// The ends of words in languages without spaces.
const PARTICLES: &str = "的; 了; されました; された; です; 되었습니다; 되었음; 입니다; 됨";

/// Words that limit a status.
const LIMITS: &str =
    "in part; partially; partly; teilweise; partiellement; en partie; parcialmente";

/// Words of a condition after a status, as in `accepted if the budget allows it`.
const CONDITIONS: &str = "if; unless; provided that; provided the; providing; assuming; conditional on; conditionally; contingent on; \
    subject to; pending; falls; sofern; \
    vorbehaltlich; unter vorbehalt; sous réserve; à condition; sujeto a; sujeita a; sujeito a; salvo; \
    a condición; desde que; tentatively; provisionally; preliminarily; with conditions; with condition; \
    with reservations; with caveats; when funded; when approved; when confirmed; when reviewed; when ready; \
    mit vorbehalt; mit auflagen; unter auflagen; avec réserve; avec réserves; avec conditions; en attente; \
    con reservas; con condiciones; pendiente; com ressalva; com ressalvas; com reservas; com condições; pendente; \
    con riserva; con riserve; con condizioni; in attesa; onder voorbehoud; met voorbehoud; med förbehåll; \
    med forbehold; z zastrzeżeniem; z zastrzeżeniami; warunkowo; с оговоркой; с оговорками; при условии; условно; \
    条件付き; 条件付; 有条件";

/// Words for a decision that is not final, if nothing follows them in their clause.
const NOT_FINAL: &str = "draft; a draft; as draft; as a draft; in draft; tentative; provisional; preliminary; in review; under review; \
    for review; for discussion; as proposal; as a proposal";

/// Work that may be pending for an accepted decision, as in `accepted, pending implementation`.
const WORK: &str =
    "implementation; rollout; deployment; migration; documentation; removal; its removal";

/// Words that deny the status before them, if nothing follows them.
const DENIALS: &str = "not really; not quite; not finally; not formally; not fully";

/// Whether what follows a status is or contains a condition, or is a value such as `by none`.
fn is_conditional(rest: &str) -> bool {
    // `by the team, pending approval`; what follows the sentence is about something else.
    let rest_without_links = mask_links(rest);
    let sentence = rest_without_links.split(". ").next().unwrap_or_default();
    let separators = [',', ';', '(', '，', '；', '（'];
    let mut later = sentence.match_indices(separators);
    is_condition(rest) || later.any(|(at, _)| is_condition(&sentence[at..]))
}

/// Whether a clause is a condition, or a value such as `by none`.
fn is_condition(clause: &str) -> bool {
    let is_mark = |c: char| {
        let is_bracket = matches!(c, '(' | '[' | '（');
        let is_separator = matches!(c, ' ' | ',' | ';' | '-' | '–' | '—' | ':' | '，' | '；');
        is_bracket || is_separator || matches!(c, '*' | '_')
    };
    let mut text = clause.trim_start_matches(is_mark);
    for word in ["but", "and", "only"] {
        if let Some(length) = starts_with_phrase(text, word) {
            text = text[length..].trim_start_matches(is_mark);
        }
    }
    if let Some(length) = starts_with_phrase(text, "by") {
        let names = text[length..].trim_matches(|c: char| !is_letter(c));
        return !names.is_empty() && is_negative(names);
    }
    let is_work = starts_with_phrase(text, "pending").is_some_and(|length| {
        let what = text[length..].trim_start();
        phrases(WORK).any(|work| starts_with_phrase(what, work).is_some())
    });
    let is_denied = phrases(DENIALS).any(|word| {
        let rest = starts_with_phrase(text, word).map(|length| text[length..].trim_start());
        rest.is_some_and(|rest| !rest.starts_with(is_letter))
    });
    let is_not_final = phrases(NOT_FINAL).any(|word| {
        let rest = starts_with_phrase(text, word).map(|length| text[length..].trim_start());
        rest.is_some_and(|rest| {
            rest.is_empty() || rest.starts_with([')', ']', '.', ',', ';', '*', '_'])
        })
    });
    let is_condition = phrases(CONDITIONS).any(|word| starts_with_phrase(text, word).is_some());
    is_denied || is_not_final || !is_work && is_condition
}

/// Whether a status is that of a decision that is not made yet, so that a condition does not change its meaning.
fn is_open(status: &str) -> bool {
    let mut all = status_phrases().filter(|(_, phrase)| {
        starts_with_phrase(status, phrase).is_some_and(|length| length == status.len())
    });
    all.any(|(status, _)| {
        matches!(
            status,
            DecisionStatus::Planned | DecisionStatus::InProgress | DecisionStatus::Unknown
        )
    })
}

/// Whether a text begins with a word that limits the status before it.
pub(super) fn is_limited(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| !is_letter(c));
    phrases(LIMITS).any(|limit| starts_with_phrase(text, limit).is_some())
}

/// Whether a value is empty or stands for nothing.
pub(super) fn is_negative(value: &str) -> bool {
    let value = value.split("<!--").next().unwrap_or_default();
    let value = value.trim_matches(|c: char| !is_letter(c));
    let is_end = |rest: &str| rest.is_empty() || rest.starts_with([',', ';', '.', '(', '|', ':']);
    value.is_empty()
        || phrases(NEGATIVE_VALUES).any(|negative| {
            let length = starts_with_phrase(value, negative);
            length.is_some_and(|length| is_end(value[length..].trim_start()))
        })
}

/// Returns the length of the marks at the beginning of a text: spaces, emphasis, the end of a link,
/// tags, and the given characters.
pub(super) fn skip_marks(text: &str, others: &[char]) -> usize {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let end = if rest.starts_with("](") {
            rest.find(')')
        } else if rest.starts_with('<') {
            rest.find('>')
        } else {
            None
        };
        match (end, rest.chars().next()) {
            (Some(end), _) => at += end + 1,
            (None, Some(c))
                if c.is_whitespace()
                    || matches!(c, '*' | '_' | '~' | '`' | '"' | '\'' | ']' | '}' | '>')
                    || others.contains(&c) =>
            {
                at += c.len_utf8();
            }
            _ => return at,
        }
    }
}

/// Returns what follows a status; `None` if the text is not a status but a sentence that begins with
/// the same word, a question, or a negative value.
pub(super) fn parse_remark(text: &str, status: &Range<usize>) -> Option<Remark> {
    let after = &text[status.end..];
    let rest = &after[skip_marks(after, &[])..];
    let short = Remark { is_long: false };
    let remark = Remark {
        is_long: count_words(rest) > MAX_REMARK_WORDS,
    };
    let Some(first) = rest.chars().next() else {
        return Some(short);
    };
    if is_conditional(rest) && !is_open(&text[status.clone()]) {
        return None;
    }
    if after.starts_with('?') || is_letter(first) && is_limited(rest) {
        return None;
    }
    if let Some(value) = rest.strip_prefix([':', '：']) {
        let is_emoji = value
            .find(':')
            .is_some_and(|end| !value[..end].contains(' '));
        if is_negative(value) && !is_emoji {
            return None;
        }
        let value = value.trim_matches(|c: char| !is_letter(c));
        let is_positive = phrases(POSITIVE_VALUES).any(|word| value.to_lowercase() == word);
        let is_fact = is_emoji || is_positive || is_date_or_reference(value);
        return Some(Remark { is_long: !is_fact });
    }
    if !is_letter(first) {
        let words = rest.trim_matches(|c: char| !is_letter(c));
        return (words.is_empty() || !is_negative(words)).then_some(remark);
    }
    if after.starts_with(is_letter) {
        // A language without spaces.
        let is_particle = phrases(PARTICLES).any(|particle| {
            let end = after.strip_prefix(particle);
            end.is_some_and(|end| !end.starts_with(is_letter))
        });
        return (first.is_ascii_digit() || is_particle).then_some(remark);
    }
    let word = rest.split(|c: char| !is_letter(c)).next()?.to_lowercase();
    let is_remark = is_remark_word(&word)
        || word.len() > 4 && word.ends_with("ly")
        || is_date_or_reference(rest)
        || status_phrases().any(|(_, phrase)| starts_with_phrase(rest, phrase).is_some());
    is_remark.then_some(remark)
}

/// Whether a remark may begin with a word, in lower case.
pub(super) fn is_remark_word(word: &str) -> bool {
    phrases(REMARK_WORDS).any(|known| known == word)
}

/// Whether a text begins with a date, a number, or the name of a decision.
fn is_date_or_reference(text: &str) -> bool {
    let text = text.trim_start_matches(['[', ' ', '(']);
    let word = text.split_whitespace().next().unwrap_or_default();
    word.contains(|c: char| c.is_ascii_digit())
        || starts_with_phrase(text, "adr").is_some()
        || find_date(text).is_some_and(|date| date.range.start == 0)
}

/// Whether the text after a date goes on as a sentence, as in `2020-01-01 is the first day`.
pub(super) fn starts_sentence(rest: &str) -> bool {
    let words = rest.trim_start();
    let word = words
        .split(|c: char| !is_letter(c))
        .next()
        .unwrap_or_default();
    let word = word.to_lowercase();
    words.len() < rest.len()
        && word.starts_with(char::is_alphabetic)
        && !is_remark_word(&word)
        && count_words(words) > 2
}

/// Returns the number of words outside of parentheses.
fn count_words(text: &str) -> usize {
    let mut depth = 0_usize;
    let outside = text.chars().map(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 { c } else { ' ' }
    });
    let outside: String = outside.collect();
    let words = outside.split_whitespace();
    words.filter(|word| word.contains(is_letter)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_say_nothing_are_negative() {
        for value in [
            "",
            " ",
            "-",
            "none",
            "None.",
            "N/A",
            "no, still valid",
            "…",
            "*none*",
        ] {
            assert!(is_negative(value), "{value}");
        }
        for value in ["ADR-5", "no longer needed", "nonesuch", "[5](x.md)"] {
            assert!(!is_negative(value), "{value}");
        }
    }

    #[test]
    fn condition_makes_a_status_unclear() {
        let is_status = |text: &str| parse_remark(text, &(0.."Accepted".len())).is_some();
        for text in [
            "Accepted if budget allows",
            "Accepted, if budget allows",
            "Accepted pending security review",
            "Accepted (pending security review)",
            "Accepted, but pending review",
            "Accepted unless somebody objects",
            "Accepted - subject to approval",
            "Accepted provided that it is cheap",
            "Accepted (not really)",
            "Accepted, not really",
            "Accepted by none",
            "Accepted by: nobody",
        ] {
            assert!(!is_status(text), "{text}");
        }
        for text in [
            "Accepted",
            "Accepted by the board",
            "Accepted on 2022-02-02",
            "Accepted by: Jo",
            "Accepted by",
            "Accepted. If you disagree, write to us",
            "Accepted, pending implementation",
            "Accepted (not yet implemented)",
            "Accepted by Nobody Inc",
        ] {
            assert!(is_status(text), "{text}");
        }
        assert!(parse_remark("Proposed, pending review", &(0..8)).is_some());
    }
}
