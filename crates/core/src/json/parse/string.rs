//! Reading strings and their escapes.

use super::{JsonReader, Result};

const EOF_IN_STRING: &str = "EOF while parsing a string";

impl JsonReader<'_> {
    /// Reads a string whose opening quote is known to be next.
    pub(super) fn read_string(&mut self) -> Result<String> {
        self.at += 1;
        let mut string = String::new();
        loop {
            let start = self.at;
            let rest = &self.bytes()[start..];
            let length = rest
                .iter()
                .position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
            self.at += length.unwrap_or(rest.len());
            let part = &self.text[start..self.at];
            match self.next() {
                Some(b'"') => {
                    self.at += 1;
                    if string.is_empty() {
                        return Ok(part.to_owned());
                    }
                    string.push_str(part);
                    string.shrink_to_fit();
                    return Ok(string);
                }
                Some(b'\\') => {
                    string.push_str(part);
                    self.at += 1;
                    string.push(self.read_escape()?);
                }
                Some(_) => {
                    let message =
                        "control character (\\u0000-\\u001F) found while parsing a string";
                    return Err(self.error_at_next(message));
                }
                None => return Err(self.error_at_end(EOF_IN_STRING)),
            }
        }
    }

    /// Reads the rest of an escape after the backslash.
    fn read_escape(&mut self) -> Result<char> {
        let Some(byte) = self.next() else {
            return Err(self.error_at_end(EOF_IN_STRING));
        };
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.read_unicode_escape(),
            _ => return Err(self.error("invalid escape")),
        })
    }

    /// Reads the rest of an escape after `\u`: one character, which may take a surrogate pair.
    fn read_unicode_escape(&mut self) -> Result<char> {
        let message = "lone leading surrogate in hex escape";
        let first = self.read_hex()?;
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        if first >= 0xDC00 {
            return Err(self.error(message));
        }
        for expected in [b'\\', b'u'] {
            match self.next() {
                Some(byte) if byte == expected => self.at += 1,
                Some(_) => return Err(self.error_at_next("unexpected end of hex escape")),
                None => return Err(self.error_at_end(EOF_IN_STRING)),
            }
        }
        let second = self.read_hex()?;
        if !(0xDC00..0xE000).contains(&second) {
            return Err(self.error(message));
        }
        let character = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        char::from_u32(character).ok_or_else(|| self.error(message))
    }

    fn read_hex(&mut self) -> Result<u32> {
        let Some(digits) = self.bytes().get(self.at..self.at + 4) else {
            self.at = self.text.len();
            return Err(self.error_at_end(EOF_IN_STRING));
        };
        self.at += 4;
        digits.iter().try_fold(0, |value, digit| {
            let digit = char::from(*digit).to_digit(16);
            digit.map_or_else(
                || Err(self.error("invalid escape")),
                |digit| Ok(value * 16 + digit),
            )
        })
    }
}
