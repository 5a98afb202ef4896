//! Detection of secrets in configuration values.

mod key;
#[cfg(test)]
mod tests;
mod text;

use crate::{Json, JsonObject, KeyPath, PathSegment};
use key::Secrecy;
use text::{redact_patterns, redact_text};

pub use key::is_secret_key;
pub use text::REDACTED;

/// Fields that name what an object is about, in lowercase.
const NAME_FIELDS: &[&str] = &["name", "key", "id", "parameterkey", "variable"];
/// Fields that contain the value of a name, in lowercase.
const VALUE_FIELDS: &[&str] = &[
    "value",
    "values",
    "default",
    "defaultvalue",
    "parametervalue",
];

/// Replaces the secrets in a value, and returns their number. Of a text that contains a secret, only
/// the secret is replaced.
///
/// ```
/// use wsdb_core::json;
/// use wsdb_core::redact_secrets;
/// let mut value = json!({"db": {"password": "x", "url": "postgres://jo:x@db/w", "pool": 3}});
/// assert_eq!(redact_secrets(&mut value), 2);
/// assert_eq!(
///     value,
///     json!({"db": {"password": "(hidden)", "url": "postgres://jo:(hidden)@db/w", "pool": 3}})
/// );
/// ```
pub fn redact_secrets(value: &mut Json) -> usize {
    redact(value, Secrecy::None, "")
}

/// Replaces the secrets in the text of a value at a key path such as `db.password`, and returns
/// whether there are any. The text may be JSON.
pub fn redact_secret_text(key_path: &str, text: &mut String) -> bool {
    let mut keys = key_path.split(['.', '[', ']', '"']);
    let secrecy = keys.clone().map(Secrecy::of_key).max().unwrap_or_default();
    let is_number = text.parse::<crate::JsonNumber>().is_ok();
    let mut value = match text.parse() {
        Ok(value @ (Json::Array(_) | Json::Object(_))) if secrecy == Secrecy::None => value,
        _ if is_number && secrecy < Secrecy::All => return false,
        _ => Json::from(text.as_str()),
    };
    let last_key = keys.rfind(|key| !key.is_empty());
    let is_changed = redact(&mut value, secrecy, last_key.unwrap_or("")) > 0;
    if is_changed {
        *text = match value {
            Json::String(text) => text,
            value => value.to_string(),
        };
    }
    is_changed
}

/// Replaces the secrets in a value. `secrecy` is that of the keys that lead to it.
fn redact(value: &mut Json, secrecy: Secrecy, key: &str) -> usize {
    match value {
        Json::Object(map) => {
            let of_name = secrecy_of_name(map);
            map.iter_mut()
                .map(|(key, value)| {
                    let mut secrecy = secrecy.max(Secrecy::of_key(key));
                    if VALUE_FIELDS.contains(&key.to_lowercase().as_str()) {
                        secrecy = secrecy.max(of_name);
                    }
                    redact(value, secrecy, key)
                })
                .sum()
        }
        Json::Array(list) => {
            let mut of_option = Secrecy::None;
            let mut count = 0;
            for value in list {
                let next = value.as_str().map_or(Secrecy::None, Secrecy::of_option);
                let is_option = value.as_str().is_some_and(|text| text.starts_with('-'));
                let of_value = if is_option { Secrecy::None } else { of_option };
                count += redact(value, secrecy.max(of_value), key);
                of_option = next;
            }
            count
        }
        Json::String(text) => {
            let redacted = if secrecy.hides_text(text) {
                Some(REDACTED.to_owned())
            } else if text == REDACTED {
                None
            } else {
                redact_text(key, text)
            };
            usize::from(replace(text, redacted))
        }
        Json::Number(_) if secrecy == Secrecy::All => {
            *value = REDACTED.into();
            1
        }
        Json::Number(_) | Json::Bool(_) | Json::Null => 0,
    }
}

fn replace(text: &mut String, redacted: Option<String>) -> bool {
    match redacted {
        Some(redacted) if *text != redacted => {
            *text = redacted;
            true
        }
        _ => false,
    }
}

/// Returns how secret the value of an object such as `{"name": "DB_PASSWORD", "value": "x"}` is.
fn secrecy_of_name(map: &JsonObject) -> Secrecy {
    map.iter()
        .filter(|(key, _)| NAME_FIELDS.contains(&key.to_lowercase().as_str()))
        .filter_map(|(_, name)| name.as_str().map(Secrecy::of_key))
        .max()
        .unwrap_or_default()
}

/// Replaces the names of entries in a path by their indexes, if they may be secrets.
pub fn redact_entry_names(path: &mut KeyPath) {
    let mut is_below_secret = false;
    for segment in &mut path.0 {
        match segment {
            PathSegment::Key(key) => is_below_secret |= is_secret_key(key),
            PathSegment::Entry { name, index }
                if is_below_secret || redact_patterns(name).is_some() =>
            {
                *segment = PathSegment::Index(*index);
            }
            _ => {}
        }
    }
}
