//! `CONFIGURATION.json`: snapshots and changes.

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
        "configuration_snapshots" => {
            records(list, values, notes, &mut contents.snapshots, |_| ());
        }
        _ => records(list, values, notes, &mut contents.changes, |_| ()),
    }
}
