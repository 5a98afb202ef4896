//! `SESSION-LOG.json`: by hand with nested `activities`, `decisions_made` and `issues_found`,
//! from the earlier tool without them.

use std::collections::HashMap;

use serde_json::{Map, Value};
use wsdb_core::{Activity, Decision, Issue, Session, SessionId};

use super::Contents;
use super::reading::{Entries, record};
use crate::reader::{Found, Notes, Reader};

const NESTED: [&str; 3] = ["activities", "decisions_made", "issues_found"];

pub(super) fn read(sessions: Entries<'_>, notes: &mut Notes<'_>, contents: &mut Contents) {
    for (index, value) in sessions.enumerate() {
        let path = format!("$.sessions[{index}]");
        let mut value = value;
        let mut nested: [Option<Vec<Value>>; 3] = [None, None, None];
        let mut broken = false;
        if let Value::Object(session) = &mut value {
            for (name, list) in NESTED.iter().zip(&mut nested) {
                match session.remove(*name) {
                    None | Some(Value::Null) => {}
                    Some(Value::Array(entries)) => *list = Some(entries),
                    Some(_) => {
                        notes.reject(&format!("{path}.{name}"), "expected a list");
                        broken = true;
                    }
                }
            }
        }
        let found: Option<Found<Session>> = record(path.clone(), value, notes, |reader| {
            reader.alias("id", "session_id");
            let ended = reader.peek("end_time").is_some_and(|end| !end.is_null());
            let status = if ended { "completed" } else { "in_progress" };
            reader.fallback("status", Some(Value::from(status)));
        });
        let Some(found) = found else { continue };
        if broken {
            continue;
        }
        let session = found.record.clone();
        contents.sessions.push(found);
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
                let decision = decision_from_words(&session, &path, &words, notes, made);
                contents.decisions_from_words.extend(decision);
                let link = record(path, Value::Object(words), notes, |_| ());
                contents.session_decisions.extend(link);
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
                let issue = issue_from_words(&session, &path, &words, notes, made);
                contents.issues_from_words.extend(issue);
                let link = record(path, Value::Object(words), notes, |_| ());
                contents.session_issues.extend(link);
            }
        }
    }
}

fn read_activities(
    path: &str,
    session: &Session,
    activities: Vec<Value>,
    notes: &mut Notes<'_>,
    contents: &mut Contents,
) {
    let given: Vec<String> = activities
        .iter()
        .filter_map(|activity| activity.get("id")?.as_str().map(str::to_owned))
        .collect();
    for (index, value) in activities.into_iter().enumerate() {
        let path = format!("{path}.activities[{index}]");
        // By its place in the list: an activity that is put right keeps its id.
        let id = (index + 1..)
            .map(|number| format!("{}-activity-{number:03}", session.id))
            .find(|id| !given.contains(id));
        let found: Option<Found<Activity>> = record(path, value, notes, |reader| {
            of(reader, &session.id);
            reader.alias("type", "activity_type");
            reader.fallback("id", id.clone().map(Value::from));
            reader.fallback("activity_type", Some(Value::from("note")));
            reader.fallback("time", Some(Value::from(session.start_time.to_string())));
        });
        contents.activities.extend(found);
    }
}

/// The session that a nested record belongs to goes without saying.
fn of(reader: &mut Reader<'_, '_>, session: &SessionId) {
    reader.put("session_id", Value::from(session.as_str()));
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

    /// An entry with the ids that it needs, and whether the record's id was made for it.
    fn entry(
        &mut self,
        path: &str,
        value: Value,
        notes: &mut Notes<'_>,
    ) -> Option<(Map<String, Value>, bool)> {
        let Value::Object(mut words) = value else {
            notes.reject(path, "expected an object");
            return None;
        };
        let session = &self.session.id;
        let linked = words.get("link_id").is_some_and(|id| !id.is_null());
        let named = words.get("id").is_some_and(|id| !id.is_null());
        if !named && !linked {
            // The same words get the same id on every run.
            let said = words
                .get(self.noun)
                .and_then(Value::as_str)
                .unwrap_or_default();
            let hash = crate::base::hash(format!("{session}\n{said}").as_bytes());
            let id = format!("{session}-{}-{:010x}", self.noun, hash >> 24);
            words.insert("id".to_owned(), Value::from(id));
        }
        if !linked && let Some(target) = words.get("id").and_then(Value::as_str) {
            let times = self.seen.entry(target.to_owned()).or_default();
            *times += 1;
            let id = match *times {
                1 => format!("{session}-{target}"),
                times => format!("{session}-{target}-{times}"),
            };
            words.insert("link_id".to_owned(), Value::from(id));
        }
        words.insert("session_id".to_owned(), Value::from(session.as_str()));
        Some((words, !named && !linked))
    }
}

/// Moves what the record calls by another name, and leaves out what belongs to the link.
fn words_of(words: &Map<String, Value>, renamed: &[(&str, &str)]) -> Option<Map<String, Value>> {
    words.get("id").filter(|id| id.is_string())?;
    let mut words = words.clone();
    words.remove("link_id");
    words.remove("session_id");
    for (from, to) in renamed {
        if let Some(value) = words.remove(*from) {
            words.entry((*to).to_owned()).or_insert(value);
        }
    }
    Some(words)
}

/// The decision that a session speaks of. `made` says that nothing else can hold it, so that
/// words which can't be mapped are a reject and not just somebody else's short form.
fn decision_from_words(
    session: &Session,
    path: &str,
    words: &Map<String, Value>,
    notes: &mut Notes<'_>,
    made: bool,
) -> Option<Found<Decision>> {
    let words = words_of(words, &[("time", "date")])?;
    quietly(notes, made, |notes| {
        record(path.to_owned(), Value::Object(words), notes, |reader| {
            reader.fallback("date", Some(Value::from(session.start_time.to_string())));
            reader.fallback("session", Some(Value::from(session.id.as_str())));
            reader.fallback("status", Some(Value::from("planned")));
        })
    })
}

/// The issue that a session speaks of; `made` as for [`decision_from_words`].
fn issue_from_words(
    session: &Session,
    path: &str,
    words: &Map<String, Value>,
    notes: &mut Notes<'_>,
    made: bool,
) -> Option<Found<Issue>> {
    let words = words_of(words, &[("issue", "title"), ("time", "detected")])?;
    quietly(notes, made, |notes| {
        record(path.to_owned(), Value::Object(words), notes, |reader| {
            super::issues::adapt(reader);
            reader.fallback(
                "detected",
                Some(Value::from(session.start_time.to_string())),
            );
            reader.fallback("issue_type", Some(Value::from("session_handoff")));
            reader.fallback("severity", Some(Value::from("MEDIUM")));
            reader.fallback("status", Some(Value::from("open")));
        })
    })
}

fn quietly<T>(
    notes: &mut Notes<'_>,
    loud: bool,
    read: impl FnOnce(&mut Notes<'_>) -> Option<T>,
) -> Option<T> {
    let (rejects, warnings) = (notes.rejects.len(), notes.warnings.len());
    let found = read(notes);
    if !loud {
        notes.rejects.truncate(rejects);
        notes.warnings.truncate(warnings);
    }
    found
}
