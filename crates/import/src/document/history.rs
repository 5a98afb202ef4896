//! `HISTORY.json`: all actions, and how they changed the records.

use serde::{Deserialize, Serialize};
use wsdb_core::{
    Action, ActionId, ActionWithChanges, ChangeKind, Json, JsonObject, RecordChange, SessionId,
    Timestamp,
};

use super::contents::Contents;
use super::list::Entries;
use super::write::{Node, Object};
use crate::file_diagnostics::FileDiagnostics;

/// One action.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: ActionId,
    time: Timestamp,
    actor: String,
    session: Option<SessionId>,
    verb: String,
    undoes: Option<ActionId>,
    undone_by: Option<ActionId>,
    changes: Vec<Change>,
}

/// A change of records in one table.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    table: String,
    kind: String,
    records: Vec<String>,
    #[serde(default, skip_serializing_if = "JsonObject::is_empty")]
    before: JsonObject,
    #[serde(default, skip_serializing_if = "JsonObject::is_empty")]
    after: JsonObject,
}

pub(super) fn read(
    values: Entries<'_>,
    diagnostics: &mut FileDiagnostics<'_>,
    contents: &mut Contents,
) {
    for (index, value) in values.enumerate() {
        let path = diagnostics.record_path("actions", index);
        match parse_entry(value) {
            Ok(entry) => contents.history.push(entry),
            Err(reason) => diagnostics.reject(&path, reason),
        }
    }
}

fn parse_entry(value: Json) -> Result<ActionWithChanges, String> {
    let entry: Entry = value.decode().map_err(|error| error.to_string())?;
    let action = entry.id;
    let changes = entry.changes.into_iter().map(|change| {
        let kind: ChangeKind = change.kind.parse()?;
        wsdb_store::noun_of_table(&change.table).map_err(|error| error.to_string())?;
        let is_whole = match kind {
            ChangeKind::Added => change.before.is_empty(),
            // Many records may have changed in the same way.
            ChangeKind::Changed => true,
            ChangeKind::Removed => change.records.len() == 1 && change.after.is_empty(),
        };
        if change.records.is_empty() || !is_whole {
            return Err(format!("the change to {} is incomplete", change.table));
        }
        Ok(RecordChange {
            id: 0,
            action,
            table: change.table,
            records: change.records,
            kind,
            before: change.before,
            after: change.after,
        })
    });
    Ok(ActionWithChanges {
        action: Action {
            id: action,
            time: entry.time,
            actor: entry.actor,
            session: entry.session,
            verb: entry.verb,
            undoes: entry.undoes,
            undone_by: entry.undone_by,
        },
        changes: changes.collect::<Result<_, String>>()?,
    })
}

/// Converts an action to its form in the document.
pub(crate) fn to_document(action: Action, changes: Vec<RecordChange>) -> Object {
    let Action {
        id,
        time,
        actor,
        session,
        verb,
        undoes,
        undone_by,
    } = action;
    let changes = changes.into_iter().map(|change| Change {
        table: change.table,
        kind: change.kind.as_str().to_owned(),
        records: change.records,
        before: change.before,
        after: change.after,
    });
    Object(vec![
        ("id".into(), node(id)),
        ("time".into(), node(time)),
        ("actor".into(), node(actor)),
        ("session".into(), node(session)),
        ("verb".into(), node(verb)),
        ("undoes".into(), node(undoes)),
        ("undone_by".into(), node(undone_by)),
        ("changes".into(), node(changes.collect::<Vec<_>>())),
    ])
}

fn node(value: impl Serialize) -> Node {
    // Strings, numbers and lists of them always encode.
    Node::Value(Json::encode(&value).unwrap_or_default())
}
