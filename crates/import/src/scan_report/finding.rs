//! Parses a detection in the JSON report of a scanner.

use wsdb_core::{Finding, Json, normalize_file_path, type_mismatch};

use super::store_path::{PathBase, StorePath};
use crate::record_reader::RecordReader;

/// The fields of a detection, each with its other names.
const FIELDS: &[&[&str]] = &[
    &["repo"],
    &["type", "violation_type"],
    &["severity"],
    &["file", "file_path"],
    &["component", "component_name"],
    &["rule", "detected_rule"],
    &["expected_location"],
    &["actual_location"],
    &["details", "violation_details"],
    &["detected_by"],
    &["fingerprint"],
    &["task", "related_task_id"],
    &["metadata", "extra_metadata"],
];

/// What was scanned; empty lists allow all.
#[derive(Debug, Clone, Copy)]
pub(super) struct FindingScope<'s> {
    /// The repos of the scan.
    pub(super) repos: &'s [String],
    /// The repo of a detection that names none.
    pub(super) default_repo: Option<&'s str>,
    /// The files of the scan.
    pub(super) files: &'s [String],
}

/// Returns a finding, or `None` if a problem was noted.
pub(super) fn parse_finding(
    detection: &mut RecordReader<'_, '_>,
    scope: FindingScope<'_>,
    store_path: &StorePath<'_>,
) -> Option<Finding> {
    let FindingScope {
        repos,
        default_repo,
        files,
    } = scope;
    for names in FIELDS {
        if let [name, alias] = names {
            detection.alias(alias, name);
        }
    }
    let repo: Option<String> = detection.take("repo").flatten();
    let repo = match (repo, repos) {
        (Some(repo), []) => Some(repo),
        (Some(repo), repos) if repos.contains(&repo) => Some(repo),
        (Some(repo), repos) => {
            let problem = format!(
                "{repo} is not one of the scan's repos ({})",
                repos.join(", ")
            );
            detection.reject("repo", problem);
            None
        }
        (None, _) => {
            if default_repo.is_none() {
                detection.reject_missing("repo", "");
            }
            default_repo.map(str::to_owned)
        }
    };
    let violation_type = detection.take("type");
    let severity = detection.take("severity");
    let mut file_path: Option<String> = detection.take("file");
    if let (Some(repo), Some(file)) = (&repo, &mut file_path) {
        *file = store_path(PathBase::Repo(repo), file);
    }
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
        detection.reject("file", problem);
    }
    let component_name = detection.take("component").flatten();
    let detected_rule = detection.take("rule").flatten();
    let mut location = |field| {
        let path: Option<String> = detection.take(field).flatten();
        path.map(|path| store_path(PathBase::Workspace, &path))
    };
    let expected_location = location("expected_location");
    let actual_location = location("actual_location");
    let violation_details = detection.take("details").flatten();
    let detected_by = detection.take("detected_by").flatten();
    let fingerprint = detection.take("fingerprint").flatten();
    let related_task_id = detection.take("task").flatten();
    let extra_metadata = match detection.take_json("metadata") {
        None => None,
        Some(map @ Json::Object(_)) => Some(map),
        Some(other) => {
            let reason = type_mismatch("an object", &other);
            detection.reject("metadata", reason);
            None
        }
    };
    detection.reject_unknown_fields(FIELDS);
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
