//! Fields with other names or values in some of the shapes in use.

use wsdb_core::Json;

use crate::record_reader::RecordReader;

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
    reader.default_with_warning("severity", "MEDIUM");
    let is_resolved = reader
        .peek("resolved_at")
        .is_some_and(|time| !time.is_null());
    reader.default_with_warning("status", if is_resolved { "resolved" } else { "open" });
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
