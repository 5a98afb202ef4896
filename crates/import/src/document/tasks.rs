//! `WORKSPACE-TASKS.json`: files written by hand are an object with `active_tasks` and
//! `completed_tasks`, those of the earlier tool a bare list.

use wsdb_core::{Claim, Json, JsonObject, Task, json};

use super::contents::Contents;
use super::inline::{IdSource, parse_inline};
use super::list::{Entries, record};
use super::write::{Object, to_document_without};
use crate::file_diagnostics::FileDiagnostics;
use crate::normalize;
use crate::record::DocumentRecord;
use crate::record_reader::RecordReader;
pub(crate) use crate::shape::COMPLETED_TASKS;
use crate::shape::{Shape, ShapeBuilder};

/// Returns the status of a task that has none in its file.
fn status_in_list(list: &str) -> &'static str {
    if list == COMPLETED_TASKS {
        "completed"
    } else {
        "pending"
    }
}

pub(super) fn read(
    list: &str,
    tasks: Entries<'_>,
    diagnostics: &mut FileDiagnostics<'_>,
    contents: &mut Contents,
) {
    let status = status_in_list(list);
    let adapt = |reader: &mut RecordReader<'_, '_>| {
        reader.alias_with_note("completed_at", "completed");
        reader.default_for_new("status", Some(Json::from(status)));
        let changed = reader.peek("completed").filter(|v| v.is_string());
        let updated = changed.or(reader.peek("created")).cloned();
        // If the task has no time at all, `created` is the missing field.
        reader.default_for_new("updated", updated.or(Some(Json::Null)));
    };
    for (index, mut value) in tasks.enumerate() {
        let path = diagnostics.record_path(list, index);
        let claim = take_claim(&mut value, &path, diagnostics);
        let rejects = diagnostics.rejects.len();
        if !diagnostics.is_bare {
            diagnostics.outer_shape.list(list);
        }
        let mut found = record::<Task>(path.clone(), value, diagnostics, adapt);
        if let Some(found) = &mut found
            && list != COMPLETED_TASKS
            && found.record.status.is_terminal()
            && let Some(shape) = found.shape.take()
        {
            // It was closed, and left where it is.
            found.shape = Some(diagnostics.share_shape(&ShapeBuilder::pinned(&shape)));
        }
        if let Some(claim) = claim {
            // A rejected task takes its claim along; only the problems of the claim count.
            let id = found
                .as_ref()
                .map_or("rejected", |task| task.record.id.as_str());
            let claim = json!({ "id": id, "claim": claim });
            let claim = record(path, claim, diagnostics, |_| ());
            contents
                .records
                .claims
                .extend(claim.filter(|_| found.is_some()));
        }
        if found.is_none() {
            diagnostics.merge_rejects_from(rejects);
        }
        contents.records.tasks.extend(found);
    }
}

/// The keys of a claim. The second is used if a document has something else under the first.
const CLAIM: [&str; 2] = ["claim", "wsdb_claim"];

/// Removes the claim from a task's object. A value that is not shaped like a claim stays a field, with a
/// warning if it looks like an incomplete one.
fn take_claim(task: &mut Json, path: &str, diagnostics: &mut FileDiagnostics<'_>) -> Option<Json> {
    let task = task.as_object_mut()?;
    let [shared, ours] = CLAIM;
    let mut name = ours;
    if let Some(value) = task.get(shared) {
        let has = |field: &str| value.get(field).is_some_and(|value| !value.is_null());
        let required = ["holder", "since", "expires"];
        if value.is_null() || required.iter().all(|field| value.get(*field).is_some()) {
            name = shared;
        } else if has("holder") || has("expires") {
            let missing = required.into_iter().filter(|field| !has(field));
            let missing: Vec<String> = missing.map(|field| format!("{field:?}")).collect();
            let (noun, missing) = match missing.as_slice() {
                [field] => ("field", field.clone()),
                fields => ("fields", fields.join(" and ")),
            };
            diagnostics.warn(
                &format!("{path}.{shared}"),
                format!("{shared} is kept, but does not claim the task: missing {noun} {missing}"),
            );
        }
    }
    task.remove(name).filter(|claim| !claim.is_null())
}

/// Converts a task and its claim to their form in this list of the document.
pub(crate) fn task_to_document(
    task: &Task,
    claim: Option<&Claim>,
    list: &str,
    shape: Option<&Shape>,
) -> Object {
    let mut assumed = task.assumed_fields();
    let is_kept = |shape: &&Shape| shape.list.as_deref().is_none_or(|before| before == list);
    if shape.filter(is_kept).is_some() {
        assumed.push(("status", Json::from(status_in_list(list))));
    }
    let mut fields = to_document_without(task, shape, &assumed);
    if let Some(claim) = claim {
        let is_taken = task.document_fields.contains_key(CLAIM[0]);
        fields.push((
            CLAIM[usize::from(is_taken)].into(),
            crate::claim::to_document(claim),
        ));
    }
    fields.into()
}

/// The document fields that contain copies of other documents' records.
pub(super) const EMBEDDED_LISTS: [&str; 2] = ["cross_repo_issues", "recent_decisions"];

/// Reads the copies of issues and decisions that people keep in the document fields. The copies
/// stay there; those with an id and all required fields also become records.
pub(super) fn read_embedded(
    header: &JsonObject,
    diagnostics: &mut FileDiagnostics<'_>,
    contents: &mut Contents,
) {
    let [copied_issues, copied_decisions] = EMBEDDED_LISTS;
    for (path, fields) in embedded(header, copied_issues) {
        let found = parse_inline(
            diagnostics,
            IdSource::File,
            fields,
            |fields, diagnostics| record(path, fields, diagnostics, normalize::issue),
        );
        contents.inline_issues.extend(found);
    }
    for (path, fields) in embedded(header, copied_decisions) {
        let found = parse_inline(
            diagnostics,
            IdSource::File,
            fields,
            |fields, diagnostics| record(path, fields, diagnostics, normalize::decision),
        );
        contents.inline_decisions.extend(found);
    }
}

/// Returns the objects with an id in a list of copies, each with its path.
fn embedded<'h>(
    header: &'h JsonObject,
    list: &'static str,
) -> impl Iterator<Item = (String, JsonObject)> + use<'h> {
    let copies = header.get(list).and_then(Json::as_array);
    let copies = copies.into_iter().flatten().enumerate();
    copies.filter_map(move |(index, value)| {
        let fields = value.as_object()?;
        fields.get("id").filter(|id| !id.is_null())?;
        Some((format!("$.{list}[{index}]"), fields.clone()))
    })
}
