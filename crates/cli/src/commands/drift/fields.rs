//! The fields of a detection that `add` and `edit` set.

use wsdb_core::{DriftDetection, Severity, Task, ViolationType};

use crate::args::{DRIFT_DETECTED_BY, path_in_repo};
use crate::commands::fields::{
    ClearOnly, Editable, Field, Labels, NAME, Parse, TEXT, TextOrStdin, one_of, optional,
    reference, required,
};

impl Editable for DriftDetection {
    const FIELDS: &'static [Field<DriftDetection>] = &[
        Field::new(
            "repo",
            "REPO",
            "Repo",
            &required(|d: &mut DriftDetection| &mut d.repo, NAME),
        )
        .short('r')
        .edit_only(),
        Field::new(
            "file",
            "FILE",
            "File, relative to the repo",
            &required(
                |d: &mut DriftDetection| &mut d.file_path,
                Parse(path_in_repo),
            ),
        )
        .edit_only(),
        Field::new(
            "type",
            "TYPE",
            "Type of the violation",
            &required(
                |d: &mut DriftDetection| &mut d.violation_type,
                one_of::<ViolationType>(),
            ),
        )
        .short('t')
        .edit_only(),
        Field::new(
            "severity",
            "SEVERITY",
            "Severity",
            &required(
                |d: &mut DriftDetection| &mut d.severity,
                one_of::<Severity>(),
            ),
        )
        .short('s')
        .edit_only(),
        Field::new(
            "detected-by",
            "METHOD",
            "How it was detected, such as manual or ci_cd",
            &optional(
                |d: &mut DriftDetection| &mut d.detected_by,
                Labels(DRIFT_DETECTED_BY),
            ),
        )
        .edit_only(),
        Field::new(
            "component",
            "NAME",
            "Component",
            &optional(|d: &mut DriftDetection| &mut d.component_name, NAME),
        ),
        Field::new(
            "rule",
            "RULE",
            "Name of the broken rule",
            &optional(|d: &mut DriftDetection| &mut d.detected_rule, NAME),
        ),
        Field::new(
            "expected",
            "PATH",
            "Expected location",
            &optional(|d: &mut DriftDetection| &mut d.expected_location, NAME),
        ),
        Field::new(
            "actual",
            "PATH",
            "Actual location",
            &optional(|d: &mut DriftDetection| &mut d.actual_location, NAME),
        ),
        Field::new(
            "details",
            "TEXT",
            "Details (- reads stdin)",
            &optional(
                |d: &mut DriftDetection| &mut d.violation_details,
                TextOrStdin,
            ),
        )
        .short('d'),
        Field::new(
            "task",
            "ID",
            "Task that fixes it (may not exist yet)",
            &optional(
                |d: &mut DriftDetection| &mut d.related_task_id,
                reference::<Task>().any_text(),
            ),
        ),
        Field::new(
            "notes",
            "TEXT",
            "How it was fixed, or why it is ignored",
            &optional(|d: &mut DriftDetection| &mut d.resolution_notes, TEXT),
        )
        .short('n')
        .edit_only(),
        Field::clear_only(
            "metadata",
            &ClearOnly(|d: &mut DriftDetection| d.extra_metadata = None),
        ),
    ];
}
