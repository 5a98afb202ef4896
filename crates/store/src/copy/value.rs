//! The value of a column in a form that doesn't depend on the database.

use sea_orm::sea_query::ColumnType;
use sea_orm::{DbBackend, DbErr, QueryResult, TryGetable, Value};
use serde::{Serialize, Serializer};
use wsdb_core::{Json, Timestamp, to_canonical_json};

use crate::columns::{JsonColumn, Time, json_value};
use crate::postgres::{NUL_UNSUPPORTED, unsupported_by_postgres};

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Text,
    Integer,
    Real,
    Json,
    Time,
    Bytes,
}

/// A value. Its serde form is what the digest covers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) enum CopyValue {
    Null,
    Text(String),
    Integer(i64),
    Real(f64),
    #[serde(serialize_with = "as_text")]
    Json(Json),
    Time(Timestamp),
    Bytes(Vec<u8>),
}

impl Kind {
    /// Returns the kind for a column type; `None` if no table has such a column so far.
    pub(super) fn of(column: &ColumnType) -> Option<Self> {
        Some(match column {
            ColumnType::String(_) | ColumnType::Text => Kind::Text,
            ColumnType::BigInteger => Kind::Integer,
            ColumnType::Double => Kind::Real,
            ColumnType::JsonBinary => Kind::Json,
            ColumnType::DateTime => Kind::Time,
            ColumnType::VarBinary(_) | ColumnType::Blob => Kind::Bytes,
            _ => return None,
        })
    }

    /// Reads the value in a row's column; the error is the reason why it cannot be read.
    pub(super) fn read(self, row: &QueryResult, column: usize) -> Result<CopyValue, String> {
        Ok(match self {
            Kind::Text => get(row, column)?.map_or(CopyValue::Null, CopyValue::Text),
            Kind::Integer => get(row, column)?.map_or(CopyValue::Null, CopyValue::Integer),
            // SQLite doesn't store the sign of zero.
            Kind::Real => {
                get(row, column)?.map_or(CopyValue::Null, |real: f64| CopyValue::Real(real + 0.0))
            }
            Kind::Bytes => get(row, column)?.map_or(CopyValue::Null, CopyValue::Bytes),
            Kind::Json => match get(row, column)? {
                Some(JsonColumn(json)) => CopyValue::Json(json?),
                None => CopyValue::Null,
            },
            Kind::Time => match get(row, column)? {
                Some(Time(time)) => CopyValue::Time(time?),
                None => CopyValue::Null,
            },
        })
    }
}

fn get<T: TryGetable>(row: &QueryResult, column: usize) -> Result<Option<T>, String> {
    row.try_get_by_index(column).map_err(|error: DbErr| {
        use std::error::Error;
        // The innermost cause has no column name, which the caller adds.
        let mut cause: &dyn Error = &error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        cause.to_string()
    })
}

impl CopyValue {
    /// Converts the value to the form that the database expects.
    pub(super) fn bind(self, kind: Kind, backend: DbBackend) -> Value {
        let sqlite = backend == DbBackend::Sqlite;
        match self {
            CopyValue::Text(text) => text.into(),
            CopyValue::Integer(number) => number.into(),
            CopyValue::Real(number) => number.into(),
            CopyValue::Bytes(bytes) => bytes.into(),
            CopyValue::Json(json) => json_value(Some(json.to_string())),
            CopyValue::Time(time) if sqlite => time.to_naive_string(' ').into(),
            CopyValue::Time(time) => time.utc().into(),
            CopyValue::Null => match kind {
                Kind::Integer => Value::BigInt(None),
                Kind::Real => Value::Double(None),
                Kind::Bytes => Value::Bytes(None),
                Kind::Json => json_value(None),
                Kind::Time if !sqlite => Value::ChronoDateTime(None),
                Kind::Text | Kind::Time => Value::String(None),
            },
        }
    }

    /// Returns why PostgreSQL cannot store the value.
    pub(super) fn unsupported_by_postgres(&self) -> Option<&'static str> {
        fn within(json: &Json) -> Option<&'static str> {
            unsupported_by_postgres(json).or_else(|| match json {
                Json::Array(list) => list.iter().find_map(within),
                Json::Object(map) => map.values().find_map(within),
                _ => None,
            })
        }
        match self {
            CopyValue::Text(text) if text.contains('\0') => Some(NUL_UNSUPPORTED),
            CopyValue::Json(json) => within(json),
            _ => None,
        }
    }
}

fn as_text<S: Serializer>(json: &Json, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&to_canonical_json(json))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest_text(json: &str) -> String {
        let json: Json = json.parse().expect("JSON");
        let cell = CopyValue::Json(json);
        serde_json::to_string(&cell).expect("a text")
    }

    #[test]
    fn equal_json_has_the_same_form() {
        for (a, b) in [
            (r#"{"b": 1, "a": [2]}"#, r#"{"a":[2],"b":1}"#),
            ("[1000, 0.001]", "[1e3, 1E-3]"),
            ("[1.10, -0.0, 120]", "[110e-2, 0.0, 12e+1]"),
        ] {
            assert_eq!(digest_text(a), digest_text(b), "{a}");
        }
        for (a, b) in [
            ("[1, 2]", "[2, 1]"),
            ("1", "\"1\""),
            ("1", "-1"),
            ("0.1", "0.10000000000000000000000000001"),
            ("1e400", "1e401"),
            ("null", "\"\""),
        ] {
            assert_ne!(digest_text(a), digest_text(b), "{a}");
        }
    }
}
