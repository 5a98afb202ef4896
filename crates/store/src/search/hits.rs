//! The records that a search found, with the texts that match.

use std::collections::HashMap;

use wsdb_core::{
    Activity, Decision, DriftDetection, Hit, Issue, Json, JsonObject, SearchFilter, SearchNoun,
    Session, Task, Vocabulary, format_file_location, marked, snippet,
};

use crate::{Connection, Error, Store};

/// A record that matches.
pub(super) struct Match {
    pub(super) noun: SearchNoun,
    pub(super) id: String,
    pub(super) rank: f64,
}

/// A text of a record with the name of its field.
type FieldText<'a> = (&'static str, &'a str);

/// Loads the records. Those deleted since are left out.
pub(super) async fn load<C: Connection>(
    store: &Store<C>,
    filter: &SearchFilter,
    matches: Vec<Match>,
) -> Result<Vec<Hit>, Error> {
    let query = &filter.query;
    let ids = |noun| {
        let matches = matches.iter().filter(move |found| found.noun == noun);
        matches
            .map(|found| found.id.as_str())
            .collect::<Vec<&str>>()
    };
    let mut loaded: HashMap<(SearchNoun, String), Hit> = HashMap::new();
    let mut add = |noun, id: &str, status, title: &str, texts: &[FieldText<'_>]| {
        let hit = Hit {
            noun,
            id: id.to_owned(),
            status,
            title: marked(query, title),
            snippet: snippet(query, texts),
            rank: 0.0,
        };
        loaded.insert((noun, id.to_owned()), hit);
    };
    let noun = SearchNoun::Task;
    for task in store.tasks().get_many(&ids(noun)).await? {
        let (id, status) = (task.id.as_str(), task.status.as_str());
        add(noun, id, status, &task.title, &task_texts(&task));
    }
    let noun = SearchNoun::Issue;
    for issue in store.issues().get_many(&ids(noun)).await? {
        let (id, status) = (issue.id.as_str(), issue.status.as_str());
        add(noun, id, status, &issue.title, &issue_texts(&issue));
    }
    let noun = SearchNoun::Decision;
    for made in store.decisions().get_many(&ids(noun)).await? {
        let (id, status) = (made.id.as_str(), made.status.as_str());
        add(noun, id, status, &made.decision, &decision_texts(&made));
    }
    let noun = SearchNoun::Session;
    for session in store.sessions().get_many(&ids(noun)).await? {
        let activities = store.sessions().activities_of(&session.id).await?;
        let who = [text(&session.user), text(&session.ai_assistant)];
        let who: Vec<&str> = who.into_iter().filter(|name| !name.is_empty()).collect();
        let (id, status) = (session.id.as_str(), session.status.as_str());
        let texts = session_texts(&session, &activities);
        add(noun, id, status, &who.join(" with "), &texts);
    }
    let noun = SearchNoun::Detection;
    for found in store.drift().detections().get_many(&ids(noun)).await? {
        let status = match filter.now {
            Some(now) => found.effective_status(now),
            None => found.status,
        };
        let location = format_file_location(&found.repo, &found.file_path);
        let texts = detection_texts(&found);
        add(noun, found.id.as_str(), status.as_str(), &location, &texts);
    }
    let hits = matches.into_iter().filter_map(|Match { noun, id, rank }| {
        let hit = loaded.remove(&(noun, id))?;
        Some(Hit { rank, ..hit })
    });
    Ok(hits.collect())
}

fn task_texts(task: &Task) -> Vec<FieldText<'_>> {
    let mut texts = vec![
        ("description", text(&task.description)),
        ("notes", text(&task.notes)),
    ];
    add_list(&mut texts, "related_files", &task.related_files);
    add_tags(&mut texts, &task.extra_metadata, &task.document_fields);
    texts
}

fn issue_texts(issue: &Issue) -> Vec<FieldText<'_>> {
    let mut texts = vec![
        ("description", text(&issue.description)),
        ("action_required", text(&issue.action_required)),
        ("resolution_notes", text(&issue.resolution_notes)),
    ];
    add_tags(&mut texts, &issue.extra_metadata, &issue.document_fields);
    texts
}

/// Returns the texts of a decision: its rationale, its page and its files.
fn decision_texts(decision: &Decision) -> Vec<FieldText<'_>> {
    let mut texts = vec![("rationale", text(&decision.rationale))];
    let metadata = decision.extra_metadata.as_ref();
    let madr = metadata.and_then(|metadata| metadata.get("madr"));
    let page = madr.and_then(|madr| madr.get("page")?.as_str());
    let sections = madr.and_then(|madr| madr.get("sections")?.as_array());
    match (page, sections) {
        (Some(page), _) => texts.push(("page", page)),
        (None, Some(sections)) => {
            let keys = sections
                .iter()
                .flat_map(|section| [section.get("heading"), section.get("text")]);
            let parts = keys.flatten().filter_map(Json::as_str);
            texts.extend(parts.map(|part| ("page", part)));
        }
        (None, None) => {}
    }
    add_list(&mut texts, "related_files", &decision.related_files);
    add_list(&mut texts, "documentation", &decision.documentation);
    add_tags(
        &mut texts,
        &decision.extra_metadata,
        &decision.document_fields,
    );
    texts
}

fn session_texts<'a>(session: &'a Session, activities: &'a [Activity]) -> Vec<FieldText<'a>> {
    let mut texts = vec![("handoff_notes", text(&session.handoff_notes))];
    for activity in activities {
        texts.push(("activities", &activity.description));
        texts.push(("activities", text(&activity.outcome)));
        add_list(&mut texts, "activities", &activity.files_created);
        add_list(&mut texts, "activities", &activity.files_modified);
        add_tags(
            &mut texts,
            &activity.extra_metadata,
            &activity.document_fields,
        );
    }
    add_tags(&mut texts, &None, &session.document_fields);
    texts
}

fn detection_texts(detection: &DriftDetection) -> Vec<FieldText<'_>> {
    let mut texts = vec![
        ("violation_details", text(&detection.violation_details)),
        ("resolution_notes", text(&detection.resolution_notes)),
        ("component_name", text(&detection.component_name)),
        ("detected_rule", text(&detection.detected_rule)),
        ("expected_location", text(&detection.expected_location)),
        ("actual_location", text(&detection.actual_location)),
    ];
    add_tags(
        &mut texts,
        &detection.extra_metadata,
        &detection.document_fields,
    );
    texts
}

fn text(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or_default()
}

fn add_list<'a>(texts: &mut Vec<FieldText<'a>>, field: &'static str, list: &'a [String]) {
    texts.extend(list.iter().map(|text| (field, text.as_str())));
}

/// Adds the tags of a record, which have no column of their own.
fn add_tags<'a>(
    texts: &mut Vec<FieldText<'a>>,
    metadata: &'a Option<Json>,
    document_fields: &'a JsonObject,
) {
    for key in ["tags", "labels"] {
        let in_metadata = metadata.as_ref().and_then(|metadata| metadata.get(key));
        for tags in in_metadata.into_iter().chain(document_fields.get(key)) {
            add_strings(texts, key, tags);
        }
    }
}

/// Adds all strings in a value.
fn add_strings<'a>(texts: &mut Vec<FieldText<'a>>, field: &'static str, value: &'a Json) {
    match value {
        Json::String(string) => texts.push((field, string)),
        Json::Array(items) => {
            for item in items {
                add_strings(texts, field, item);
            }
        }
        Json::Object(object) => {
            for item in object.values() {
                add_strings(texts, field, item);
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}
