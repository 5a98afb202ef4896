//! Reads the properties files of Java.

use wsdb_core::{Json, JsonObject};

use super::fields::add_value;
use super::syntax_error::SyntaxError;

/// Parses properties as `java.util.Properties` does. All values are texts; several values of one key
/// become a list, of which programs use the last one.
pub(super) fn read_properties(text: &str) -> Result<Json, SyntaxError> {
    let mut whole = JsonObject::new();
    let mut lines = (1..).zip(text.lines());
    while let Some((number, line)) = lines.next() {
        let line = line.trim_start_matches(is_blank);
        if line.is_empty() || line.starts_with(['#', '!']) {
            continue;
        }
        let mut logical = line.to_owned();
        while has_continuation(&logical) {
            logical.pop();
            match lines.next() {
                Some((_, next)) => logical.push_str(next.trim_start_matches(is_blank)),
                None => break,
            }
        }
        let (key, value) = split(&logical);
        let unescaped = |text| unescape(text).map_err(|why| SyntaxError::in_line(number, why));
        add_value(&mut whole, &unescaped(key)?, unescaped(value)?.into());
    }
    Ok(whole.into())
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\u{c}')
}

/// Returns whether a line ends with a backslash that is not escaped.
fn has_continuation(line: &str) -> bool {
    let backslashes = line.chars().rev().take_while(|c| *c == '\\').count();
    backslashes % 2 == 1
}

/// Splits a line at the first `=`, `:` or blank that is not escaped.
fn split(line: &str) -> (&str, &str) {
    let mut is_escaped = false;
    let end = line.find(|c: char| {
        let is_end = !is_escaped && (is_blank(c) || matches!(c, '=' | ':'));
        is_escaped = c == '\\' && !is_escaped;
        is_end
    });
    let (key, rest) = line.split_at(end.unwrap_or(line.len()));
    let rest = rest.trim_start_matches(is_blank);
    let value = rest.strip_prefix(['=', ':']).unwrap_or(rest);
    (key, value.trim_start_matches(is_blank))
}

fn unescape(text: &str) -> Result<String, &'static str> {
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let unescaped = match character {
            '\\' => match characters.next() {
                Some('u') => {
                    let digits: String = characters.by_ref().take(4).collect();
                    let is_hex = digits.len() == 4 && digits.chars().all(|c| c.is_ascii_hexdigit());
                    let unit = u16::from_str_radix(&digits, 16).ok().filter(|_| is_hex);
                    units.push(unit.ok_or("expected four hexadecimal digits after \\u")?);
                    continue;
                }
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                Some('f') => '\u{c}',
                Some(other) => other,
                None => break,
            },
            other => other,
        };
        units.extend(unescaped.encode_utf16(&mut [0; 2]).iter());
    }
    String::from_utf16(&units).map_err(|_| "expected the second half of a surrogate pair")
}

#[cfg(test)]
mod tests {
    use wsdb_core::json;

    use super::*;

    fn read(text: &str) -> Result<Json, String> {
        read_properties(text).map_err(|error| format!("{}: {}", error.line, error.reason))
    }

    #[test]
    fn keys_and_values_are_separated_as_in_java() {
        let text = "# c\n! c\n\n  a=1\nb : 2\nc 3\nd\ne=\nf = x = y \ng\\:h\\ i = #j\n=k\nserver.port=8080\r\nl==m\n";
        assert_eq!(
            read(text),
            Ok(json!({
                "a": "1", "b": "2", "c": "3", "d": "", "e": "", "f": "x = y ", "g:h i": "#j", "": "k",
                "server.port": "8080", "l": "=m",
            }))
        );
    }

    #[test]
    fn lines_are_continued_and_escapes_are_read() {
        let text = "fruits = apple, \\\n    pear, \\\n# no comment\n\
            path=C:\\\\temp\\\\\nu=\\u00e9\\ud83c\\udf50 \\t\\q\nlast=x\\";
        assert_eq!(
            read(text),
            Ok(json!({
                "fruits": "apple, pear, # no comment", "path": "C:\\temp\\", "u": "é🍐 \tq", "last": "x",
            }))
        );
    }

    #[test]
    fn repeated_keys_are_a_list() {
        assert_eq!(
            read("a=1\nb=2\na=3\n"),
            Ok(json!({"a": ["1", "3"], "b": "2"}))
        );
    }

    #[test]
    fn errors_have_a_line() {
        for (text, error) in [
            (
                "a=1\nb=\\u12",
                "2: expected four hexadecimal digits after \\u",
            ),
            ("a=\\u+123", "1: expected four hexadecimal digits after \\u"),
            (
                "a=\\ud83c",
                "1: expected the second half of a surrogate pair",
            ),
        ] {
            assert_eq!(read(text), Err(error.to_owned()), "{text}");
        }
    }
}
