//! Describes files that are none of our documents.

use wsdb_core::{Json, JsonObject, json_kind};

use super::tasks::EMBEDDED_LISTS;

/// Maximum number of keys in a description; the first ones show what a file is.
const MAX_KEYS_SHOWN: usize = 6;

/// Maximum depth at which records are searched.
const MAX_DEPTH: usize = 3;

/// Describes what a file contains at its top.
pub(super) fn describe(value: &Json) -> String {
    match value {
        Json::Object(object) => describe_object(object),
        Json::Array(list) => match list.first() {
            Some(Json::Object(first)) => format!("a list of objects with {}", describe_keys(first)),
            Some(first) => format!("a list that starts with {}", json_kind(first)),
            None => "an empty list".to_owned(),
        },
        other => json_kind(other).to_owned(),
    }
}

/// Describes an object, and where a list of objects is within it.
pub(super) fn describe_object(object: &JsonObject) -> String {
    if object.is_empty() {
        return "an empty object".to_owned();
    }
    let keys = describe_keys(object);
    match find_list("$", object, MAX_DEPTH) {
        Some(path) => format!("an object with {keys}, and a list of objects at {path}"),
        None => format!("an object with {keys}"),
    }
}

/// Returns whether fields of a document contain records with an id and a title.
pub(super) fn has_records(header: &JsonObject) -> bool {
    let is_record = |value: &Json| value.get("id").is_some() && value.get("title").is_some();
    let mut lists = header
        .iter()
        .filter(|(key, _)| !EMBEDDED_LISTS.contains(&key.as_str()))
        .filter_map(|(_, value)| value.as_array());
    lists.any(|list| list.iter().any(is_record))
}

fn describe_keys(object: &JsonObject) -> String {
    let keys: Vec<&str> = object.keys().map(String::as_str).collect();
    let shown = keys[..keys.len().min(MAX_KEYS_SHOWN)].join(", ");
    let more = keys.len().saturating_sub(MAX_KEYS_SHOWN);
    match (keys.len(), more) {
        (0, _) => "no keys".to_owned(),
        (1, _) => format!("the key {shown}"),
        (_, 0) => format!("the keys {shown}"),
        (_, more) => format!("the keys {shown} and {more} more"),
    }
}

/// Returns the path of the first list of objects, those that are least deep first.
fn find_list(path: &str, object: &JsonObject, depth: usize) -> Option<String> {
    let is_list = |value: &Json| {
        let first = value.as_array().and_then(|list| list.first());
        first.is_some_and(Json::is_object)
    };
    if let Some((key, _)) = object.iter().find(|(_, value)| is_list(value)) {
        return Some(format!("{path}.{key}"));
    }
    if depth == 0 {
        return None;
    }
    object.iter().find_map(|(key, value)| {
        let inner = value.as_object()?;
        find_list(&format!("{path}.{key}"), inner, depth - 1)
    })
}
