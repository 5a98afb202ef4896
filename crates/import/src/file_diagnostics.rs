//! The rejects and warnings of one file.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use wsdb_core::Json;

use crate::error::{OrphanReject, Problem, Reject};
use crate::mappings::ValueMappings;
use crate::report::Warning;

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
    /// Whether the file is a bare list instead of an object that contains one.
    pub(crate) is_bare: bool,
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
            is_bare: false,
        }
    }

    /// Returns the JSON path of a record in a list of the document.
    pub(crate) fn record_path(&self, list: &str, index: usize) -> String {
        item_path(list, index, self.is_bare)
    }

    pub(crate) fn reject(&mut self, path: &str, reason: impl Into<String>) {
        self.rejects.push(Reject {
            file: self.file.to_path_buf(),
            path: path.to_owned(),
            reasons: vec![Problem::new(path, reason)],
            record: Json::Null,
        });
    }

    pub(crate) fn warn(&mut self, path: &str, message: String) {
        self.warnings.push(Warning {
            file: Some(self.file.to_path_buf()),
            path: path.to_owned(),
            message,
        });
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
