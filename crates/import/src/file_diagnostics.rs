//! The rejects and warnings of one file.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use wsdb_core::Json;

use crate::error::{OrphanReject, ParseError, Problem, Reject};
use crate::mappings::ValueMappings;
use crate::record::DocumentRecord;
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
    /// Why the file is not a valid document.
    pub(crate) errors: Vec<ParseError>,
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
            errors: Vec::new(),
            is_bare: false,
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
    pub(crate) fn reject_record<T: DocumentRecord>(
        &mut self,
        path: &str,
        id: Option<String>,
        reason: impl Into<String>,
    ) {
        self.reject(path, reason);
        self.identify_last_reject::<T>(id);
    }

    /// Notes which record the last reject is.
    pub(crate) fn identify_last_reject<T: DocumentRecord>(&mut self, id: Option<String>) {
        if let Some(reject) = self.rejects.pop() {
            self.rejects.push(reject.of_record(T::KIND, id));
        }
    }

    /// Makes the rejects from the position on one: that of a record and of those within it.
    pub(crate) fn merge_rejects_from(&mut self, position: usize) {
        let mut merged = self.rejects.split_off(position).into_iter();
        let Some(mut parent) = merged.next() else {
            return;
        };
        parent
            .reasons
            .extend(merged.flat_map(|nested| nested.reasons));
        self.rejects.push(parent);
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
