//! Values that no two records of a kind may share: ids, and what a table keeps unique.

use std::borrow::Cow;
use std::collections::HashMap;

use wsdb_core::{ArchitectureState, ComponentPlacement, ContextSwitch};
use wsdb_store::Kept;

use crate::error::Reject;
use crate::reader::Found;

/// Takes out what repeats the id of a record before it.
pub(crate) fn ids<T: Kept>(found: &mut Vec<Found<T>>, rejects: &mut Vec<Reject>) {
    by(found, rejects, "the id", |record| {
        Some(record.id().as_ref().into())
    });
}

/// Takes out states that share a name.
pub(crate) fn states(found: &mut Vec<Found<ArchitectureState>>, rejects: &mut Vec<Reject>) {
    by(found, rejects, "the state name", |state| {
        Some(state.state_name.as_str().into())
    });
}

/// Takes out placements of the same component in the same state.
pub(crate) fn placements(found: &mut Vec<Found<ComponentPlacement>>, rejects: &mut Vec<Reject>) {
    by(found, rejects, "the component and state", |placement| {
        let state = placement.architecture_state_id.as_ref()?;
        Some(format!("{} in {state}", placement.component_name).into())
    });
}

/// Takes out context switches that share a context id.
pub(crate) fn contexts(found: &mut Vec<Found<ContextSwitch>>, rejects: &mut Vec<Reject>) {
    by(found, rejects, "the context id", |switch| {
        switch.context_id.as_deref().map(Cow::Borrowed)
    });
}

fn by<T>(
    found: &mut Vec<Found<T>>,
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
        let (file, path) = (found[at].file.display().to_string(), found[at].path.clone());
        let repeat = found.remove(index);
        let key = key(&repeat.record).unwrap_or_default();
        rejects.push(Reject {
            reasons: vec![(
                repeat.path.clone(),
                format!("{what} {key} stands at {file}, {path} already"),
            )],
            file: repeat.file.to_path_buf(),
            path: repeat.path,
            record: serde_json::Value::Null,
        });
    }
}
