//! Strict JSON parsing: duplicate keys, byte order marks and invalid UTF-8 are errors instead of
//! being resolved by a guess, since readers differ in how they treat them.

use std::fmt;
use std::path::Path;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::error::{ParseError, Position};

/// Maximum length of a string, in bytes. SQLite would accept 1 GB; screens, terminals and git diffs
/// would not.
pub(crate) const MAX_TEXT_BYTES: usize = 16 * 1024 * 1024;

/// Returns the JSON value of a file, and a hash of its bytes.
pub(crate) fn read(file: &Path) -> Result<(Value, u64), ParseError> {
    let (value, hash) = parse(file, StrictJson)?;
    match find_overlong(&value, &mut String::from("$")) {
        None => Ok((value, hash)),
        Some(path) => Err(ParseError {
            file: file.to_owned(),
            place: Some(Position::Path(path)),
            reason: too_long(),
        }),
    }
}

/// Parses a file with a visitor. Returns the visitor's result and a hash of the bytes.
pub(crate) fn parse<T>(
    file: &Path,
    visitor: impl for<'de> DeserializeSeed<'de, Value = T>,
) -> Result<(T, u64), ParseError> {
    let bytes = std::fs::read(file).map_err(|error| ParseError {
        file: file.to_owned(),
        place: None,
        reason: format!("cannot be read: {error}"),
    })?;
    let text = text(file, &bytes)?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = visitor
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| syntax(file, &error))?;
    Ok((value, crate::base::hash(&bytes)))
}

/// Returns the text of a file.
pub(crate) fn text<'b>(file: &Path, bytes: &'b [u8]) -> Result<&'b str, ParseError> {
    let fail = |place, reason: String| ParseError {
        file: file.to_owned(),
        place,
        reason,
    };
    if bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
        let reason = "starts with a byte order mark; save the file as UTF-8 without one".to_owned();
        return Err(fail(Some(Position::Line(1, 1)), reason));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        let start = before
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |at| at + 1);
        let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
        let byte = bytes[error.valid_up_to()];
        let reason = format!("invalid UTF-8 byte 0x{byte:02X}; save the file as UTF-8");
        fail(Some(Position::Line(line, column)), reason)
    })
}

/// Converts a JSON syntax error.
pub(crate) fn syntax(file: &Path, error: &serde_json::Error) -> ParseError {
    let text = error.to_string();
    let reason = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(reason, _)| reason);
    ParseError {
        file: file.to_owned(),
        place: Some(Position::Line(error.line(), error.column())),
        reason: reason.to_owned(),
    }
}

/// The message for a string of more than [`LONGEST_TEXT`] bytes.
pub(crate) fn too_long() -> String {
    format!("text is longer than {} MiB", MAX_TEXT_BYTES >> 20)
}

/// The error for an object with a duplicate key.
pub(crate) fn duplicate_key<E: serde::de::Error>(key: &str) -> E {
    E::custom(format!("duplicate key {key:?}"))
}

/// Reads any JSON, and fails on duplicate keys: a reader that takes the last value loses the
/// others.
pub(crate) struct StrictJson;

/// The key under which serde_json passes a number with all its digits (feature
/// `arbitrary_precision`).
pub(crate) const NUMBER: &str = "$serde_json::private::Number";

impl<'de> DeserializeSeed<'de> for StrictJson {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for StrictJson {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::from(value))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }
    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(StrictJson)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if key == NUMBER && values.is_empty() {
                let digits = map.next_value::<String>()?;
                let mut number: Number = digits.parse().map_err(A::Error::custom)?;
                wsdb_core::normalize_number(&mut number);
                return Ok(Value::Number(number));
            }
            if values.contains_key(&key) {
                return Err(duplicate_key(&key));
            }
            values.insert(key, map.next_value_seed(StrictJson)?);
        }
        Ok(Value::Object(values))
    }
}

/// Collects the values in an object that PostgreSQL cannot store, with paths and reasons.
pub(crate) fn find_unsupported(
    object: &Map<String, Value>,
    path: &str,
    found: &mut Vec<(String, String)>,
) {
    for (key, value) in object {
        if key.contains('\0') {
            let reason =
                wsdb_store::unsupported_by_postgres(&Value::from(key.as_str())).unwrap_or_default();
            found.push((path.to_owned(), format!("{reason} (in a key)")));
        }
        unkept_within(value, &format!("{path}.{key}"), found);
    }
}

/// Collects the same for any value.
pub(crate) fn unkept_within(value: &Value, path: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(object) => find_unsupported(object, path, found),
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                unkept_within(value, &format!("{path}[{index}]"), found);
            }
        }
        value => {
            let reason = wsdb_store::unsupported_by_postgres(value);
            found.extend(reason.map(|reason| (path.to_owned(), reason.to_owned())));
        }
    }
}

/// Returns the path of a string that is too long.
pub(crate) fn find_overlong(value: &Value, path: &mut String) -> Option<String> {
    let length = path.len();
    match value {
        Value::String(text) => (text.len() > MAX_TEXT_BYTES).then(|| path.clone()),
        Value::Array(list) => list.iter().enumerate().find_map(|(index, value)| {
            if matches!(value, Value::String(text) if text.len() <= MAX_TEXT_BYTES) {
                return None;
            }
            path.push_str(&format!("[{index}]"));
            let found = find_overlong(value, path);
            path.truncate(length);
            found
        }),
        Value::Object(map) => map.iter().find_map(|(key, value)| {
            match value {
                Value::String(text) if text.len() <= MAX_TEXT_BYTES => return None,
                Value::Null | Value::Bool(_) | Value::Number(_) => return None,
                _ => {}
            }
            path.push('.');
            path.push_str(key);
            let found = find_overlong(value, path);
            path.truncate(length);
            found
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(bytes: &[u8]) -> String {
        let file = tempfile::NamedTempFile::new().expect("temporary file");
        std::fs::write(file.path(), bytes).expect("file written");
        let error = read(file.path()).expect_err("error");
        let place = match error.place {
            Some(Position::Line(line, column)) => format!("{line}:{column}"),
            Some(Position::Path(path)) => path,
            None => String::new(),
        };
        format!("{place} {}", error.reason)
    }

    #[test]
    fn every_wrong_file_is_told_where() {
        assert_eq!(error(b""), "1:0 EOF while parsing a value");
        assert_eq!(error(b"{\n \"a\": [1,\n"), "3:0 EOF while parsing a value");
        assert_eq!(
            error("{\"ä\": \"".as_bytes()),
            "1:8 EOF while parsing a string"
        );
        assert_eq!(
            error(b"{\"a\":\n\"x\xFF\"}"),
            "2:3 invalid UTF-8 byte 0xFF; save the file as UTF-8"
        );
        assert!(error(b"\xEF\xBB\xBF{}").starts_with("1:1 starts with a byte order mark"));
        assert_eq!(
            error(b"{\"a\": 1, \"b\": {\"c\": 1,\n\"c\": 2}}"),
            "2:3 duplicate key \"c\""
        );
        let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
        assert_eq!(error(deep.as_bytes()), "1:128 recursion limit exceeded");
        let long = format!(
            "{{\"tasks\": [{{}}, {{\"notes\": \"{}\"}}]}}",
            "x".repeat(50 << 20)
        );
        assert_eq!(
            error(long.as_bytes()),
            "$.tasks[1].notes text is longer than 16 MiB"
        );
        assert_eq!(error(b"[1] x"), "1:5 trailing characters");
        assert_eq!(error(b"[\"\\ud800\"]"), "1:9 unexpected end of hex escape");
    }

    #[test]
    fn numbers_keep_every_digit() {
        let file = tempfile::NamedTempFile::new().expect("temporary file");
        let text = "[123456789012345678901234567890,1.10,1e+400,0]";
        std::fs::write(file.path(), text.replace("e+", "E")).expect("file written");
        let (value, _) = read(file.path()).expect("valid JSON");
        assert_eq!(value.to_string(), text);
    }
}
