//! Short forms of the records that sessions contain: texts instead of objects, and entries without ids.

use std::collections::HashMap;

use wsdb_core::{Json, JsonObject, SessionId, json};

use super::inline::IdSource;
use crate::digest::hash;
use crate::error::Problem;

/// Returns ids for activities that have none, the same on every run. They depend on the time, and
/// on the description if the time is missing or not unique. Ids based on positions would shift when
/// an activity is removed.
pub(crate) fn activity_ids(session: &SessionId, activities: &[Json]) -> Vec<String> {
    let text_of = |activity: &Json, field| -> Option<String> {
        activity
            .get(field)
            .and_then(Json::as_str)
            .map(str::to_owned)
    };
    let mut times: HashMap<String, usize> = HashMap::new();
    for time in activities
        .iter()
        .filter_map(|activity| text_of(activity, "time"))
    {
        *times.entry(time).or_default() += 1;
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    activities
        .iter()
        .map(|activity| {
            let time = text_of(activity, "time").unwrap_or_default();
            let what = match times.get(&time) {
                Some(1) => String::new(),
                _ => text_of(activity, "description").unwrap_or_default(),
            };
            let hash = hash(format!("{session}\n{time}\n{what}").as_bytes());
            let id = format!("{session}-activity-{:010x}", hash >> 24);
            let repeats = seen.entry(id.clone()).or_default();
            *repeats += 1;
            match *repeats {
                1 => id,
                number => format!("{id}-{number}"),
            }
        })
        .collect()
}

/// Wraps an entry that consists of only a text or an id in an object.
pub(super) fn shorthand_to_object(entry: Json, field: &str) -> Json {
    match entry {
        Json::String(text) => {
            let field = if is_id(&text) && field != "description" {
                "id"
            } else {
                field
            };
            json!({ field: text })
        }
        entry => entry,
    }
}

/// Whether a string looks like an id, such as `DEC-001`.
pub(crate) fn is_id(text: &str) -> bool {
    let number = text.rsplit_once('-').map_or("", |(_, number)| number);
    !number.is_empty()
        && number.bytes().all(|b| b.is_ascii_digit())
        && !text.contains(char::is_whitespace)
}

/// A link of a session to another record, with all its ids.
pub(crate) struct LinkEntry {
    pub(crate) fields: JsonObject,
    /// Where the id of the other record comes from.
    pub(super) id_source: IdSource,
    /// What is wrong with the id in the file.
    pub(super) problem: Option<Problem>,
}

/// The links of one session.
#[derive(Clone)]
pub(crate) struct Links<'a> {
    session: &'a SessionId,
    noun: &'a str,
    seen: HashMap<String, usize>,
}

impl<'a> Links<'a> {
    pub(crate) fn new(session: &'a SessionId, noun: &'a str) -> Self {
        let seen = HashMap::new();
        Links {
            session,
            noun,
            seen,
        }
    }

    /// Adds the ids that an entry needs.
    pub(crate) fn complete_entry(&mut self, path: &str, value: Json) -> Result<LinkEntry, Problem> {
        // The text of an issue is under "issue", the text of a decision under "decision".
        let Json::Object(mut fields) = shorthand_to_object(value, self.noun) else {
            return Err(Problem::new(
                path,
                "expected an object, or a string with an ID or a description",
            ));
        };
        if let Some(Json::Number(number)) = fields.get("id") {
            let id = Json::from(number.to_string());
            fields.insert("id".to_owned(), id);
        }
        let is_wrong = |id: &Json| !id.is_string() && !id.is_null();
        let wrong = fields.get("id").is_some_and(is_wrong);
        let wrong = wrong.then(|| fields.remove("id")).flatten();
        let problem = wrong.map(|id| {
            let reason = format!("expected an ID as a string, found {id}");
            Problem::new(format!("{path}.id"), reason)
        });
        let session = self.session;
        let linked = fields.get("link_id").is_some_and(|id| !id.is_null());
        let named = fields.get("id").is_some_and(|id| !id.is_null());
        let mut id_source = IdSource::File;
        if !named && !linked {
            id_source = IdSource::Text;
            // The same text gets the same id on every run.
            let text = text_of(&fields, self.noun);
            if text.is_none() {
                id_source = IdSource::Nothing;
            }
            let text = text.map(str::to_owned);
            let text = text.unwrap_or_else(|| Json::Object(fields.clone()).to_string());
            let hash = hash(format!("{session}\n{text}").as_bytes());
            let id = format!("{session}-{}-{:010x}", self.noun, hash >> 24);
            fields.insert("id".to_owned(), Json::from(id));
        }
        if !linked && let Some(target) = fields.get("id").and_then(Json::as_str) {
            let times = self.seen.entry(target.to_owned()).or_default();
            *times += 1;
            let id = match *times {
                1 => format!("{session}-{target}"),
                times => format!("{session}-{target}-{times}"),
            };
            fields.insert("link_id".to_owned(), Json::from(id));
        }
        fields.insert("session_id".to_owned(), Json::from(session.as_str()));
        Ok(LinkEntry {
            fields,
            id_source,
            problem,
        })
    }
}

/// The keys that mean the text of a decision or an issue, beside its own; activities have the last one.
pub(crate) const TEXT_KEYS: [&str; 3] = ["title", "name", "description"];

/// Returns the text of a decision or an issue, which may be under a key that means it.
pub(crate) fn text_of<'f>(fields: &'f JsonObject, noun: &str) -> Option<&'f str> {
    let mut texts = [noun].into_iter().chain(TEXT_KEYS);
    texts.find_map(|key| fields.get(key)?.as_str())
}
