//! Numbers of other formats as JSON numbers, with every digit.

use wsdb_core::{Json, JsonNumber, JsonObject};

/// Returns a number that JSON does not have, such as infinity: an object, as no string is equal to it.
pub(crate) fn odd_number(text: &str) -> Json {
    JsonObject::from_iter([("!number".to_owned(), Json::from(text))]).into()
}

/// Parses a number as JSON5 and TOML write it: a decimal number, or one in hexadecimal, octal or
/// binary digits.
pub(crate) fn read_number(text: &str) -> Option<JsonNumber> {
    let (sign, digits) = split_sign(text);
    for (prefix, radix) in [("0x", 16), ("0X", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = digits.strip_prefix(prefix) {
            let number = u128::from_str_radix(digits, radix).ok()?;
            return format!("{sign}{number}").parse().ok();
        }
    }
    read_decimal(text)
}

fn split_sign(text: &str) -> (&str, &str) {
    match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Parses a decimal number: perhaps with a sign, or without a digit on one side of the point.
/// Returns `None` for what JSON cannot represent, such as infinity.
pub(crate) fn read_decimal(text: &str) -> Option<JsonNumber> {
    let (sign, digits) = split_sign(text);
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.contains(|c: char| c.is_ascii_digit())
        && digits
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'));
    if !is_number {
        return None;
    }
    // JSON requires a digit on both sides of the point, and no leading zeros.
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => digits.split_at(at),
        None => (digits, ""),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let fraction = match fraction {
        "" => String::new(),
        fraction => format!(".{fraction}"),
    };
    format!("{sign}{whole}{fraction}{exponent}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_every_digit() {
        let read = |text: &str| read_number(text).map(|number| number.to_string());
        for (text, number) in [
            ("+1.50", "1.50"),
            ("-.5", "-0.5"),
            ("5.", "5"),
            ("007", "7"),
            ("-0x1F", "-31"),
            ("0b101", "5"),
            ("12345678901234567890.10", "12345678901234567890.10"),
            ("0xFFFFFFFFFFFFFFFFFFFF", "1208925819614629174706175"),
        ] {
            assert_eq!(read(text).as_deref(), Some(number), "{text}");
        }
        for text in ["", "-", ".", "inf", "NaN", "-Infinity", "1.2.3", "0x", "1e"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
