//! Strict JSON parsing: duplicate keys and invalid UTF-8 are errors instead of
//! being resolved by a guess, since readers differ in how they treat them.

use std::path::Path;

use wsdb_core::{Json, JsonError, JsonErrorKind, JsonObject, JsonReader};

use crate::error::{ParseError, Position, Problem};

/// Maximum length of a string, in bytes. SQLite would accept 1 GB; screens, terminals and git diffs
/// would not.
pub(crate) const MAX_TEXT_BYTES: usize = 16 * 1024 * 1024;

/// The message for a file with git's conflict markers.
pub(crate) const CONFLICT_MARKERS: &str = "the file has git conflict markers; resolve them first";

/// Returns the JSON value of a file, and a hash of its bytes.
pub(crate) fn read(file: &Path) -> Result<(Json, u64), ParseError> {
    let (value, hash) = parse(file, read_value)?;
    match find_overlong(&value, &mut String::from("$")) {
        None => Ok((value, hash)),
        Some(path) => Err(ParseError {
            file: file.to_owned(),
            position: Some(Position::Path(path)),
            reason: too_long(),
        }),
    }
}

/// Parses a file with a function. Returns the function's result and a hash of the bytes.
pub(crate) fn parse<T>(
    file: &Path,
    read: impl FnOnce(&mut JsonReader<'_>) -> Result<T, JsonError>,
) -> Result<(T, u64), ParseError> {
    let bytes = std::fs::read(file).map_err(|error| ParseError {
        file: file.to_owned(),
        position: None,
        reason: wsdb_core::format_read_error(&error),
    })?;
    let text = text(file, &bytes)?;
    let value = parse_text(text, read)
        .map_err(|error| conflict_markers(file, text).unwrap_or_else(|| syntax(file, &error)))?;
    Ok((value, crate::digest::hash(&bytes)))
}

/// Parses a JSON text with a function, and fails if anything follows the value that it reads.
pub(crate) fn parse_text<T>(
    text: &str,
    read: impl FnOnce(&mut JsonReader<'_>) -> Result<T, JsonError>,
) -> Result<T, JsonError> {
    // Some editors write a byte order mark.
    let mut reader = JsonReader::new(text.strip_prefix('\u{feff}').unwrap_or(text));
    let value = read(&mut reader)?;
    reader.finish()?;
    Ok(value)
}

/// Reads any JSON. Numbers get the normalized form that both databases store.
pub(crate) fn read_value(reader: &mut JsonReader<'_>) -> Result<Json, JsonError> {
    let mut value = reader.read_value()?;
    wsdb_core::normalize_numbers(&mut value);
    Ok(value)
}

/// Returns the text of a file.
pub(crate) fn text<'b>(file: &Path, bytes: &'b [u8]) -> Result<&'b str, ParseError> {
    let fail = |position, reason: String| ParseError {
        file: file.to_owned(),
        position,
        reason,
    };
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

/// Returns the error for a text with git's conflict markers, which valid JSON never has.
fn conflict_markers(file: &Path, text: &str) -> Option<ParseError> {
    let line = text.lines().position(|line| line.starts_with("<<<<<<<"))?;
    Some(ParseError {
        file: file.to_owned(),
        position: Some(Position::Line(line + 1, 1)),
        reason: CONFLICT_MARKERS.to_owned(),
    })
}

/// Converts a JSON syntax error.
pub(crate) fn syntax(file: &Path, error: &JsonError) -> ParseError {
    ParseError {
        file: file.to_owned(),
        position: error
            .line_and_column()
            .map(|(line, column)| Position::Line(line, column)),
        reason: syntax_reason(error),
    }
}

/// Describes a JSON syntax error without its position.
pub(crate) fn syntax_reason(error: &JsonError) -> String {
    match error.kind() {
        JsonErrorKind::UnexpectedEnd => "unexpected end of file".to_owned(),
        _ => error.reason(),
    }
}

/// The message for a string of more than [`MAX_TEXT_BYTES`] bytes.
pub(crate) fn too_long() -> String {
    format!("text is longer than {} MiB", MAX_TEXT_BYTES >> 20)
}

/// Collects the values in an object that PostgreSQL cannot store, with paths and reasons.
pub(crate) fn find_unsupported(object: &JsonObject, path: &str, found: &mut Vec<Problem>) {
    for (key, value) in object {
        if key.contains('\0') {
            let reason =
                wsdb_store::unsupported_by_postgres(&Json::from(key.as_str())).unwrap_or_default();
            found.push(Problem::new(path, format!("{reason} (in a key)")));
        }
        find_unsupported_within(value, &format!("{path}.{key}"), found);
    }
}

/// Collects the same for any value.
pub(crate) fn find_unsupported_within(value: &Json, path: &str, found: &mut Vec<Problem>) {
    match value {
        Json::Object(object) => find_unsupported(object, path, found),
        Json::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                find_unsupported_within(value, &format!("{path}[{index}]"), found);
            }
        }
        value => {
            let reason = wsdb_store::unsupported_by_postgres(value);
            found.extend(reason.map(|reason| Problem::new(path, reason)));
        }
    }
}

/// Returns the path of a string that is too long.
pub(crate) fn find_overlong(value: &Json, path: &mut String) -> Option<String> {
    let length = path.len();
    match value {
        Json::String(text) => (text.len() > MAX_TEXT_BYTES).then(|| path.clone()),
        Json::Array(list) => list.iter().enumerate().find_map(|(index, value)| {
            if matches!(value, Json::String(text) if text.len() <= MAX_TEXT_BYTES) {
                return None;
            }
            path.push_str(&format!("[{index}]"));
            let found = find_overlong(value, path);
            path.truncate(length);
            found
        }),
        Json::Object(map) => map.iter().find_map(|(key, value)| {
            match value {
                Json::String(text) if text.len() <= MAX_TEXT_BYTES => return None,
                Json::Null | Json::Bool(_) | Json::Number(_) => return None,
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
        let position = match error.position {
            Some(Position::Line(line, column)) => format!("{line}:{column}"),
            Some(Position::Path(path)) => path,
            None => String::new(),
        };
        format!("{position} {}", error.reason)
    }

    #[test]
    fn errors_name_the_position() {
        assert_eq!(error(b""), "1:1 unexpected end of file");
        assert_eq!(error(b"{\n \"a\": [1,\n"), "3:1 unexpected end of file");
        assert_eq!(error("{\"ä\": \"".as_bytes()), "1:8 unexpected end of file");
        assert_eq!(
            error(b"{\"a\":\n\"x\xFF\"}"),
            "2:3 invalid UTF-8 byte 0xFF; save the file as UTF-8"
        );
        assert_eq!(
            error(b"{\"a\": 1, \"b\": {\"c\": 1,\n\"c\": 2}}"),
            "2:3 duplicate key \"c\""
        );
        let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
        assert_eq!(
            error(deep.as_bytes()),
            "1:128 lists and objects are nested too deeply"
        );
        let long = format!(
            "{{\"tasks\": [{{}}, {{\"notes\": \"{}\"}}]}}",
            "x".repeat(50 << 20)
        );
        assert_eq!(
            error(long.as_bytes()),
            "$.tasks[1].notes text is longer than 16 MiB"
        );
        assert_eq!(
            error(b"[1] x"),
            "1:5 unexpected text after the end of the JSON"
        );
        assert_eq!(
            error(b"[\n<<<<<<< ours\n1\n=======\n2\n>>>>>>> theirs\n]"),
            "2:1 the file has git conflict markers; resolve them first"
        );
        assert_eq!(
            error(b"[\"\\ud800\"]"),
            r"1:9 a \u escape is one half of a surrogate pair without the other"
        );
    }

    #[test]
    fn byte_order_mark_is_skipped() {
        let read = |text| parse_text(text, read_value).map(|value| value.to_string());
        assert_eq!(read("\u{feff}[1]"), Ok("[1]".to_owned()));
        assert!(read("[1]\u{feff}").is_err());
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
