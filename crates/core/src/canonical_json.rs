//! Canonical JSON, and the hash of a configuration.

use sha2::{Digest, Sha256};

use crate::{Json, normalize_numbers};

/// Returns the canonical form of a value, based on RFC 8785: no whitespace, keys in the order of
/// their UTF-16 units, strings with only the necessary escapes. Unlike in the RFC, numbers keep all
/// their digits in the form of [`normalize_numbers`], so `1.0` and `1` differ.
///
/// ```
/// use wsdb_core::to_canonical_json;
/// let value = r#"{"b": [1e2, "ä\n"], "a": {}}"#.parse()?;
/// assert_eq!(to_canonical_json(&value), r#"{"a":{},"b":[100,"ä\n"]}"#);
/// # Ok::<(), wsdb_core::JsonError>(())
/// ```
pub fn to_canonical_json(value: &Json) -> String {
    let mut spelled = value.clone();
    normalize_numbers(&mut spelled);
    let mut text = String::new();
    write(&spelled, &mut text);
    text
}

fn write(value: &Json, text: &mut String) {
    match value {
        Json::Array(values) => {
            text.push('[');
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                write(value, text);
            }
            text.push(']');
        }
        Json::Object(fields) => {
            let mut fields: Vec<(&String, &Json)> = fields.iter().collect();
            fields.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            text.push('{');
            for (at, (key, value)) in fields.into_iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                text.push_str(&Json::from(key.as_str()).to_string());
                text.push(':');
                write(value, text);
            }
            text.push('}');
        }
        leaf => text.push_str(&leaf.to_string()),
    }
}

/// Returns the hash of a configuration: SHA-256 of its canonical form in UTF-8, as 64 hex digits.
///
/// ```
/// use wsdb_core::configuration_hash;
/// let hash = |text: &str| text.parse().map(|value| configuration_hash(&value));
/// assert_eq!(hash(r#"{"a": 1, "b": 2}"#)?, hash(r#"{"b":2,"a":1}"#)?);
/// assert_ne!(hash("1")?, hash("1.0")?);
/// # Ok::<(), wsdb_core::JsonError>(())
/// ```
pub fn configuration_hash(value: &Json) -> String {
    let hash = Sha256::digest(to_canonical_json(value).as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use crate::json;

    use super::*;

    #[test]
    fn hash_is_that_of_the_canonical_text() {
        // printf '{"a":[1,true,null]}' | sha256sum
        assert_eq!(
            configuration_hash(&json!({"a": [1, true, null]})),
            "6d1592667f338d1cf0afe1c2e2371acf5781539b63e7762fa0f64c1fe355713b"
        );
    }

    #[test]
    fn keys_are_in_utf_16_order() {
        // The example in RFC 8785, section 3.2.3.
        let value = json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control",
            "\u{f6}": "Latin Small Letter O With Diaeresis"
        });
        let text = to_canonical_json(&value);
        let positions: Vec<Option<usize>> = [
            "Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew",
        ]
        .iter()
        .map(|word| text.find(word))
        .collect();
        assert!(positions.is_sorted() && positions[0].is_some(), "{text}");
    }
}
