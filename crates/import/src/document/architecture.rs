//! `ARCHITECTURE.json`: states, placements and goals.

use super::Contents;
use super::parse::{Entries, records};
use crate::reader::FileDiagnostics;

pub(super) fn read(
    list: &str,
    values: Entries<'_>,
    notes: &mut FileDiagnostics<'_>,
    contents: &mut Contents,
) {
    match list {
        "architecture_states" => {
            // The older shape has no name; its id is unique as well.
            records(list, values, notes, &mut contents.states, |reader| {
                let id = reader.peek("id").cloned();
                reader.default_for_new("state_name", id);
            });
        }
        "component_placements" => {
            records(list, values, notes, &mut contents.placements, |reader| {
                let created = reader.peek("created_at").cloned();
                reader.default_for_new("updated_at", created);
            });
        }
        _ => records(list, values, notes, &mut contents.goals, |_| ()),
    }
}
