//! The fields of a configuration change that `add` and `edit` set.

use wsdb_app::RepoPaths;
use wsdb_core::{ChangeType, ConfigurationChange, DriftDetection};

use crate::commands::fields::{Editable, Field, NAME, TEXT, field, one_of, reference};

impl Editable for ConfigurationChange {
    const FIELDS: &'static [Field<Self>] = &[
        field!(
            "-t, --type <TYPE>",
            "Type of the change",
            required change_type: one_of::<ChangeType>()
        )
        .edit_only(),
        field!("--component <NAME>", "Component", optional component_name: NAME),
        field!("-f, --file <FILE>", "File", optional file_path: NAME),
        field!(
            "--key <KEY>",
            "Key in the file, such as tool.ruff.line-length",
            optional key_path: NAME
        ),
        field!("--old <VALUE>", "Old value", optional old_value: TEXT),
        field!("--new <VALUE>", "New value", optional new_value: TEXT),
        field!("--commit <HASH>", "Commit of the change", optional commit_hash: NAME),
        field!(
            "--drift <ID>",
            "Drift detection that the change causes or fixes (need not exist yet)",
            optional drift_detection_id: reference::<DriftDetection>()
        ),
    ];

    fn make_files_relative(&mut self, _option: &str, paths: &RepoPaths) {
        if let Some(path) = &mut self.file_path {
            *path = paths.of_name(&self.repo, path);
        }
    }
}
