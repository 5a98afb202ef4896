//! `SESSION-LOG.json`: files written by hand have nested `activities`, `decisions_made` and
//! `issues_found`, those of the earlier tool do not.

use std::collections::HashMap;

use wsdb_core::{
    Activity, Decision, Issue, Json, JsonObject, Session, SessionId, json, type_mismatch,
};

use super::contents::Contents;
use super::list::{Entries, record};
use crate::digest::hash;
use crate::error::{OrphanReject, Problem, Reject};
use crate::file_diagnostics::{FileDiagnostics, KeyUse};
use crate::normalize;
use crate::record::DocumentRecord;
use crate::record_reader::{ParsedRecord, RecordReader, Rename};

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
        if let Json::Object(session) = &mut value {
            let lists = [
                ("activities", &mut nested.activities),
                ("decisions_made", &mut nested.decisions),
                ("issues_found", &mut nested.issues),
            ];
            for (name, list) in lists {
                let key = rename_list(session, name, diagnostics);
                let found = session.remove(name);
                if found.is_some() {
                    diagnostics.outer_shape.key_of(key, name, false);
                }
                match found {
                    None | Some(Json::Null) => {}
                    Some(Json::Array(entries)) => *list = Some(entries),
                    Some(other) => broken.push((name, other)),
                }
            }
        }
        let rejects = diagnostics.rejects.len();
        let found: Option<ParsedRecord<Session>> =
            record(path.clone(), value, diagnostics, |reader| {
                for (name, value) in &broken {
                    reader.reject(name, type_mismatch("a list", value));
                }
                reader.alias("id", "session_id");
                let ended = reader.peek("end_time").is_some_and(|end| !end.is_null());
                let status = if ended { "completed" } else { "in_progress" };
                reader.default_for_new("status", Some(Json::from(status)));
            });
        match found {
            Some(found) => {
                let session = found.record.clone();
                contents.records.sessions.push(found);
                read_nested(&path, &session, nested, diagnostics, contents);
            }
            None => {
                // A rejected session takes its nested records along; only their problems count.
                if let Some(session) = placeholder() {
                    let mut unused = Contents::default();
                    read_nested(&path, &session, nested, diagnostics, &mut unused);
                }
                diagnostics.merge_rejects_from(rejects);
            }
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

/// Returns a session to read nested records with whose own session was rejected.
fn placeholder() -> Option<Session> {
    let id = SessionId::new("rejected").ok()?;
    Some(Session::new(id, "2000-01-01".parse().ok()?))
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
fn read_links<T, L: DocumentRecord>(
    mut session_links: Links<'_>,
    path: &str,
    entries: Vec<Json>,
    diagnostics: &mut FileDiagnostics<'_>,
    read_inline: impl Fn(
        &Session,
        &str,
        &LinkEntry,
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
                diagnostics.rejects.push(reject.of_record(L::KIND, None));
                continue;
            }
        };
        inline.extend(read_inline(
            session_links.session,
            &path,
            &entry,
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
        let found: Option<ParsedRecord<Activity>> = record(path, value, diagnostics, |reader| {
            set_session(reader, &session.id);
            reader.alias("type", "activity_type");
            reader.default_for_new("id", Some(Json::from(id.as_str())));
            reader.default_for_new("activity_type", Some(Json::from("note")));
            reader.default_for_new("time", Some(Json::from(session.start_time.to_string())));
        });
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
    /// Whether the id of the other record was generated.
    is_generated: bool,
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
        if !named && !linked {
            // The same text gets the same id on every run.
            let text = fields
                .get(self.noun)
                .and_then(Json::as_str)
                .unwrap_or_default();
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
            is_generated: !named && !linked,
        })
    }
}

/// Takes the fields of an inline record from the entry of a link: without those of the link, and
/// under the names that a document uses.
fn inline_fields(fields: &JsonObject, renames: &[Rename]) -> Option<InlineRecord> {
    fields.get("id").filter(|id| id.is_string())?;
    let mut fields = fields.clone();
    fields.remove("link_id");
    fields.remove("session_id");
    let mut renamed = Vec::new();
    for rename in renames {
        if let Some(value) = fields.remove(&rename.from)
            && !fields.contains_key(&rename.to)
        {
            fields.insert(rename.to.clone(), value);
            renamed.push(rename.clone());
        }
    }
    Some(InlineRecord { fields, renamed })
}

/// The fields of an inline record.
struct InlineRecord {
    fields: JsonObject,
    /// The fields that have another name in the file.
    renamed: Vec<Rename>,
}

/// Returns the decision that a session describes. If its id was generated, no document can contain
/// it, and problems are rejects: the entry is more than a short form.
fn inline_decision(
    session: &Session,
    path: &str,
    entry: &LinkEntry,
    diagnostics: &mut FileDiagnostics<'_>,
) -> Option<ParsedRecord<Decision>> {
    let renames = [Rename::new("time", "date")];
    let InlineRecord { fields, renamed } = inline_fields(&entry.fields, &renames)?;
    let is_generated = entry.is_generated;
    parse_inline(diagnostics, is_generated, fields, |fields, diagnostics| {
        record(path.to_owned(), fields, diagnostics, |reader| {
            reader.add_renames(&renamed);
            reader.default_for_new("date", Some(Json::from(session.start_time.to_string())));
            reader.default_for_new("session", Some(Json::from(session.id.as_str())));
            reader.default_for_new("status", Some(Json::from("planned")));
        })
    })
}

/// Returns the issue that a session describes; see [`inline_decision`] for one with a generated id.
fn inline_issue(
    session: &Session,
    path: &str,
    entry: &LinkEntry,
    diagnostics: &mut FileDiagnostics<'_>,
) -> Option<ParsedRecord<Issue>> {
    let renames = [
        Rename::new("issue", "title"),
        Rename::new("time", "detected"),
    ];
    let InlineRecord { fields, renamed } = inline_fields(&entry.fields, &renames)?;
    let is_generated = entry.is_generated;
    parse_inline(diagnostics, is_generated, fields, |fields, diagnostics| {
        record(path.to_owned(), fields, diagnostics, |reader| {
            reader.add_renames(&renamed);
            reader.default_for_new("detected", Some(Json::from(session.start_time.to_string())));
            reader.default_for_new("issue_type", Some(Json::from("session_handoff")));
            reader.default_for_new("severity", Some(Json::from("MEDIUM")));
            reader.default_for_new("status", Some(Json::from("open")));
            normalize::issue(reader);
        })
    })
}

/// Makes a record from an inline record. Unless its id was generated, a document may contain the
/// same record, and this may be a short form of it: problems count only if the record exists nowhere
/// else. Entries that lack required fields are skipped.
fn parse_inline<T: DocumentRecord>(
    diagnostics: &mut FileDiagnostics<'_>,
    is_generated: bool,
    fields: JsonObject,
    read: impl FnOnce(Json, &mut FileDiagnostics<'_>) -> Option<ParsedRecord<T>>,
) -> Option<ParsedRecord<T>> {
    let id = fields.get("id").and_then(Json::as_str).map(str::to_owned);
    let (rejects, warnings) = (diagnostics.rejects.len(), diagnostics.warnings.len());
    let was_silent = std::mem::replace(&mut diagnostics.is_silent, true);
    let found = read(Json::Object(fields), diagnostics);
    diagnostics.is_silent = was_silent;
    if !is_generated {
        let wrong = diagnostics.rejects.split_off(rejects);
        diagnostics.warnings.truncate(warnings);
        // A missing field is reported at the path of the record itself.
        let has_required_fields = |reject: &Reject| {
            let mut reasons = reject.reasons.iter();
            reasons.all(|problem| problem.path != reject.path)
        };
        let orphans = wrong.into_iter().filter(has_required_fields);
        let orphans = orphans.map(|reject| OrphanReject {
            kind: T::KIND,
            document: T::DOCUMENT,
            id: id.clone().unwrap_or_default(),
            reject,
        });
        diagnostics.orphan_rejects.extend(orphans);
    }
    found
}
