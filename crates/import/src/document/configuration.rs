//! `CONFIGURATION.json`: snapshots and changes.

use serde_json::Value;

use super::{Contents, records};
use crate::reader::Notes;

pub(super) fn read(list: &str, values: Vec<Value>, notes: &mut Notes<'_>, contents: &mut Contents) {
    match list {
        "configuration_snapshots" => {
            contents
                .snapshots
                .extend(records(list, values, notes, |_| ()))
        }
        _ => contents
            .changes
            .extend(records(list, values, notes, |_| ())),
    }
}
