//! Parses a detection in the JSON report of a scanner.

use wsdb_core::{Finding, Json, Label, TaskId, json_kind, normalize_file_path};

use super::field_reader::FieldReader;

/// Returns a finding, or `None` if a problem was reported. `repos` and `files` are those of the scan;
/// empty lists allow all.
pub(super) fn parse_finding(
    mut object: FieldReader<'_>,
    repos: &[String],
    files: &[String],
) -> Option<Finding> {
    let repo = object.string(&["repo"]);
    let repo = match (repo, repos) {
        (Some(repo), []) => Some(repo),
        (Some(repo), repos) if repos.contains(&repo) => Some(repo),
        (Some(repo), repos) => {
            let problem = format!(
                "{repo} is not one of the scan's repos ({})",
                repos.join(", ")
            );
            object.fault("repo", &problem);
            None
        }
        (None, [only]) => Some(only.clone()),
        (None, _) => {
            object.fault("repo", "is missing");
            None
        }
    };
    let violation_type = object.required(&["type", "violation_type"]);
    let severity = object.required(&["severity"]);
    let file_path: Option<String> = object.required(&["file", "file_path"]);
    if let Some(file) = &file_path
        && !files.is_empty()
        && !files
            .iter()
            .any(|named| normalize_file_path(named) == normalize_file_path(file))
    {
        let problem = format!(
            "{file} is not one of the scan's files ({})",
            files.join(", ")
        );
        object.fault("file", &problem);
    }
    let component_name = object.string(&["component", "component_name"]);
    let detected_rule = object.string(&["rule", "detected_rule"]);
    let expected_location = object.string(&["expected_location"]);
    let actual_location = object.string(&["actual_location"]);
    let violation_details = object.string(&["details", "violation_details"]);
    let detected_by: Option<Label> = object.parsed(&["detected_by"]);
    let fingerprint = object.string(&["fingerprint"]);
    let related_task_id: Option<TaskId> = object.parsed(&["task", "related_task_id"]);
    let extra_metadata = match object.take(&["metadata", "extra_metadata"]) {
        None => None,
        Some((_, map @ Json::Object(_))) => Some(map),
        Some((name, other)) => {
            object.fault(
                name,
                &format!("expected an object, found {}", json_kind(&other)),
            );
            None
        }
    };
    object.reject_unknown();
    Some(Finding {
        repo: repo?,
        violation_type: violation_type?,
        severity: severity?,
        file_path: file_path?,
        component_name,
        detected_rule,
        expected_location,
        actual_location,
        violation_details,
        detected_by,
        fingerprint,
        related_task_id,
        extra_metadata,
    })
}
