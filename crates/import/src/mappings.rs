//! Values and keys of documents that the user maps to known ones.

use std::collections::{HashMap, HashSet};

/// Values and keys that the user maps to known ones, such as `status.wontfix=closed` and
/// `team=assigned_to`.
#[derive(Debug, Clone, Default)]
pub struct ValueMappings {
    /// The known value for each field and value.
    pub(crate) values: HashMap<(String, String), String>,
    /// Keys, each with the field that it means.
    pub(crate) keys: Vec<(String, String)>,
}

impl ValueMappings {
    /// Returns the key that a mapping as it was written maps; `None` if it maps a value.
    pub(crate) fn mapped_key(&self, mapping: &str) -> Option<&str> {
        let mut keys = self.keys.iter();
        let found = keys.find(|(key, field)| format!("{key}={field}") == mapping);
        found.map(|(key, _)| key.as_str())
    }

    /// Returns the mappings that no record used, as they were written.
    pub(crate) fn unused(&self, used: &HashSet<(String, String)>) -> Vec<String> {
        let mut unused: Vec<String> = self
            .values
            .iter()
            .filter(|(key, _)| !used.contains(*key))
            .map(|((field, word), to)| format!("{field}.{word}={to}"))
            .collect();
        let keys = self.keys.iter();
        let keys = keys.filter(|(key, _)| !used.contains(&(key.clone(), String::new())));
        unused.extend(keys.map(|(key, field)| format!("{key}={field}")));
        unused.sort_unstable();
        unused
    }
}
