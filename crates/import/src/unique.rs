//! Rejects records that share a value that must be unique, such as an id.

use std::borrow::Cow;
use std::collections::HashMap;

use wsdb_core::{ArchitectureState, ComponentPlacement, ContextSwitch};
use wsdb_store::Record;

use crate::error::Reject;
use crate::reader::ParsedRecord;

/// Removes records that repeat the id of an earlier one.
pub(crate) fn ids<T: Record>(found: &mut Vec<ParsedRecord<T>>, rejects: &mut Vec<Reject>) {
    check_unique_by(found, rejects, "id", |record| {
        Some(record.id().as_ref().into())
    });
}

/// Removes states that share a name.
pub(crate) fn states(found: &mut Vec<ParsedRecord<ArchitectureState>>, rejects: &mut Vec<Reject>) {
    check_unique_by(found, rejects, "state name", |state| {
        Some(state.state_name.as_str().into())
    });
}

/// Removes placements of the same component in the same state.
pub(crate) fn placements(
    found: &mut Vec<ParsedRecord<ComponentPlacement>>,
    rejects: &mut Vec<Reject>,
) {
    check_unique_by(found, rejects, "placement of", |placement| {
        let state = placement.architecture_state_id.as_ref()?;
        Some(format!("{} in {state}", placement.component_name).into())
    });
}

/// Removes visits that share a context id.
pub(crate) fn contexts(found: &mut Vec<ParsedRecord<ContextSwitch>>, rejects: &mut Vec<Reject>) {
    check_unique_by(found, rejects, "context id", |switch| {
        switch.context_id.as_deref().map(Cow::Borrowed)
    });
}

fn check_unique_by<T>(
    found: &mut Vec<ParsedRecord<T>>,
    rejects: &mut Vec<Reject>,
    what: &str,
    key: impl Fn(&T) -> Option<Cow<'_, str>>,
) {
    let mut first: HashMap<Cow<'_, str>, usize> = HashMap::with_capacity(found.len());
    let mut repeats: Vec<(usize, usize)> = Vec::new();
    for (index, found) in found.iter().enumerate() {
        if let Some(key) = key(&found.record) {
            let at = *first.entry(key).or_insert(index);
            if at != index {
                repeats.push((index, at));
            }
        }
    }
    for (index, at) in repeats.into_iter().rev() {
        let (file, path) = (found[at].file.clone(), found[at].path.clone());
        let repeat = found.remove(index);
        let first = match file == repeat.file {
            true => path,
            false => format!("{}, {path}", file.display()),
        };
        let key = key(&repeat.record).unwrap_or_default();
        rejects.push(Reject {
            reasons: vec![(
                repeat.path.clone(),
                format!("duplicate {what} {key} (first defined at {first})"),
            )],
            file: repeat.file.to_path_buf(),
            path: repeat.path,
            record: wsdb_core::Json::Null,
        });
    }
}
