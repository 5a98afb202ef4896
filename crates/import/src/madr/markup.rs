//! Marks around words in Markdown: bold, links, bullets, check boxes, emoji and HTML.

use std::borrow::Cow;

/// Whether a character belongs to a word.
pub(super) fn is_letter(c: char) -> bool {
    c.is_alphanumeric()
}

/// Whether words of this script are written without spaces.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// Returns the length of a phrase at the beginning of a text, if a word ends there. The phrase is
/// in lower case; its spaces also match `-` and `_`.
pub(super) fn starts_with_phrase(text: &str, phrase: &str) -> Option<usize> {
    let mut rest = text.chars();
    for expected in phrase.chars() {
        let c = rest.next()?;
        let is_match = if expected == ' ' {
            let is_gap = |c: char| matches!(c, ' ' | '-' | '_' | '\t' | '\u{a0}');
            let matches = is_gap(c);
            while matches && rest.as_str().starts_with(is_gap) {
                rest.next();
            }
            matches
        } else if c.is_ascii() {
            c.to_ascii_lowercase() == expected
        } else {
            c == expected || c.to_lowercase().eq(std::iter::once(expected))
        };
        if !is_match {
            return None;
        }
    }
    let length = text.len() - rest.as_str().len();
    let ends = match rest.next() {
        Some(next) => !is_letter(next) || phrase.ends_with(is_unspaced),
        None => true,
    };
    ends.then_some(length)
}

/// The marks around what is struck out.
const STRUCK: [(&str, &str); 4] = [
    ("~~", "~~"),
    ("<s", "</s>"),
    ("<del", "</del>"),
    ("<strike", "</strike>"),
];

/// Returns a text with spaces in place of what is struck out, as in `~~Draft~~` and `<del>Draft</del>`;
/// all other bytes keep their positions.
pub(super) fn mask_struck(text: &str) -> Cow<'_, str> {
    let mut masked = Cow::Borrowed(text);
    // The bytes of other characters stay where they are.
    let lower = text.to_ascii_lowercase();
    for (open, close) in STRUCK {
        let mut at = 0;
        while let Some(found) = lower[at..].find(open) {
            let start = at + found;
            at = start + open.len();
            let is_tag = !open.starts_with('<') || lower[at..].starts_with(['>', ' ']);
            let Some(end) = lower[at..].find(close).filter(|_| is_tag) else {
                continue;
            };
            at += end + close.len();
            let spaces = " ".repeat(at - start);
            masked.to_mut().replace_range(start..at, &spaces);
        }
    }
    masked
}

/// Returns lines with spaces in place of what is struck out across several of them. `~~` ends with its
/// paragraph, a tag such as `<del>` with its closing tag. Code is no text.
pub(super) fn mask_struck_lines(lines: &[String], is_text: &[bool]) -> Vec<String> {
    let mut masked = lines.to_vec();
    let mut opened: Option<(usize, usize, &str)> = None;
    for (index, line) in lines.iter().enumerate() {
        let is_text = is_text.get(index).copied().unwrap_or_default();
        if let Some((_, _, "~~")) = opened
            && (!is_text || line.trim().is_empty())
        {
            opened = None;
        }
        if !is_text {
            continue;
        }
        let mut at = 0;
        if let Some((first, start, close)) = opened {
            let Some(found) = line.to_ascii_lowercase().find(close) else {
                continue;
            };
            at = found + close.len();
            for struck in first..=index {
                let from = if struck == first { start } else { 0 };
                let to = if struck == index {
                    at
                } else {
                    lines[struck].len()
                };
                masked[struck].replace_range(from..to, &" ".repeat(to - from));
            }
            opened = None;
        }
        // What is struck out within the line is read with it.
        let rest = mask_struck(&line[at..]).to_ascii_lowercase();
        for (open, close) in STRUCK {
            let is_tag = |at: &usize| {
                let rest = &rest[at + open.len()..];
                !open.starts_with('<') || rest.is_empty() || rest.starts_with(['>', ' '])
            };
            let start = rest.match_indices(open).map(|(at, _)| at).find(is_tag);
            if let Some(start) = start {
                opened = Some((index, at + start, close));
                break;
            }
        }
    }
    masked
}

/// Returns the position of the first word after marks that only format it, and after a label such
/// as `Status:`.
pub(super) fn skip_markup(text: &str, start: usize) -> usize {
    let mut at = start;
    loop {
        let rest = &text[at..];
        let Some(first) = rest.chars().next() else {
            return at;
        };
        if ["[x]", "[X]", "(x)", "(X)"]
            .iter()
            .any(|mark| rest.starts_with(mark))
        {
            at += 3;
        } else if first == '<'
            && let Some(end) = rest.find('>')
        {
            at += end + 1;
        } else if let Some(length) = emoji_code_length(rest) {
            at += length;
        } else if !is_letter(first) {
            at += first.len_utf8();
        } else if let Some(length) = label_length(rest) {
            at += length;
        } else {
            return at;
        }
    }
}

/// Whether an emoji stands for a status.
pub(super) fn is_status_emoji(c: char) -> bool {
    matches!(
        c,
        '✅' | '✔'
            | '☑'
            | '❌'
            | '✖'
            | '❎'
            | '🚫'
            | '⛔'
            | '🟢'
            | '🟡'
            | '🔴'
            | '🟠'
            | '🔵'
            | '⚪'
            | '⚫'
            | '👍'
            | '👎'
            | '🚧'
            | '📝'
            | '💡'
            | '🤔'
            | '⏳'
            | '⌛'
            | '🗑'
            | '⚠'
            | '🔄'
            | '♻'
            | '🎉'
            | '🆗'
            | '🏁'
            | '🔒'
            | '💀'
            | '⏸'
    )
}

/// Returns the length of an emoji such as `:white_check_mark:`.
pub(super) fn emoji_code_length(text: &str) -> Option<usize> {
    let inner = text.strip_prefix(':')?;
    let end = inner.find(':')?;
    let is_code = end > 0
        && inner[..end]
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-'));
    is_code.then_some(end + 2)
}

/// Returns the length of a label such as `Status:`.
fn label_length(text: &str) -> Option<usize> {
    let labels = [
        "status",
        "current status",
        "current",
        "adr status",
        "decision status",
        "state",
        "状态",
        "ステータス",
    ];
    labels.iter().find_map(|label| {
        let length = starts_with_phrase(text, label)?;
        let rest = &text[length..];
        let marks = rest.len() - rest.trim_start_matches(['*', '_', '`', ' ']).len();
        let is_label = rest[marks..].starts_with([':', '：']);
        is_label.then_some(length + marks)
    })
}

/// Returns a text in lower case without the marks around it: emphasis, numbers, emoji, anchors,
/// comments and closing hashes.
pub(super) fn plain_name(text: &str) -> String {
    let text = text.split("<!--").next().unwrap_or_default();
    let text = text.split("{#").next().unwrap_or_default();
    let mut plain = String::with_capacity(text.len());
    let mut in_tag = false;
    for c in text.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            _ if in_tag => {}
            '*' | '`' | '\\' | '\u{fe0f}' | '\u{200d}' => {}
            '_' => plain.push(' '),
            // `’` is an apostrophe as well.
            '’' => plain.push('\''),
            c if c.is_whitespace() => plain.push(' '),
            c => plain.extend(c.to_lowercase()),
        }
    }
    // `[Status](#status)` has the name of its text.
    if let (Some(open), Some(end)) = (plain.find('['), plain.find("](")) {
        plain = plain.get(open + 1..end).unwrap_or_default().to_owned();
    }
    let is_mark = |c: char| !c.is_alphanumeric();
    let plain = plain.trim_matches(is_mark);
    // `2.1 Decision`, `3) Decision`
    let number = plain.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')'));
    let plain = if number.len() < plain.len() && number.starts_with([' ', '\t', '-', ':']) {
        number.trim_matches(is_mark)
    } else {
        plain
    };
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns a text on one line, with single spaces.
pub(super) fn join_words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns a text with spaces in place of links, whose words are those of other pages; all other bytes keep
/// their positions.
pub(super) fn mask_links(text: &str) -> String {
    let mut masked = text.to_owned();
    let mut at = 0;
    while let Some(found) = text[at..].find('[') {
        let start = at + found;
        let Some(length) = text[start..].find(']') else {
            break;
        };
        at = start + length + 1;
        if text[at..].starts_with('(')
            && let Some(target) = text[at..].find(')')
        {
            at += target + 1;
        }
        masked.replace_range(start..at, &" ".repeat(at - start));
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_marks() {
        for text in [
            "Decision",
            "**Decision**",
            "2. Decision",
            "2.1 Decision:",
            "✅ Decision",
            "Decision ##",
            "Decision {#decision}",
            "Decision <!-- optional -->",
            "[Decision](#decision)",
            "<a name=\"d\"></a>Decision",
        ] {
            assert_eq!(plain_name(text), "decision", "{text}");
        }
        assert_eq!(plain_name("3rd party"), "3rd party");
    }

    #[test]
    fn phrases_are_complete_words() {
        assert_eq!(
            starts_with_phrase("In-Progress now", "in progress"),
            Some(11)
        );
        assert_eq!(starts_with_phrase("Accepteds", "accepted"), None);
        assert_eq!(
            starts_with_phrase("已接受的", "已接受"),
            Some("已接受".len())
        );
    }
}
