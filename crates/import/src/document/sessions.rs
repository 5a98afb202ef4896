//! `SESSION-LOG.json`: files written by hand have nested `activities`, `decisions_made` and
//! `issues_found`, those of the earlier tool do not.

use std::collections::HashMap;

use wsdb_core::{
    Activity, Decision, Issue, Json, JsonObject, Session, SessionId, json, type_mismatch,
};

use super::contents::Contents;
use super::inline::{IdSource, inline_decision, inline_issue};
use super::list::{Entries, record};
use crate::digest::hash;
use crate::error::{Problem, Reject, RejectedIdentity};
use crate::file_diagnostics::{FileDiagnostics, KeyUse};
use crate::normalize;
use crate::record::DocumentRecord;
use crate::record_reader::{ParsedRecord, RecordReader};

pub(super) fn read(
    sessions: Entries<'_>,
    diagnostics: &mut FileDiagnostics<'_>,
    contents: &mut Contents,
) {
    for (index, value) in sessions.enumerate() {
        let path = diagnostics.record_path("sessions", index);
        let mut value = value;
        let mut nested = NestedLists::default();
        let mut broken: Vec<(&str, Json)> = Vec::new();
        let mut unreadable: Vec<&'static str> = Vec::new();
        if let Json::Object(session) = &mut value {
            let lists = [
                ("activities", &mut nested.activities, None),
                (
                    "decisions_made",
                    &mut nested.decisions,
                    Some(Decision::KIND),
                ),
                ("issues_found", &mut nested.issues, Some(Issue::KIND)),
            ];
            for (name, list, inline) in lists {
                let key = rename_list(session, name, diagnostics);
                let found = session.remove(name);
                if found.is_some() {
                    diagnostics.outer_shape.key_of(key, name, false);
                }
                match found {
                    None | Some(Json::Null) => {}
                    Some(Json::Array(entries)) => *list = Some(entries),
                    Some(other) => {
                        broken.push((name, other));
                        unreadable.extend(inline);
                    }
                }
            }
        } else {
            unreadable.extend([Decision::KIND, Issue::KIND]);
        }
        let rejects = diagnostics.rejects.len();
        let found: Option<ParsedRecord<Session>> =
            record(path.clone(), value, diagnostics, |reader| {
                for (name, value) in &broken {
                    reader.reject(name, type_mismatch("a list", value));
                }
                reader.alias("id", "session_id");
                let ended = reader.peek("end_time").is_some_and(|end| !end.is_null());
                let status = normalize::status_of_session(ended);
                reader.default_for_new("status", Some(Json::from(status)));
            });
        match found {
            Some(found) => {
                let session = found.record.clone();
                contents.records.sessions.push(found);
                read_nested(&path, &session, nested, diagnostics, contents);
            }
            None => read_rejected(&path, rejects, &unreadable, nested, diagnostics, contents),
        }
    }
}

/// Renames a nested list that has a shorter name in the file, and returns the name in the file.
fn rename_list(
    session: &mut JsonObject,
    name: &'static str,
    diagnostics: &mut FileDiagnostics<'_>,
) -> &'static str {
    let key = match name {
        "decisions_made" => "decisions",
        "issues_found" => "issues",
        _ => return name,
    };
    if session.get(key).is_some_and(Json::is_array)
        && !session.contains_key(name)
        && let Some(list) = session.remove(key)
    {
        session.insert(name.to_owned(), list);
        diagnostics.note_key(key, KeyUse::Read(name));
        return key;
    }
    name
}

/// The lists that a session contains.
#[derive(Default)]
struct NestedLists {
    activities: Option<Vec<Json>>,
    decisions: Option<Vec<Json>>,
    issues: Option<Vec<Json>>,
}

/// Reads what a rejected session contains. It is rejected with the session, whose reject is the one at
/// `position`: its problems are reported there, and it counts as present. `unreadable` are the
/// kinds of which it may contain any record.
fn read_rejected(
    path: &str,
    position: usize,
    unreadable: &[&'static str],
    nested: NestedLists,
    diagnostics: &mut FileDiagnostics<'_>,
    contents: &mut Contents,
) {
    let reject = diagnostics.rejects.get(position);
    let identity = reject.and_then(|reject| reject.identity.as_ref());
    let id = identity.and_then(|identity| SessionId::new(identity.id.clone()?).ok());
    let is_known = id.is_some();
    let place = format!("{}\n{path}", diagnostics.file.display());
    let placeholder = format!("rejected-{:016x}", hash(place.as_bytes()));
    let id = id.or_else(|| SessionId::new(placeholder.as_str()).ok());
    let (Some(id), Ok(start)) = (id, "2000-01-01".parse()) else {
        return;
    };
    let mut within = Contents::default();
    let session = Session::new(id, start);
    read_nested(path, &session, nested, diagnostics, &mut within);
    diagnostics.merge_rejects_from(position);
    if let Some(reject) = diagnostics.rejects.last_mut() {
        let contained = &mut reject.contained;
        contained.extend(within.nested_identities());
        let unknown = unreadable
            .iter()
            .map(|kind| RejectedIdentity { kind, id: None });
        contained.extend(unknown);
        if !is_known {
            // Ids that are derived from that of the session are not known either.
            for identity in contained.iter_mut() {
                identity.id.take_if(|id| id.starts_with(&placeholder));
            }
            // Without its session, an activity or a link is not deleted anyway.
            let is_own = |kind| kind == Decision::KIND || kind == Issue::KIND;
            contained.retain(|identity| identity.id.is_some() || is_own(identity.kind));
        }
    }
    contents
        .rejected_activities
        .append(&mut within.records.activities);
}

fn read_nested(
    path: &str,
    session: &Session,
    nested: NestedLists,
    diagnostics: &mut FileDiagnostics<'_>,
    contents: &mut Contents,
) {
    if let Some(activities) = nested.activities {
        contents.listed.activities.insert(session.id.clone());
        read_activities(path, session, activities, diagnostics, contents);
    }
    if let Some(decisions) = nested.decisions {
        contents.listed.decisions.insert(session.id.clone());
        let links = Links::new(session, "decision");
        let path = format!("{path}.decisions_made");
        let found = read_links(links, &path, decisions, diagnostics, inline_decision);
        contents.inline_decisions.extend(found.inline);
        contents.records.session_decisions.extend(found.links);
    }
    if let Some(issues) = nested.issues {
        contents.listed.issues.insert(session.id.clone());
        let links = Links::new(session, "issue");
        let path = format!("{path}.issues_found");
        let found = read_links(links, &path, issues, diagnostics, inline_issue);
        contents.inline_issues.extend(found.inline);
        contents.records.session_issues.extend(found.links);
    }
}

/// What the entries of a list of links contain.
struct ParsedLinks<T, L> {
    /// The records that the entries describe.
    inline: Vec<ParsedRecord<T>>,
    links: Vec<ParsedRecord<L>>,
}

/// Reads a list of links of a session; `read_inline` reads the record that an entry describes.
fn read_links<T: DocumentRecord, L: DocumentRecord>(
    mut session_links: Links<'_>,
    path: &str,
    entries: Vec<Json>,
    diagnostics: &mut FileDiagnostics<'_>,
    read_inline: impl Fn(
        &Session,
        &str,
        &JsonObject,
        IdSource,
        &mut FileDiagnostics<'_>,
    ) -> Option<ParsedRecord<T>>,
) -> ParsedLinks<T, L> {
    let (mut inline, mut links) = (Vec::new(), Vec::new());
    for (index, value) in entries.into_iter().enumerate() {
        let path = format!("{path}[{index}]");
        let entry = match session_links.complete_entry(&path, value) {
            Ok(entry) => entry,
            Err(problem) => {
                let reject = Reject::new(&diagnostics.file, &path, vec![problem]);
                // It may be any decision or issue.
                let reject = reject
                    .of_record(L::KIND, None)
                    .with_contained(T::KIND, None);
                diagnostics.rejects.push(reject);
                continue;
            }
        };
        inline.extend(read_inline(
            session_links.session,
            &path,
            &entry.fields,
            entry.id_source,
            diagnostics,
        ));
        links.extend(record(
            path,
            Json::Object(entry.fields),
            diagnostics,
            |_| (),
        ));
    }
    ParsedLinks { inline, links }
}

fn read_activities(
    path: &str,
    session: &Session,
    activities: Vec<Json>,
    diagnostics: &mut FileDiagnostics<'_>,
    contents: &mut Contents,
) {
    let activities: Vec<Json> = activities
        .into_iter()
        .map(|activity| shorthand_to_object(activity, "description"))
        .collect();
    let ids = activity_ids(session, &activities);
    for (index, (value, id)) in activities.into_iter().zip(ids).enumerate() {
        let path = format!("{path}.activities[{index}]");
        let has_id = value.get("id").is_some_and(|id| !id.is_null());
        let found: Option<ParsedRecord<Activity>> = record(path, value, diagnostics, |reader| {
            set_session(reader, &session.id);
            reader.alias("type", "activity_type");
            reader.default_for_new("id", Some(Json::from(id.as_str())));
            reader.default_for_new("activity_type", Some(Json::from("note")));
            reader.default_for_new("time", Some(Json::from(session.start_time.to_string())));
        });
        if found.is_none() && !has_id {
            // Its id depends on what may be wrong, so it may be any activity of the session.
            contents.listed.activities.remove(&session.id);
        }
        contents.records.activities.extend(found);
    }
}

/// Returns ids for activities that have none, the same on every run. They depend on the time, and
/// on the description if the time is missing or not unique. Ids based on positions would shift when
/// an activity is removed.
fn activity_ids(session: &Session, activities: &[Json]) -> Vec<String> {
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
            let hash = hash(format!("{}\n{time}\n{what}", session.id).as_bytes());
            let id = format!("{}-activity-{:010x}", session.id, hash >> 24);
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
fn shorthand_to_object(entry: Json, field: &str) -> Json {
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
fn is_id(text: &str) -> bool {
    let number = text.rsplit_once('-').map_or("", |(_, number)| number);
    !number.is_empty()
        && number.bytes().all(|b| b.is_ascii_digit())
        && !text.contains(char::is_whitespace)
}

/// Sets the session of a nested record, which the document leaves out.
fn set_session(reader: &mut RecordReader<'_, '_>, session: &SessionId) {
    reader.put("session_id", Json::from(session.as_str()));
}

/// A link of a session to another record, with all its ids.
struct LinkEntry {
    fields: JsonObject,
    /// Where the id of the other record comes from.
    id_source: IdSource,
}

/// The links of one session.
struct Links<'a> {
    session: &'a Session,
    noun: &'a str,
    seen: HashMap<String, usize>,
}

impl<'a> Links<'a> {
    fn new(session: &'a Session, noun: &'a str) -> Self {
        let seen = HashMap::new();
        Links {
            session,
            noun,
            seen,
        }
    }

    /// Adds the ids that an entry needs.
    fn complete_entry(&mut self, path: &str, value: Json) -> Result<LinkEntry, Problem> {
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
        if let Some(id) = fields
            .get("id")
            .filter(|id| !id.is_string() && !id.is_null())
        {
            return Err(Problem::new(
                format!("{path}.id"),
                format!("expected an ID as a string, found {id}"),
            ));
        }
        let session = &self.session.id;
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
        Ok(LinkEntry { fields, id_source })
    }
}

/// Returns the text of a decision or an issue, which may be under a key that means it.
fn text_of(fields: &JsonObject, noun: &str) -> Option<String> {
    let mut texts = [noun, "title", "name", "description"].into_iter();
    texts.find_map(|key| fields.get(key)?.as_str().map(str::to_owned))
}
