//! Rejected records as they are in their files.

use std::collections::HashMap;
use std::path::PathBuf;

use wsdb_core::Json;

use crate::error::Reject;
use crate::file_diagnostics::find_by_path;
use crate::json;

/// The files with rejected records. Rejects are few, so their files are read again instead of keeping a copy of
/// every record.
#[derive(Debug, Default)]
pub(crate) struct RejectedRecords {
    files: HashMap<PathBuf, Json>,
}

impl RejectedRecords {
    /// Returns the record of a reject; `None` if the file has changed meanwhile.
    pub(crate) fn get(&mut self, reject: &Reject) -> Option<&Json> {
        let file = self.files.entry(reject.file.clone());
        let document =
            file.or_insert_with(|| json::read(&reject.file).map_or(Json::Null, |(value, _)| value));
        find_by_path(document, &reject.path)
    }
}
