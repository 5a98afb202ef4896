//! The document of the sessions, with the records that they contain.

use std::collections::HashMap;

use wsdb_core::{Activity, Json, JsonObject, Session, SessionDecision, SessionId, SessionIssue};
use wsdb_store::{Store, Transaction};

use crate::document::{Entry, Links, Node, Object, activity_ids, to_document, to_document_without};
use crate::edited_entries::{ListedEntry, find_ids};
use crate::error::Error;
use crate::export::contents::{DocumentContents, DocumentLists, ShapeWriter, named_rev};
use crate::field::FieldValue;
use crate::record::DocumentRecord;
use crate::record_reader::REV_KEY;
use crate::shape::Shape;
use crate::shapes::Shapes;

pub(super) async fn build_sessions(
    store: &Store<Transaction>,
    contents: &mut DocumentContents,
) -> Result<DocumentLists, Error> {
    let sessions = contents.load::<Session>(store).await?;
    let mut activities = contents.load::<Activity>(store).await?;
    if !contents.has_order::<Activity>() {
        // By time, then in the order of ids.
        activities.sort_by_key(|activity| activity.time);
    }
    let decisions = contents.load::<SessionDecision>(store).await?;
    let issues = contents.load::<SessionIssue>(store).await?;
    let total = sessions.len() + activities.len() + decisions.len() + issues.len();
    let decision_shapes = Shapes::load(store, SessionDecision::KIND).await?;
    let issue_shapes = Shapes::load(store, SessionIssue::KIND).await?;

    let mut activity_shapes = ShapeWriter::new::<Activity>(store, contents, &activities).await?;
    let mut shapes = ShapeWriter::new::<Session>(store, contents, &sessions).await?;
    let mut activities = group_by_session(activities, |activity| &activity.session_id);
    let mut decisions = group_by_session(decisions, |link| &link.session_id);
    let mut issues = group_by_session(issues, |link| &link.session_id);
    let mut list = Vec::with_capacity(sessions.len());
    for session in &sessions {
        let id = &session.id;
        let activities = activities.remove(id).unwrap_or_default();
        let decisions = decisions.remove(id).unwrap_or_default();
        let issues = issues.remove(id).unwrap_or_default();
        let nested = [
            (
                "activities",
                convert_activities(session, &activities, &mut activity_shapes),
            ),
            (
                "decisions_made",
                convert_links(Links::new(id, "decision"), &decisions, &decision_shapes),
            ),
            (
                "issues_found",
                convert_links(Links::new(id, "issue"), &issues, &issue_shapes),
            ),
        ];
        let shape = shapes.shape_of(session);
        let mut object: Object = to_document(session, shape.as_ref()).into();
        for (name, nested) in nested {
            let key = shape.as_ref().and_then(|shape| shape.nested_key(name));
            if key.is_some() || shape.is_none() || !nested.is_empty() {
                let key = key.unwrap_or(name).to_owned();
                object.0.push((key.into(), Node::Entries(nested)));
            }
        }
        shapes.complete(session, shape.as_ref(), None, &mut object);
        list.push(object);
    }
    activity_shapes.finish::<Activity>(contents);
    shapes.finish::<Session>(contents);
    Ok(DocumentLists::single(total, "sessions", list))
}

/// Groups nested records by session, in their order.
fn group_by_session<T>(
    records: Vec<T>,
    session: impl Fn(&T) -> &SessionId,
) -> HashMap<SessionId, Vec<T>> {
    let mut nested: HashMap<SessionId, Vec<T>> = HashMap::new();
    for record in records {
        nested
            .entry(session(&record).clone())
            .or_default()
            .push(record);
    }
    nested
}

fn to_json(object: &Object) -> JsonObject {
    let values = object.0.iter().filter_map(|(name, node)| match node {
        Node::Value(value) => Some((name.clone().into_owned(), value.clone())),
        Node::List(_) | Node::Entries(_) => None,
    });
    values.collect()
}

/// Converts the activities of a session, without the session. An activity that had no id in its file gets
/// none if an import finds the same one again, and a text stays one as long as it is nothing else.
fn convert_activities(
    session: &Session,
    activities: &[Activity],
    shapes: &mut ShapeWriter,
) -> Vec<Entry> {
    let assumed = vec![
        ("activity_type", Json::from("note")),
        ("time", session.start_time.to_json()),
    ];
    let mut short: Vec<(Option<Shape>, Object)> = Vec::with_capacity(activities.len());
    for activity in activities {
        let shape = shapes.shape_of(activity);
        let mut object: Object = to_document_without(activity, shape.as_ref(), &assumed).into();
        object.0.retain(|(name, _)| name != "session_id");
        short.push((shape, object));
    }
    let values: Vec<Json> = short
        .iter()
        .map(|(_, object)| Json::Object(to_json(object)))
        .collect();
    let derived = activity_ids(&session.id, &values);
    let has_id = |activity: &Activity| {
        let own = shapes.known.get(activity.id.as_str());
        own.is_none_or(|own| own.has_field("id"))
    };
    let list = activities
        .iter()
        .zip(&derived)
        .map(|(activity, id)| ListedEntry {
            entry: activity,
            derived_id: (!has_id(activity)).then_some(id.as_str()),
        });
    let list: Vec<ListedEntry<'_, Activity>> = list.collect();
    let known: Vec<&Activity> = activities.iter().collect();
    let imported = find_ids(&list, &known);
    let mut entries = Vec::with_capacity(activities.len());
    for ((listed, (shape, mut object)), id) in list.iter().zip(short).zip(imported) {
        let activity = listed.entry;
        let own = shapes
            .known
            .get(activity.id.as_str())
            .filter(|own| own.is_text);
        let is_found = listed.derived_id.is_some() && id == Some(activity.id.as_str());
        let mut others = object.0.iter().filter(|(name, _)| name != "id");
        let text = match (others.next(), others.next()) {
            (Some((name, Node::Value(Json::String(text)))), None) if name == "description" => {
                Some(text.clone()).filter(|_| is_found)
            }
            _ => None,
        };
        // Other databases have to find the same id for an object, because its version depends on the id.
        if is_found && listed.derived_id == id {
            object.0.retain(|(name, _)| name != "id");
        }
        entries.push(match (own, text) {
            (Some(own), Some(text)) => {
                shapes.complete_text(activity, &["description"], &own);
                Entry::Text(text)
            }
            _ => {
                shapes.complete(activity, shape.as_ref(), None, &mut object);
                Entry::Object(object)
            }
        });
    }
    entries
}

/// Converts the links of a session, without the session. Each has the shortest form of those that its shape
/// allows and that an import reads as the same link.
fn convert_links<T: DocumentRecord>(
    mut session_links: Links<'_>,
    links: &[T],
    shapes: &Shapes,
) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(links.len());
    for link in links {
        let rev = named_rev(link, &link.version()).map(|rev| Json::from(rev.to_string()));
        let mut expected = to_json(&to_document(link, None).into());
        if let Some(rev) = &rev {
            expected.insert(REV_KEY.to_owned(), rev.clone());
        }
        let mut found = None;
        for mut form in link_forms(link, shapes.get(link.id().as_ref())) {
            if let (Entry::Object(object), Some(rev)) = (&mut form, &rev) {
                object.0.push((REV_KEY.into(), Node::Value(rev.clone())));
            }
            let mut after = session_links.clone();
            let value = match &form {
                Entry::Object(object) => Json::Object(to_json(object)),
                Entry::Text(text) => Json::from(text.as_str()),
            };
            let imported = after.complete_entry("", value);
            let is_same = imported.is_ok_and(|imported| imported.fields == expected);
            found = Some((form, after));
            if is_same {
                break;
            }
        }
        if let Some((form, after)) = found {
            entries.push(form);
            session_links = after;
        }
    }
    entries
}

/// Returns the forms in which a link can be written, the shortest first and the complete one last.
fn link_forms<T: DocumentRecord>(link: &T, shape: Option<Shape>) -> Vec<Entry> {
    let without = |left_out: &[&str]| {
        let mut fields = to_document(link, None);
        fields.retain(|(name, _)| !left_out.contains(&name.as_ref()));
        Object::from(fields)
    };
    let mut forms = Vec::new();
    if let Some(shape) = shape {
        let short = if shape.has_field("id") {
            without(&["session_id", "link_id"])
        } else {
            without(&["session_id", "link_id", "id"])
        };
        match &short.0[..] {
            [(_, Node::Value(Json::String(text)))] if shape.is_text => {
                forms.push(Entry::Text(text.clone()));
            }
            _ => {}
        }
        forms.push(Entry::Object(short));
    }
    forms.push(Entry::Object(without(&["session_id", "link_id"])));
    forms.push(Entry::Object(without(&["session_id"])));
    forms
}
