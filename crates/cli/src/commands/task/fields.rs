//! The fields of a task that `add` and `edit` set.

use wsdb_core::{Priority, Task};

use crate::commands::fields::{
    ClearOnly, Editable, Field, NAME, Parse, TEXT, TextOrStdin, list, one_of, optional, reference,
    required,
};

impl Editable for Task {
    const FIELDS: &'static [Field<Task>] = &[
        Field::new(
            "title",
            "TITLE",
            "Title (maximum 500 characters)",
            &required(|t: &mut Task| &mut t.title, TEXT),
        )
        .edit_only(),
        Field::new(
            "description",
            "TEXT",
            "Description (- reads stdin)",
            &optional(|t: &mut Task| &mut t.description, TextOrStdin),
        )
        .short('d'),
        Field::new(
            "priority",
            "PRIORITY",
            "Priority",
            &optional(|t: &mut Task| &mut t.priority, one_of::<Priority>()),
        )
        .short('p'),
        Field::new(
            "repos",
            "REPO",
            "Repos affected (comma-separated)",
            &list(|t: &mut Task| &mut t.repos_affected, NAME),
        )
        .long("repo")
        .short('r'),
        Field::new(
            "dependencies",
            "ID",
            "Tasks that it depends on (comma-separated; may not exist yet)",
            &list(
                |t: &mut Task| &mut t.dependencies,
                reference::<Task>().without_note(),
            ),
        )
        .long("depends-on"),
        Field::new(
            "assigned-to",
            "NAME",
            "Assignee",
            &optional(|t: &mut Task| &mut t.assigned_to, NAME),
        )
        .long("assign")
        .alias("assigned-to"),
        Field::new(
            "notes",
            "TEXT",
            "Notes (- reads stdin)",
            &optional(|t: &mut Task| &mut t.notes, TextOrStdin),
        )
        .short('n'),
        Field::new(
            "files",
            "FILE",
            "Related files (comma-separated)",
            &list(|t: &mut Task| &mut t.related_files, NAME),
        )
        .long("file")
        .short('f'),
        Field::clear_only(
            "session",
            &ClearOnly(|t: &mut Task| t.session_created = None),
        ),
        Field::clear_only(
            "metadata",
            &ClearOnly(|t: &mut Task| t.extra_metadata = None),
        ),
        Field::new(
            "workflow",
            "ID",
            "Workflow it belongs to",
            &optional(|t: &mut Task| &mut t.workflow_id, TEXT),
        ),
        Field::new(
            "assigned-repo",
            "REPO",
            "Repo that is responsible for it",
            &optional(|t: &mut Task| &mut t.assigned_repo, NAME),
        ),
        Field::new(
            "assigned-by",
            "NAME",
            "Person or agent who assigned it",
            &optional(|t: &mut Task| &mut t.assigned_by, NAME),
        ),
        Field::new(
            "plan-grade",
            "GRADE",
            "Grade of the plan",
            &optional(|t: &mut Task| &mut t.bastard_plan_grade, TEXT),
        ),
        Field::new(
            "completion-grade",
            "GRADE",
            "Grade of the completed work",
            &optional(|t: &mut Task| &mut t.bastard_completion_grade, TEXT),
        ),
        Field::new(
            "scale-tier",
            "N",
            "Scale tier",
            &optional(|t: &mut Task| &mut t.scale_tier, WHOLE_NUMBER),
        ),
    ];
}

const WHOLE_NUMBER: Parse<i64> = Parse(|text| text.parse().map_err(|error| format!("{error}")));
