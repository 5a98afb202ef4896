//! Conversions to JSON values, and comparisons with other types.

use std::borrow::Cow;

use super::number::JsonNumber;
use super::value::{Json, JsonObject};

macro_rules! impl_from {
    ($($type:ty, $value:pat => $json:expr;)*) => {$(
        impl From<$type> for Json {
            fn from($value: $type) -> Json {
                $json
            }
        }
    )*};
}

impl_from! {
    bool, value => Json::Bool(value);
    &str, text => Json::String(text.to_owned());
    String, text => Json::String(text);
    Cow<'_, str>, text => Json::String(text.into_owned());
    JsonNumber, number => Json::Number(number);
    JsonObject, object => Json::Object(object);
    // JSON cannot represent NaN and infinity.
    f64, value => JsonNumber::from_f64(value).map_or(Json::Null, Json::Number);
    (), () => Json::Null;
}

macro_rules! impl_from_integer {
    ($($type:ty),*) => {$(
        impl From<$type> for Json {
            fn from(value: $type) -> Json {
                Json::Number(value.into())
            }
        }
    )*};
}

impl_from_integer!(u8, u16, u32, u64, usize, i32, i64, isize);

impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Json {
        value.map_or(Json::Null, Into::into)
    }
}

impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(list: Vec<T>) -> Json {
        list.into_iter().collect()
    }
}

impl<T: Clone + Into<Json>> From<&[T]> for Json {
    fn from(list: &[T]) -> Json {
        list.iter().cloned().collect()
    }
}

impl<T: Into<Json>> FromIterator<T> for Json {
    fn from_iter<I: IntoIterator<Item = T>>(list: I) -> Json {
        Json::Array(list.into_iter().map(Into::into).collect())
    }
}

impl<K: Into<String>, V: Into<Json>> FromIterator<(K, V)> for Json {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Json {
        let entries = entries.into_iter();
        Json::Object(
            entries
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
        )
    }
}

impl PartialEq<str> for Json {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == Some(other)
    }
}

impl PartialEq<&str> for Json {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == Some(*other)
    }
}

impl PartialEq<String> for Json {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == Some(other)
    }
}

impl PartialEq<bool> for Json {
    fn eq(&self, other: &bool) -> bool {
        self.as_bool() == Some(*other)
    }
}

macro_rules! impl_eq_integer {
    ($($type:ty),*) => {$(
        impl PartialEq<$type> for Json {
            fn eq(&self, other: &$type) -> bool {
                let other = Json::from(*other);
                *self == other
            }
        }
    )*};
}

impl_eq_integer!(u64, usize, i32, i64, f64);
