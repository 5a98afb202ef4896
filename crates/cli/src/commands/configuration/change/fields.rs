//! The fields of a configuration change that `add` and `edit` set.

use wsdb_core::{ChangeType, ConfigurationChange, DriftDetection};

use crate::commands::fields::{Editable, Field, NAME, TEXT, one_of, optional, reference, required};

impl Editable for ConfigurationChange {
    const FIELDS: &'static [Field<ConfigurationChange>] = &[
        Field::new(
            "type",
            "TYPE",
            "Type of the change",
            &required(
                |c: &mut ConfigurationChange| &mut c.change_type,
                one_of::<ChangeType>(),
            ),
        )
        .short('t')
        .edit_only(),
        Field::new(
            "component",
            "NAME",
            "Component",
            &optional(|c: &mut ConfigurationChange| &mut c.component_name, NAME),
        ),
        Field::new(
            "file",
            "FILE",
            "File",
            &optional(|c: &mut ConfigurationChange| &mut c.file_path, NAME),
        )
        .short('f'),
        Field::new(
            "key",
            "KEY",
            "Key in the file, such as tool.ruff.line-length",
            &optional(|c: &mut ConfigurationChange| &mut c.key_path, NAME),
        ),
        Field::new(
            "old",
            "VALUE",
            "Old value",
            &optional(|c: &mut ConfigurationChange| &mut c.old_value, TEXT),
        ),
        Field::new(
            "new",
            "VALUE",
            "New value",
            &optional(|c: &mut ConfigurationChange| &mut c.new_value, TEXT),
        ),
        Field::new(
            "commit",
            "HASH",
            "Commit of the change",
            &optional(|c: &mut ConfigurationChange| &mut c.commit_hash, NAME),
        ),
        Field::new(
            "drift",
            "ID",
            "Drift detection that it causes or fixes (may not exist yet)",
            &optional(
                |c: &mut ConfigurationChange| &mut c.drift_detection_id,
                reference::<DriftDetection>().linked_anyway(),
            ),
        ),
    ];
}
