//! `CROSS-REPO-ISSUES.json`: files written by hand have `type`, `related_task` and sometimes `repo`,
//! those of the earlier tool `issue_type` and `related_task_id`.

use wsdb_core::Json;

use super::Contents;
use super::parse::{Entries, records};
use crate::reader::{FileDiagnostics, Reader};

pub(super) fn read(issues: Entries<'_>, notes: &mut FileDiagnostics<'_>, contents: &mut Contents) {
    records("issues", issues, notes, &mut contents.issues, normalize);
}

pub(super) fn normalize(reader: &mut Reader<'_, '_>) {
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
