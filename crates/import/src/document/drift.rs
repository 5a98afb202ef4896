//! `DRIFT.json`: scans and detections.

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
        "drift_scans" => records(list, values, notes, &mut contents.scans, |_| ()),
        _ => records(list, values, notes, &mut contents.detections, |_| ()),
    }
}
