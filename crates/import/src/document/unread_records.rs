//! Finds records in the fields of a document, where an import does not read them.

use std::collections::HashSet;

use wsdb_core::{Json, JsonObject, Session};
use wsdb_store::for_each_kind;

use super::file::Document;
use super::list::lists;
use super::short_forms::is_id;
use super::tasks::EMBEDDED_LISTS;
use crate::near_misses::{KeyMeaning, meaning_of};
use crate::record::DocumentRecord;

/// Keys that name a record of any kind.
const NAMING_KEYS: [&str; 5] = ["title", "summary", "subject", "decision", "issue"];

/// The lists in sessions whose entries are part of their session.
const LISTS_OF_SESSIONS: [&str; 3] = ["activities", "decisions_made", "issues_found"];

/// Returns a warning about the records in a field of a document; `None` if it has none, or if
/// `read_ids` has the ids of all of them, so that they are copies.
pub(super) fn describe_unread(
    document: Document,
    name: &str,
    value: &Json,
    read_ids: &HashSet<&str>,
) -> Option<String> {
    let is_embedded = document == Document::Tasks && EMBEDDED_LISTS.contains(&name);
    let mut search = Search {
        document,
        named: document_of_list(document, name),
        is_embedded,
        read_ids,
        found: Vec::new(),
        depth: 0,
        has_nested: false,
    };
    search.collect(value);
    let found = search.found;
    let (records, was, they, belong) = match found.len() {
        0 => return None,
        1 => ("record".to_owned(), "was", "it", "belongs"),
        count => (format!("{count} records"), "were", "they", "belong"),
    };
    let place = if search.has_nested { "within" } else { "in" };
    let start = format!("the {records} {place} {name} {was} not imported");
    if is_embedded {
        let have = if found.len() == 1 { "has" } else { "have" };
        return Some(format!("{start}: {they} {have} no id"));
    }
    let count = |document: &Document| found.iter().filter(|it| *it == document).count();
    // The first of several.
    let best = Document::ALL.into_iter().rev().max_by_key(count);
    let others = best.filter(|best| count(best) > count(&document));
    if let Some(other) = others {
        let file = other.file_name();
        return Some(format!("{start}: {they} {belong} in {file}"));
    }
    let expected = lists(document).join(" or ");
    let them = if found.len() == 1 { "it" } else { "them" };
    Some(format!(
        "{start}: expected {them} under {expected}; move {them} there to import {them}"
    ))
}

/// Returns the other document in which the records of a list belong that has the name of one there.
pub(super) fn other_document_of(document: Document, name: &str, value: &Json) -> Option<Document> {
    let entries = value.as_array()?;
    let mut objects = entries.iter().filter_map(Json::as_object);
    document_of_list(document, name).filter(|_| objects.any(has_own_id))
}

/// Returns the other document that has a list with this name.
fn document_of_list(document: Document, name: &str) -> Option<Document> {
    let mut others = Document::ALL.into_iter();
    others.find(|other| {
        // Other tools have actions, too.
        let is_other = *other != document && *other != Document::History;
        is_other && lists(*other).contains(&name)
    })
}

/// A search in a field of a document.
struct Search<'s> {
    document: Document,
    /// The document that has a list with the name of the field.
    named: Option<Document>,
    /// Whether entries with an id are read.
    is_embedded: bool,
    read_ids: &'s HashSet<&'s str>,
    /// The document in which each of the records found belongs.
    found: Vec<Document>,
    /// The number of lists and objects around the current value.
    depth: usize,
    /// Whether one of the records found is not an entry of the field itself.
    has_nested: bool,
}

impl Search<'_> {
    fn collect(&mut self, value: &Json) {
        self.depth += 1;
        match value {
            Json::Array(items) => {
                for item in items {
                    let is_session = item
                        .as_object()
                        .is_some_and(|object| self.add_record(object, false));
                    self.collect_within(item, is_session);
                }
            }
            Json::Object(object) => {
                let objects = || {
                    object
                        .iter()
                        .filter_map(|(key, it)| Some((key, it.as_object()?)))
                };
                let records = objects().filter(|(_, it)| self.find_kind(it, true).is_some());
                let is_map = records.count() > 1;
                for (key, value) in object {
                    let record = value.as_object().filter(|_| is_map || is_id(key));
                    let is_read = self.read_ids.contains(key.as_str());
                    let is_session =
                        record.is_some_and(|record| !is_read && self.add_record(record, true));
                    self.collect_within(value, is_session);
                }
            }
            _ => {}
        }
        self.depth -= 1;
    }

    /// Searches a value; the lists of a session are part of it.
    fn collect_within(&mut self, value: &Json, is_session: bool) {
        match value.as_object() {
            Some(object) if is_session => {
                let others = object.iter();
                let others = others.filter(|(key, _)| !LISTS_OF_SESSIONS.contains(&key.as_str()));
                for (_, value) in others {
                    self.collect(value);
                }
            }
            _ => self.collect(value),
        }
    }

    /// Adds an object if it is a record that is not read. Returns whether it is a session.
    fn add_record(&mut self, object: &JsonObject, has_id: bool) -> bool {
        let Some(kind) = self.find_kind(object, has_id) else {
            return false;
        };
        let own_id = object.get(kind.id_field).or(object.get("id"));
        let own_id = own_id.and_then(Json::as_str);
        let is_read = own_id.is_some_and(|id| self.read_ids.contains(id));
        let is_embedded = self.is_embedded && has_value(object, "id");
        if !is_read && !is_embedded {
            self.found.push(self.named.unwrap_or(kind.document));
            self.has_nested |= self.depth > 1;
        }
        kind.name == Session::KIND
    }

    /// Returns the kind of record that an object seems to be. `has_id` is whether the id is elsewhere.
    fn find_kind(&self, object: &JsonObject, has_id: bool) -> Option<Kind> {
        macro_rules! fits {
            ($($kind:ident: $record:ident,)*) => {
                [$(Kind::of::<wsdb_core::$record>(object, has_id)),*]
            };
        }
        let fits = for_each_kind!(fits).into_iter().flatten();
        let best = fits.rev().max_by_key(|kind| {
            let is_own = kind.document == self.document;
            (kind.score, is_own)
        });
        best.or_else(|| {
            // The name of the list shows what its entries are.
            let document = self.named.filter(|_| has_own_id(object))?;
            Some(Kind {
                name: "",
                id_field: "id",
                document,
                score: 0,
            })
        })
    }
}

/// A kind of record that an object may be.
struct Kind {
    name: &'static str,
    id_field: &'static str,
    document: Document,
    /// How well its keys fit the kind.
    score: usize,
}

impl Kind {
    fn of<T: DocumentRecord>(object: &JsonObject, has_id: bool) -> Option<Kind> {
        if T::IS_LINK {
            return None;
        }
        let own = object
            .keys()
            .filter(|key| T::FIELDS.contains(&key.as_str()));
        let own = own.count();
        let is_known = |key: &&String| {
            let key = key.as_str();
            T::FIELDS.contains(&key) || meaning_of(T::KIND, T::FIELDS, key) != KeyMeaning::Unknown
        };
        let known = object.keys().filter(is_known).count();
        let has = |key: Option<&str>| key.is_some_and(|key| has_value(object, key));
        let is_named = has(T::NAME) || NAMING_KEYS.iter().any(|key| has_value(object, key));
        let has_all = known == object.len();
        let is_record = if has_id || has_own_id(object) {
            is_named || has(T::CREATED) || known > 2
        } else {
            is_named && (known > 1 || has_all) || has_all && own > 1
        };
        (is_record && known > 0).then_some(Kind {
            name: T::KIND,
            id_field: T::id_field(),
            document: T::DOCUMENT,
            score: own + known,
        })
    }
}

fn has_own_id(object: &JsonObject) -> bool {
    has_value(object, "id") || has_value(object, Session::id_field())
}

fn has_value(object: &JsonObject, key: &str) -> bool {
    object.get(key).is_some_and(|value| !value.is_null())
}
