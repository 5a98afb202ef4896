//! Reads configuration files of other programs as JSON values.
//!
//! No reader expands variables, and all digits of numbers are kept.

mod dotenv;
mod format;
mod ini;
mod json5;
mod lock_file;
mod text;

use std::path::Path;

use toml::de::{DeTable, DeValue};
use wsdb_core::{Json, JsonError, JsonObject};

use crate::error::{ParseError, Position, Problem};
use crate::number::{read_decimal, read_number};
use crate::{json, yaml};

pub use format::FileFormat;

/// Reads a configuration file in UTF-8, or in UTF-16 with a byte order mark.
///
/// # Errors
/// Returns the position of a syntax error, or of a value that cannot be stored.
pub fn read_configuration(
    file: &Path,
    format: FileFormat,
    bytes: &[u8],
) -> Result<Json, ParseError> {
    let text = text::decode(file, bytes)?;
    let mut value = read_text(file, format, &text).map_err(|error| ParseError {
        file: file.to_owned(),
        position: Some(Position::Line(error.line, error.column)),
        reason: error.reason,
    })?;
    wsdb_core::normalize_numbers(&mut value);
    let mut reasons = Vec::new();
    json::find_unsupported_within(&value, "$", &mut reasons);
    let overlong = json::find_overlong(&value, &mut String::from("$"));
    let overlong = overlong.map(|path| Problem::new(path, json::too_long()));
    match overlong.or(reasons.pop()) {
        Some(problem) => Err(problem.in_file(file)),
        None => Ok(value),
    }
}

fn read_text(file: &Path, format: FileFormat, text: &str) -> Result<Json, SyntaxError> {
    match format {
        FileFormat::Json => json5::read_json(text),
        FileFormat::Jsonc => json5::read_jsonc(text),
        FileFormat::Json5 => json5::read_json5(text),
        FileFormat::Toml => read_toml(text),
        FileFormat::Yaml => match yaml::parse(text) {
            Ok(document) => Ok(document.value),
            Err(error) => Err(SyntaxError {
                line: error.line,
                column: error.column,
                reason: error.reason,
            }),
        },
        FileFormat::Ini => ini::read_ini(file, text),
        FileFormat::Env => dotenv::read_dotenv(text),
        FileFormat::Lines => Ok(read_lines(text)),
        FileFormat::YarnLock => lock_file::read_yarn(text),
        FileFormat::BundlerLock => lock_file::read_bundler(text),
    }
}

/// A syntax error, with its line and column from 1.
#[derive(Debug)]
struct SyntaxError {
    line: usize,
    column: usize,
    reason: String,
}

impl SyntaxError {
    /// Creates an error at an offset in bytes.
    fn at(text: &str, offset: usize, reason: impl Into<String>) -> Self {
        let before = text.get(..offset).unwrap_or_default();
        SyntaxError {
            line: before.matches('\n').count() + 1,
            column: before.chars().rev().take_while(|c| *c != '\n').count() + 1,
            reason: reason.into(),
        }
    }

    fn in_line(line: usize, reason: impl Into<String>) -> Self {
        SyntaxError {
            line,
            column: 1,
            reason: reason.into(),
        }
    }

    fn from_json(error: &JsonError) -> Self {
        let (line, column) = error.position().unwrap_or((1, 1));
        SyntaxError {
            line,
            // At the end of a line, the parser counts no column.
            column: column.max(1),
            reason: json::syntax_reason(error),
        }
    }

    fn is_after(&self, other: &SyntaxError) -> bool {
        (self.line, self.column) > (other.line, other.column)
    }
}

/// Adds the value of a key. Several values of one key become a list, in their order.
fn add_value(fields: &mut JsonObject, key: &str, value: Json) {
    match fields.get_mut(key) {
        None => {
            fields.insert(key.to_owned(), value);
        }
        Some(Json::Array(list)) => list.push(value),
        Some(first) => *first = Json::Array(vec![std::mem::take(first), value]),
    }
}

fn read_toml(text: &str) -> Result<Json, SyntaxError> {
    match DeTable::parse(text) {
        Ok(table) => Ok(from_toml(DeValue::Table(table.into_inner()))),
        // The line itself is not shown: it may contain a password.
        Err(error) => {
            let offset = error.span().map_or(0, |span| span.start);
            Err(SyntaxError::at(text, offset, error.message()))
        }
    }
}

fn from_toml(value: DeValue<'_>) -> Json {
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Integer(number) => {
            let text = number.to_string();
            read_number(&text).map_or_else(|| text.as_str().into(), Json::Number)
        }
        // JSON has no infinity and no NaN.
        DeValue::Float(number) => {
            let text = number.as_str();
            let text = text.strip_prefix('+').unwrap_or(text);
            read_decimal(text).map_or_else(|| text.into(), Json::Number)
        }
        DeValue::Boolean(flag) => flag.into(),
        DeValue::Datetime(time) => time.to_string().into(),
        DeValue::Array(list) => {
            let values = list.into_iter();
            values.map(|value| from_toml(value.into_inner())).collect()
        }
        DeValue::Table(table) => {
            let fields = table.into_iter().map(|(key, value)| {
                let key = key.into_inner().into_owned();
                (key, from_toml(value.into_inner()))
            });
            Json::Object(fields.collect())
        }
    }
}

/// Reads the lines of a text, without empty ones and comments.
fn read_lines(text: &str) -> Json {
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(Json::from).collect()
}

#[cfg(test)]
mod tests {
    use wsdb_core::json;

    use super::*;

    fn read_bytes(name: &str, bytes: &[u8]) -> Result<Json, String> {
        let file = Path::new(name);
        let format = FileFormat::detect(file, bytes).expect("known format");
        read_configuration(file, format, bytes).map_err(|error| error.to_string())
    }

    fn read(name: &str, text: &str) -> Result<Json, String> {
        read_bytes(name, text.as_bytes())
    }

    #[test]
    fn every_format_is_read() {
        let same = json!({"a": {"b": "1", "c": "x"}});
        for (name, text) in [
            ("x.json", r#"{"a": {"b": "1", "c": "x"}}"#),
            (
                "x.json",
                "{// c\n\"a\": {\"b\": \"1\", /* c */ \"c\": \"x\",},}",
            ),
            ("x.jsonc", "{\"a\": {\"b\": \"1\", \"c\": \"x\",},}"),
            ("x.json5", "{a: {b: '1', 'c': \"x\",},} // c"),
            ("x.toml", "[a]\nb = '1'\nc = \"x\""),
            ("x.YML", "a: {b: '1', c: x}"),
            ("setup.cfg", "; hi\n[a]\nb = 1\nc: x\n"),
        ] {
            assert_eq!(read(name, text), Ok(same.clone()), "{name}");
            let text = text.replace('\n', "\r\n");
            assert_eq!(read(name, &text), Ok(same.clone()), "{name}");
            let with_mark = format!("\u{feff}{text}");
            assert_eq!(read(name, &with_mark), Ok(same.clone()), "{name}");
            let units = || with_mark.encode_utf16();
            let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
            assert_eq!(read_bytes(name, &little), Ok(same.clone()), "{name}");
            let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
            assert_eq!(read_bytes(name, &big), Ok(same.clone()), "{name}");
        }
        assert_eq!(
            read("x.ini", "top = 1\n[flake8]\nignore =\n    E1\n    E2\n"),
            Ok(json!({"top": "1", "flake8": {"ignore": "\nE1\nE2"}}))
        );
        assert_eq!(
            read(".env.local", "# x\nexport A=1 # one\nB='x # y'\nC=\n"),
            Ok(json!({"A": "1", "B": "x # y", "C": ""}))
        );
        assert_eq!(
            read("requirements.txt", "# c\nflask==3.0\n\n  -r base.txt\n"),
            Ok(json!(["flask==3.0", "-r base.txt"]))
        );
    }

    #[test]
    fn values_of_toml_are_kept() {
        let values = r#"["1979-05-27", "inf", "-inf", "nan", 1.50, 1000, 31, 0.5e-3, 3.14159265358979323846]"#;
        assert_eq!(
            read(
                "x.toml",
                "a = [1979-05-27, +inf, -inf, nan, 1.50, 1_000, 0x1F, 0.5e-3, 3.14159265358979323846]"
            ),
            Ok(json!({"a": normalized(values)}))
        );
    }

    fn normalized(text: &str) -> Json {
        let mut value: Json = text.parse().expect("valid JSON");
        wsdb_core::normalize_numbers(&mut value);
        value
    }

    #[test]
    fn values_of_json5_are_kept() {
        let text = "{hex: 0xDECAF, half: .5, five: 5., plus: +1, inf: -Infinity, nan: NaN, big: 12345678901234567890.10,\n\
            text: 'it\\'s \\x41 \\\n joined', $_: null, \u{fc}: [1, 2,], \"quoted key\": \"$HOME ${x}\"}";
        let value = r#"{"hex": 912559, "half": 0.5, "five": 5, "plus": 1, "inf": "-Infinity", "nan": "NaN",
            "big": 12345678901234567890.10, "text": "it's A  joined", "$_": null, "ü": [1, 2],
            "quoted key": "$HOME ${x}"}"#;
        assert_eq!(read("x.json5", text), Ok(normalized(value)));
    }

    #[test]
    fn syntax_errors_have_a_position() {
        for (name, text, error) in [
            (
                "x.json",
                "{\"a\": 1,\n\"a\": 2}",
                "x.json, line 2, column 3: duplicate key \"a\"",
            ),
            (
                "x.json",
                "{\"a\": 1,}",
                "x.json, line 1, column 9: trailing comma",
            ),
            (
                "x.json",
                "{\"a\": 'http://x'}",
                "x.json, line 1, column 7: expected value",
            ),
            (
                "x.json",
                "// c\n{\"a\": 1\n\"b\": 2}",
                "x.json, line 2, column 8: expected comma",
            ),
            (
                "x.jsonc",
                "{\"a\": 1, // c\n\"a\": 2}",
                "x.jsonc, line 2, column 1: duplicate key \"a\"",
            ),
            (
                "x.json5",
                "{a: 'x}",
                "x.json5, line 1, column 5: unterminated string literal",
            ),
            (
                "x.json5",
                "",
                "x.json5, line 1, column 1: unexpected end of file",
            ),
            (
                "x.yaml",
                "a: 1\na: 2",
                "x.yaml, line 2, column 1: duplicate key \"a\"",
            ),
            (
                "x.ini",
                "[a\nb",
                "x.ini, line 1, column 1: expected ] at the end of the name of a section",
            ),
            (
                ".env",
                "A=1\nno value\n",
                ".env, line 2, column 1: expected KEY=value",
            ),
        ] {
            assert_eq!(read(name, text), Err(error.to_owned()), "{text}");
        }
        let wrong = |name: &str, text: &str| read(name, text).expect_err("error");
        assert!(wrong("x.toml", "password = hunter2\n").starts_with("x.toml, line 1, column 12: "));
        assert!(!wrong("x.toml", "password = hunter2\n").contains("hunter2"));
        assert!(wrong("x.json", "\"\\u0000\"").contains("U+0000"));
        let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
        assert!(wrong("x.json5", &deep).contains("nested too deeply"));
        assert!(wrong("x.jsonc", &"[".repeat(100_000)).contains("depth"));
        let odd = read_bytes("x.json", &[0xFF, 0xFE, 0x31]).expect_err("error");
        assert_eq!(odd, "x.json: invalid UTF-16; save the file as UTF-8");
    }
}
