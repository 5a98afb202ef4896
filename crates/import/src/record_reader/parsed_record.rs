//! A record as it is in a file.

use std::path::Path;
use std::sync::Arc;

use wsdb_core::Json;
use wsdb_store::{Record, Rev};

use crate::shape::ShapeText;

/// A field that a file contains under two names with different values.
#[derive(Debug, Clone)]
pub(crate) struct AliasConflict {
    pub(crate) name: String,
    /// The key that was read as the field: its name, or another one.
    pub(crate) key: String,
    pub(crate) alias: String,
    /// The value under the other name.
    pub(crate) value: Json,
}

/// A record as it is in a file.
#[derive(Debug, Clone)]
pub(crate) struct ParsedRecord<T> {
    pub(crate) record: T,
    /// A bit for each field with a column, in their order: whether the file contains it. The other
    /// fields have the values of a new record.
    pub(super) present: u64,
    pub(super) field_count: u32,
    pub(crate) file: Arc<Path>,
    pub(crate) path: String,
    /// Its shape in the file; none for links.
    pub(crate) shape: Option<ShapeText>,
    /// The fields that the file contains under two names.
    pub(crate) alias_conflicts: Vec<AliasConflict>,
    /// Whether it was made from an inline record, and no document contains it.
    pub(crate) is_inline: bool,
    /// The version that the record names.
    pub(crate) rev: Option<Rev>,
    /// Its id in the file, if the record got another one.
    pub(crate) id_in_file: Option<String>,
    /// Whether a record that names a version contains it, unless somebody may have added it since.
    pub(crate) is_nested_in_export: bool,
    /// Whether the file has no id for it, and it was recognized as the record with its id here.
    pub(crate) is_recognized: bool,
    /// Whether its name, such as its title, is an empty text, unless the file also has it under another key.
    pub(crate) may_lack_name: bool,
    /// The keys that the user mapped to fields; an earlier import may have kept them.
    pub(crate) mapped_keys: Vec<String>,
    /// The fields whose values follow from other things in the file, with their own values there.
    pub(crate) inferred: Vec<(&'static str, Json)>,
    /// The field that was inferred along with the status: a merge takes both or neither.
    pub(crate) follows_status: Option<&'static str>,
    /// The fields whose values in the database follow from other things in the file, unlike their own
    /// values there.
    pub(crate) implied: &'static [&'static str],
}

impl<T> ParsedRecord<T> {
    /// Whether the file contains the field at this position. Fields without a column exist only if
    /// the file contains them.
    pub(crate) fn has_field(&self, index: usize) -> bool {
        index >= self.field_count as usize || self.present & (1 << index) != 0
    }

    /// Notes that the value of a field, which is at this position, follows from other things in the file.
    pub(crate) fn note_inferred(&mut self, index: usize, name: &'static str, in_file: Json) {
        if self.has_field(index) {
            self.inferred.push((name, in_file));
        }
        self.present |= 1 << index;
    }
}

impl<T: Record> ParsedRecord<T> {
    /// Returns the id that the record has in the file.
    pub(crate) fn id_in_file(&self) -> &str {
        let renumbered = self.id_in_file.as_deref();
        renumbered.unwrap_or_else(|| self.record.id().as_ref())
    }
}
