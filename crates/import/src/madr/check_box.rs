//! Check boxes in front of statuses or behind them: `[x] Accepted [ ] Rejected`, `Accepted ☑ Rejected ☐`.

use std::ops::Range;

use super::markup::{is_letter, skip_markup};
use super::status::phrase_at;
use super::value_line::ValueLine;

/// The forms of check boxes: empty and set.
const FORMS: &[(&str, &str)] = &[
    ("[ ]", "[x]"),
    ("[ ]", "[X]"),
    ("[ ]", "[✓]"),
    ("[ ]", "[✔]"),
    ("[]", "[x]"),
    ("[_]", "[x]"),
    ("( )", "(x)"),
    ("( )", "(X)"),
    ("( )", "(*)"),
    ("( )", "(•)"),
    ("☐", "☑"),
    ("☐", "☒"),
    ("☐", "✔"),
    ("☐", "✓"),
    ("☐", "🗹"),
    ("⬜", "✅"),
    ("☐", "✅"),
    ("🔲", "☑"),
    ("□", "■"),
    ("▢", "■"),
    ("◻", "◼"),
    ("◽", "◾"),
    ("○", "●"),
    ("○", "◉"),
    ("◯", "◉"),
    ("⚪", "⚫"),
    ("⚪", "🔘"),
];

/// A check box in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) range: Range<usize>,
    pub(super) is_set: bool,
}

/// Returns the mark of an empty check box for one that is set, or the other way round.
pub(super) fn toggle(mark: &str) -> Option<&'static str> {
    FORMS.iter().find_map(|(empty, set)| match mark {
        _ if mark == *empty => Some(*set),
        _ if mark == *set => Some(*empty),
        _ => None,
    })
}

/// Whether a mark is that of a check box that is set.
pub(super) fn is_set(mark: &str) -> bool {
    FORMS.iter().any(|(_, set)| mark == *set)
}

/// Returns the check box at a position.
fn mark_at(text: &str, at: usize) -> Option<Mark> {
    let rest = &text[at..];
    if let Some(input) = input_at(text, at) {
        return Some(input);
    }
    let marks = FORMS
        .iter()
        .flat_map(|(empty, set)| [(*empty, false), (*set, true)]);
    let (mark, is_set) = marks.into_iter().find(|(mark, _)| rest.starts_with(mark))?;
    // `[x](address)` is a link.
    let is_link = rest[mark.len()..].starts_with(['(', '[']);
    (!is_link).then(|| Mark {
        range: at..at + mark.len(),
        is_set,
    })
}

/// Returns the check box at a position that is an HTML tag.
fn input_at(text: &str, at: usize) -> Option<Mark> {
    let rest = &text[at..];
    let start = rest.get(.."<input".len())?;
    if !start.eq_ignore_ascii_case("<input") {
        return None;
    }
    let tag = &rest[..=rest.find('>')?];
    let words = tag.to_ascii_lowercase().replace(['"', '\'', '/', '>'], " ");
    let mut words = words.split_whitespace();
    let is_box = words
        .clone()
        .any(|word| matches!(word, "checkbox" | "radio"))
        || tag.contains("=checkbox")
        || tag.contains("=radio");
    is_box.then(|| Mark {
        range: at..at + tag.len(),
        is_set: words.any(|word| word == "checked" || word.starts_with("checked=")),
    })
}

fn find_marks(text: &str) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    for (at, _) in text.char_indices() {
        // `[✓]` contains the mark `✓`.
        let is_inside = marks.last().is_some_and(|last| at < last.range.end);
        marks.extend(mark_at(text, at).filter(|_| !is_inside));
    }
    marks
}

/// Returns the check box of a line or a part of one: the first one, with nothing but marks in front of it,
/// or the one at the end.
pub(super) fn check_box(text: &str) -> Option<Mark> {
    let marks = find_marks(text);
    let first = marks.first()?;
    if !text[..first.range.start].contains(is_letter) {
        return Some(first.clone());
    }
    let last = marks.last()?;
    let is_last = !text[last.range.end..].contains(is_letter);
    let is_status = phrase_at(text, skip_markup(text, 0)).is_some();
    (is_last && is_status).then(|| last.clone())
}

/// Returns the parts of a line with one check box and one status each; none unless there are several.
pub(super) fn split_choices(text: &str) -> Option<Vec<Range<usize>>> {
    let marks = find_marks(text);
    if marks.len() < 2 || !marks.iter().any(|mark| is_choice(mark, text)) {
        return None;
    }
    let is_behind = phrase_at(text, skip_markup(text, 0)).is_some()
        && text[..marks[0].range.start].contains(is_letter);
    let inner: Vec<usize> = if is_behind {
        let ends = marks.iter().map(|mark| mark.range.end);
        ends.take(marks.len() - 1).collect()
    } else {
        marks.iter().skip(1).map(|mark| mark.range.start).collect()
    };
    let starts = [0].into_iter().chain(inner.iter().copied());
    let ends = inner.iter().copied().chain([text.len()]);
    let parts: Vec<Range<usize>> = starts.zip(ends).map(|(start, end)| start..end).collect();
    let has_status = |part: &Range<usize>| {
        let text = &text[part.clone()];
        phrase_at(text, skip_markup(text, 0)).is_some()
    };
    parts.iter().all(has_status).then_some(parts)
}

/// Whether a mark stands for a choice: an emoji such as `✅` alone does not.
fn is_choice(mark: &Mark, text: &str) -> bool {
    !mark.is_set || text[mark.range.clone()].starts_with(['[', '(', '<'])
}

/// Whether a line has a check box that stands for a choice.
pub(super) fn has_choice(text: &str) -> bool {
    check_box(text).is_some_and(|mark| is_choice(&mark, text))
}

/// Returns the check box of each line, unless none of them stands for a choice.
pub(super) fn check_boxes(lines: &[ValueLine<'_>]) -> Vec<Option<Mark>> {
    let boxes: Vec<Option<Mark>> = lines.iter().map(|line| check_box(line.text)).collect();
    if lines.iter().any(|line| has_choice(line.text)) {
        boxes
    } else {
        vec![None; lines.len()]
    }
}

/// Returns the lines that may have the status: those with a set check box, if there are any, and
/// otherwise those without a check box.
pub(super) fn without_other_choices<'a, 'b>(
    lines: &'b [ValueLine<'a>],
    boxes: &[Option<Mark>],
) -> Vec<&'b ValueLine<'a>> {
    let is_any_set = boxes.iter().flatten().any(|mark| mark.is_set);
    let lines = lines.iter().zip(boxes);
    let lines = lines.filter(|(_, mark)| mark.as_ref().map_or(!is_any_set, |mark| mark.is_set));
    lines.map(|(line, _)| line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_is_split_at_its_check_boxes() {
        for (text, expected) in [
            ("[x] Accepted [ ] Rejected", Some(2)),
            ("- [ ] Draft / [x] Accepted / [ ] Rejected", Some(3)),
            ("☐ Proposed ☑ Accepted ☐ Rejected", Some(3)),
            ("| ⬜ Proposed | ✅ Accepted |", Some(2)),
            ("Proposed ☐ Accepted ☑", Some(2)),
            ("(x) Accepted ( ) Rejected", Some(2)),
            ("[x] Accepted", None),
            ("✅ Accepted ✅ Implemented", None),
            ("☐ Proposed ☑ and more", None),
            ("Accepted [x](y) [ ](z)", None),
        ] {
            let parts = split_choices(text).map(|parts| parts.len());
            assert_eq!(parts, expected, "{text}");
        }
    }

    #[test]
    fn mark_is_toggled_in_its_form() {
        assert_eq!(toggle("[ ]"), Some("[x]"));
        assert_eq!(toggle("[X]"), Some("[ ]"));
        assert_eq!(toggle("☑"), Some("☐"));
        assert_eq!(toggle("☐"), Some("☑"));
        assert_eq!(toggle("x"), None);
    }
}
