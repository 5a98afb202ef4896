//! Normal forms of numbers in free-form JSON, the same for both databases.
//!
//! jsonb stores a number's value and the digits after its point, but not how it was written
//! (<https://www.postgresql.org/docs/current/datatype-json.html>): `1e3` comes back as `1000`,
//! `1.10` as `1.10`. Numbers get that form everywhere, unless it is too long to read.

use crate::{Json, JsonNumber};

/// Maximum length of a number without an exponent; longer ones are written with an exponent.
const MAX_PLAIN_LEN: usize = 40;

/// Normalizes every number in a JSON value, without changing its value.
///
/// ```
/// use wsdb_core::normalize_numbers;
/// let mut value = "[1e3, 8E-4, 1.10, -0.0, 15e299]".parse()?;
/// normalize_numbers(&mut value);
/// assert_eq!(value.to_string(), "[1000,0.0008,1.10,0.0,1.5e+300]");
/// # Ok::<(), wsdb_core::JsonError>(())
/// ```
pub fn normalize_numbers(value: &mut Json) {
    match value {
        Json::Number(number) => normalize_number(number),
        Json::Array(list) => list.iter_mut().for_each(normalize_numbers),
        Json::Object(map) => map.values_mut().for_each(normalize_numbers),
        Json::Null | Json::Bool(_) | Json::String(_) => {}
    }
}

/// Normalizes one number as [`normalize_numbers`] does.
pub fn normalize_number(number: &mut JsonNumber) {
    if let Some(normalized) = canonical_form(&number.as_text()).and_then(|text| text.parse().ok()) {
        *number = normalized;
    }
}

/// Returns the normal form of a number, if it differs.
fn canonical_form(text: &str) -> Option<String> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    if unsigned.len() <= MAX_PLAIN_LEN
        && unsigned.bytes().all(|b| b.is_ascii_digit())
        && (unsigned != "0" || text == "0")
    {
        return None;
    }
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    // An exponent of more than 64 bits is left alone: no program can compute with such a number.
    let exponent: i64 = exponent.parse().ok()?;
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{integer}{fraction}");
    let digits = all.trim_start_matches('0');
    let significant = digits.trim_end_matches('0');
    // The number is `digits` × 10^-`scale`, and `significant` × 10^-`least`.
    let scale = i64::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
    let least = scale.checked_sub(i64::try_from(digits.len() - significant.len()).ok()?)?;
    let sign = if text.starts_with('-') && !significant.is_empty() {
        "-"
    } else {
        ""
    };
    let is_short = match significant {
        "" => scale <= MAX_PLAIN_LEN as i64,
        _ => plain_len(significant, least) <= MAX_PLAIN_LEN as i64,
    };
    let number = if is_short {
        format_plain(digits, scale)
    } else {
        format_scientific(significant, least)?
    };
    Some(format!("{sign}{number}"))
}

/// Returns the number of digits that [`format_plain`] writes.
fn plain_len(digits: &str, scale: i64) -> i64 {
    let digits = i64::try_from(digits.len()).unwrap_or(i64::MAX);
    match scale {
        ..0 => digits.saturating_sub(scale),
        0.. => digits.max(scale.saturating_add(1)),
    }
}

/// Formats digits with a decimal point.
fn format_plain(digits: &str, scale: i64) -> String {
    let decimals = usize::try_from(scale).unwrap_or(0);
    let zeros = match digits {
        "" => 0,
        _ => usize::try_from(-scale).unwrap_or(0),
    };
    let digits = format!("{digits}{}", "0".repeat(zeros));
    let digits = format!("{digits:0>width$}", width = decimals + 1);
    match digits.split_at(digits.len() - decimals) {
        (integer, "") => integer.to_owned(),
        (integer, fraction) => format!("{integer}.{fraction}"),
    }
}

/// Formats a number with one digit before the point and an exponent, as serde_json does.
fn format_scientific(digits: &str, scale: i64) -> Option<String> {
    let Some((first, others)) = digits.split_at_checked(1) else {
        return Some("0".to_owned());
    };
    let exponent = i64::try_from(others.len()).ok()?.checked_sub(scale)?;
    let point = if others.is_empty() { "" } else { "." };
    Some(format!("{first}{point}{others}e{exponent:+}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn normalize(text: &str) -> String {
        let mut number: JsonNumber = text.parse().expect("valid number");
        normalize_number(&mut number);
        number.to_string()
    }

    /// Returns sign, digits without surrounding zeros, and exponent: an independent form of the
    /// value.
    fn value(text: &str) -> (bool, String, i64) {
        let lower = text.to_lowercase();
        let (mantissa, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
        let negative = mantissa.starts_with('-');
        let mantissa = mantissa.trim_start_matches('-');
        let point = mantissa.find('.').unwrap_or(mantissa.len());
        let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
        let after = digits.len() - point;
        let exponent = exponent.parse::<i64>().expect("valid exponent") - after as i64;
        let significant = digits.trim_end_matches('0');
        let exponent = exponent + (digits.len() - significant.len()) as i64;
        match significant.trim_start_matches('0') {
            "" => (false, String::new(), 0),
            digits => (negative, digits.to_owned(), exponent),
        }
    }

    #[test]
    fn numbers_get_the_form_of_jsonb() {
        // The second number of each pair is what PostgreSQL 15 returns for `SELECT '…'::jsonb`.
        for (text, normalized) in [
            ("0", "0"),
            ("-0", "0"),
            ("-0.0", "0.0"),
            ("0e5", "0"),
            ("1E3", "1000"),
            ("1.10", "1.10"),
            ("1.10e1", "11.0"),
            ("1.10e2", "110"),
            ("-12.5e-3", "-0.0125"),
            ("8e-4", "0.0008"),
            (
                "123456789012345678901234567890",
                "123456789012345678901234567890",
            ),
        ] {
            assert_eq!(normalize(text), normalized, "{text}");
        }
    }

    #[test]
    fn long_numbers_have_an_exponent() {
        assert_eq!(normalize("1e400"), "1e+400");
        assert_eq!(normalize(&format!("1{}", "0".repeat(400))), "1e+400");
        assert_eq!(normalize("-1.50e-400"), "-1.5e-400");
        assert_eq!(
            normalize(&format!("-0.{}150", "0".repeat(399))),
            "-1.5e-400"
        );
        assert_eq!(normalize("0.0e-400"), "0");
        assert_eq!(normalize(&format!("0.{}", "0".repeat(401))), "0");
        assert_eq!(
            normalize("1e99999999999999999999999"),
            "1e+99999999999999999999999"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn value_is_unchanged(text in "-?(0|[1-9][0-9]{0,45})(\\.[0-9]{1,45})?([eE][+-]?[0-9]{1,3})?") {
            let normalized = normalize(&text);
            prop_assert_eq!(value(&text), value(&normalized), "{}", normalized);
            prop_assert_eq!(normalize(&normalized), normalized);
        }

        #[test]
        fn numbers_with_and_without_exponent_normalize_alike(digits in "[1-9][0-9]{0,9}", zeros in 0usize..80) {
            let out = format!("{digits}{}", "0".repeat(zeros));
            prop_assert_eq!(normalize(&format!("{digits}e{zeros}")), normalize(&out));
            let out = format!("0.{}{digits}", "0".repeat(zeros));
            prop_assert_eq!(normalize(&format!("{digits}e-{}", zeros + digits.len())), normalize(&out));
        }
    }
}
