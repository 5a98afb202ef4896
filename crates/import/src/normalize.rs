//! Fields with other names or values in some of the shapes in use.

use wsdb_core::{ArchitectureState, ComponentPlacement, Issue, Json, Session, Task};

use crate::field::FieldValue;
use crate::record_reader::{RecordReader, is_empty};
use crate::shape::AssumedFields;

/// The severity of an issue that has none in its file.
const DEFAULT_SEVERITY: &str = "MEDIUM";

/// Files written by hand have `type`, `related_task` and sometimes `repo`, those of the earlier tool
/// `issue_type` and `related_task_id`.
pub(crate) fn issue(reader: &mut RecordReader<'_, '_>) {
    reader.alias("type", "issue_type");
    reader.alias("related_task", "related_task_id");
    read_repo(reader);
    // Both are required here, but documents written by hand sometimes lack them.
    reader.default_with_warning("severity", DEFAULT_SEVERITY);
    let is_resolved = reader
        .peek("resolved_at")
        .is_some_and(|time| !time.is_null());
    reader.default_with_warning("status", status_of_issue(is_resolved));
}

/// Reads `repo` as `repos_affected`. It is also kept among the fields without a column.
fn read_repo(reader: &mut RecordReader<'_, '_>) {
    let repos = match reader.peek("repo") {
        Some(repo @ Json::String(_)) if !is_empty(repo) => Json::Array(vec![repo.clone()]),
        Some(Json::Array(repos)) if !repos.is_empty() && repos.iter().all(Json::is_string) => {
            Json::Array(repos.clone())
        }
        Some(repo) if !is_empty(repo) => return reader.note_misfit("repo", "repos_affected"),
        _ => return,
    };
    let affected = reader.peek("repos_affected");
    // An export contains what was kept, although the repos may have changed since.
    let is_kept = affected.is_some() && reader.names_version();
    if affected.is_none_or(|affected| is_empty(affected) && !is_kept) {
        reader.put("repos_affected", repos);
    } else if !is_kept {
        reader.add_second_value("repo", "repos_affected", repos);
    }
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
    reader.default_for_new("state_name", id.or(Some(Json::Null)));
}

pub(crate) fn placement(reader: &mut RecordReader<'_, '_>) {
    // If it is missing, that is the only problem.
    let created = reader.peek("created_at").cloned();
    reader.default_for_new("updated_at", created.or(Some(Json::Null)));
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
