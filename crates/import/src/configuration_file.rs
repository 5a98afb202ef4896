//! Reads configuration files of other programs as JSON values.

use std::path::Path;

use wsdb_core::{Json, JsonNumber, JsonObject};

use crate::error::{ParseError, Position, Problem};
use crate::json;
use crate::yaml;

/// The format of a configuration file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// JSON.
    Json,
    /// TOML.
    Toml,
    /// YAML.
    Yaml,
    /// Sections of `key = value` lines.
    Ini,
    /// `KEY=value` lines.
    Env,
}

impl FileFormat {
    /// Returns the format for a file name; `None` if it is unknown.
    pub fn of(file: &Path) -> Option<FileFormat> {
        let name = file.file_name()?.to_str()?.to_lowercase();
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        match ending {
            "json" => Some(FileFormat::Json),
            "toml" => Some(FileFormat::Toml),
            "yaml" | "yml" => Some(FileFormat::Yaml),
            "ini" | "cfg" => Some(FileFormat::Ini),
            "env" => Some(FileFormat::Env),
            "lock" if matches!(name.as_str(), "cargo.lock" | "poetry.lock" | "uv.lock") => {
                Some(FileFormat::Toml)
            }
            _ if name == "pipfile" => Some(FileFormat::Toml),
            _ if name.starts_with(".env") => Some(FileFormat::Env),
            _ if matches!(name.as_str(), ".editorconfig" | ".gitconfig" | ".npmrc") => {
                Some(FileFormat::Ini)
            }
            _ => None,
        }
    }
}

/// Reads a configuration file.
///
/// # Errors
/// Returns the position of a syntax error, or of a value that cannot be stored.
pub fn read_configuration(
    file: &Path,
    format: FileFormat,
    bytes: &[u8],
) -> Result<Json, ParseError> {
    let fail = |position, reason: String| ParseError {
        file: file.to_owned(),
        position,
        reason,
    };
    let text = json::text(file, bytes)?;
    let value = match format {
        FileFormat::Json => {
            json::parse_text(text, json::read_value).map_err(|error| json::syntax(file, &error))?
        }
        FileFormat::Toml => match toml::from_str::<toml::Table>(text) {
            Ok(table) => from_toml(toml::Value::Table(table)),
            Err(error) => {
                // The line itself is not shown: it may contain a password.
                let position = error.span().map(|span| position_at(text, span.start));
                return Err(fail(position, error.message().to_owned()));
            }
        },
        FileFormat::Yaml => {
            yaml::parse(text)
                .map_err(|fault| fail(Some(fault.position()), fault.reason.clone()))?
                .value
        }
        FileFormat::Ini => {
            from_ini(text).map_err(|(line, why)| fail(Some(Position::Line(line, 1)), why))?
        }
        FileFormat::Env => {
            from_env(text).map_err(|(line, why)| fail(Some(Position::Line(line, 1)), why))?
        }
    };
    let mut reasons = Vec::new();
    json::find_unsupported_within(&value, "$", &mut reasons);
    let overlong = json::find_overlong(&value, &mut String::from("$"));
    let overlong = overlong.map(|path| Problem::new(path, json::too_long()));
    match overlong.or(reasons.pop()) {
        Some(problem) => Err(problem.in_file(file)),
        None => Ok(value),
    }
}

fn position_at(text: &str, at: usize) -> Position {
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    Position::Line(line, column)
}

fn from_toml(value: toml::Value) -> Json {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        // JSON has no infinity and no NaN.
        toml::Value::Float(number) => {
            JsonNumber::from_f64(number).map_or_else(|| number.to_string().into(), Json::Number)
        }
        toml::Value::Boolean(flag) => flag.into(),
        toml::Value::Datetime(time) => time.to_string().into(),
        toml::Value::Array(list) => list.into_iter().map(from_toml).collect(),
        toml::Value::Table(table) => {
            let fields = table
                .into_iter()
                .map(|(key, value)| (key, from_toml(value)));
            Json::Object(fields.collect())
        }
    }
}

type ParseResult = Result<Json, (usize, String)>;

fn insert(
    map: &mut JsonObject,
    key: &str,
    value: String,
    line: usize,
) -> Result<(), (usize, String)> {
    match map.insert(key.to_owned(), value.into()) {
        None => Ok(()),
        Some(_) => Err((line, format!("duplicate key {key:?}"))),
    }
}

/// Parses INI text. Keys before the first section become siblings of the sections; an indented line
/// continues the value before it.
fn from_ini(text: &str) -> ParseResult {
    let mut whole = JsonObject::new();
    let mut section: Option<String> = None;
    let mut last: Option<String> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        let within = match &section {
            None => &mut whole,
            Some(name) => match whole.get_mut(name) {
                Some(Json::Object(within)) => within,
                _ => return Err((number, format!("duplicate key {name:?}"))),
            },
        };
        if line.starts_with([' ', '\t'])
            && let Some(key) = &last
            && let Some(Json::String(value)) = within.get_mut(key)
        {
            value.push('\n');
            value.push_str(trimmed);
            continue;
        }
        if let Some(name) = trimmed
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            let name = name.trim().to_owned();
            let fresh = whole.get_or_insert_with(name.clone(), || JsonObject::new().into());
            if !fresh.is_object() {
                return Err((number, format!("duplicate key {name:?}")));
            }
            (section, last) = (Some(name), None);
            continue;
        }
        let (key, value) = trimmed
            .split_once(['=', ':'])
            .ok_or_else(|| (number, "expected [section] or key = value".to_owned()))?;
        let key = key.trim();
        insert(within, key, value.trim().to_owned(), number)?;
        last = Some(key.to_owned());
    }
    Ok(Json::Object(whole))
}

fn from_env(text: &str) -> ParseResult {
    let mut whole = JsonObject::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (key, value) = line
            .split_once('=')
            .ok_or_else(|| (number, "expected KEY=value".to_owned()))?;
        let value = value.trim();
        let quoted = ['"', '\''].into_iter().find_map(|quote| {
            let rest = value.strip_prefix(quote)?;
            rest.split_once(quote).map(|(inner, _)| inner)
        });
        let bare = || {
            value
                .split_once(" #")
                .map_or(value, |(value, _)| value.trim_end())
        };
        insert(
            &mut whole,
            key.trim(),
            quoted.unwrap_or_else(bare).to_owned(),
            number,
        )?;
    }
    Ok(Json::Object(whole))
}

#[cfg(test)]
mod tests {
    use wsdb_core::json;

    use super::*;

    fn read(name: &str, text: &str) -> Result<Json, String> {
        let file = Path::new(name);
        let format = FileFormat::of(file).expect("known format");
        read_configuration(file, format, text.as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn every_format_is_read() {
        let same = json!({"a": {"b": "1", "c": "x"}});
        assert_eq!(
            read("x.json", r#"{"a": {"b": "1", "c": "x"}}"#),
            Ok(same.clone())
        );
        assert_eq!(read("x.toml", "[a]\nb = '1'\nc = \"x\""), Ok(same.clone()));
        assert_eq!(read("x.YML", "a: {b: '1', c: x}"), Ok(same.clone()));
        assert_eq!(read("setup.cfg", "; hi\n[a]\nb = 1\nc: x\n"), Ok(same));
        assert_eq!(
            read("x.ini", "top = 1\n[flake8]\nignore =\n    E1\n    E2\n"),
            Ok(json!({"top": "1", "flake8": {"ignore": "\nE1\nE2"}}))
        );
        assert_eq!(
            read(".env.local", "# x\nexport A=1 # one\nB='x # y'\nC=\n"),
            Ok(json!({"A": "1", "B": "x # y", "C": ""}))
        );
        assert_eq!(
            read("x.toml", "a = [1979-05-27, inf, 1.5]"),
            Ok(json!({"a": ["1979-05-27", "inf", 1.5]}))
        );
        assert_eq!(FileFormat::of(Path::new("Makefile")), None);
    }

    #[test]
    fn syntax_errors_have_a_position() {
        let wrong = |name: &str, text: &str| read(name, text).expect_err("error");
        assert_eq!(
            wrong("x.json", "{\"a\": 1,\n\"a\": 2}"),
            "x.json, line 2, column 3: duplicate key \"a\""
        );
        assert!(wrong("x.toml", "password = hunter2\n").starts_with("x.toml, line 1, column 12: "));
        assert!(!wrong("x.toml", "password = hunter2\n").contains("hunter2"));
        assert_eq!(
            wrong("x.yaml", "a: 1\na: 2"),
            "x.yaml, line 2, column 1: duplicate key \"a\""
        );
        assert_eq!(
            wrong("x.ini", "[a]\nb"),
            "x.ini, line 2, column 1: expected [section] or key = value"
        );
        assert_eq!(
            wrong(".env", "A=1\nA=2"),
            ".env, line 2, column 1: duplicate key \"A\""
        );
        assert!(wrong("x.json", "\"\\u0000\"").contains("U+0000"));
    }
}
