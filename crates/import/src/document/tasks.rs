//! `WORKSPACE-TASKS.json`: by hand an object with `active_tasks` and `completed_tasks`, from the
//! earlier tool a bare list.

use serde_json::Value;
use wsdb_core::Fields;

use super::reading::{Entries, record, records};
use super::{Contents, decisions, issues};
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
        reader.fallback("updated", updated);
    };
    records(list, tasks, notes, &mut contents.tasks, adapt);
}

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
    for (index, value) in entries("cross_repo_issues").enumerate() {
        let path = format!("$.cross_repo_issues[{index}]");
        let found = record(path, value.clone(), &mut aside, issues::adapt);
        contents.issues_from_words.extend(found);
    }
    for (index, value) in entries("recent_decisions").enumerate() {
        let path = format!("$.recent_decisions[{index}]");
        let found = record(path, value.clone(), &mut aside, decisions::adapt);
        contents.decisions_from_words.extend(found);
    }
}
