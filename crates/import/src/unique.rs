//! Values that no two records of a kind may share: ids, and what a table keeps unique.

use std::collections::HashMap;

use wsdb_core::{ArchitectureState, ComponentPlacement, ContextSwitch};
use wsdb_store::Kept;

use crate::error::Reject;
use crate::reader::Found;

/// Takes out what repeats the id of a record before it.
pub(crate) fn ids<T: Kept>(found: &mut Vec<Found<T>>, rejects: &mut Vec<Reject>) {
    by(found, rejects, |record| {
        Some(format!("the id {}", record.id().as_ref()))
    });
}

/// Takes out states that share a name.
pub(crate) fn states(found: &mut Vec<Found<ArchitectureState>>, rejects: &mut Vec<Reject>) {
    by(found, rejects, |state| {
        Some(format!("the state name {:?}", state.state_name))
    });
}

/// Takes out placements of the same component in the same state.
pub(crate) fn placements(found: &mut Vec<Found<ComponentPlacement>>, rejects: &mut Vec<Reject>) {
    by(found, rejects, |placement| {
        let state = placement.architecture_state_id.as_ref()?;
        Some(format!(
            "the component {:?} in state {state}",
            placement.component_name
        ))
    });
}

/// Takes out context switches that share a context id.
pub(crate) fn contexts(found: &mut Vec<Found<ContextSwitch>>, rejects: &mut Vec<Reject>) {
    by(found, rejects, |switch| {
        switch
            .context_id
            .as_ref()
            .map(|id| format!("the context id {id:?}"))
    });
}

fn by<T>(found: &mut Vec<Found<T>>, rejects: &mut Vec<Reject>, key: impl Fn(&T) -> Option<String>) {
    let mut seen: HashMap<String, String> = HashMap::with_capacity(found.len());
    found.retain(|found| {
        let Some(key) = key(&found.record) else {
            return true;
        };
        let place = format!("{}, {}", found.file.display(), found.path);
        match seen.get(&key) {
            None => {
                seen.insert(key, place);
                true
            }
            Some(first) => {
                let reason = format!("{key} stands at {first} already");
                rejects.push(Reject {
                    file: found.file.clone(),
                    path: found.path.clone(),
                    reasons: vec![(found.path.clone(), reason)],
                    record: serde_json::Value::Null,
                });
                false
            }
        }
    });
}
