//! What is noted while the value of a field is read.

use std::collections::HashSet;
use std::path::Path;

use crate::mappings::ValueMappings;
use crate::report::Warning;

/// The mapped and substituted values of one field.
pub(crate) struct ValueContext<'a> {
    pub(crate) field: &'a str,
    /// The name of the field in the file.
    pub(crate) name_in_file: &'a str,
    pub(crate) file: &'a Path,
    pub(crate) path: &'a str,
    pub(crate) mappings: &'a ValueMappings,
    pub(crate) used: &'a mut HashSet<(String, String)>,
    /// Whether a value of another type is an error, even if its meaning is clear.
    pub(crate) is_strict: bool,
    /// The values that were read as others.
    pub(crate) coercions: &'a mut Vec<Warning>,
}

impl ValueContext<'_> {
    pub(crate) fn map_value(&mut self, word: &str) -> String {
        if self.mappings.values.is_empty() {
            return word.to_owned();
        }
        let key = (self.field.to_owned(), word.to_lowercase());
        match self.mappings.values.get(&key) {
            Some(to) => {
                self.used.insert(key);
                to.clone()
            }
            None => word.to_owned(),
        }
    }

    pub(crate) fn record_coercion(&mut self, value: &str, known: &str) {
        let path = format!("{}.{}", self.path, self.name_in_file);
        self.coercions.push(Warning {
            file: Some(self.file.to_path_buf()),
            path,
            message: format!("{value:?} was read as {known}"),
        });
    }
}
