//! Conversions between [`Json`] and types that implement serde's traits.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{BorrowedStrDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, Expected, IntoDeserializer,
    MapAccess, Unexpected, Visitor,
};
use serde::{Deserialize, Serialize, Serializer, forward_to_deserialize_any};
use serde_json::value::RawValue;

use super::error::{JsonError, JsonErrorKind};
use super::parse::JsonKind;
use super::value::{Json, JsonObject};

impl Json {
    /// Converts a value of another type to JSON. Numbers of [`Json`] values in it keep their text.
    ///
    /// # Errors
    /// Returns [`JsonError`] if JSON cannot represent the value, such as a map whose keys are not
    /// strings.
    pub fn encode(value: &(impl Serialize + ?Sized)) -> Result<Json, JsonError> {
        // Text is the only form in which `serde_json` keeps every digit whatever features other
        // crates enable.
        serde_json::to_string(value)?.parse()
    }

    /// Converts the JSON to a value of another type.
    ///
    /// # Errors
    /// Returns [`JsonError`] if the type expects something else.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, JsonError> {
        T::deserialize(self)
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Null => serializer.serialize_unit(),
            Json::Bool(value) => serializer.serialize_bool(*value),
            Json::Number(number) => number.serialize(serializer),
            Json::String(text) => serializer.serialize_str(text),
            Json::Array(list) => serializer.collect_seq(list),
            Json::Object(object) => object.serialize(serializer),
        }
    }
}

impl Serialize for JsonObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

/// Deserializes from `serde_json` only: no other format gives access to the text of numbers.
impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        raw.get().parse().map_err(serde::de::Error::custom)
    }
}

/// Deserializes from `serde_json` only, as [`Json`] does.
impl<'de> Deserialize<'de> for JsonObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Json::deserialize(deserializer)? {
            Json::Object(object) => Ok(object),
            other => Err(serde::de::Error::invalid_type(
                other.as_unexpected(),
                &"a map",
            )),
        }
    }
}

impl Json {
    fn as_unexpected(&self) -> Unexpected<'_> {
        match self {
            Json::Null => Unexpected::Unit,
            Json::Bool(value) => Unexpected::Bool(*value),
            Json::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(integer), ..) => Unexpected::Unsigned(integer),
                (_, Some(integer), _) => Unexpected::Signed(integer),
                (.., Some(float)) => Unexpected::Float(float),
                _ => Unexpected::Other("number"),
            },
            Json::String(text) => Unexpected::Str(text),
            Json::Array(_) => Unexpected::Seq,
            Json::Object(_) => Unexpected::Map,
        }
    }
}

/// Gives the closest `f64`, unlike `serde_json` without its feature `float_roundtrip`, which rounds
/// the last digit of some numbers.
impl<'de> Deserializer<'de> for &'de Json {
    type Error = JsonError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self {
            Json::Null => visitor.visit_unit(),
            Json::Bool(value) => visitor.visit_bool(*value),
            Json::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(integer), ..) => visitor.visit_u64(integer),
                (_, Some(integer), _) => visitor.visit_i64(integer),
                (.., Some(float)) => visitor.visit_f64(float),
                _ => Err(JsonError::custom("number out of range")),
            },
            Json::String(text) => visitor.visit_borrowed_str(text),
            Json::Array(list) => {
                let mut list = SeqDeserializer::new(list.iter());
                let value = visitor.visit_seq(&mut list)?;
                list.end()?;
                Ok(value)
            }
            Json::Object(object) => {
                let entries = object.iter().map(|(key, value)| (key.as_str(), value));
                let mut entries = MapDeserializer::new(entries);
                let value = visitor.visit_map(&mut entries)?;
                entries.end()?;
                Ok(value)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self {
            Json::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        match name {
            RAW_VALUE => visitor.visit_map(RawText(Some(self.to_string()))),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        match self {
            Json::String(variant) => visitor.visit_enum(variant.as_str().into_deserializer()),
            other => Err(JsonError::invalid_type(other.as_unexpected(), &"a string")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier
    }
}

impl<'de> IntoDeserializer<'de, JsonError> for &'de Json {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

/// The name by which [`RawValue`] asks to be deserialized, which `serde_json` does not export.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

/// The text of a value in the form that [`RawValue`] deserializes from: a map with one entry.
struct RawText(Option<String>);

impl<'de> MapAccess<'de> for RawText {
    type Error = JsonError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, JsonError> {
        match self.0 {
            Some(_) => seed
                .deserialize(BorrowedStrDeserializer::new(RAW_VALUE))
                .map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, JsonError> {
        seed.deserialize(self.0.take().unwrap_or_default().into_deserializer())
    }
}

/// Names types as documents do: `a list`, not `a sequence`. serde passes the expected type only as
/// text.
impl serde::de::Error for JsonError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        JsonError {
            message: message.to_string().into(),
            position: None,
            kind: JsonErrorKind::Other,
        }
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match unexpected {
            Unexpected::Unit | Unexpected::Option => Ok(JsonKind::Null),
            Unexpected::Bool(_) => Ok(JsonKind::Bool),
            Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => {
                Ok(JsonKind::Number)
            }
            Unexpected::Str(_) => Ok(JsonKind::String),
            Unexpected::Seq => Ok(JsonKind::Array),
            Unexpected::Map => Ok(JsonKind::Object),
            other => Err(other.to_string()),
        };
        let found = found.map_or_else(Cow::Owned, |kind| Cow::Borrowed(kind.text()));
        let expected = expected.to_string();
        let expected = match expected.as_str() {
            "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" => "an integer",
            "f32" | "f64" => JsonKind::Number.text(),
            "a sequence" => JsonKind::Array.text(),
            "a map" => JsonKind::Object.text(),
            other if other.starts_with("struct ") => JsonKind::Object.text(),
            other => other,
        };
        Self::custom(format_args!("expected {expected}, found {found}"))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::custom(format_args!("missing field {field:?}"))
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        let known = known.join(", ");
        Self::custom(format_args!(
            "unknown field {field:?} (expected one of: {known})"
        ))
    }
}
