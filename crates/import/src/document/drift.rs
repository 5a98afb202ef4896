//! `DRIFT.json`: scans and detections.

use serde_json::Value;

use super::{Contents, records};
use crate::reader::Notes;

pub(super) fn read(list: &str, values: Vec<Value>, notes: &mut Notes<'_>, contents: &mut Contents) {
    match list {
        "drift_scans" => contents.scans.extend(records(list, values, notes, |_| ())),
        _ => contents
            .detections
            .extend(records(list, values, notes, |_| ())),
    }
}
