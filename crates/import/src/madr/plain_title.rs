//! The words of a title without the marks of Markdown: `**Use** [pears](x.md)` is `Use pears`.

/// Tags that only format their text, or mark a place.
const TAGS: [&str; 10] = [
    "a", "b", "i", "em", "strong", "u", "span", "sub", "sup", "small",
];

/// Returns a title without the marks of emphasis, links and closing hashes. Code keeps its backticks: they
/// separate it from the other words.
pub(super) fn plain_title(title: &str) -> String {
    let without_anchor = match title.rfind("{#") {
        Some(at) if title.trim_end().ends_with('}') && !title[..at].ends_with('\\') => &title[..at],
        _ => title,
    };
    let hashes = without_anchor.trim_end().trim_end_matches('#');
    let text = if hashes.ends_with([' ', '\t']) {
        hashes
    } else {
        without_anchor
    };
    let plain = strip(text.trim());
    let plain = plain.trim();
    if plain.is_empty() {
        title.to_owned()
    } else {
        plain.to_owned()
    }
}

/// Returns a title as Markdown that is read as the same title.
pub(super) fn escape_title(title: &str) -> String {
    let is_same = |written: &String| plain_title(written) == title;
    let mut shorter = [title.to_owned(), escape(title, false)].into_iter();
    shorter.find(is_same).unwrap_or_else(|| escape(title, true))
}

/// Escapes the marks of Markdown; those in code only if its backticks are escaped too.
fn escape(title: &str, in_code: bool) -> String {
    let last_word = title.trim_end().rfind(' ').map_or(0, |at| at + 1);
    let mut escaped = String::with_capacity(title.len() * 2);
    let mut at = 0;
    while let Some(c) = title[at..].chars().next() {
        let rest = &title[at..];
        if c == '`' && !in_code {
            let length = code_length(rest);
            escaped.push_str(&rest[..length]);
            at += length;
            continue;
        }
        let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let before = title[..at].chars().next_back();
        let next = rest[c.len_utf8()..].chars().next();
        let is_mark = match c {
            '*' | '[' | '`' => true,
            '_' => !(is_letter(before) && is_letter(next)),
            '<' => tag_length(rest).is_some(),
            '{' => next == Some('#'),
            '#' => at == 0 || at == last_word && rest.trim_end().trim_end_matches('#').is_empty(),
            '\\' => next.is_some_and(|next| next.is_ascii_punctuation()),
            _ => false,
        };
        if is_mark {
            escaped.push('\\');
        }
        escaped.push(c);
        at += c.len_utf8();
    }
    escaped
}

fn strip(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = match c {
            '`' => {
                let length = code_length(rest);
                plain.push_str(&rest[..length]);
                length
            }
            '\\' if rest[1..].starts_with(|c: char| c.is_ascii_punctuation()) => {
                plain.push_str(&rest[1..2]);
                2
            }
            '*' | '_' => {
                let count = run_length(rest, c);
                let inner = emphasis(text, at, c, count);
                match inner {
                    Some(inner) => {
                        plain.push_str(&strip(inner));
                        inner.len() + 2 * count
                    }
                    None => {
                        plain.push_str(&rest[..count]);
                        count
                    }
                }
            }
            '[' | '!' => match link(rest) {
                Some((label, length)) => {
                    plain.push_str(&strip(label));
                    length
                }
                None => push(&mut plain, c),
            },
            '<' => match tag_length(rest) {
                Some(length) => length,
                None => push(&mut plain, c),
            },
            _ => push(&mut plain, c),
        };
        at += length;
    }
    plain
}

fn push(plain: &mut String, c: char) -> usize {
    plain.push(c);
    c.len_utf8()
}

/// Returns how often a character is repeated at the beginning of a text.
fn run_length(text: &str, c: char) -> usize {
    text.len() - text.trim_start_matches(c).len()
}

/// Returns the length of the code at the beginning of a text, or of its backticks if they have no end.
fn code_length(text: &str) -> usize {
    let count = run_length(text, '`');
    let mut at = count;
    while let Some(found) = text[at..].find('`') {
        let end = run_length(&text[at + found..], '`');
        at += found + end;
        if end == count {
            return at;
        }
    }
    count
}

/// Returns the text between the marks of emphasis at a position and those that end it.
fn emphasis(text: &str, at: usize, mark: char, count: usize) -> Option<&str> {
    let before = text[..at].chars().next_back();
    let start = at + count;
    let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let is_in_word = |c: Option<char>| mark == '_' && c.is_some_and(char::is_alphanumeric);
    if is_space(text[start..].chars().next()) || is_in_word(before) {
        return None;
    }
    let mut end = start;
    while let Some(c) = text[end..].chars().next() {
        let rest = &text[end..];
        if c == mark {
            let length = run_length(rest, mark);
            // `__init__.py`
            let after = rest[length..].trim_start_matches('.').chars().next();
            let last = text[..end].chars().next_back();
            if length == count && !is_space(last) && !is_in_word(after) {
                return Some(&text[start..end]);
            }
            end += length;
        } else if c == '`' {
            end += code_length(rest);
        } else if c == '\\' {
            end += 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
        } else {
            end += c.len_utf8();
        }
    }
    None
}

/// Returns the label of a link or an image at the beginning of a text, and its length.
fn link(text: &str) -> Option<(&str, usize)> {
    let start = if text.starts_with('!') { 2 } else { 1 };
    if !text[start - 1..].starts_with('[') {
        return None;
    }
    let close = start + text[start..].find("](")?;
    let label = &text[start..close];
    let is_one = !label.contains('[') && !label.is_empty();
    let end = close + text[close..].find(')')?;
    is_one.then_some((label, end + 1))
}

/// Returns the length of a tag such as `<b>` at the beginning of a text.
fn tag_length(text: &str) -> Option<usize> {
    let name = text[1..].trim_start_matches('/');
    let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next()?;
    let is_known = TAGS.iter().any(|tag| name.eq_ignore_ascii_case(tag));
    let end = text.find('>').filter(|_| is_known)?;
    Some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_left_out() {
        for (title, plain) in [
            ("**Use** `foo`", "Use `foo`"),
            ("*Use* __pears__ _now_", "Use pears now"),
            ("***Use*** **big *red* pears**", "Use big red pears"),
            ("[Use pears](0001-x.md) now", "Use pears now"),
            ("![logo](x.png) Pears", "logo Pears"),
            ("<a name=\"x\"></a>Use <b>pears</b>", "Use pears"),
            ("Use pears ##", "Use pears"),
            ("Use pears {#pears}", "Use pears"),
            ("Use C\\* and \\_x", "Use C* and _x"),
            ("**", "**"),
        ] {
            assert_eq!(plain_title(title), plain, "{title}");
        }
    }

    #[test]
    fn other_characters_stay() {
        for title in [
            "Use snake_case_names and __init__.py_x",
            "Read *.rs and *.md",
            "Pass *args and **kwargs",
            "2 * 3 * 4",
            "Use C# or F#",
            "Use `**kwargs**` and `a_b`",
            "Vec<T> over [T]",
            "[ADR] Use pears",
            "Grow 5 < 6 > 4",
            "x \\ y",
        ] {
            assert_eq!(plain_title(title), title);
        }
    }

    #[test]
    fn escaped_title_is_read_as_the_same() {
        for (title, escaped) in [
            ("Use snake_case and 2 * 3", "Use snake_case and 2 * 3"),
            (
                "Rename __init__ to __main__",
                "Rename \\_\\_init\\_\\_ to \\_\\_main\\_\\_",
            ),
            ("Use *apples*", "Use \\*apples\\*"),
            ("Use [RFC 7](x)", "Use \\[RFC 7](x)"),
            ("Use ![x](y)", "Use !\\[x](y)"),
            ("Use C# #", "Use C# \\#"),
            ("Trailing ##", "Trailing \\##"),
            ("Use pears {#x}", "Use pears \\{#x}"),
            ("_x_", "\\_x\\_"),
            ("http://x.y/_a_b_", "http://x.y/\\_a_b\\_"),
            ("Use <b>bold</b>", "Use \\<b>bold\\</b>"),
            ("Escape \\*stars\\*", "Escape \\\\\\*stars\\\\\\*"),
            ("C:\\\\*temp", "C:\\\\\\\\\\*temp"),
            ("Use `*x*` and *y*", "Use `*x*` and \\*y\\*"),
        ] {
            assert_eq!(escape_title(title), escaped, "{title}");
            assert_eq!(plain_title(escaped), title);
        }
    }

    proptest::proptest! {
        #[test]
        fn escaped_titles_are_read_as_the_same(title in "[a\\]\\[()!*_`<>{}#\\\\é ]{1,24}") {
            let title = title.trim();
            if !title.is_empty() {
                proptest::prop_assert_eq!(plain_title(&escape_title(title)), title);
            }
        }

        #[test]
        fn never_panics(title in "[a\\]\\[()!*_`<>{}#\\\\é ]{0,24}") {
            let _ = plain_title(&title);
        }
    }
}
