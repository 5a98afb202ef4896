//! JSON output.

use serde::ser::{Serialize, SerializeMap, Serializer};
use wsdb_core::is_control_or_bidi;

/// Formats a value as JSON. Characters that could move the cursor or change the writing direction
/// are escaped; in valid JSON they occur only inside strings.
pub(crate) fn to_json(value: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string_pretty(value).map(escape_json)
}

pub(crate) fn escape_json(json: String) -> String {
    // Control characters below U+0020 are escaped already; line breaks only separate values.
    let needs_escape = |c: char| c > '~' && is_control_or_bidi(c);
    if !json.contains(needs_escape) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len() + 8);
    for character in json.chars() {
        if needs_escape(character) {
            escaped.push_str(&format!("\\u{:04x}", u32::from(character)))
        } else {
            escaped.push(character)
        }
    }
    escaped
}

/// A list as JSON: `{"tasks": […], "total": N}`, and `"hidden": N` if the list leaves out finished
/// records.
pub(super) struct ListJson<'a, V> {
    pub(super) name: &'a str,
    pub(super) records: &'a [V],
    pub(super) total: u64,
    pub(super) hidden: Option<u64>,
}

impl<V: Serialize> Serialize for ListJson<'_, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(self.name, self.records)?;
        map.serialize_entry("total", &self.total)?;
        if let Some(hidden) = &self.hidden {
            map.serialize_entry("hidden", hidden)?;
        }
        map.end()
    }
}
