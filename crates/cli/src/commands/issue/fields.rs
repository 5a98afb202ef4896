//! The fields of an issue that `add` and `edit` set.

use wsdb_core::{Issue, Severity, Task};

use crate::args::{DETECTED_BY, ISSUE_TYPES};
use crate::commands::fields::{
    ClearOnly, Editable, Field, Labels, NAME, TEXT, TextOrStdin, list, one_of, optional, reference,
    required,
};

impl Editable for Issue {
    const FIELDS: &'static [Field<Issue>] = &[
        Field::new(
            "title",
            "TITLE",
            "Title (maximum 500 characters)",
            &required(|i: &mut Issue| &mut i.title, TEXT),
        )
        .edit_only(),
        Field::new(
            "type",
            "TYPE",
            "Type, such as code_creep, task_tracking or missing_component",
            &required(|i: &mut Issue| &mut i.issue_type, Labels(ISSUE_TYPES)),
        )
        .short('t')
        .edit_only(),
        Field::new(
            "severity",
            "SEVERITY",
            "Severity",
            &required(|i: &mut Issue| &mut i.severity, one_of::<Severity>()),
        )
        .short('s'),
        Field::new(
            "description",
            "TEXT",
            "Description (- reads stdin)",
            &optional(|i: &mut Issue| &mut i.description, TextOrStdin),
        )
        .short('d'),
        Field::new(
            "repos",
            "REPO",
            "Repos affected (comma-separated)",
            &list(|i: &mut Issue| &mut i.repos_affected, NAME),
        )
        .long("repo")
        .short('r'),
        Field::new(
            "detected-by",
            "METHOD",
            "How it was detected, such as manual-review",
            &optional(|i: &mut Issue| &mut i.detected_by, Labels(DETECTED_BY)),
        ),
        Field::new(
            "action",
            "TEXT",
            "Action required",
            &optional(|i: &mut Issue| &mut i.action_required, TEXT),
        )
        .alias("action-required"),
        Field::new(
            "assigned-to",
            "NAME",
            "Assignee",
            &optional(|i: &mut Issue| &mut i.assigned_to, NAME),
        )
        .long("assign")
        .alias("assigned-to"),
        Field::new(
            "task",
            "ID",
            "Task that fixes it (may not exist yet)",
            &optional(
                |i: &mut Issue| &mut i.related_task_id,
                reference::<Task>().any_text(),
            ),
        )
        .alias("related-task"),
        Field::clear_only(
            "resolution",
            &ClearOnly(|i: &mut Issue| i.resolution_notes = None),
        ),
        Field::clear_only(
            "metadata",
            &ClearOnly(|i: &mut Issue| i.extra_metadata = None),
        ),
    ];
}
