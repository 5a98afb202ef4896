//! Fields with other names or values in some of the shapes in use.

use wsdb_core::{ArchitectureState, ComponentPlacement, Issue, Json, Session, Task};

use crate::field::FieldValue;
use crate::record_reader::RecordReader;
use crate::shape::AssumedFields;

/// The severity of an issue that has none in its file.
const DEFAULT_SEVERITY: &str = "MEDIUM";

/// Files written by hand have `type`, `related_task` and sometimes `repo`, those of the earlier tool
/// `issue_type` and `related_task_id`.
pub(crate) fn issue(reader: &mut RecordReader<'_, '_>) {
    reader.alias("type", "issue_type");
    reader.alias("related_task", "related_task_id");
    // `repo` itself is kept among the fields without a column.
    if reader.peek("repos_affected").is_none()
        && let Some(repo) = reader.peek("repo")
        && repo.as_str().is_some_and(|repo| !repo.is_empty())
    {
        let repos = Json::Array(vec![repo.clone()]);
        reader.put("repos_affected", repos);
    }
    // Both are required here, but documents written by hand sometimes lack them.
    reader.default_with_warning("severity", DEFAULT_SEVERITY);
    let is_resolved = reader
        .peek("resolved_at")
        .is_some_and(|time| !time.is_null());
    reader.default_with_warning("status", status_of_issue(is_resolved));
}

pub(crate) fn decision(reader: &mut RecordReader<'_, '_>) {
    // An empty session and null mean the same.
    if reader.peek("session").is_some_and(|session| session == "") {
        reader.put("session", Json::Null);
    }
}

pub(crate) fn architecture_state(reader: &mut RecordReader<'_, '_>) {
    // The older shape has no name; its id is unique as well.
    let id = reader.peek("id").cloned();
    reader.default_for_new("state_name", id);
}

pub(crate) fn placement(reader: &mut RecordReader<'_, '_>) {
    let created = reader.peek("created_at").cloned();
    reader.default_for_new("updated_at", created);
}

/// Returns the value that an import assumes for the fields that a task lacks, apart from its status.
pub(crate) fn assumed_of_task(task: &Task) -> AssumedFields {
    let changed = task.completed_at.unwrap_or(task.created);
    vec![("updated", changed.to_json())]
}

pub(crate) fn assumed_of_session(session: &Session) -> AssumedFields {
    let status = status_of_session(session.end_time.is_some());
    vec![("status", Json::from(status))]
}

/// Returns the status of a session that has none in its file.
pub(crate) fn status_of_session(has_ended: bool) -> &'static str {
    if has_ended {
        "completed"
    } else {
        "in_progress"
    }
}

pub(crate) fn assumed_of_issue(issue: &Issue) -> AssumedFields {
    let status = status_of_issue(issue.resolved_at.is_some());
    vec![
        ("severity", Json::from(DEFAULT_SEVERITY)),
        ("status", Json::from(status)),
    ]
}

fn status_of_issue(is_resolved: bool) -> &'static str {
    if is_resolved { "resolved" } else { "open" }
}

pub(crate) fn assumed_of_state(state: &ArchitectureState) -> AssumedFields {
    vec![("state_name", state.id.to_json())]
}

pub(crate) fn assumed_of_placement(placement: &ComponentPlacement) -> AssumedFields {
    vec![("updated_at", placement.created_at.to_json())]
}
