//! Reads TOML.

use toml::de::{DeTable, DeValue};
use wsdb_core::Json;

use super::syntax_error::SyntaxError;
use crate::number::{read_decimal, read_number};

/// Parses TOML. Dates, infinity and NaN become strings.
pub(super) fn read_toml(text: &str) -> Result<Json, SyntaxError> {
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
