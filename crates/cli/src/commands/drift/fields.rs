//! The fields of a detection that `add` and `edit` set.

use wsdb_app::RepoPaths;
use wsdb_core::{DriftDetection, Severity, Task, ViolationType};

use crate::args::DRIFT_DETECTED_BY;
use crate::commands::fields::{
    Editable, Field, Labels, NAME, REPO, TextOrStdin, field, one_of, reference,
};

impl Editable for DriftDetection {
    const FIELDS: &'static [Field<Self>] = &[
        field!("-r, --repo <REPO>", "Repo", required repo: REPO).edit_only(),
        field!(
            "--file <FILE>",
            "File, relative to the repo",
            required file_path: NAME
        )
        .edit_only(),
        field!(
            "-t, --type <TYPE>",
            "Type of the violation",
            required violation_type: one_of::<ViolationType>()
        )
        .edit_only(),
        field!("-s, --severity <SEVERITY>", "Severity", required severity: one_of::<Severity>())
            .edit_only(),
        field!(
            "--detected-by <METHOD>",
            "Detection method, such as manual or ci_cd",
            optional detected_by: Labels(DRIFT_DETECTED_BY)
        )
        .edit_only(),
        field!("--component <NAME>", "Component", optional component_name: NAME),
        field!("--rule <RULE>", "Name of the violated rule", optional detected_rule: NAME),
        field!("--expected <PATH>", "Expected location", optional expected_location: NAME),
        field!("--actual <PATH>", "Actual location", optional actual_location: NAME),
        field!(
            "-d, --details <TEXT>",
            "Details (- reads stdin)",
            optional violation_details: TextOrStdin
        ),
        field!(
            "--task <ID>",
            "Task that fixes the detection (need not exist yet)",
            optional related_task_id: reference::<Task>().any_text()
        ),
        field!(
            "-n, --notes <TEXT>",
                        "Resolution notes, or reason for ignoring (- reads stdin)",
            optional resolution_notes: TextOrStdin
        )
        .edit_only(),
        field!("metadata", clear_only extra_metadata),
    ];

    fn make_files_relative(&mut self, _option: &str, paths: &RepoPaths) {
        self.file_path = paths.of_name(&self.repo, &self.file_path);
    }
}
