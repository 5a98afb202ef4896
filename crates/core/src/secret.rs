//! Detection of secrets in configuration values.

mod command;
mod key;
mod known;
#[cfg(test)]
mod tests;
mod text;
mod value;

use crate::{Json, JsonObject, KeyPath, PathSegment};
use key::Secrecy;
use known::redact_known;
use text::redact_text;

pub use key::is_secret_key;
pub use known::REDACTED;

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

/// Fields of a Kubernetes object of the kind `Secret` that contain its secrets.
const KUBERNETES_DATA: &[&str] = &["data", "stringData"];

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
    let keys = key_path.split(['.', '[', ']', '"']);
    let secrecy = keys.clone().map(Secrecy::of_key).max().unwrap_or_default();
    let last_key = keys.clone().rfind(|key| !key.is_empty()).unwrap_or("");
    let is_number = text.parse::<crate::JsonNumber>().is_ok() && !value::is_secret(last_key, text);
    let mut value = match text.parse() {
        Ok(value @ (Json::Array(_) | Json::Object(_))) if secrecy == Secrecy::None => value,
        _ if is_number && secrecy < Secrecy::All => return false,
        _ => Json::from(text.as_str()),
    };
    let is_changed = redact(&mut value, secrecy, last_key) > 0;
    if is_changed {
        *text = match value {
            Json::String(text) => text,
            value => value.to_string(),
        };
    }
    is_changed
}

/// Replaces the secrets in a value. `secrecy` is that of the keys that lead to it, and `key` the last
/// of them.
fn redact(value: &mut Json, secrecy: Secrecy, key: &str) -> usize {
    match value {
        Json::Object(map) => redact_fields(map, secrecy, key),
        Json::Array(list) => {
            let mut of_option = Secrecy::None;
            let mut count = command::redact_arguments(list);
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
            let redacted = if text == REDACTED {
                None
            } else if secrecy.hides_text(text) || value::is_secret(key, text) {
                Some(REDACTED.to_owned())
            } else {
                redact_document(text).or_else(|| redact_text(key, text))
            };
            usize::from(replace(text, redacted))
        }
        Json::Number(number) => {
            let is_secret = secrecy == Secrecy::All || value::is_secret(key, &number.to_string());
            if is_secret {
                *value = REDACTED.into();
            }
            usize::from(is_secret)
        }
        Json::Bool(_) | Json::Null => 0,
    }
}

fn redact_fields(map: &mut JsonObject, secrecy: Secrecy, key_of_map: &str) -> usize {
    let name = secret_name(map).map(str::to_owned);
    let is_kubernetes_secret = map.get("kind").and_then(Json::as_str) == Some("Secret");
    let names_packages = key::names_packages(key_of_map);
    let fields = map.iter_mut().map(|(key, value)| {
        let mut key = key.as_str();
        if is_kubernetes_secret && KUBERNETES_DATA.contains(&key) {
            return redact(value, Secrecy::All, key);
        }
        if names_packages || key::is_package_path(key) {
            return redact(value, secrecy, "");
        }
        if let Some(name) = &name
            && VALUE_FIELDS.contains(&key.to_lowercase().as_str())
        {
            key = name;
        }
        redact(value, secrecy.max(Secrecy::of_key(key)), key)
    });
    fields.sum()
}

/// Replaces the secrets in a text that is a JSON document, such as the last applied configuration of
/// a Kubernetes object.
fn redact_document(text: &str) -> Option<String> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let mut document: Json = text.parse().ok()?;
    (redact(&mut document, Secrecy::None, "") > 0).then(|| document.to_string())
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

/// Returns the name in an object such as `{"name": "DB_PASSWORD", "value": "x"}`, the most secret one
/// if there are several.
fn secret_name(map: &JsonObject) -> Option<&str> {
    map.iter()
        .filter(|(key, _)| NAME_FIELDS.contains(&key.to_lowercase().as_str()))
        .filter_map(|(_, name)| name.as_str())
        .max_by_key(|name| Secrecy::of_key(name))
}

/// Replaces the names of entries in a path by their indexes, if they may be secrets.
pub fn redact_entry_names(path: &mut KeyPath) {
    let mut is_below_secret = false;
    for segment in &mut path.0 {
        match segment {
            PathSegment::Key(key) => is_below_secret |= is_secret_key(key),
            PathSegment::Entry { name, index }
                if is_below_secret || redact_known(name).is_some() =>
            {
                *segment = PathSegment::Index(*index);
            }
            _ => {}
        }
    }
}
