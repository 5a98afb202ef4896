//! Reads TOML.

use toml::de::{DeTable, DeValue};
use wsdb_core::{Json, JsonObject};

use super::syntax_error::SyntaxError;
use crate::number::{odd_number, read_decimal, read_number};

/// Parses TOML. Dates become strings.
pub(super) fn read_toml(text: &str) -> Result<Json, SyntaxError> {
    match DeTable::parse(text) {
        Ok(table) => Ok(from_toml(DeValue::Table(table.into_inner()))),
        Err(error) => Err(syntax_error(text, &error)),
    }
}

/// Parses TOML, and returns the line of each outermost key, from 0.
pub(crate) fn read_toml_with_lines(
    text: &str,
) -> Result<(JsonObject, Vec<(String, usize)>), SyntaxError> {
    let table = DeTable::parse(text).map_err(|error| syntax_error(text, &error))?;
    let table = table.into_inner();
    let line = |at: usize| text.get(..at).unwrap_or_default().matches('\n').count();
    let lines = table.keys();
    let lines = lines.map(|key| (key.get_ref().to_string(), line(key.span().start)));
    let lines = lines.collect();
    match from_toml(DeValue::Table(table)) {
        Json::Object(fields) => Ok((fields, lines)),
        _ => Ok((JsonObject::new(), lines)),
    }
}

/// The line itself is not shown: it may contain a password.
fn syntax_error(text: &str, error: &toml::de::Error) -> SyntaxError {
    let offset = error.span().map_or(0, |span| span.start);
    SyntaxError::at(text, offset, error.message())
}

fn from_toml(value: DeValue<'_>) -> Json {
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Integer(number) => {
            let text = number.to_string();
            read_number(&text).map_or_else(|| text.as_str().into(), Json::Number)
        }
        DeValue::Float(number) => {
            let text = number.as_str();
            let text = text.strip_prefix('+').unwrap_or(text);
            read_decimal(text).map_or_else(|| odd_number(text), Json::Number)
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
