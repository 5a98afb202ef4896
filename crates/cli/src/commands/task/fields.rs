//! The fields of a task that `add` and `edit` set.

use wsdb_app::RepoPaths;
use wsdb_core::{Priority, Task};

use crate::args::number;
use crate::commands::fields::{
    Editable, Field, NAME, PERSON, Parse, REPO, TEXT, TextOrStdin, field, one_of, reference,
};

impl Editable for Task {
    const FIELDS: &'static [Field<Self>] = &[
        field!("--title <TITLE>", "Title (maximum 500 characters)", required title: TEXT)
            .edit_only(),
        field!(
            "-d, --description <TEXT>",
            "Description (- reads stdin)",
            optional description: TextOrStdin
        ),
        field!("-p, --priority <PRIORITY>", "Priority", optional priority: one_of::<Priority>()),
        field!("-r, --repo <REPO>", "Affected repos (comma-separated)", list repos_affected: REPO)
            .clear_name("repos"),
        field!(
            "--depends-on <ID>",
            "Tasks that the task depends on (comma-separated; need not exist yet)",
            list dependencies: reference::<Task>().without_note()
        )
        .clear_name("dependencies"),
        field!("--assign <NAME>", "Assignee", optional assigned_to: PERSON)
            .clear_name("assigned-to")
            .alias("assigned-to"),
        field!("-n, --notes <TEXT>", "Notes (- reads stdin)", optional notes: TextOrStdin),
        field!("-f, --file <FILE>", "Related files (comma-separated)", list related_files: NAME)
            .clear_name("files"),
        field!("session", clear_only session_created),
        field!("metadata", clear_only extra_metadata),
        field!(
            "--workflow <ID>",
            "ID of the workflow that the task belongs to",
            optional workflow_id: TEXT
        )
        .shown(),
        field!(
            "--assigned-repo <REPO>",
            "Repo that is responsible for the task",
            optional assigned_repo: REPO
        )
        .shown(),
        field!(
            "--assigned-by <NAME>",
            "Person or agent who assigned the task",
            optional assigned_by: PERSON
        )
        .shown(),
        field!(
            "--plan-grade <GRADE>",
            "Grade of the plan, such as A",
            optional bastard_plan_grade: TEXT
        )
        .shown(),
        field!(
            "--completion-grade <GRADE>",
            "Grade of the completed work, such as A",
            optional bastard_completion_grade: TEXT
        )
        .shown(),
        field!(
            "--scale-tier <N>",
            "Scale tier: a number that your workflow defines",
            optional scale_tier: Parse(number)
        )
        .shown(),
    ];

    fn make_files_relative(&mut self, _option: &str, paths: &RepoPaths) {
        for file in &mut self.related_files {
            *file = paths.of_mention(&self.repos_affected, file);
        }
    }
}
