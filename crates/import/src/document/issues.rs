//! `CROSS-REPO-ISSUES.json`: by hand with `type`, `related_task` and sometimes `repo`, from the
//! earlier tool with `issue_type` and `related_task_id`.

use serde_json::Value;

use super::Contents;
use super::reading::{Entries, records};
use crate::reader::{Notes, Reader};

pub(super) fn read(issues: Entries<'_>, notes: &mut Notes<'_>, contents: &mut Contents) {
    records("issues", issues, notes, &mut contents.issues, adapt);
}

pub(super) fn adapt(reader: &mut Reader<'_, '_>) {
    reader.alias("type", "issue_type");
    reader.alias("related_task", "related_task_id");
    // `repo` itself is kept among the fields without a column.
    if reader.peek("repos_affected").is_none()
        && let Some(repo) = reader.peek("repo")
        && repo.as_str().is_some_and(|repo| !repo.is_empty())
    {
        let repos = Value::Array(vec![repo.clone()]);
        reader.put("repos_affected", repos);
    }
    // Every issue has both here, and those written by hand sometimes don't say.
    reader.assume("severity", "MEDIUM");
    let is_resolved = reader
        .peek("resolved_at")
        .is_some_and(|time| !time.is_null());
    reader.assume("status", if is_resolved { "resolved" } else { "open" });
}
