//! `ARCHITECTURE-DECISIONS.json`: an object with `decisions` in both generations.

use serde_json::Value;

use super::Contents;
use super::reading::{Entries, records};
use crate::reader::{Notes, Reader};

pub(super) fn read(decisions: Entries<'_>, notes: &mut Notes<'_>, contents: &mut Contents) {
    records(
        "decisions",
        decisions,
        notes,
        &mut contents.decisions,
        adapt,
    );
}

pub(super) fn adapt(reader: &mut Reader<'_, '_>) {
    // An empty session and null mean the same.
    if reader.peek("session").is_some_and(|session| session == "") {
        reader.put("session", Value::Null);
    }
}
