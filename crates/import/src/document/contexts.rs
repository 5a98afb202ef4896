//! `CONTEXT-LOG.json`: context switches.

use serde_json::Value;

use super::{Contents, records};
use crate::reader::Notes;

pub(super) fn read(values: Vec<Value>, notes: &mut Notes<'_>, contents: &mut Contents) {
    contents
        .contexts
        .extend(records("context_switches", values, notes, |_| ()));
}
