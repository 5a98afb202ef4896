//! `CONTEXT-LOG.json`: visits.

use super::Contents;
use super::parse::{Entries, records};
use crate::reader::FileDiagnostics;

pub(super) fn read(values: Entries<'_>, notes: &mut FileDiagnostics<'_>, contents: &mut Contents) {
    records(
        "context_switches",
        values,
        notes,
        &mut contents.contexts,
        |_| (),
    );
}
