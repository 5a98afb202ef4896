//! Reading JSON from text.

mod string;

use std::borrow::Cow;
use std::collections::HashSet;
use std::str::FromStr;

use super::error::{EOF_IN_VALUE, JsonError, JsonErrorKind};
use super::number::{JsonNumber, scan_number};
use super::value::{Json, JsonObject};

/// Maximum depth of nested arrays and objects, as in `serde_json`: each level takes stack space.
const MAX_DEPTH: usize = 127;

/// The type of a JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl JsonKind {
    /// Returns the name of the type for messages, such as `a string` or `a list`.
    pub fn text(self) -> &'static str {
        match self {
            JsonKind::Null => "null",
            JsonKind::Bool => "a boolean",
            JsonKind::Number => "a number",
            JsonKind::String => "a string",
            JsonKind::Array => "a list",
            JsonKind::Object => "an object",
        }
    }
}

/// How duplicate keys in an object are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DuplicateKeys {
    /// The last value takes precedence.
    Allowed,
    Refused,
}

/// Reads JSON from a text value by value, so that a long list need not be in memory all at once.
///
/// Duplicate keys in an object are errors: parsers differ in which value they use.
///
/// ```
/// use wsdb_core::{Json, JsonKind, JsonReader};
/// let mut reader = JsonReader::new(r#"{"tasks": [1, 2], "version": 3}"#);
/// assert_eq!(reader.peek()?, JsonKind::Object);
/// reader.enter_object()?;
/// let mut values = Vec::new();
/// while let Some(key) = reader.next_key()? {
///     if key == "tasks" {
///         reader.enter_array()?;
///         while reader.has_next_element()? {
///             values.push(reader.read_value()?);
///         }
///     } else {
///         values.push(reader.read_value()?);
///     }
/// }
/// reader.finish()?;
/// assert_eq!(Json::from(values).to_string(), "[1,2,3]");
/// # Ok::<(), wsdb_core::JsonError>(())
/// ```
#[derive(Debug)]
pub struct JsonReader<'t> {
    text: &'t str,
    /// The index of the next byte.
    at: usize,
    depth: usize,
    /// Whether the array or object has just been entered, so that no comma is expected.
    is_first: bool,
    /// The index after the last key.
    key_end: usize,
    duplicate_keys: DuplicateKeys,
}

type Result<T> = std::result::Result<T, JsonError>;

impl Json {
    /// Parses a JSON text and rejects duplicate keys.
    ///
    /// # Errors
    /// Returns [`JsonError`] if the text is not valid JSON or an object has a duplicate key.
    pub fn parse_strict(text: &str) -> Result<Json> {
        Self::parse(text, DuplicateKeys::Refused)
    }

    fn parse(text: &str, duplicate_keys: DuplicateKeys) -> Result<Json> {
        let mut reader = JsonReader {
            duplicate_keys,
            ..JsonReader::new(text)
        };
        let value = reader.read_value()?;
        reader.finish()?;
        Ok(value)
    }
}

/// Parses a JSON text. The last value of a duplicate key takes precedence.
impl FromStr for Json {
    type Err = JsonError;
    fn from_str(text: &str) -> Result<Json> {
        Json::parse(text, DuplicateKeys::Allowed)
    }
}

impl<'t> JsonReader<'t> {
    /// Creates a reader at the start of a text.
    pub fn new(text: &'t str) -> Self {
        JsonReader {
            text,
            at: 0,
            depth: 0,
            is_first: false,
            key_end: 0,
            duplicate_keys: DuplicateKeys::Refused,
        }
    }

    /// Returns the type of the next value without reading the value.
    ///
    /// # Errors
    /// Returns [`JsonError`] if no value starts here.
    pub fn peek(&mut self) -> Result<JsonKind> {
        Ok(match self.skip_whitespace() {
            Some(b'"') => JsonKind::String,
            Some(b'{') => JsonKind::Object,
            Some(b'[') => JsonKind::Array,
            Some(b'-' | b'0'..=b'9') => JsonKind::Number,
            Some(b'n') => JsonKind::Null,
            Some(b't' | b'f') => JsonKind::Bool,
            Some(_) => return Err(self.error_at_next("expected value")),
            None => return Err(self.error_at_end(EOF_IN_VALUE)),
        })
    }

    /// Reads the next value completely.
    ///
    /// # Errors
    /// Returns [`JsonError`] if the text is not valid JSON or an object has a duplicate key.
    pub fn read_value(&mut self) -> Result<Json> {
        Ok(match self.peek()? {
            JsonKind::String => Json::String(self.read_string()?),
            JsonKind::Number => Json::Number(self.read_number()?),
            JsonKind::Object => Json::Object(self.read_object()?),
            JsonKind::Array => {
                let mut list = Vec::new();
                self.enter_array()?;
                while self.has_next_element()? {
                    list.push(self.read_value()?);
                }
                list.shrink_to_fit();
                Json::Array(list)
            }
            JsonKind::Null => {
                self.read_word("null")?;
                Json::Null
            }
            JsonKind::Bool => {
                let value = self.next() == Some(b't');
                self.read_word(if value { "true" } else { "false" })?;
                Json::Bool(value)
            }
        })
    }

    fn read_object(&mut self) -> Result<JsonObject> {
        let start = self.at;
        let mut entries = Vec::new();
        self.enter_object()?;
        while let Some(key) = self.next_key()? {
            entries.push((key, self.read_value()?));
        }
        let (object, has_duplicates) = JsonObject::from_entries(entries);
        if has_duplicates && self.duplicate_keys == DuplicateKeys::Refused {
            return Err(self.find_duplicate_key(start));
        }
        Ok(object)
    }

    /// Reads the object that starts at `start` again, up to its first duplicate key.
    #[cold]
    fn find_duplicate_key(&mut self, start: usize) -> JsonError {
        let mut keys = HashSet::new();
        self.at = start;
        let mut find = || -> Result<()> {
            self.enter_object()?;
            while let Some(key) = self.next_key()? {
                if keys.contains(&key) {
                    return Err(self.duplicate_key(key));
                }
                keys.insert(key);
                self.read_value()?;
            }
            Ok(())
        };
        match find() {
            Err(error) => error,
            Ok(()) => self.duplicate_key(String::new()),
        }
    }

    /// Returns the error for a duplicate key, which was the last key read.
    pub fn duplicate_key(&self, key: String) -> JsonError {
        let message = format!("duplicate key {key:?}");
        JsonError {
            kind: JsonErrorKind::DuplicateKey(key),
            ..JsonError::at(self.bytes(), self.key_end, message)
        }
    }

    /// Enters the next value, which must be an array.
    ///
    /// # Errors
    /// Returns [`JsonError`] if it is not an array or is nested too deeply.
    pub fn enter_array(&mut self) -> Result<()> {
        self.enter(b'[')
    }

    /// Enters the next value, which must be an object.
    ///
    /// # Errors
    /// Returns [`JsonError`] if it is not an object or is nested too deeply.
    pub fn enter_object(&mut self) -> Result<()> {
        self.enter(b'{')
    }

    fn enter(&mut self, bracket: u8) -> Result<()> {
        if self.skip_whitespace() != Some(bracket) {
            return Err(self.error_at_next("expected value"));
        }
        if self.depth == MAX_DEPTH {
            return Err(JsonError {
                kind: JsonErrorKind::TooDeep,
                ..self.error_at_next("recursion limit exceeded")
            });
        }
        self.at += 1;
        self.depth += 1;
        self.is_first = true;
        Ok(())
    }

    fn leave(&mut self) {
        self.at += 1;
        self.depth -= 1;
        self.is_first = false;
    }

    /// Returns whether the current array has another value, which the caller must read next. Leaves
    /// the array at its end.
    ///
    /// # Errors
    /// Returns [`JsonError`] if neither a value nor the end of the array follows.
    pub fn has_next_element(&mut self) -> Result<bool> {
        match (self.skip_whitespace(), std::mem::take(&mut self.is_first)) {
            (Some(b']'), _) => {
                self.leave();
                Ok(false)
            }
            (Some(b','), false) => {
                self.at += 1;
                match self.skip_whitespace() {
                    Some(b']') => Err(self.error_at_next("trailing comma")),
                    Some(_) => Ok(true),
                    None => Err(self.error_at_end(EOF_IN_VALUE)),
                }
            }
            (Some(_), true) => Ok(true),
            (Some(_), false) => Err(self.error_at_next("expected `,` or `]`")),
            (None, _) => Err(self.error_at_end("EOF while parsing a list")),
        }
    }

    /// Returns the next key of the current object, whose value the caller must read next. Returns
    /// `None` and leaves the object at its end.
    ///
    /// # Errors
    /// Returns [`JsonError`] if neither a key nor the end of the object follows.
    pub fn next_key(&mut self) -> Result<Option<String>> {
        match (self.skip_whitespace(), std::mem::take(&mut self.is_first)) {
            (Some(b'}'), _) => {
                self.leave();
                return Ok(None);
            }
            (Some(b','), false) => {
                self.at += 1;
                match self.skip_whitespace() {
                    Some(b'"') => {}
                    Some(b'}') => return Err(self.error_at_next("trailing comma")),
                    Some(_) => return Err(self.error_at_next("key must be a string")),
                    None => return Err(self.error_at_end(EOF_IN_VALUE)),
                }
            }
            (Some(b'"'), true) => {}
            (Some(_), true) => return Err(self.error_at_next("key must be a string")),
            (Some(_), false) => return Err(self.error_at_next("expected `,` or `}`")),
            (None, _) => return Err(self.error_at_end("EOF while parsing an object")),
        }
        let key = self.read_string()?;
        let next = self.skip_whitespace();
        self.key_end = self.at;
        match next {
            Some(b':') => {
                self.at += 1;
                Ok(Some(key))
            }
            Some(_) => Err(self.error_at_next("expected `:`")),
            None => Err(self.error_at_end("EOF while parsing an object")),
        }
    }

    /// Checks that only whitespace follows.
    ///
    /// # Errors
    /// Returns [`JsonError`] if anything else follows.
    pub fn finish(mut self) -> Result<()> {
        match self.skip_whitespace() {
            None => Ok(()),
            Some(_) => Err(self.error_at_next("trailing characters")),
        }
    }

    fn bytes(&self) -> &'t [u8] {
        self.text.as_bytes()
    }

    fn next(&self) -> Option<u8> {
        self.bytes().get(self.at).copied()
    }

    /// Skips whitespace and returns the byte after it.
    fn skip_whitespace(&mut self) -> Option<u8> {
        loop {
            match self.next() {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                next => return next,
            }
        }
    }

    fn error(&self, message: impl Into<Cow<'static, str>>) -> JsonError {
        JsonError::at(self.bytes(), self.at, message)
    }

    /// Returns an error about the end of the text.
    fn error_at_end(&self, message: &'static str) -> JsonError {
        JsonError::at_end(self.bytes(), message)
    }

    /// Returns an error about the next byte.
    fn error_at_next(&self, message: &'static str) -> JsonError {
        JsonError::at(self.bytes(), self.at + 1, message)
    }

    /// Reads a literal whose first letter is known to be next.
    fn read_word(&mut self, word: &'static str) -> Result<()> {
        if self.bytes()[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        for expected in word.bytes() {
            match self.next() {
                Some(byte) if byte == expected => self.at += 1,
                Some(_) => return Err(self.error_at_next("expected true, false or null")),
                None => break,
            }
        }
        Err(self.error_at_end(EOF_IN_VALUE))
    }

    fn read_number(&mut self) -> Result<JsonNumber> {
        let start = self.at;
        let end = scan_number(self.bytes(), start)?;
        self.at = end;
        Ok(JsonNumber::from_scanned(&self.text[start..end]))
    }
}
