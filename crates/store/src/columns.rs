//! Column types for core types, and the mapping between a record's fields and a row's columns.
//!
//! A value that cannot be read doesn't fail the query: the column type holds the reason, and the
//! conversion to the record then reports table, row and column.

mod codec;
mod mapping;

pub(crate) use codec::ColumnCodec;
pub(crate) use mapping::map_columns;

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use sea_orm::prelude::DateTime;
use sea_orm::sea_query::{
    ArrayType, ColumnType, Enum, Nullable, OptionEnum, Value, ValueType, ValueTypeErr,
};
use sea_orm::sqlx::Row as _;
use sea_orm::sqlx::types::JsonRawValue;
use sea_orm::{ColIdx, DbBackend, DbErr, QueryResult, RuntimeErr, TryGetError, TryGetable};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use wsdb_core::{Json, JsonError, JsonObject, Timestamp, normalize_numbers};

/// A value stored as text, using its `Display` and `FromStr`; or why the text cannot be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Text<T>(pub(crate) Result<T, String>);

/// A value stored as JSON; or why the JSON cannot be read.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonColumn<T>(pub(crate) Result<T, String>);

/// A point in time, stored in UTC without a zone; or why it cannot be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Time(pub(crate) Result<Timestamp, String>);

macro_rules! column_type {
    ([$($generics:tt)*] $type:ty, $array:ident, $column:expr, $null:expr) => {
        impl $($generics)* ValueType for $type {
            fn try_from(_: Value) -> Result<Self, ValueTypeErr> {
                // Rows are read through TryGetable; nothing converts a bound value back.
                Err(ValueTypeErr)
            }
            fn type_name() -> String {
                stringify!($type).to_owned()
            }
            fn array_type() -> ArrayType {
                ArrayType::$array
            }
            fn column_type() -> ColumnType {
                $column
            }
        }

        impl $($generics)* Nullable for $type {
            fn null() -> Value {
                $null
            }
        }
    };
}

/// Implements serde for a column type, as it is stored in the history: the column's value, or null.
macro_rules! impl_serde_as_json {
    ([$($write:tt)*] [$($read:tt)*] $type:ty, $to:expr, $from:expr) => {
        impl $($write)* Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                #[allow(clippy::redundant_closure_call)]
                ($to)(self).serialize(serializer)
            }
        }

        impl<'de, $($read)*> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Deserialize::deserialize(deserializer).map($from)
            }
        }
    };
}

impl<T: Serialize> Serialize for JsonColumn<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_ref().ok().serialize(serializer)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for JsonColumn<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Json::deserialize(deserializer)?.decode();
        Ok(JsonColumn(value.map_err(|error| error.to_string())))
    }
}

/// Returns a value as text; one that cannot be read as the error text.
fn text_of<T: ToString>(value: &Result<T, String>) -> String {
    value.as_ref().map_or_else(String::clone, T::to_string)
}

fn parsed<T: FromStr<Err: Display>>(text: String) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

impl_serde_as_json!([<T: Display>] [T: FromStr<Err: Display>] Text<T>,
    |text: &Text<T>| text_of(&text.0), |text: String| Text(parsed(text)));
impl_serde_as_json!([] [] Time,
    |time: &Time| text_of(&time.0), |text: String| Time(parsed(text)));
impl_serde_as_json!([<T: Display>] [T: FromStr<Err: Display>] NullAsEmpty<T>,
    |column: &NullAsEmpty<T>| column.0.as_ref().map(|text| text_of(&text.0)),
    |text: Option<String>| NullAsEmpty(text.map(|text| Text(parsed(text)))));

column_type!([<T>] Text<T>, String, ColumnType::Text, Value::String(None));
column_type!([<T>] JsonColumn<T>, Json, ColumnType::JsonBinary, json_value(None));
column_type!([] Time, ChronoDateTime, ColumnType::DateTime, Value::ChronoDateTime(None));

impl<T: Display> From<Text<T>> for Value {
    fn from(text: Text<T>) -> Value {
        text.0
            .map_or_else(Value::from, |value| Value::from(value.to_string()))
    }
}

/// Returns the bound value for a JSON text: with a cast in PostgreSQL, `$1::"jsonb"`, as text in
/// SQLite. `Value::Json` would round its numbers.
pub(crate) fn json_value(text: Option<String>) -> Value {
    let type_name = "jsonb".into();
    Value::Enum(match text.map(Into::into) {
        Some(value) => OptionEnum::Some(Box::new(Enum { type_name, value })),
        None => OptionEnum::None(type_name),
    })
}

impl<T: Serialize> From<JsonColumn<T>> for Value {
    fn from(json: JsonColumn<T>) -> Value {
        let text = match json.0 {
            Ok(value) => serde_json::to_string(&value),
            Err(text) => serde_json::to_string(&text),
        };
        json_value(text.ok())
    }
}

impl From<Time> for Value {
    fn from(time: Time) -> Value {
        match time.0 {
            Ok(time) => Value::ChronoDateTime(Some(time.utc())),
            Err(text) => Value::from(text),
        }
    }
}

impl<T> TryGetable for Text<T>
where
    T: FromStr<Err: Display>,
{
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        let text = String::try_get_by(row, index)?;
        Ok(Text(
            text.parse().map_err(|error: T::Err| error.to_string()),
        ))
    }
}

/// A type that is read from a JSON column. The databases write numbers in different forms, so the
/// numbers of free-form JSON are normalized.
pub trait FromJsonColumn: Sized {
    /// Reads the text of a column.
    fn read(text: &str) -> Result<Self, JsonColumnError>;
}

/// Why a text is not a valid value of a JSON column.
pub enum JsonColumnError {
    /// It is JSON `null`.
    Null,
    /// It is not JSON.
    Syntax,
    /// It is JSON of another type.
    Type(String),
}

impl FromJsonColumn for Json {
    fn read(text: &str) -> Result<Self, JsonColumnError> {
        let mut value: Json = text.parse().map_err(|_| JsonColumnError::Syntax)?;
        normalize_numbers(&mut value);
        match value {
            Json::Null => Err(JsonColumnError::Null),
            value => Ok(value),
        }
    }
}

impl FromJsonColumn for JsonObject {
    fn read(text: &str) -> Result<Self, JsonColumnError> {
        match Json::read(text)? {
            Json::Object(fields) => Ok(fields),
            other => other
                .decode()
                .map_err(|error| JsonColumnError::Type(error.to_string())),
        }
    }
}

impl<T: DeserializeOwned> FromJsonColumn for Vec<T> {
    fn read(text: &str) -> Result<Self, JsonColumnError> {
        serde_json::from_str(text).map_err(|error| match Json::read(text) {
            Ok(_) => JsonColumnError::Type(JsonError::from(error).to_string()),
            Err(other) => other,
        })
    }
}

impl<T: FromJsonColumn> TryGetable for JsonColumn<T> {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        let text = json_text(row, index)?;
        match T::read(&text) {
            Ok(value) => Ok(JsonColumn(Ok(value))),
            Err(JsonColumnError::Null) => Err(TryGetError::Null(format!("{index:?}"))),
            Err(JsonColumnError::Type(reason)) => {
                Ok(JsonColumn(Err(format!("unexpected JSON: {reason}"))))
            }
            Err(JsonColumnError::Syntax) => {
                let start: String = text.chars().take(60).collect();
                Ok(JsonColumn(Err(format!("invalid JSON: {start:?}"))))
            }
        }
    }
}

/// Returns the text of a JSON column. sea-orm's own JSON values would round its numbers.
fn json_text<I: ColIdx>(row: &QueryResult, index: I) -> Result<Cow<'_, str>, TryGetError> {
    let Some(row) = row.try_as_pg_row() else {
        return String::try_get_by(row, index).map(Cow::Owned);
    };
    match row.try_get::<Option<&JsonRawValue>, _>(index.as_sqlx_postgres_index()) {
        Ok(Some(json)) => Ok(Cow::Borrowed(json.get())),
        Ok(None) => Err(TryGetError::Null(format!("{index:?}"))),
        Err(error) => Err(DbErr::Query(RuntimeErr::SqlxError(error.into())).into()),
    }
}

impl TryGetable for Time {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        // SQLite stores text. Its driver would accept a date with an offset, and drop the offset.
        let time = match String::try_get_by(row, index) {
            Ok(text) => text
                .parse()
                .map_err(|error: wsdb_core::TimestampError| error.to_string()),
            Err(TryGetError::DbErr(_)) => {
                let utc = DateTime::try_get_by(row, index)?;
                Timestamp::from_utc(utc)
                    .ok_or_else(|| format!("{utc} is outside the years 1 to 9999"))
            }
            Err(null) => return Err(null),
        };
        Ok(Time(time))
    }
}

/// A value of a bulk insert. It is converted to its final form here, instead of later in the
/// driver after another copy.
pub(crate) trait BindValue: Into<Value> {
    fn bound(self, _: DbBackend) -> Value {
        self.into()
    }
}

impl BindValue for String {}
impl BindValue for Option<String> {}
impl BindValue for Option<i64> {}
impl BindValue for Option<f64> {}
impl<T: Display> BindValue for Text<T> {}
impl<T: Display> BindValue for Option<Text<T>> {}
impl<T: Display> BindValue for NullAsEmpty<T> {}

impl<T: Serialize> BindValue for Option<JsonColumn<T>> {}

impl BindValue for Time {
    fn bound(self, backend: DbBackend) -> Value {
        match (self, backend) {
            (Time(Ok(time)), DbBackend::Sqlite) => time.to_naive_string(' ').into(),
            (time, _) => time.into(),
        }
    }
}

impl BindValue for Option<Time> {
    fn bound(self, backend: DbBackend) -> Value {
        match (self, backend) {
            (Some(time), _) => time.bound(backend),
            (None, _) => Value::ChronoDateTime(None),
        }
    }
}

/// An optional value in a column that is NOT NULL: `None` is stored as an empty string. Used for
/// decisions whose session is unknown.
#[derive(Clone, Debug, PartialEq)]
pub struct NullAsEmpty<T>(Option<Text<T>>);

column_type!([<T>] NullAsEmpty<T>, String, ColumnType::Text, Value::String(None));

impl<T: Display> From<NullAsEmpty<T>> for Value {
    fn from(column: NullAsEmpty<T>) -> Value {
        column.0.map_or_else(|| Value::from(""), Value::from)
    }
}

impl<T> TryGetable for NullAsEmpty<T>
where
    T: FromStr<Err: Display>,
{
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        if String::try_get_by(row, index)?.is_empty() {
            return Ok(NullAsEmpty(None));
        }
        Text::try_get_by(row, index).map(|text| NullAsEmpty(Some(text)))
    }
}
