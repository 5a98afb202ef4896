//! `SESSION-LOG.json`: files written by hand have nested `activities`, `decisions_made` and
//! `issues_found`, those of the earlier tool do not.

use wsdb_core::{Activity, Decision, Issue, Json, JsonObject, Session, SessionId, type_mismatch};

use super::contents::Contents;
use super::inline::{IdSource, inline_decision, inline_issue};
use super::list::{Entries, record};
use super::short_forms::{Links, activity_ids, shorthand_to_object};
use crate::digest::hash;
use crate::error::{Reject, RejectedIdentity};
use crate::file_diagnostics::{FileDiagnostics, KeyUse};
use crate::identity::empty_name_of;
use crate::near_misses::to_snake_case;
use crate::normalize;
use crate::record::DocumentRecord;
use crate::record_reader::{ParsedRecord, RecordReader};
use crate::shape::ShapeBuilder;

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
                    diagnostics.outer_shape.key_of(&key, name, false);
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
                reader.alias_with_note("id", "session_id");
                let ended = reader.peek("end_time").is_some_and(|end| !end.is_null());
                let status = normalize::status_of_session(ended);
                reader.default_for_new("status", Some(Json::from(status)));
            });
        match found {
            Some(found) => {
                let (session, is_export) = (found.record.clone(), found.rev.is_some());
                contents.records.sessions.push(found);
                let records = &contents.records;
                let before = (
                    records.activities.len(),
                    records.session_decisions.len(),
                    records.session_issues.len(),
                );
                read_nested(&path, &session, nested, diagnostics, contents);
                if is_export {
                    let records = &mut contents.records;
                    note_export(&mut records.activities[before.0..]);
                    note_export(&mut records.session_decisions[before.1..]);
                    note_export(&mut records.session_issues[before.2..]);
                }
            }
            None => read_rejected(&path, rejects, &unreadable, nested, diagnostics, contents),
        }
    }
}

/// Notes that the session which contains these records names a version.
fn note_export<T>(nested: &mut [ParsedRecord<T>]) {
    for found in nested {
        found.is_nested_in_export = true;
    }
}

/// Renames a nested list that has another name in the file, and returns the name in the file.
fn rename_list(
    session: &mut JsonObject,
    name: &'static str,
    diagnostics: &mut FileDiagnostics<'_>,
) -> String {
    let short = match name {
        "decisions_made" => "decisions",
        "issues_found" => "issues",
        name => name,
    };
    let is_other_name = |(key, value): &(&String, &Json)| {
        let key_here = to_snake_case(key);
        value.is_array() && (key_here == name || key_here == short)
    };
    if !session.contains_key(name)
        && let Some((key, _)) = session.iter().find(is_other_name)
    {
        let key = key.clone();
        if let Some(list) = session.remove(&key) {
            session.insert(name.to_owned(), list);
            diagnostics.note_key(&key, KeyUse::Read(name));
            return key;
        }
    }
    name.to_owned()
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
        let activities = within.records.activities.iter().filter_map(empty_name_of);
        let decisions = within.inline_decisions.iter().filter_map(empty_name_of);
        let issues = within.inline_issues.iter().filter_map(empty_name_of);
        reject
            .empty_names
            .extend(activities.chain(decisions).chain(issues));
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
        let links = Links::new(&session.id, "decision");
        let path = format!("{path}.decisions_made");
        let found = read_links(
            session,
            links,
            &path,
            decisions,
            diagnostics,
            inline_decision,
        );
        contents.inline_decisions.extend(found.inline);
        contents.records.session_decisions.extend(found.links);
    }
    if let Some(issues) = nested.issues {
        contents.listed.issues.insert(session.id.clone());
        let links = Links::new(&session.id, "issue");
        let path = format!("{path}.issues_found");
        let found = read_links(session, links, &path, issues, diagnostics, inline_issue);
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
    session: &Session,
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
        let is_text = value.is_string();
        let rejects = diagnostics.rejects.len();
        let (entry, problem) = match session_links.complete_entry(&path, value) {
            Ok(mut entry) => {
                let problem = entry.problem.take();
                (Some(entry), problem)
            }
            Err(problem) => (None, Some(problem)),
        };
        let is_rejected = problem.is_some();
        if let Some(problem) = problem {
            let reject = Reject::new(&diagnostics.file, &path, vec![problem]);
            // It may be any decision or issue.
            let reject = reject
                .of_record(L::KIND, None)
                .with_contained(T::KIND, None);
            diagnostics.rejects.push(reject);
        }
        let Some(entry) = entry else { continue };
        let found = read_inline(session, &path, &entry.fields, entry.id_source, diagnostics);
        if is_rejected {
            diagnostics.merge_rejects_from(rejects);
            if let Some(reject) = diagnostics.rejects.last_mut() {
                reject
                    .empty_names
                    .extend(found.as_ref().and_then(empty_name_of));
            }
            continue;
        }
        inline.extend(found);
        let mut shape = ShapeBuilder::default();
        if entry.id_source == IdSource::File {
            shape.key("id");
        }
        if is_text {
            shape.text();
        }
        let fields = Json::Object(entry.fields);
        if let Some(mut link) = record::<L>(path, fields, diagnostics, |_| ()) {
            link.shape = Some(diagnostics.share_shape(&shape));
            links.push(link);
        }
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
    let is_text: Vec<bool> = activities.iter().map(Json::is_string).collect();
    let activities: Vec<Json> = activities
        .into_iter()
        .map(|activity| shorthand_to_object(activity, "description"))
        .collect();
    let ids = activity_ids(&session.id, &activities);
    for (index, (value, id)) in activities.into_iter().zip(ids).enumerate() {
        let path = format!("{path}.activities[{index}]");
        if is_text[index] {
            diagnostics.outer_shape.text();
        }
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

/// Sets the session of a nested record, which the document leaves out.
fn set_session(reader: &mut RecordReader<'_, '_>, session: &SessionId) {
    reader.put("session_id", Json::from(session.as_str()));
}
