//! `ARCHITECTURE.json`: states, placements and goals.

use serde_json::Value;

use super::{Contents, records};
use crate::reader::Notes;

pub(super) fn read(list: &str, values: Vec<Value>, notes: &mut Notes<'_>, contents: &mut Contents) {
    match list {
        "architecture_states" => {
            // The older shape has no name; its id is as unique.
            let states = records(list, values, notes, |reader| {
                let id = reader.peek("id").cloned();
                reader.fallback("state_name", id);
            });
            contents.states.extend(states);
        }
        "component_placements" => {
            let placements = records(list, values, notes, |reader| {
                let created = reader.peek("created_at").cloned();
                reader.fallback("updated_at", created);
            });
            contents.placements.extend(placements);
        }
        _ => contents.goals.extend(records(list, values, notes, |_| ())),
    }
}
