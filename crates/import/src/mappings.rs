//! Values of documents that the user maps to known ones.

use std::collections::{HashMap, HashSet};

/// Values that the user maps to known ones, such as `status.wontfix=closed`.
#[derive(Debug, Clone, Default)]
pub struct ValueMappings(pub(crate) HashMap<(String, String), String>);

impl ValueMappings {
    /// Parses mappings of the form `FIELD.VALUE=KNOWN`, such as `status.wontfix=closed`.
    ///
    /// # Errors
    /// Returns a message that describes the expected form.
    pub fn parse<S: AsRef<str>>(mappings: impl IntoIterator<Item = S>) -> Result<Self, String> {
        let mut all = HashMap::new();
        for mapping in mappings {
            let mapping = mapping.as_ref();
            let parts = mapping
                .split_once('.')
                .and_then(|(field, rest)| rest.rsplit_once('=').map(|(word, to)| (field, word, to)))
                .filter(|(field, word, to)| {
                    !field.is_empty() && !word.is_empty() && !to.is_empty()
                });
            let Some((field, word, to)) = parts else {
                return Err(format!(
                    "invalid mapping {mapping:?}: expected FIELD.VALUE=KNOWN, such as status.wontfix=closed"
                ));
            };
            let key = (field.to_owned(), word.to_lowercase());
            if all
                .insert(key, to.to_owned())
                .is_some_and(|before| before != to)
            {
                return Err(format!("{field}.{word} is mapped to two different values"));
            }
        }
        Ok(ValueMappings(all))
    }

    /// Returns the mappings that no record used, as they were written.
    pub(crate) fn unused(&self, used: &HashSet<(String, String)>) -> Vec<String> {
        let mut unused: Vec<String> = self
            .0
            .iter()
            .filter(|(key, _)| !used.contains(*key))
            .map(|((field, word), to)| format!("{field}.{word}={to}"))
            .collect();
        unused.sort_unstable();
        unused
    }
}
