//! `SESSION-LOG.json`: files written by hand have nested `activities`, `decisions_made` and
//! `issues_found`, those of the earlier tool do not.

use std::collections::HashMap;

use wsdb_core::{Activity, Decision, Issue, Json, JsonObject, Session, SessionId, json};

use super::contents::Contents;
use super::list::{Entries, record};
use crate::digest::hash;
use crate::error::Reject;
use crate::normalize;
use crate::record::DocumentRecord;
use crate::record_reader::{FileDiagnostics, ParsedRecord, Reader};

const NESTED_LISTS: [&str; 3] = ["activities", "decisions_made", "issues_found"];

pub(super) fn read(
    sessions: Entries<'_>,
    notes: &mut FileDiagnostics<'_>,
    contents: &mut Contents,
) {
    for (index, value) in sessions.enumerate() {
        let path = notes.record_path("sessions", index);
        let mut value = value;
        let mut nested: [Option<Vec<Json>>; 3] = [None, None, None];
        let mut broken = false;
        if let Json::Object(session) = &mut value {
            for (name, list) in NESTED_LISTS.iter().zip(&mut nested) {
                match session.remove(name) {
                    None | Some(Json::Null) => {}
                    Some(Json::Array(entries)) => *list = Some(entries),
                    Some(_) => {
                        notes.reject(&format!("{path}.{name}"), "expected a list");
                        broken = true;
                    }
                }
            }
        }
        let found: Option<ParsedRecord<Session>> = record(path.clone(), value, notes, |reader| {
            reader.alias("id", "session_id");
            let ended = reader.peek("end_time").is_some_and(|end| !end.is_null());
            let status = if ended { "completed" } else { "in_progress" };
            reader.default_for_new("status", Some(Json::from(status)));
        });
        let Some(found) = found else { continue };
        if broken {
            continue;
        }
        let session = found.record.clone();
        contents.records.sessions.push(found);
        let [activities, decisions, issues] = nested;
        if let Some(activities) = activities {
            contents.listed.activities.insert(session.id.clone());
            read_activities(&path, &session, activities, notes, contents);
        }
        if let Some(decisions) = decisions {
            contents.listed.decisions.insert(session.id.clone());
            let mut links = Links::new(&session, "decision");
            for (index, value) in decisions.into_iter().enumerate() {
                let path = format!("{path}.decisions_made[{index}]");
                let Some((words, made)) = links.entry(&path, value, notes) else {
                    continue;
                };
                let decision = inline_decision(&session, &path, &words, notes, made);
                contents.inline_decisions.extend(decision);
                let link = record(path, Json::Object(words), notes, |_| ());
                contents.records.session_decisions.extend(link);
            }
        }
        if let Some(issues) = issues {
            contents.listed.issues.insert(session.id.clone());
            let mut links = Links::new(&session, "issue");
            for (index, value) in issues.into_iter().enumerate() {
                let path = format!("{path}.issues_found[{index}]");
                let Some((words, made)) = links.entry(&path, value, notes) else {
                    continue;
                };
                let issue = inline_issue(&session, &path, &words, notes, made);
                contents.inline_issues.extend(issue);
                let link = record(path, Json::Object(words), notes, |_| ());
                contents.records.session_issues.extend(link);
            }
        }
    }
}

fn read_activities(
    path: &str,
    session: &Session,
    activities: Vec<Json>,
    notes: &mut FileDiagnostics<'_>,
    contents: &mut Contents,
) {
    let activities: Vec<Json> = activities
        .into_iter()
        .map(|activity| shorthand_to_object(activity, "description"))
        .collect();
    let ids = activity_ids(session, &activities);
    for (index, (value, id)) in activities.into_iter().zip(ids).enumerate() {
        let path = format!("{path}.activities[{index}]");
        let found: Option<ParsedRecord<Activity>> = record(path, value, notes, |reader| {
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
    let said = |activity: &Json, field| -> Option<String> {
        activity
            .get(field)
            .and_then(Json::as_str)
            .map(str::to_owned)
    };
    let mut times: HashMap<String, usize> = HashMap::new();
    for time in activities
        .iter()
        .filter_map(|activity| said(activity, "time"))
    {
        *times.entry(time).or_default() += 1;
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    activities
        .iter()
        .map(|activity| {
            let time = said(activity, "time").unwrap_or_default();
            let what = match times.get(&time) {
                Some(1) => String::new(),
                _ => said(activity, "description").unwrap_or_default(),
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
        Json::String(words) => {
            let field = match is_id(&words) && field != "description" {
                true => "id",
                false => field,
            };
            json!({ field: words })
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
fn set_session(reader: &mut Reader<'_, '_>, session: &SessionId) {
    reader.put("session_id", Json::from(session.as_str()));
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

    /// Returns an entry with the ids that it needs, and whether the id of its record was generated.
    fn entry(
        &mut self,
        path: &str,
        value: Json,
        notes: &mut FileDiagnostics<'_>,
    ) -> Option<(JsonObject, bool)> {
        // The text of an issue is under "issue", the text of a decision under "decision".
        let Json::Object(mut words) = shorthand_to_object(value, self.noun) else {
            notes.reject(
                path,
                "expected an object, or a string with an id or a description",
            );
            return None;
        };
        if let Some(Json::Number(number)) = words.get("id") {
            let id = Json::from(number.to_string());
            words.insert("id".to_owned(), id);
        }
        if let Some(id) = words
            .get("id")
            .filter(|id| !id.is_string() && !id.is_null())
        {
            notes.reject(
                &format!("{path}.id"),
                format!("expected an id as a string, found {id}"),
            );
            return None;
        }
        let session = &self.session.id;
        let linked = words.get("link_id").is_some_and(|id| !id.is_null());
        let named = words.get("id").is_some_and(|id| !id.is_null());
        if !named && !linked {
            // The same text gets the same id on every run.
            let said = words
                .get(self.noun)
                .and_then(Json::as_str)
                .unwrap_or_default();
            let hash = hash(format!("{session}\n{said}").as_bytes());
            let id = format!("{session}-{}-{:010x}", self.noun, hash >> 24);
            words.insert("id".to_owned(), Json::from(id));
        }
        if !linked && let Some(target) = words.get("id").and_then(Json::as_str) {
            let times = self.seen.entry(target.to_owned()).or_default();
            *times += 1;
            let id = match *times {
                1 => format!("{session}-{target}"),
                times => format!("{session}-{target}-{times}"),
            };
            words.insert("link_id".to_owned(), Json::from(id));
        }
        words.insert("session_id".to_owned(), Json::from(session.as_str()));
        Some((words, !named && !linked))
    }
}

/// Renames fields to the names of the record, and removes those of the link.
fn inline_fields(words: &JsonObject, names: &[Rename]) -> Option<InlineFields> {
    words.get("id").filter(|id| id.is_string())?;
    let mut words = words.clone();
    words.remove("link_id");
    words.remove("session_id");
    let mut renamed = Vec::new();
    for (from, to) in names {
        if let Some(value) = words.remove(from)
            && !words.contains_key(to)
        {
            words.insert((*to).to_owned(), value);
            renamed.push((*from, *to));
        }
    }
    Some((words, renamed))
}

/// A field's name in the file, and its own name.
type Rename = (&'static str, &'static str);

/// An inline record, and those of its fields that were renamed.
type InlineFields = (JsonObject, Vec<Rename>);

/// Returns the decision that a session describes. `made` means that its id was generated, so no
/// document can contain it and problems are rejects: the entry is more than a short form.
fn inline_decision(
    session: &Session,
    path: &str,
    words: &JsonObject,
    notes: &mut FileDiagnostics<'_>,
    made: bool,
) -> Option<ParsedRecord<Decision>> {
    let (words, renamed) = inline_fields(words, &[("time", "date")])?;
    parse_inline(notes, made, words, |words, notes| {
        record(path.to_owned(), words, notes, |reader| {
            reader.set_renames(&renamed);
            reader.default_for_new("date", Some(Json::from(session.start_time.to_string())));
            reader.default_for_new("session", Some(Json::from(session.id.as_str())));
            reader.default_for_new("status", Some(Json::from("planned")));
        })
    })
}

/// Returns the issue that a session describes; `made` as for [`inline_decision`].
fn inline_issue(
    session: &Session,
    path: &str,
    words: &JsonObject,
    notes: &mut FileDiagnostics<'_>,
    made: bool,
) -> Option<ParsedRecord<Issue>> {
    let (words, renamed) = inline_fields(words, &[("issue", "title"), ("time", "detected")])?;
    parse_inline(notes, made, words, |words, notes| {
        record(path.to_owned(), words, notes, |reader| {
            reader.set_renames(&renamed);
            reader.default_for_new("detected", Some(Json::from(session.start_time.to_string())));
            reader.default_for_new("issue_type", Some(Json::from("session_handoff")));
            reader.default_for_new("severity", Some(Json::from("MEDIUM")));
            reader.default_for_new("status", Some(Json::from("open")));
            normalize::issue(reader);
        })
    })
}

/// Makes a record from an inline record. Unless it was `made` here, a document may contain the same
/// record, and this may be a short form of it: problems count only if the record exists nowhere
/// else. Entries that lack required fields are skipped.
fn parse_inline<T: DocumentRecord>(
    notes: &mut FileDiagnostics<'_>,
    made: bool,
    words: JsonObject,
    read: impl FnOnce(Json, &mut FileDiagnostics<'_>) -> Option<ParsedRecord<T>>,
) -> Option<ParsedRecord<T>> {
    let id = words.get("id").and_then(Json::as_str).map(str::to_owned);
    let (rejects, warnings) = (notes.rejects.len(), notes.warnings.len());
    let found = read(Json::Object(words), notes);
    if !made {
        let wrong = notes.rejects.split_off(rejects);
        notes.warnings.truncate(warnings);
        let is_record = |reject: &Reject| {
            let mut reasons = reject.reasons.iter();
            reasons.all(|(path, _)| *path != reject.path)
        };
        let wrong = wrong.into_iter().filter(is_record);
        notes
            .orphan_rejects
            .extend(wrong.map(|reject| (T::KIND, id.clone().unwrap_or_default(), reject)));
    }
    found
}
