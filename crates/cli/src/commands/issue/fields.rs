//! The fields of an issue that `add` and `edit` set.

use wsdb_core::{Issue, Severity, Task};

use crate::args::{DETECTED_BY, ISSUE_TYPES};
use crate::commands::fields::{
    Editable, Field, Labels, PERSON, REPO, TEXT, TextOrStdin, field, one_of, reference,
};

impl Editable for Issue {
    const FIELDS: &'static [Field<Self>] = &[
        field!("--title <TITLE>", "Title (maximum 500 characters)", required title: TEXT)
            .edit_only(),
        field!(
            "-t, --type <TYPE>",
            "Type, such as code_creep, task_tracking or missing_component",
            required issue_type: Labels(ISSUE_TYPES)
        )
        .edit_only(),
        field!("-s, --severity <SEVERITY>", "Severity", required severity: one_of::<Severity>()),
        field!(
            "-d, --description <TEXT>",
            "Description (- reads stdin)",
            optional description: TextOrStdin
        ),
        field!("-r, --repo <REPO>", "Affected repos (comma-separated)", list repos_affected: REPO)
            .clear_name("repos"),
        field!(
            "--detected-by <METHOD>",
            "Detection method, such as manual-review",
            optional detected_by: Labels(DETECTED_BY)
        ),
        field!("--action <TEXT>", "Action required", optional action_required: TEXT)
            .alias("action-required"),
        field!("--assign <NAME>", "Assignee", optional assigned_to: PERSON)
            .clear_name("assigned-to")
            .alias("assigned-to"),
        field!(
            "--task <ID>",
            "Task that fixes the issue (need not exist yet)",
            optional related_task_id: reference::<Task>().any_text()
        )
        .alias("related-task"),
        field!("resolution", clear_only resolution_notes),
        field!("metadata", clear_only extra_metadata),
    ];
}
