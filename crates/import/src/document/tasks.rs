//! `WORKSPACE-TASKS.json`: by hand an object with `active_tasks` and `completed_tasks`, from the
//! earlier tool a bare list.

use serde_json::{Value, json};
use wsdb_core::{Claim, Fields, Task};

use super::reading::{Entries, record};
use super::{Contents, Object, decisions, issues, shown};
use crate::reader::{Mappings, Notes, Reader};

pub(super) fn read(list: &str, tasks: Entries<'_>, notes: &mut Notes<'_>, contents: &mut Contents) {
    let status = if list == "completed_tasks" {
        "completed"
    } else {
        "pending"
    };
    let adapt = |reader: &mut Reader<'_, '_>| {
        reader.alias("completed_at", "completed");
        reader.fallback("status", Some(Value::from(status)));
        let changed = reader.peek("completed").filter(|v| v.is_string());
        let updated = changed.or(reader.peek("created")).cloned();
        // Without a time at all, what is missing is `created`.
        reader.fallback("updated", updated.or(Some(Value::Null)));
    };
    for (index, mut value) in tasks.enumerate() {
        let path = notes.place(list, index);
        let claim = take_claim(&mut value);
        let Some(found) = record::<Task>(path.clone(), value, notes, adapt) else {
            continue;
        };
        if let Some(claim) = claim {
            let claim = json!({ "id": found.record.id.as_str(), "claim": claim });
            contents.claims.extend(record(path, claim, notes, |_| ()));
        }
        contents.tasks.push(found);
    }
}

/// The names that a claim goes by. The second is ours alone, for where somebody keeps another
/// thing under the first.
const CLAIM: [&str; 2] = ["claim", "wsdb_claim"];

/// Takes the claim out of a task's object. What is no claim by its shape is a field like any other.
fn take_claim(task: &mut Value) -> Option<Value> {
    let task = task.as_object_mut()?;
    let [shared, ours] = CLAIM;
    let is_claim = |value: &Value| {
        value.is_null() || value.get("holder").is_some() && value.get("expires").is_some()
    };
    let name = match task.get(shared).is_some_and(is_claim) {
        true => shared,
        false => ours,
    };
    task.remove(name).filter(|claim| !claim.is_null())
}

/// A task as its document shows it, with the claim on it.
pub(crate) fn shown_task(task: &Task, claim: Option<&Claim>) -> Object {
    let mut fields = shown(task);
    if let Some(claim) = claim {
        let is_taken = task.document_fields.contains_key(CLAIM[0]);
        fields.push((
            CLAIM[usize::from(is_taken)].into(),
            crate::claim::shown(claim),
        ));
    }
    fields.into()
}

/// Where copies of other documents' records stand.
pub(super) const COPIES: [&str; 2] = ["cross_repo_issues", "recent_decisions"];

/// By hand, issues and decisions are also copied into the document's own fields. The copies stay
/// there as they are; records are made of those that have an id and all that a record needs.
pub(super) fn read_copies(header: &Fields, notes: &Notes<'_>, contents: &mut Contents) {
    // Whatever is missing in a copy is no error of the document.
    let mappings = Mappings::default();
    let mut aside = Notes::new(&notes.file, &mappings);
    let entries = |name: &str| {
        header
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    let [copied_issues, copied_decisions] = COPIES;
    for (index, value) in entries(copied_issues).enumerate() {
        let path = format!("$.{copied_issues}[{index}]");
        let found = record(path, value.clone(), &mut aside, issues::adapt);
        contents.issues_from_words.extend(found);
    }
    for (index, value) in entries(copied_decisions).enumerate() {
        let path = format!("$.{copied_decisions}[{index}]");
        let found = record(path, value.clone(), &mut aside, decisions::adapt);
        contents.decisions_from_words.extend(found);
    }
}
