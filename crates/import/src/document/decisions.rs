//! `ARCHITECTURE-DECISIONS.json`: an object with `decisions` in both generations.

use wsdb_core::Json;

use super::Contents;
use super::parse::{Entries, records};
use crate::reader::{FileDiagnostics, Reader};

pub(super) fn read(
    decisions: Entries<'_>,
    notes: &mut FileDiagnostics<'_>,
    contents: &mut Contents,
) {
    records(
        "decisions",
        decisions,
        notes,
        &mut contents.decisions,
        normalize,
    );
}

pub(super) fn normalize(reader: &mut Reader<'_, '_>) {
    // An empty session and null mean the same.
    if reader.peek("session").is_some_and(|session| session == "") {
        reader.put("session", Json::Null);
    }
}
