//! Numbers in JSON: jsonb keeps their value, and not how they were written.

use serde_json::{Number, Value};

/// Writes every number in the one way that its value has.
pub(crate) fn plain(json: &mut Value) {
    match json {
        Value::Number(number) => {
            if let Some(plain) = plain_number(&number.to_string()) {
                *number = plain;
            }
        }
        Value::Array(list) => list.iter_mut().for_each(plain),
        Value::Object(map) => map.values_mut().for_each(plain),
        _ => {}
    }
}

/// Whether two values say the same.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    a == b || {
        let (mut a, mut b) = (a.clone(), b.clone());
        plain(&mut a);
        plain(&mut b);
        a == b
    }
}

/// Digits that neither begin nor end with zero, and an exponent.
fn plain_number(text: &str) -> Option<Number> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => ("-", mantissa),
        None => ("", mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    let kept = digits.trim_end_matches('0');
    if kept.is_empty() {
        return Some(Number::from(0));
    }
    let moved = i64::try_from(digits.len() - kept.len()).ok()?;
    let exponent: i64 = exponent.parse().ok()?;
    let exponent = exponent
        .checked_add(moved)?
        .checked_sub(i64::try_from(fraction.len()).ok()?)?;
    format!("{sign}{kept}e{exponent}").parse().ok()
}
