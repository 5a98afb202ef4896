//! Conversion between core types and the JSON values of a document.

use wsdb_core::{Json, JsonNumber, Label, Timestamp, Vocabulary, type_mismatch};

use crate::digest::{Digest, digest, digest_text};
use crate::error::Problem;
use crate::value_context::ValueContext;

/// Whether the values of a field can be mapped to a word.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum MappingCheck {
    /// The word is a known value.
    Known,
    /// The field accepts any word.
    AnyWord,
    /// The word is not a known value, for this reason.
    Unknown(String),
    /// The field has no list of known values.
    NotMappable,
}

/// A type of a document field.
pub(crate) trait FieldValue: Sized {
    /// The value of a missing field; `None` if the field is required.
    fn default_when_missing() -> Option<Self> {
        None
    }
    /// Converts a value, or returns all problems with it. Their paths are below the field, such as `[2]`, or
    /// empty.
    fn from_json(value: Json, context: &mut ValueContext<'_>) -> Result<Self, Vec<Problem>>;
    fn to_json(&self) -> Json;
    /// Returns whether values can be mapped to `word`.
    fn check_mapping(_word: &str) -> MappingCheck {
        MappingCheck::NotMappable
    }
    /// Whether an empty string means that the value is missing, where it is optional.
    const EMPTY_IS_NULL: bool = false;
    /// Returns whether a text, such as `none`, stands for a missing value, where it is optional.
    fn is_nothing(_text: &str) -> bool {
        false
    }
    /// Whether a text with commas in place of a list has several values.
    const IS_SPLIT: bool = false;
    /// The digest of the value that `to_json` returns.
    fn digest(&self) -> Digest {
        digest(&self.to_json())
    }
}

/// Returns a problem with a value as a whole.
fn problem(reason: impl ToString) -> Vec<Problem> {
    vec![Problem::new("", reason.to_string())]
}

pub(crate) fn type_error(value: &Json, expected: &str) -> Vec<Problem> {
    problem(type_mismatch(expected, value))
}

impl FieldValue for String {
    fn digest(&self) -> Digest {
        digest_text(self)
    }
    fn from_json(value: Json, _: &mut ValueContext<'_>) -> Result<Self, Vec<Problem>> {
        match value {
            Json::String(text) => Ok(text),
            other => Err(type_error(&other, "a string")),
        }
    }
    fn to_json(&self) -> Json {
        Json::from(self.as_str())
    }
}

/// Whether a time is more precise than the microseconds that the databases store.
fn exceeds_microseconds(time: &str) -> bool {
    let fraction = time.split_once('.').map_or("", |(_, rest)| rest);
    let end = fraction.find(|c: char| !c.is_ascii_digit());
    let digits = &fraction[..end.unwrap_or(fraction.len())];
    digits
        .get(6..)
        .is_some_and(|beyond| beyond.bytes().any(|digit| digit != b'0'))
}

impl FieldValue for Timestamp {
    fn digest(&self) -> Digest {
        digest_text(&self.to_naive_string('T'))
    }
    fn from_json(value: Json, context: &mut ValueContext<'_>) -> Result<Self, Vec<Problem>> {
        match value {
            Json::String(text) => {
                let time = text.parse::<Timestamp>().map_err(problem)?;
                if exceeds_microseconds(&text) {
                    context.record_coercion(&text, &time.to_string());
                }
                Ok(time)
            }
            other => Err(type_error(&other, "a date or time")),
        }
    }
    const EMPTY_IS_NULL: bool = true;
    /// Returns the time in UTC without a zone, as the earlier tool writes and reads it.
    fn to_json(&self) -> Json {
        Json::from(self.to_naive_string('T'))
    }
}

impl FieldValue for i64 {
    fn from_json(value: Json, _: &mut ValueContext<'_>) -> Result<Self, Vec<Problem>> {
        let whole = match &value {
            // `3.0` is an integer, as `3` is.
            Json::Number(number) => {
                let text = number.as_text();
                let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
                let is_whole = fraction.bytes().all(|digit| digit == b'0');
                is_whole.then(|| whole.parse().ok()).flatten()
            }
            _ => None,
        };
        whole.ok_or_else(|| match &value {
            Json::Number(number) => {
                let expected = "expected a 64-bit integer";
                problem(format!("{expected}, found {number}"))
            }
            other => type_error(other, "an integer"),
        })
    }
    fn to_json(&self) -> Json {
        Json::from(*self)
    }
}

impl FieldValue for f64 {
    fn from_json(value: Json, _: &mut ValueContext<'_>) -> Result<Self, Vec<Problem>> {
        value
            .as_f64()
            .filter(|number| number.is_finite())
            .ok_or_else(|| type_error(&value, "a 64-bit number"))
    }
    fn to_json(&self) -> Json {
        JsonNumber::from_f64(*self).map_or(Json::Null, Json::Number)
    }
}

impl FieldValue for Json {
    fn digest(&self) -> Digest {
        digest(self)
    }
    fn from_json(value: Json, _: &mut ValueContext<'_>) -> Result<Self, Vec<Problem>> {
        Ok(value)
    }
    fn to_json(&self) -> Json {
        self.clone()
    }
}

impl<T: FieldValue> FieldValue for Option<T> {
    fn digest(&self) -> Digest {
        self.as_ref().and_then(T::digest)
    }
    fn default_when_missing() -> Option<Self> {
        Some(None)
    }
    fn check_mapping(word: &str) -> MappingCheck {
        T::check_mapping(word)
    }
    fn from_json(value: Json, context: &mut ValueContext<'_>) -> Result<Self, Vec<Problem>> {
        match value {
            Json::Null => Ok(None),
            Json::String(text)
                if T::EMPTY_IS_NULL && text.trim().is_empty()
                    || !context.is_strict && T::is_nothing(&text) =>
            {
                context.record_coercion(&text, "null");
                Ok(None)
            }
            value => T::from_json(value, context).map(Some),
        }
    }
    fn to_json(&self) -> Json {
        self.as_ref().map_or(Json::Null, T::to_json)
    }
}

impl<T: FieldValue> FieldValue for Vec<T> {
    fn default_when_missing() -> Option<Self> {
        Some(Vec::new())
    }
    fn from_json(value: Json, context: &mut ValueContext<'_>) -> Result<Self, Vec<Problem>> {
        match value {
            Json::Null => Ok(Vec::new()),
            Json::String(text) if text.is_empty() => {
                context.record_coercion("", "an empty list");
                Ok(Vec::new())
            }
            Json::String(text) if !context.is_strict && T::is_nothing(&text) => {
                context.record_coercion(&text, "an empty list");
                Ok(Vec::new())
            }
            Json::String(text) if T::IS_SPLIT && text.contains(',') && !context.is_strict => {
                context.record_coercion(&text, "a list");
                let items = text.split(',').map(str::trim);
                let items = items.filter(|item| !T::is_nothing(item));
                collect_values(items.map(|item| T::from_json(Json::from(item), context)))
            }
            // In documents written by hand, a single item often stands without its list.
            Json::String(_) => Ok(vec![T::from_json(value, context)?]),
            Json::Array(list) => {
                let list = list.into_iter().enumerate();
                collect_values(list.filter_map(|(index, value)| {
                    if let Json::String(text) = &value
                        && !context.is_strict
                        && T::is_nothing(text)
                    {
                        context.record_coercion(text, "no entry");
                        return None;
                    }
                    let item = T::from_json(value, context);
                    Some(item.map_err(|found| Problem::all_below(found, &format!("[{index}]"))))
                }))
            }
            other => Err(type_error(&other, "a list")),
        }
    }
    fn to_json(&self) -> Json {
        Json::Array(self.iter().map(T::to_json).collect())
    }
}

/// Returns the values, or all problems with them.
fn collect_values<T>(
    values: impl Iterator<Item = Result<T, Vec<Problem>>>,
) -> Result<Vec<T>, Vec<Problem>> {
    let (mut all, mut problems) = (Vec::new(), Vec::new());
    for value in values {
        match value {
            Ok(value) => all.push(value),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        Ok(all)
    } else {
        Err(problems)
    }
}

fn vocabulary<V: Vocabulary>(
    value: Json,
    context: &mut ValueContext<'_>,
) -> Result<V, Vec<Problem>> {
    let Json::String(written) = value else {
        return Err(type_error(&value, "a string"));
    };
    let word = context.map_value(&written);
    match word.parse::<V>() {
        Ok(known) => {
            if known.as_str() != written {
                context.record_coercion(&written, known.as_str());
            }
            Ok(known)
        }
        Err(error) => Err(problem(error)),
    }
}

macro_rules! vocabularies {
    ($($type:ty),* $(,)?) => {$(
        impl FieldValue for $type {
            fn digest(&self) -> Digest {
                digest_text(self.as_str())
            }
            fn check_mapping(word: &str) -> MappingCheck {
                match word.parse::<$type>() {
                    Ok(_) => MappingCheck::Known,
                    Err(error) => MappingCheck::Unknown(error.to_string()),
                }
            }
            fn from_json(value: Json, context: &mut ValueContext<'_>) -> Result<Self, Vec<Problem>> {
                vocabulary(value, context)
            }
            fn to_json(&self) -> Json {
                Json::from(self.as_str())
            }
            const EMPTY_IS_NULL: bool = true;
        }
    )*};
}

vocabularies!(
    wsdb_core::TaskStatus,
    wsdb_core::Level,
    wsdb_core::SessionStatus,
    wsdb_core::IssueStatus,
    wsdb_core::DecisionStatus,
    wsdb_core::StateType,
    wsdb_core::ComponentType,
    wsdb_core::ViolationType,
    wsdb_core::DetectionStatus,
    wsdb_core::ScanType,
    wsdb_core::ScanStatus,
    wsdb_core::TriggeredBy,
    wsdb_core::SnapshotType,
    wsdb_core::ChangeType,
);

impl FieldValue for Label {
    fn check_mapping(word: &str) -> MappingCheck {
        match Label::new(word) {
            Ok(_) => MappingCheck::AnyWord,
            Err(error) => MappingCheck::Unknown(error.to_string()),
        }
    }
    fn from_json(value: Json, context: &mut ValueContext<'_>) -> Result<Self, Vec<Problem>> {
        let Json::String(written) = value else {
            return Err(type_error(&value, "a string"));
        };
        let word = context.map_value(&written);
        if word != written {
            context.record_coercion(&written, &word);
        }
        Label::new(word).map_err(problem)
    }
    fn to_json(&self) -> Json {
        Json::from(self.as_str())
    }
    const EMPTY_IS_NULL: bool = true;
}

/// What people write in place of a reference if there is none.
const WORDS_FOR_NOTHING: [&str; 6] = ["none", "n/a", "-", "--", "null", "tbd"];

macro_rules! impl_field_value_of_ids {
    ($($id:ident: $description:literal,)*) => {$(
        impl FieldValue for wsdb_core::$id {
            fn digest(&self) -> Digest {
                digest_text(self.as_str())
            }
            fn from_json(value: Json, context: &mut ValueContext<'_>) -> Result<Self, Vec<Problem>> {
                let text = match value {
                    Json::String(text) if context.is_strict => text,
                    Json::String(text) => match text.trim() {
                        trimmed if trimmed.len() == text.len() => text,
                        trimmed => {
                            context.record_coercion(&text, &format!("{trimmed:?}"));
                            trimmed.to_owned()
                        }
                    },
                    Json::Number(number) if !context.is_strict => {
                        let text = number.to_string();
                        context.record_coercion(&text, "a string");
                        text
                    }
                    other => return Err(type_error(&other, "an ID as a string")),
                };
                Self::new(text).map_err(problem)
            }
            fn to_json(&self) -> Json {
                Json::from(self.as_str())
            }
            fn is_nothing(text: &str) -> bool {
                let (text, mut words) = (text.trim(), WORDS_FOR_NOTHING.into_iter());
                text.is_empty() || words.any(|word| text.eq_ignore_ascii_case(word))
            }
            const IS_SPLIT: bool = true;
            const EMPTY_IS_NULL: bool = true;
        }
    )*};
}

wsdb_core::for_each_id!(impl_field_value_of_ids);
