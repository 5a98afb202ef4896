//! JSON numbers that keep the text they were written with.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::error::{EOF_IN_VALUE, JsonError};

/// A JSON number with all its digits: `1.10` and `1.1` are not equal.
///
/// Only the exponent is normalized, to a lowercase `e` with a sign, as in `1e+3`.
///
/// ```
/// use wsdb_core::JsonNumber;
/// let number: JsonNumber = "123456789012345678901234567890.10".parse()?;
/// assert_eq!(number.to_string(), "123456789012345678901234567890.10");
/// assert_eq!(number.as_i64(), None);
/// assert_eq!("1E3".parse::<JsonNumber>()?.to_string(), "1e+3");
/// # Ok::<(), wsdb_core::JsonError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct JsonNumber(Repr);

/// Each text has exactly one representation, so that derived equality compares texts.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    /// A number whose text is what Rust formats the integer as. Most numbers are, and need no
    /// allocation.
    Integer(i64),
    Text(Box<str>),
}

impl JsonNumber {
    /// Creates a number from an `f64`, such as `1.0` or `1e+300`; `None` for NaN and infinity.
    pub fn from_f64(value: f64) -> Option<Self> {
        let text = serde_json::Number::from_f64(value)?.to_string();
        Some(Self::from_scanned(&text))
    }

    /// Creates a number from a text that is known to be a number.
    pub(super) fn from_scanned(text: &str) -> Self {
        let bytes = text.as_bytes();
        // 18 digits always fit.
        if bytes.len() <= 18
            && bytes.iter().all(u8::is_ascii_digit)
            && let Ok(integer) = text.parse()
        {
            return JsonNumber(Repr::Integer(integer));
        }
        match bytes.iter().position(|byte| matches!(byte, b'e' | b'E')) {
            Some(at) => JsonNumber(Repr::Text(with_signed_exponent(text, at).into())),
            None => match text.parse::<i64>() {
                Ok(integer) if text != "-0" => JsonNumber(Repr::Integer(integer)),
                _ => JsonNumber(Repr::Text(text.into())),
            },
        }
    }

    /// Returns the text of the number.
    pub fn as_text(&self) -> Cow<'_, str> {
        match &self.0 {
            Repr::Integer(integer) => Cow::Owned(integer.to_string()),
            Repr::Text(text) => Cow::Borrowed(text),
        }
    }

    /// Returns the number if it is written as an integer and fits.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Integer(integer) => Some(*integer),
            Repr::Text(text) => text.parse().ok(),
        }
    }

    /// Returns the number if it is written as a non-negative integer and fits.
    pub fn as_u64(&self) -> Option<u64> {
        match &self.0 {
            Repr::Integer(integer) => u64::try_from(*integer).ok(),
            Repr::Text(text) => text.parse().ok(),
        }
    }

    /// Returns the closest `f64` if it is finite.
    pub fn as_f64(&self) -> Option<f64> {
        match &self.0 {
            Repr::Integer(integer) => Some(*integer as f64),
            Repr::Text(text) => text.parse().ok().filter(|value: &f64| value.is_finite()),
        }
    }
}

const INVALID_NUMBER: &str = "invalid number";

/// Returns the end of the number that starts at `start`.
///
/// # Errors
/// Returns [`JsonError`] after the first byte that is not part of a number.
pub(super) fn scan_number(text: &[u8], start: usize) -> Result<usize, JsonError> {
    let digits_from = |mut at: usize| {
        while matches!(text.get(at), Some(b'0'..=b'9')) {
            at += 1;
        }
        at
    };
    let needs_digit = |at: usize| match text.get(at) {
        Some(b'0'..=b'9') => Ok(()),
        Some(_) => Err(JsonError::at(text, at + 1, INVALID_NUMBER)),
        None => Err(JsonError::at_end(text, EOF_IN_VALUE)),
    };
    let mut at = start + usize::from(text.get(start) == Some(&b'-'));
    needs_digit(at)?;
    at = match (text[at], text.get(at + 1)) {
        (b'0', Some(b'0'..=b'9')) => {
            return Err(JsonError::at(text, at + 2, INVALID_NUMBER));
        }
        (b'0', _) => at + 1,
        _ => digits_from(at),
    };
    if text.get(at) == Some(&b'.') {
        needs_digit(at + 1)?;
        at = digits_from(at + 1);
    }
    if let Some(b'e' | b'E') = text.get(at) {
        at += 1 + usize::from(matches!(text.get(at + 1), Some(b'+' | b'-')));
        needs_digit(at)?;
        at = digits_from(at);
    }
    Ok(at)
}

/// Returns a number's text with `e+` or `e-` at `at`, where its exponent begins.
fn with_signed_exponent(text: &str, at: usize) -> String {
    let (mantissa, exponent) = (&text[..at], &text[at + 1..]);
    let sign = if exponent.starts_with(['+', '-']) {
        ""
    } else {
        "+"
    };
    format!("{mantissa}e{sign}{exponent}")
}

impl FromStr for JsonNumber {
    type Err = JsonError;
    fn from_str(text: &str) -> Result<Self, JsonError> {
        let bytes = text.as_bytes();
        let end = scan_number(bytes, 0)?;
        if end == bytes.len() {
            Ok(Self::from_scanned(text))
        } else {
            Err(JsonError::at(bytes, end + 1, INVALID_NUMBER))
        }
    }
}

impl fmt::Display for JsonNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Integer(integer) => integer.fmt(f),
            Repr::Text(text) => text.fmt(f),
        }
    }
}

impl fmt::Debug for JsonNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JsonNumber({self})")
    }
}

impl From<u64> for JsonNumber {
    fn from(value: u64) -> Self {
        match i64::try_from(value) {
            Ok(integer) => integer.into(),
            Err(_) => JsonNumber(Repr::Text(value.to_string().into())),
        }
    }
}

impl From<i64> for JsonNumber {
    fn from(value: i64) -> Self {
        JsonNumber(Repr::Integer(value))
    }
}

macro_rules! impl_from_integer {
    ($($narrow:ty => $wide:ty),*) => {$(
        impl From<$narrow> for JsonNumber {
            fn from(value: $narrow) -> Self {
                // Pointers have at most 64 bits.
                (value as $wide).into()
            }
        }
    )*};
}

impl_from_integer!(u8 => u64, u16 => u64, u32 => u64, usize => u64, i32 => i64, isize => i64);

/// Serializes to the same text in `serde_json`, with or without its feature `arbitrary_precision`:
/// a number that neither an integer nor an `f64` serializes to the same text goes through
/// [`RawValue`].
impl Serialize for JsonNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = match &self.0 {
            Repr::Integer(integer) => return serializer.serialize_i64(*integer),
            Repr::Text(text) => text,
        };
        if let Some(integer) = self.as_u64()
            && integer.to_string() == **text
        {
            return serializer.serialize_u64(integer);
        }
        if let Some(value) = self.as_f64()
            && Self::from_f64(value).as_ref() == Some(self)
        {
            return serializer.serialize_f64(value);
        }
        let raw: &RawValue = serde_json::from_str(text).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}
