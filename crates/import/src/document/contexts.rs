//! `CONTEXT-LOG.json`: context switches.

use super::Contents;
use super::reading::{Entries, records};
use crate::reader::Notes;

pub(super) fn read(values: Entries<'_>, notes: &mut Notes<'_>, contents: &mut Contents) {
    records(
        "context_switches",
        values,
        notes,
        &mut contents.contexts,
        |_| (),
    );
}
