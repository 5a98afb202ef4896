//! The rejects and warnings of one file.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use wsdb_core::Json;

use crate::error::{EmptyName, OrphanReject, ParseError, Problem, Reject};
use crate::mappings::ValueMappings;
use crate::near_misses;
use crate::report::Warning;
use crate::shape::{ShapeBuilder, ShapeText};

/// Rejects and warnings collected while the records of a file are read.
#[derive(Debug)]
pub(crate) struct FileDiagnostics<'a> {
    pub(crate) file: Arc<Path>,
    pub(crate) mappings: &'a ValueMappings,
    /// Whether to report values that PostgreSQL cannot store.
    pub(crate) for_postgres: bool,
    /// Whether to report values of another type, blank strings and unknown fields, instead of
    /// keeping what a file contains.
    pub(crate) is_strict: bool,
    pub(crate) used: HashSet<(String, String)>,
    pub(crate) rejects: Vec<Reject>,
    pub(crate) orphan_rejects: Vec<OrphanReject>,
    pub(crate) warnings: Vec<Warning>,
    /// Why the file is not a valid document.
    pub(crate) errors: Vec<ParseError>,
    /// Whether the file is a bare list instead of an object that contains one.
    pub(crate) is_bare: bool,
    /// Whether the keys of records are not reported, because another document has the records.
    pub(crate) is_silent: bool,
    /// What happened to keys that are no fields, and how often.
    keys: BTreeMap<(&'static str, String, KeyUse), KeyCount>,
    /// The part of the shape of the next record that its reader does not see.
    pub(crate) outer_shape: ShapeBuilder,
    /// The shapes of the records, each once.
    shapes: HashSet<ShapeText>,
    /// Keys of the current record that are no fields.
    noted_keys: Vec<(String, KeyUse)>,
}

/// What happened to a key that is no field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyUse {
    /// It was read as this field.
    Read(&'static str),
    /// It was kept, because its value cannot be one of this field, or the record has the field.
    Misfit(&'static str),
    /// It was kept.
    Kept,
}

/// How many records have a key that is no field.
#[derive(Debug)]
struct KeyCount {
    /// The field that it probably means.
    suggestion: Option<&'static str>,
    count: usize,
}

impl<'a> FileDiagnostics<'a> {
    pub(crate) fn new(file: &Path, mappings: &'a ValueMappings) -> Self {
        FileDiagnostics {
            file: file.into(),
            mappings,
            for_postgres: false,
            is_strict: false,
            used: HashSet::new(),
            rejects: Vec::new(),
            orphan_rejects: Vec::new(),
            warnings: Vec::new(),
            errors: Vec::new(),
            is_bare: false,
            is_silent: false,
            keys: BTreeMap::new(),
            noted_keys: Vec::new(),
            outer_shape: ShapeBuilder::default(),
            shapes: HashSet::new(),
        }
    }

    /// Returns the JSON path of a record in a list of the document.
    pub(crate) fn record_path(&self, list: &str, index: usize) -> String {
        item_path(list, index, self.is_bare)
    }

    pub(crate) fn reject(&mut self, path: &str, reason: impl Into<String>) {
        let reasons = vec![Problem::new(path, reason)];
        self.rejects.push(Reject::new(&self.file, path, reasons));
    }

    /// Rejects a record of a kind, whose id may be unknown.
    pub(crate) fn reject_record(
        &mut self,
        kind: &'static str,
        path: &str,
        id: Option<String>,
        reason: impl Into<String>,
    ) {
        self.reject(path, reason);
        self.identify_last_reject(kind, id);
    }

    /// Notes which record the last reject is.
    pub(crate) fn identify_last_reject(&mut self, kind: &'static str, id: Option<String>) {
        if let Some(reject) = self.rejects.pop() {
            self.rejects.push(reject.of_record(kind, id));
        }
    }

    /// Notes that the name of the last reject is empty.
    pub(crate) fn note_empty_name(&mut self) {
        if let Some(reject) = self.rejects.last_mut() {
            let record = reject.identity.as_deref().cloned();
            let path = reject.path.clone();
            let empty_name = record.map(|record| EmptyName { record, path });
            reject.empty_names.extend(empty_name);
        }
    }

    /// Makes the rejects from the position on one: that of a record and of those within it.
    pub(crate) fn merge_rejects_from(&mut self, position: usize) {
        let mut merged = self.rejects.split_off(position).into_iter();
        let Some(mut parent) = merged.next() else {
            return;
        };
        for nested in merged {
            parent.contained.extend(nested.identities().cloned());
            parent.reasons.extend(nested.reasons);
            parent.empty_names.extend(nested.empty_names);
        }
        self.rejects.push(parent);
    }

    /// Returns a shape as shared text.
    pub(crate) fn share_shape(&mut self, shape: &ShapeBuilder) -> ShapeText {
        if let Some(shared) = self.shapes.get(shape.as_str()) {
            return shared.clone();
        }
        let shared = ShapeText::from(shape.as_str());
        self.shapes.insert(shared.clone());
        shared
    }

    /// Notes what happened to a key of the current record that is no field.
    pub(crate) fn note_key(&mut self, key: &str, key_use: KeyUse) {
        if !self.is_silent {
            self.noted_keys.push((key.to_owned(), key_use));
        }
    }

    /// Counts the noted keys for a kind of record.
    pub(crate) fn describe_keys(&mut self, kind: &'static str, fields: &'static [&'static str]) {
        for (key, key_use) in std::mem::take(&mut self.noted_keys) {
            let suggestion = match key_use {
                KeyUse::Kept => near_misses::suggest_field_of(kind, fields, &key),
                KeyUse::Read(_) | KeyUse::Misfit(_) => None,
            };
            let counted = self.keys.entry((kind, key, key_use)).or_insert(KeyCount {
                suggestion,
                count: 0,
            });
            counted.count += 1;
        }
    }

    /// Adds one warning for each key that is no field, those that are probably typos first.
    pub(crate) fn warn_about_keys(&mut self) {
        let mut keys: Vec<_> = std::mem::take(&mut self.keys).into_iter().collect();
        keys.sort_by_key(|(_, counted)| counted.suggestion.is_none());
        for ((_, key, key_use), counted) in keys {
            let records = match counted.count {
                1 => "1 record".to_owned(),
                count => format!("{count} records"),
            };
            let key = escape_key(&key);
            let message = match (key_use, counted.suggestion) {
                (KeyUse::Read(field), _) => format!("{key} was read as {field} ({records})"),
                (KeyUse::Misfit(field), _) => format!(
                    "{key} is kept, but not read as {field}: the record already has that field, or the \
                     value has the wrong type ({records})"
                ),
                (KeyUse::Kept, Some(field)) => format!(
                    "{key} is kept, but wsdb has no such field; did you mean {field}? ({records})"
                ),
                (KeyUse::Kept, None) => {
                    format!("{key} is kept, but wsdb has no such field ({records})")
                }
            };
            self.warn("", message);
        }
    }

    pub(crate) fn warn(&mut self, path: &str, message: String) {
        self.warnings.push(Warning {
            file: Some(self.file.to_path_buf()),
            path: path.to_owned(),
            message,
        });
    }
}

/// Quotes a key that would not be recognized as one in a message.
fn escape_key(key: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    if !key.is_empty() && key.chars().all(is_word) {
        key.to_owned()
    } else {
        format!("{key:?}")
    }
}

/// Returns the JSON path of an item in a list, which may be a bare list instead of one in an object.
pub(crate) fn item_path(list: &str, index: usize, is_bare: bool) -> String {
    if is_bare {
        format!("$[{index}]")
    } else {
        format!("$.{list}[{index}]")
    }
}

/// Returns the value at a path of [`item_path`], which may continue with names of fields and indexes.
pub(crate) fn find_by_path<'j>(document: &'j Json, path: &str) -> Option<&'j Json> {
    let pointer = path.trim_start_matches('$').replace(['.', '['], "/");
    document.pointer(&pointer.replace(']', ""))
}
