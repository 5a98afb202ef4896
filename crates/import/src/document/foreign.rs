//! Describes files that are none of our documents, or that have their records elsewhere.

use wsdb_core::{Json, JsonObject, json_kind};
use wsdb_store::for_each_kind;

use super::file::Document;
use super::tasks::EMBEDDED_LISTS;
use crate::near_misses::{KeyMeaning, meaning_of};
use crate::record::DocumentRecord;

/// Maximum number of keys in a description; the first ones show what a file is.
const MAX_KEYS_SHOWN: usize = 6;

/// Maximum depth at which records are searched; each list and each object is a level.
const MAX_DEPTH: usize = 6;

/// Keys that identify or name a record of any kind.
const NAMING_KEYS: [&str; 6] = ["id", "title", "summary", "subject", "decision", "issue"];

/// A list of objects in a file.
#[derive(Debug)]
pub(super) struct FoundList {
    /// Its path, such as `$.epics[0].tasks`.
    pub(super) path: String,
    /// The key of the document that contains it.
    pub(super) key: String,
    /// How many keys of an object mean fields of the records of the document.
    matches: usize,
    /// Whether the objects seem to be records.
    pub(super) has_records: bool,
}

/// Describes what a file contains at its top.
pub(super) fn describe(value: &Json) -> String {
    match value {
        Json::Object(object) => describe_object(object, None),
        Json::Array(list) => match list.first() {
            Some(Json::Object(first)) => format!("a list of objects with {}", describe_keys(first)),
            Some(first) => format!("a list that starts with {}", json_kind(first)),
            None => "an empty list".to_owned(),
        },
        other => json_kind(other).to_owned(),
    }
}

/// Describes an object, and the list of objects within it that looks most like the records of a document.
pub(super) fn describe_object(object: &JsonObject, document: Option<Document>) -> String {
    if object.is_empty() {
        return "an empty object".to_owned();
    }
    let keys = describe_keys(object);
    match find_list(object, document) {
        Some(list) => format!(
            "an object with {keys}, and a list of objects at {}",
            list.path
        ),
        None => format!("an object with {keys}"),
    }
}

/// Returns the list of objects in the fields of a document that looks most like its records.
pub(super) fn find_list(header: &JsonObject, document: Option<Document>) -> Option<FoundList> {
    let mut lists = Vec::new();
    for (key, value) in header {
        if document != Some(Document::Tasks) || !EMBEDDED_LISTS.contains(&key.as_str()) {
            let search = Search { key, document };
            search.collect(&format!("$.{key}"), value, MAX_DEPTH, &mut lists);
        }
    }
    // The first of several that look the same.
    lists.into_iter().rev().max_by_key(|list| list.matches)
}

/// A search below a key of a document.
struct Search<'k> {
    key: &'k str,
    document: Option<Document>,
}

impl Search<'_> {
    fn collect(&self, path: &str, value: &Json, depth: usize, lists: &mut Vec<FoundList>) {
        if depth == 0 {
            return;
        }
        match value {
            Json::Array(items) => {
                let objects = || items.iter().filter_map(Json::as_object);
                lists.extend(self.describe_list(path, objects()));
                for (index, item) in items.iter().enumerate() {
                    self.collect(&format!("{path}[{index}]"), item, depth - 1, lists);
                }
            }
            Json::Object(object) => {
                // Records by their ids.
                if object.values().all(Json::is_object) {
                    let objects = object.values().filter_map(Json::as_object);
                    let by_id = self.describe_list(path, objects);
                    lists.extend(by_id.filter(|list| list.has_records));
                }
                for (key, value) in object {
                    self.collect(&format!("{path}.{key}"), value, depth - 1, lists);
                }
            }
            _ => {}
        }
    }

    /// Describes a list of objects; `None` if there is no object.
    fn describe_list<'o>(
        &self,
        path: &str,
        objects: impl Iterator<Item = &'o JsonObject>,
    ) -> Option<FoundList> {
        let best = objects.map(|object| {
            let is_named = object.keys().any(|key| NAMING_KEYS.contains(&key.as_str()));
            (self.count_fields(object), is_named)
        });
        let (matches, is_named) = best.max()?;
        Some(FoundList {
            path: path.to_owned(),
            key: self.key.to_owned(),
            matches,
            has_records: is_named || matches > 1,
        })
    }

    /// Returns how many keys of an object mean fields of a kind of record that the document contains.
    fn count_fields(&self, object: &JsonObject) -> usize {
        let count = |kind: &str, fields: &'static [&'static str]| {
            let is_field = |key: &&String| {
                let is_known = || meaning_of(kind, fields, key) != KeyMeaning::Unknown;
                fields.contains(&key.as_str()) || is_known()
            };
            object.keys().filter(is_field).count()
        };
        macro_rules! count_of_kinds {
            ($($kind:ident: $record:ident,)*) => {
                [$(match self.document {
                    Some(document) if document == <wsdb_core::$record as DocumentRecord>::DOCUMENT => {
                        count(
                            <wsdb_core::$record as DocumentRecord>::KIND,
                            <wsdb_core::$record as DocumentRecord>::FIELDS,
                        )
                    }
                    _ => 0,
                }),*]
            };
        }
        let counts = for_each_kind!(count_of_kinds);
        counts.into_iter().max().unwrap_or(0)
    }
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
